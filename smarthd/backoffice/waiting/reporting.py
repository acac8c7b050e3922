"""What waits of the chain of reporting: reports, letters, calls, signatures, difficulties and their decisions, bases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from smarthd.agencies.rules import Role
from smarthd.backoffice.waiting.item import MOST_DUE, Waiting, own_agencies
from smarthd.insights import selectors as insights
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.places.errors import NoBoundariesThen
from smarthd.rollout import selectors as rollout
from smarthd.rollout.errors import NothingMeasured
from smarthd.rollout.rules.reports import State
from smarthd.rollout.selectors import decisions, difficulties


def of_reports_due(actor: Actor, now: datetime) -> Iterator[Waiting]:
    own = own_agencies(actor)
    for owed in rollout.owed_by(own, now=now)[:MOST_DUE]:
        yield Waiting(
            title=_("Sửa báo cáo bị trả lại") if owed.state == State.RETURNED else _("Nộp báo cáo định kỳ"),
            note=f"{owed.form} · {owed.period}" + (f" · {owed.name}" if len(own) > 1 else ""),
            href=reverse("backoffice:periodic_fill", kwargs={"uid": owed.uid}),
            icon="undo" if owed.state == State.RETURNED else "edit",
            count=1,
            due=clock.day_of(owed.due_at),
        )


def of_reports_to_look_at(actor: Actor) -> Iterator[Waiting]:
    if not actor.has_role(Role.HEAD, Role.DELEGATE, Role.ADMINISTRATOR):
        return
    to_review, to_accept = rollout.waiting_counts(actor)
    if to_review:
        yield Waiting(
            title=_("Xác nhận báo cáo của cấp dưới"),
            note=_("Quá hai ngày làm việc chưa xem thì báo cáo tự chuyển lên"),
            href=reverse("backoffice:periodic_review"),
            icon="check-circle",
            count=to_review,
        )
    if to_accept:
        yield Waiting(
            title=_("Tiếp nhận báo cáo đã xác nhận"),
            note=_("Người tiếp nhận khác người gửi và người xác nhận"),
            href=reverse("backoffice:periodic_arrivals"),
            icon="inbox",
            count=to_accept,
        )


def of_letters(actor: Actor) -> Iterator[Waiting]:
    if not actor.has_role(Role.HEAD, Role.DELEGATE):
        return
    for letter in rollout.letters_for(actor):
        if letter.may_sign:
            yield Waiting(
                title=_("Ký công văn đôn đốc"),
                note=_("%(period)s · %(count)d báo cáo còn thiếu")
                % {"period": letter.period, "count": len(letter.late)},
                href=reverse("backoffice:periodic_letters"),
                icon="document",
                count=1,
            )


def of_calls(actor: Actor, now: datetime) -> Iterator[Waiting]:
    if not actor.has_role(Role.HEAD, Role.DELEGATE, Role.ADMINISTRATOR):
        return
    late = rollout.call_list(actor, now=now)
    if late:
        yield Waiting(
            title=_("Gọi điện cho đơn vị chậm báo cáo"),
            note=_("Quá hạn từ hai ngày làm việc"),
            href=reverse("backoffice:periodic_calls"),
            icon="phone",
            count=len(late),
        )


def of_signatures(actor: Actor) -> Iterator[Waiting]:
    for report in insights.waiting_for_signature(actor)[:20]:
        yield Waiting(
            title=_("Ký duyệt báo cáo"),
            note=report.title,
            href=reverse("backoffice:report", kwargs={"uid": report.uid}),
            icon="document",
            count=1,
        )


def of_decisions(actor: Actor, now: datetime) -> Iterator[Waiting]:
    to_approve, sent_back = decisions.waiting(actor, now=now)
    for row in to_approve:
        yield Waiting(
            title=_("Duyệt quyết định giải quyết khó khăn"),
            note=_("%(title)s · trả lời %(count)d vướng mắc") % {"title": row.title, "count": row.answers},
            href=reverse("backoffice:decision", kwargs={"uid": row.uid}),
            icon="document",
            count=1,
        )
    for row in sent_back:
        yield Waiting(
            title=_("Sửa dự thảo quyết định được trả lại"),
            note=f"{row.title} · {row.returned_with}",
            href=reverse("backoffice:decision", kwargs={"uid": row.uid}),
            icon="edit",
            count=1,
        )


def of_difficulties(actor: Actor, now: datetime) -> Iterator[Waiting]:
    held = difficulties.waiting(actor, now=now)
    asked = (
        ("answer", _("Trả lời khó khăn, vướng mắc"), "flag", "?xem=cho-tra-loi&loc=dang-giu"),
        ("work", _("Giải quyết khó khăn đang giữ"), "flag", "?xem=dang-xu-ly&loc=dang-giu"),
        ("confirm", _("Xác nhận khó khăn đã được giải quyết"), "check-circle", "?xem=cho-xac-nhan&loc=da-neu"),
    )
    for what, title, icon, address in asked:
        for one in held[what]:
            yield Waiting(
                title=title,
                note=one.agency,
                href=f"{reverse('backoffice:difficulties')}{address}",
                icon=icon,
                count=one.count,
                due=clock.day_of(one.due_at) if one.due_at is not None else None,
            )


def of_bases(actor: Actor, now: datetime) -> Iterator[Waiting]:
    """Return what whoever keeps the bases must look into: units above 100%, units whose share cannot be told."""
    if not actor.has_role(Role.ADMINISTRATOR):
        return
    today = clock.day_of(now)
    try:
        table = rollout.table("commune", today, today, actor=actor)
    except (NothingMeasured, NoBoundariesThen):
        return
    doubts = (
        ("over_100", "vuot-100", _("Soát mẫu số của nơi vượt 100%")),
        ("no_base", "thieu-mau", _("Bổ sung mẫu số còn thiếu")),
    )
    for flag, chosen, title in doubts:
        count = sum(1 for row in table.rows if any(flag in figure.flags for figure in row.values.values()))
        if count:
            yield Waiting(
                title=title,
                note=_("%(count)d xã, phường, đặc khu") % {"count": count},
                href=f"{reverse('backoffice:province')}?cap=commune&loc={chosen}",
                icon="chart",
                count=count,
            )
