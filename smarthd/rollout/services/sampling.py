"""Spot checks: drawn once with a recorded seed, findings entered one by one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from smarthd.kernel import audit
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.rollout import policies
from smarthd.rollout.errors import (
    FindingWithoutWords,
    NothingToSample,
    PeriodUnknown,
    SampleDrawn,
    SampleUnknown,
)
from smarthd.rollout.models import Obligation, Period, SpotCheck, SpotCheckUnit
from smarthd.rollout.rules import sampling
from smarthd.rollout.rules.reports import HANDED_IN

GOOD, BAD = 0.05, 0.20


@transaction.atomic
def draw_sample(period_uid: UUID, form_key: str, *, seed: int, actor: Actor, now: datetime) -> SpotCheck:
    """Draw which reports of a period are looked at on the spot: once, from all that were handed in, by a seed that is kept."""
    period = Period.objects.select_for_update(of=("self",)).select_related("campaign").filter(uid=period_uid).first()
    if period is None:
        raise PeriodUnknown
    require(policies.can_command(actor, period.campaign.coordinator_id))
    if SpotCheck.objects.filter(period=period, form_key=form_key).exists():
        raise SampleDrawn(period=period.title)
    handed = Obligation.objects.filter(
        period=period, form_key=form_key, exempt_at=None, report__state__in=HANDED_IN
    ).order_by("id")
    lot = list(handed.values_list("id", flat=True))
    if not lot:
        raise NothingToSample(period=period.title)
    plan = sampling.for_lot(sampling.plan(good=GOOD, bad=BAD), len(lot), good=GOOD)
    check = SpotCheck.objects.create(
        period=period,
        form_key=form_key,
        seed=seed,
        lot=lot,
        size=plan.size,
        allowed=plan.allowed,
        good=GOOD,
        bad=BAD,
        drawn_by=actor.account_id,
        drawn_at=now,
    )
    SpotCheckUnit.objects.bulk_create(
        [SpotCheckUnit(sample=check, obligation_id=one) for one in sampling.draw(lot, plan.size, seed=seed)]
    )
    audit.record(actor, "rollout.sample_drawn", check, at=now, seed=seed, size=plan.size, lot=len(lot))
    return check


@transaction.atomic
def enter_finding(
    check_uid: UUID, obligation_uid: UUID, *, wrong: bool, note: str, actor: Actor, now: datetime
) -> SpotCheckUnit:
    """Write down what was found at one unit; a wrong report is described. Entering again corrects, and is in the trail."""
    row = (
        SpotCheckUnit.objects.select_for_update(of=("self",))
        .select_related("sample__period__campaign")
        .filter(sample__uid=check_uid, obligation__uid=obligation_uid)
        .first()
    )
    if row is None:
        raise SampleUnknown
    require(policies.can_command(actor, row.sample.period.campaign.coordinator_id))
    words = note.strip()
    if wrong and not words:
        raise FindingWithoutWords(fields={"note": "Ghi rõ chỗ sai, để đơn vị biết mà sửa."})
    row.wrong, row.note, row.entered_by, row.entered_at = wrong, words[:500], actor.account_id, now
    row.save()
    audit.record(actor, "rollout.finding_entered", row, at=now, wrong=wrong)
    return row
