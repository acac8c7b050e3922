"""Telling people of a report's steps by messaging's inbox: who sent it, who follows it, who has to do something about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.fieldreports.models import Follow, Report, ReportStep, Sender
from smarthd.fieldreports.rules import states, telling
from smarthd.fieldreports.rules.deadlines import Level
from smarthd.fieldreports.rules.telling import Facts, Told
from smarthd.kernel import clock
from smarthd.messaging import services as messaging

KIND, DESK_KIND = "fieldreports.step", "fieldreports.desk"
PAGE, DESK = "/phan-anh/{}/", "/can-bo/phan-anh/{}/"
_HANDLERS = (Role.DISPATCHER, Role.CLERK)
_CHIEFS = (Role.HEAD, Role.DELEGATE)
_UNFOLLOWED = frozenset({"hidden", "shown", "judged"})


def tell_step(report_uid: UUID, number: int, *, now: datetime) -> int:
    """Tell everybody concerned of one step, once each; return how many were told."""
    step = ReportStep.objects.select_related("report__category").get(report__uid=report_uid, number=number)
    facts = _facts(step, now)
    key = f"fieldreports.{report_uid}.{number}"
    told = 0
    unread = step.act in states.SPOKEN and step.by_agency_id is None
    outside = telling.to_sender(step.act, replace(facts, words="") if unread else facts)
    if outside is not None:
        people = {*_senders(step.report), *([] if step.act in _UNFOLLOWED else _followers(step.report))} - {step.by}
        told += _tell(people, outside, kind=KIND, href=PAGE.format(step.report.code), key=key, now=now)
    inside = telling.to_handlers(step.act, facts)
    if inside is not None:
        told += _tell(
            set(holders(step.holder_id, now)) - {step.by},
            inside,
            kind=DESK_KIND,
            href=DESK.format(step.report.code),
            key=f"{key}.desk",
            now=now,
        )
    return told + _tell_invited(step, facts, key, now)


def _tell_invited(step: ReportStep, facts: Facts, key: str, now: datetime) -> int:
    """Tell the agency asked for support, and the superior asked to judge a refusal."""
    if step.act == "contested" and step.report.judge_id is not None:
        told = Told(f"{facts.code}: người gửi đề nghị xem lại việc từ chối", telling.quoted(step.text))
        readers = [*_at(_CHIEFS, step.report.judge_id, now), *_at((Role.DISPATCHER,), step.report.judge_id, now)]
        return _tell(readers, told, kind=DESK_KIND, href=DESK.format(step.report.code), key=f"{key}.judge", now=now)
    if step.act != "support_asked":
        return 0
    told = Told(f"{facts.code}: mời phối hợp xử lý {facts.category.lower()}", telling.quoted(step.text))
    newest = step.report.supports.order_by("-asked_at").first()
    if newest is None:
        return 0
    return _tell(
        holders(newest.agency_id, now),
        told,
        kind=DESK_KIND,
        href=DESK.format(step.report.code),
        key=f"{key}.support",
        now=now,
    )


def tell_received(report_uid: UUID, *, now: datetime) -> int:
    """Tell who works at the holder that a report came in."""
    report = Report.objects.select_related("category").get(uid=report_uid)
    words = report.text or "(gửi bằng ảnh hoặc lời nói)"
    facts = Facts(report.code, report.category.name, "", report.intake_due_at, words, {})
    told = telling.to_handlers("received", facts)
    if told is None:
        return 0
    if report.urgent:
        told = Told(f"KHẨN · {told.title}", told.body)
    key = f"fieldreports.{report_uid}.1.desk"
    return _tell(holders(report.holder_id, now), told, kind=DESK_KIND, href=DESK.format(report.code), key=key, now=now)


def tell_warned(report_uid: UUID, *, intake: bool, due_at: datetime, now: datetime) -> int:
    """Remind who works at the holder of a term that draws near."""
    report = Report.objects.select_related("category").get(uid=report_uid)
    facts = Facts(report.code, report.category.name, "", due_at, report.text, {})
    key = f"fieldreports.{report_uid}.warned.{due_at:%Y%m%d%H%M}.{report.warned}"
    people = {*holders(report.holder_id, now), *([report.worker] if report.worker else [])}
    return _tell(
        people, telling.warned(facts, intake=intake), kind=DESK_KIND, href=DESK.format(report.code), key=key, now=now
    )


def tell_escalated(report_uid: UUID, *, level: int, told_ids: Iterable[int], due_at: datetime, now: datetime) -> int:
    """Tell the chiefs of the agencies a missed term went up to."""
    report = Report.objects.select_related("category").get(uid=report_uid)
    facts = Facts(report.code, report.category.name, _name(report.holder_id, now), due_at, report.text, {})
    key = f"fieldreports.{report_uid}.escalated.{due_at:%Y%m%d%H%M}.{level}"
    people = {account for agency_id in told_ids for account in _at(_CHIEFS, agency_id, now)}
    if level == Level.CHIEF:
        people |= set(holders(report.holder_id, now))
    return _tell(
        people, telling.escalated(facts, level), kind=DESK_KIND, href=DESK.format(report.code), key=key, now=now
    )


def holders(agency_id: int, now: datetime) -> list[int]:
    """Return the accounts that handle reports at an agency; its chiefs where nobody else does."""
    return _at(_HANDLERS, agency_id, now) or _at(_CHIEFS, agency_id, now)


def _at(roles: Iterable[Role], agency_id: int, now: datetime) -> list[int]:
    return [one for role in roles for one in agencies.holders_of(role, [agency_id], now).get(agency_id, [])]


def _facts(step: ReportStep, now: datetime) -> Facts:
    return Facts(
        code=step.report.code,
        category=step.report.category.name,
        holder=_name(step.holder_id, now),
        due_at=step.due_at,
        words=step.text,
        note=dict(step.note),
    )


def _name(agency_id: int, now: datetime) -> str:
    views = agencies.agency_views([agency_id], clock.day_of(now))
    return views[agency_id].name if agency_id in views else "cơ quan xử lý"


def _senders(report: Report) -> list[int]:
    """Return the accounts that sent the report or one merged into it."""
    own = Sender.objects.filter(report=report, account_id__isnull=False)
    merged = Sender.objects.filter(report__merged_into=report, account_id__isnull=False)
    return [one for one in own.union(merged).values_list("account_id", flat=True) if one is not None]


def _followers(report: Report) -> list[int]:
    if report.visibility != "public":
        return []
    rows = Follow.objects.filter(report=report) | Follow.objects.filter(report__merged_into=report)
    return [one for one in rows.filter(account_id__isnull=False).values_list("account_id", flat=True) if one]


def _tell(people: Iterable[int], told: Told, *, kind: str, href: str, key: str, now: datetime) -> int:
    asked = sorted({one for one in people if one is not None})
    if not asked:
        return 0
    return messaging.tell(asked, kind=kind, title=told.title, body=told.body, href=href, key=key, now=now)
