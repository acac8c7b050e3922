"""Wanting to hear of a report, a commune, a street."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from smarthd.fieldreports import policies
from smarthd.fieldreports.errors import NoPlace, ReportUnknown
from smarthd.fieldreports.models import Follow, Report
from smarthd.fieldreports.rules import intake
from smarthd.fieldreports.values import Caller
from smarthd.kernel import clock, text
from smarthd.kernel.policies import require
from smarthd.places import selectors as places

MOST_PLACES = 20


@transaction.atomic
def follow_report(code: str, *, caller: Caller, now: datetime) -> bool:
    """Follow a public report; again changes nothing. Return whether it is new. The count is of people, once each."""
    require(bool(caller.mark), act="follow")
    report = _public(code)
    _row, new = Follow.objects.get_or_create(
        report=report, who=caller.mark, place=None, defaults={"account_id": caller.actor.account_id, "since": now}
    )
    if new:
        Report.objects.filter(pk=report.pk).update(followers=F("followers") + 1)
    return new


@transaction.atomic
def unfollow_report(code: str, *, caller: Caller) -> bool:
    """Stop following; return whether anything was followed."""
    report = Report.objects.filter(code=intake.code_of(code)).first()
    if report is None:
        raise ReportUnknown
    gone = Follow.objects.filter(report=report, who__in=list(caller.marks)).delete()[0]
    if gone:
        Report.objects.filter(pk=report.pk).update(followers=F("followers") - gone)
    return bool(gone)


def _public(code: str) -> Report:
    report = Report.objects.filter(code=intake.code_of(code)).first()
    if report is None or not policies.is_public(report):
        raise ReportUnknown
    return report.merged_into or report


@transaction.atomic
def follow_place(unit_id: int, *, caller: Caller, now: datetime, street: str = "") -> bool:
    """Follow a commune, or one street in it; a weekly summary tells. Return whether it is new."""
    require(bool(caller.mark), act="follow")
    unit = places.views([unit_id], clock.day_of(now))[unit_id]
    if unit.level != "commune" or not unit.standing:
        raise NoPlace
    if Follow.objects.filter(who=caller.mark, place__isnull=False).count() >= MOST_PLACES:
        return False
    _row, new = Follow.objects.get_or_create(
        place_id=unit_id,
        street=text.fold(street)[:120],
        who=caller.mark,
        report=None,
        defaults={"account_id": caller.actor.account_id, "since": now},
    )
    return new


@transaction.atomic
def unfollow_place(unit_id: int, *, caller: Caller, street: str = "") -> bool:
    """Stop following a commune or a street; return whether anything was followed."""
    rows = Follow.objects.filter(place_id=unit_id, street=text.fold(street)[:120], who__in=list(caller.marks))
    return bool(rows.delete()[0])
