"""Wanting to hear of a report, a commune, a street; and taking what a phone left without an account into the account of who signs in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from smarthd.fieldreports import policies
from smarthd.fieldreports.errors import NoPlace, ReportUnknown
from smarthd.fieldreports.models import Follow, Report, Sender
from smarthd.fieldreports.rules import intake
from smarthd.fieldreports.values import Caller, mark_of_account, mark_of_token
from smarthd.kernel import audit, clock, errors, text
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
        defaults={
            "account_id": caller.actor.account_id,
            "since": now,
            "street_words": intake.cleaned(street).replace("\n", " ")[:120],
        },
    )
    return new


@transaction.atomic
def unfollow_place(unit_id: int, *, caller: Caller, street: str = "") -> bool:
    """Stop following a commune or a street; return whether anything was followed."""
    rows = Follow.objects.filter(place_id=unit_id, street=text.fold(street)[:120], who__in=list(caller.marks))
    return bool(rows.delete()[0])


@dataclass(frozen=True, slots=True)
class Adopted:
    """How many reports and followed things came from a phone into an account; what the account followed already counts too."""

    reports: int
    follows: int


@transaction.atomic
def adopt(*, caller: Caller, now: datetime) -> Adopted:
    """Give the caller's account what this phone sent and follows without one; again changes nothing.

    What belongs to another account stays there: only rows under the phone's secret that name nobody are taken, and of two accounts that
    ask at once the first has them. From then on the account's inbox, export and erasure cover them.
    """
    account_id = caller.actor.account_id
    if account_id is None or not caller.token:
        raise errors.NotAllowed(act="adopt")
    phone, mark = mark_of_token(caller.token), mark_of_account(account_id)
    unclaimed = Sender.objects.select_for_update(of=("self",)).filter(token_hash=phone, account_id=None)
    senders = list(unclaimed.select_related("report").order_by("report_id"))
    Sender.objects.filter(pk__in=[sender.pk for sender in senders]).update(account_id=account_id)
    for sender in senders:
        audit.record(caller.actor, "fieldreports.adopted", sender.report, at=now)
    follows = list(Follow.objects.select_for_update().filter(who=phone, account_id=None).order_by("id"))
    for follow in follows:
        _take_over(follow, mark, account_id)
    return Adopted(len(senders), len(follows))


def _take_over(follow: Follow, mark: bytes, account_id: int) -> None:
    """Let the account follow what the phone followed; where it did already, one of the two goes, and one person is counted once."""
    own = Follow.objects.filter(who=mark)
    if follow.report_id is not None:
        same = own.filter(report_id=follow.report_id)
    else:
        same = own.filter(report=None, place_id=follow.place_id, street=follow.street)
    if not same.exists():
        follow.who, follow.account_id = mark, account_id
        follow.save(update_fields=["who", "account_id"])
        return
    if follow.report_id is not None:
        Report.objects.filter(pk=follow.report_id).update(followers=F("followers") - 1)
    follow.delete()
