"""Bases of figures, each with source, day and method; a correction supersedes, nothing is overwritten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from smarthd.kernel import audit, clock
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.places import selectors as places
from smarthd.rollout import policies, rules
from smarthd.rollout.errors import BadDenominator, BaseUnknown, MixedBase, ReasonMissing
from smarthd.rollout.models import Denominator

SHORTEST_REASON = 10


@dataclass(frozen=True, slots=True)
class NewDenominator:
    """One base: how many of ``measure`` a unit (a commune or a village) had ``as_of`` a day, and who says so."""

    unit_id: int
    measure: rules.Measure
    value: int
    source: str
    as_of: date
    method: str = ""


@transaction.atomic
def set_denominators(rows: Sequence[NewDenominator], *, actor: Actor, now: datetime) -> int:
    """Enter bases, all or none; the same base again changes nothing. Return how many rows were written.

    Raises BadDenominator, and MixedBase where a commune would be counted both whole and by villages. A unit may have a base of a day
    before it stood (people counted anew under its boundaries): it is shared out to what it was made of.
    """
    require(policies.can_keep_bases(actor))
    today = clock.day_of(now)
    for row in rows:
        if row.value < 0 or not row.source.strip() or row.as_of > today:
            raise BadDenominator(unit_id=row.unit_id, measure=row.measure, value=row.value, as_of=row.as_of)
    refuse_unfit_units(rows)
    refuse_mixed(rows)
    standing = {
        (row.unit_id, row.measure, row.as_of): row
        for row in Denominator.objects.select_for_update().filter(
            unit_id__in={row.unit_id for row in rows}, superseded_at=None
        )
    }
    new = [row for row in rows if _differs(row, standing.get((row.unit_id, row.measure, row.as_of)))]
    old = [standing[key].pk for row in new if (key := (row.unit_id, row.measure, row.as_of)) in standing]
    Denominator.objects.filter(id__in=old).update(superseded_at=now)
    written = Denominator.objects.bulk_create(
        Denominator(
            unit_id=row.unit_id,
            measure=row.measure,
            value=row.value,
            source=row.source.strip(),
            as_of=row.as_of,
            method=row.method.strip(),
            entered_by=actor.account_id,
            entered_at=now,
        )
        for row in new
    )
    if written:
        audit.record(actor, "rollout.denominators_set", written[0], at=now, rows=len(written), superseded=len(old))
    return len(written)


def _differs(row: NewDenominator, standing: Denominator | None) -> bool:
    return standing is None or (standing.value, standing.source, standing.method) != (
        row.value,
        row.source.strip(),
        row.method.strip(),
    )


def refuse_unfit_units(rows: Sequence[NewDenominator]) -> None:
    """A district's or the province's base is the sum of its communes': entered beside them it would count everyone twice."""
    views = places.views({row.unit_id for row in rows}, max((row.as_of for row in rows), default=date.min))
    for row in rows:
        if views[row.unit_id].level not in ("commune", "village"):
            raise BadDenominator(unit_id=row.unit_id, measure=row.measure, value=row.value, as_of=row.as_of)


@transaction.atomic
def withdraw_denominator(denominator_id: int, *, reason: str, actor: Actor, now: datetime) -> Denominator:
    """Take a base out of force with a reason: the one before it applies again. What it said stays to be read.

    Raises BaseUnknown where it is no longer in force, ReasonMissing without a sentence.
    """
    require(policies.can_keep_bases(actor))
    row = Denominator.objects.select_for_update().filter(pk=denominator_id, superseded_at=None).first()
    if row is None:
        raise BaseUnknown(id=denominator_id)
    said = " ".join(reason.split())[:300]
    if len(said) < SHORTEST_REASON:
        raise ReasonMissing(fields={"reason": "Ghi rõ vì sao bỏ số này, ít nhất một câu."})
    row.superseded_at, row.withdrawn_by, row.withdrawn_reason = now, actor.account_id, said
    row.save(update_fields=["superseded_at", "withdrawn_by", "withdrawn_reason"])
    audit.record(actor, "rollout.denominator_withdrawn", row, at=now, reason=said)
    return row


def refuse_mixed(rows: Sequence[NewDenominator]) -> None:
    """A commune's base is given whole or by its villages, per measure: both would count persons twice."""
    communes: dict[rules.Measure, set[int]] = defaultdict(set)
    villages: dict[rules.Measure, dict[int, int]] = defaultdict(dict)
    for day in {row.as_of for row in rows}:
        views = places.views({row.unit_id for row in rows if row.as_of == day}, day)
        for row in rows:
            if row.as_of != day or row.unit_id not in views:
                continue
            if views[row.unit_id].level == "village":
                villages[row.measure][row.unit_id] = views[row.unit_id].parent_id or 0
            else:
                communes[row.measure].add(row.unit_id)
    for measure, found in villages.items():
        above = set(found.values())
        whole = Denominator.objects.filter(measure=measure, unit_id__in=above, superseded_at=None)
        if above & communes[measure] or whole.exists():
            raise MixedBase(measure=measure)
    for measure, whole_ids in communes.items():
        known = Denominator.objects.filter(measure=measure, superseded_at=None).exclude(unit_id__in=whole_ids)
        by_day: dict[date, set[int]] = defaultdict(set)
        for unit_id, as_of in known.values_list("unit_id", "as_of"):
            by_day[as_of].add(unit_id)
        for as_of, unit_ids in by_day.items():
            for view in places.views(unit_ids, as_of).values():
                if view.level == "village" and view.parent_id in whole_ids:
                    raise MixedBase(measure=measure, unit_id=view.id)
