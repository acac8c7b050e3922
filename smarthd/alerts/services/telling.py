"""Telling officials in their inbox: a warning waits for them, came back to them, somebody there calls for help."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind, Role
from smarthd.alerts.models import Alert, Answer
from smarthd.alerts.rules import saying
from smarthd.alerts.rules.messages import Status
from smarthd.alerts.services import importing
from smarthd.alerts.values import Taken
from smarthd.kernel import clock
from smarthd.messaging import services as messaging
from smarthd.places import selectors as places


def _title(alert: Alert) -> str:
    return saying.marked(Status(alert.status), alert.headline_vi)


def tell_submitted(uid: UUID, *, now: datetime) -> int:
    """Tell who may approve: the approvers of the agency and of its superiors. Returns how many."""
    alert = Alert.objects.defer("cap").get(uid=uid)
    chain = [view.id for view in agencies.chain_of(alert.agency_id, clock.day_of(now))]
    held = agencies.holders_of(Role.ALERT_APPROVER, chain, now)
    told = {account for accounts in held.values() for account in accounts} - set(alert.editors)
    return messaging.tell(
        told,
        kind="alerts.approval",
        title=f"Chờ duyệt: {_title(alert)}",
        body=f"{alert.sender_name}. Mở để đọc, duyệt hoặc trả lại.",
        href=f"/can-bo/canh-bao/{alert.code}/",
        key=f"alert-pending:{alert.uid}:{alert.version}",
        now=now,
    )


def tell_returned(uid: UUID, *, now: datetime) -> int:
    """Tell who wrote it."""
    alert = Alert.objects.defer("cap").get(uid=uid)
    return messaging.tell(
        alert.editors,
        kind="alerts.returned",
        title=f"Trả lại để sửa: {_title(alert)}",
        body=" ".join(str(words) for words in alert.returned_fields.values())[:400],
        href=f"/can-bo/canh-bao/{alert.code}/",
        key=f"alert-returned:{alert.uid}:{alert.version}",
        now=now,
    )


def tell_help(answer_uid: UUID, *, now: datetime) -> int:
    """Tell the commune's own duty: its head, its delegate, its dispatchers. What the person wrote is read at the desk only."""
    answer = Answer.objects.select_related("alert").defer("alert__cap").get(uid=answer_uid)
    day = clock.day_of(now)
    desks = agencies.agencies_of_places([answer.commune_id], day, kinds=[Kind.COMMUNE_COMMITTEE])
    told: set[int] = set()
    for role in (Role.HEAD, Role.DELEGATE, Role.DISPATCHER):
        for accounts in agencies.holders_of(role, [desk.id for desk in desks], now).values():
            told |= set(accounts)
    return messaging.tell(
        told,
        kind="alerts.help",
        title=saying.marked(Status(answer.alert.status), "Có người cần giúp"),
        body=f"{places.unit_view(answer.commune_id, day).full_name}. Mở bàn trực để xem và giao người.",
        href=f"/can-bo/canh-bao/{answer.alert.code}/truc/",
        key=f"alert-help:{answer.uid}",
        now=now,
    )


def _writers(agency_id: int, now: datetime) -> set[int]:
    held = agencies.holders_of(Role.ALERT_AUTHOR, [agency_id], now)
    return {account for accounts in held.values() for account in accounts}


def tell_taken(taken: Iterable[Taken], *, agency_id: int, now: datetime) -> int:
    """Tell the duty officers what came from another house by itself: a draft, or why there is none. Returns how many were told."""
    told = 0
    for one in taken:
        if one.note == importing.SEEN:
            continue
        mark = hashlib.sha256(f"{one.sender} {one.identifier} {one.code or one.note}".encode()).hexdigest()[:24]
        told += messaging.tell(
            _writers(agency_id, now),
            kind="alerts.foreign",
            title=f"Tin của nơi khác: bản nháp {one.code}" if one.code else f"Tin của nơi khác: {one.note}"[:200],
            body=f"{one.sender}: {one.identifier}. Đọc, hoàn thiện rồi gửi duyệt; chưa có gì được phát đi.",
            href=f"/can-bo/canh-bao/{one.code}/" if one.code else "/can-bo/canh-bao/",
            key=f"alert-foreign:{mark}",
            now=now,
        )
    return told


def tell_quarantined(cell: str, sequence: int, why: str, *, agency_id: int, now: datetime) -> int:
    """Tell the duty officers that another cell's message was not believed. Returns how many."""
    return messaging.tell(
        _writers(agency_id, now),
        kind="alerts.quarantined",
        title=f"Chưa tin được một bản tin từ {cell}",
        body=f"{why}. Bản tin được giữ riêng, chưa dùng. Gọi lại nơi gửi, rồi báo quản trị ghim lại chứng thư.",
        href="/can-bo/canh-bao/",
        key=f"alert-quarantined:{cell}:{sequence}"[:120],
        now=now,
    )
