"""How a campaign's reports were handed in, as of an instant: the same rows say the same, whatever came in later.

States are read from the trail of steps up to the instant; what an outage moved afterwards is believed as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

from django.db import connection

from smarthd.rollout.models import Period
from smarthd.rollout.rules import forms, verification
from smarthd.rollout.rules.reports import HANDED_IN
from smarthd.rollout.rules.verification import Verdict
from smarthd.rollout.selectors import handed, measures

_OWED = """
WITH owed AS (
  SELECT o.id, o.agency_id, o.name, o.code, r.id AS report_id, r.submitted_at, r.in_time,
    COALESCE(o.exempt_at < %(at)s, FALSE) AS exempt,
    COALESCE(r.first_in_time AND r.first_submitted_at < %(at)s, FALSE) AS first_in_time,
    o.period_id
  FROM rollout_obligation o JOIN rollout_period p ON p.id = o.period_id JOIN rollout_periodicreport r ON r.obligation_id = o.id
  WHERE p.campaign_id = %(campaign)s AND o.first_due_at < %(at)s
    AND (%(agencies)s::bigint[] IS NULL OR o.agency_id = ANY(%(agencies)s))
    AND NOT EXISTS (SELECT 1 FROM rollout_extension e WHERE e.obligation_id = o.id AND e.due_at >= %(at)s AND e.granted_at < %(at)s)
), told AS (
  SELECT s.report_id, (array_agg(s.state ORDER BY s.number DESC))[1] AS state, (array_agg(s.act ORDER BY s.number DESC))[1] AS act,
    (array_agg(s.in_time ORDER BY s.number DESC))[1] AS in_time, bool_or(s.act = 'returned') AS returned, bool_or(s.act = 'passed') AS passed
  FROM rollout_reportstep s WHERE s.at < %(at)s AND s.report_id IN (SELECT report_id FROM owed) GROUP BY s.report_id
)
SELECT o.agency_id, o.name, o.code, count(*) FILTER (WHERE NOT exempt) AS due, count(*) FILTER (WHERE exempt) AS exempt,
  count(*) FILTER (WHERE NOT exempt AND t.state = ANY(%(handed_in)s)) AS handed_in,
  count(*) FILTER (WHERE NOT exempt AND o.first_in_time) AS on_time,
  count(*) FILTER (WHERE NOT exempt AND t.state = 'accepted'
    AND (t.in_time OR (o.in_time AND o.submitted_at < %(at)s))) AS accepted_on_time,
  count(*) FILTER (WHERE NOT exempt AND t.returned) AS returned, count(*) FILTER (WHERE NOT exempt AND t.passed) AS not_reviewed,
  count(*) FILTER (WHERE NOT exempt AND t.report_id IS NOT NULL) AS ever_handed_in, array_agg(DISTINCT o.period_id) AS periods
FROM owed o LEFT JOIN told t ON t.report_id = o.report_id GROUP BY o.agency_id, o.name, o.code ORDER BY o.name, o.agency_id"""


@dataclass(frozen=True, slots=True)
class UnitDiscipline:
    """What one unit owed and did, over all periods whose term was over."""

    agency_id: int
    name: str
    code: str
    due: int
    exempt: int
    handed_in: int
    on_time: int
    accepted_on_time: int
    returned: int
    not_reviewed: int
    ever_handed_in: int


@dataclass(frozen=True, slots=True)
class Discipline:
    """A campaign's reporting as of an instant, unit by unit."""

    periods: int
    units: tuple[UnitDiscipline, ...]

    def sum(self, what: str) -> int:
        """Return one count added up over the units."""
        return sum(getattr(unit, what) for unit in self.units)


def discipline(campaign_id: int, *, at: datetime, agency_ids: Iterable[int] | None = None) -> Discipline:
    """Return how reports due before an instant stood at that instant; of some agencies only, when they are named. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _OWED,
            {
                "campaign": campaign_id,
                "at": at,
                "agencies": None if agency_ids is None else sorted(agency_ids),
                "handed_in": sorted(HANDED_IN),
            },
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    periods = {period for row in rows for period in row[-1]}
    return Discipline(len(periods), tuple(UnitDiscipline(*row[:-1]) for row in rows))


@dataclass(frozen=True, slots=True)
class Compared:
    """Reported numbers of one period beside measured ones: how many agree, and the median of measured ÷ reported."""

    period: str
    verdicts: dict[str, int]
    factor: float | None

    @property
    def units(self) -> int:
        """How many numbers could be compared."""
        return sum(self.verdicts.values())


def compared(campaign_id: int, *, at: datetime, on: date, agency_ids: Iterable[int] | None = None) -> Compared | None:
    """Compare the numbers of the latest period due before an instant with what the platform measured; None without any to compare.

    The median is taken over units, so that a district and its communes reporting the same persons do not weigh twice.
    """
    period = (
        Period.objects.filter(campaign_id=campaign_id, due_at__lt=at, cut_off__lte=on, frozen_at__isnull=False)
        .order_by("-number")
        .first()
    )
    if period is None:
        return None
    only = None if agency_ids is None else set(agency_ids)
    keys = period.obligations.order_by("form_key").values_list("form_key", flat=True).distinct()
    found = [one for key in keys for one in _verified(period, key, at, only)]
    told = [one for one in found if one.verdict is not Verdict.NOTHING_TO_COMPARE]
    if not told:
        return None
    factors = [one.factor for one in told if one.factor is not None]
    verdicts = {str(verdict): sum(1 for one in told if one.verdict is verdict) for verdict in Verdict}
    del verdicts[Verdict.NOTHING_TO_COMPARE]
    return Compared(period.title, verdicts, median(factors) if factors else None)


def _verified(
    period: Period, form_key: str, at: datetime, only: set[int] | None
) -> Sequence[verification.Verification]:
    plan, units = handed.as_of(period, form_key, superior_id=None, as_of=at)
    wanted = {one.key: one.verified_by for one in plan.fields if one.verified_by}
    if not wanted:
        return []
    ids = dict(period.obligations.filter(form_key=form_key).values_list("code", "agency_id"))
    told = [
        (ids[unit.unit], unit.values)
        for unit in units
        if unit.state in HANDED_IN and (only is None or ids[unit.unit] in only)
    ]
    measured = measures.for_agencies(set(wanted.values()), [agency_id for agency_id, _ in told], period.cut_off)
    return [
        verification.verify(measured=measured.get(agency_id, {}).get(name), reported=forms.number(values.get(key)))
        for agency_id, values in told
        for key, name in wanted.items()
    ]
