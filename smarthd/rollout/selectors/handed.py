"""What units had handed in at a system time, read from the trail of steps.

Reading goes in two parts. ``lines_as_of`` says which rows of the trail are in force at an instant; ``read`` reads exactly those. What is
made from it keeps its lines and is read again from them, so that nothing changes it afterwards: no later arrival, no report whose
transaction ended later than its clock says, no agency or superior that has ended since.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from smarthd.agencies import selectors as agencies
from smarthd.rollout.models import Obligation, Period
from smarthd.rollout.rules import forms
from smarthd.rollout.rules.consolidation import Handed
from smarthd.rollout.rules.reports import HANDED_IN, State

_LINES = """
SELECT o.id, s.id, s.state, COALESCE(o.exempt_at <= %(at)s, FALSE), o.agency_id
FROM rollout_obligation o JOIN rollout_periodicreport r ON r.obligation_id = o.id
LEFT JOIN LATERAL (SELECT s.id, s.state FROM rollout_reportstep s WHERE s.report_id = r.id AND s.at <= %(at)s
  ORDER BY s.number DESC LIMIT 1) s ON TRUE
WHERE o.period_id = %(period)s AND o.form_key = %(form)s AND (%(superior)s::bigint IS NULL OR o.superior_id = %(superior)s)
ORDER BY o.id"""
_EARLIER = """
SELECT DISTINCT ON (o.agency_id) o.agency_id, s.id
FROM rollout_obligation o JOIN rollout_period p ON p.id = o.period_id
JOIN rollout_periodicreport r ON r.obligation_id = o.id JOIN rollout_reportstep s ON s.report_id = r.id
WHERE p.campaign_id = %s AND p.number < %s AND o.form_key = %s AND o.agency_id = ANY(%s) AND s.at <= %s
  AND s.state IN ('submitted', 'endorsed', 'accepted')
ORDER BY o.agency_id, p.number DESC, s.number DESC"""
_READ = """
SELECT o.id, o.agency_id, o.code, o.name, s.state, s.values, s.in_time, e.values,
  (SELECT p.act FROM rollout_reportstep p WHERE p.report_id = s.report_id AND p.number <= s.number
     AND p.act IN ('submitted', 'amended', 'endorsed', 'passed') ORDER BY p.number DESC LIMIT 1) = 'passed'
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS l(obligation, step, earlier)
JOIN rollout_obligation o ON o.id = l.obligation
LEFT JOIN rollout_reportstep s ON s.id = l.step LEFT JOIN rollout_reportstep e ON e.id = l.earlier
ORDER BY o.id"""


class Line(NamedTuple):
    """One obligation and the rows of the trail that say what stood: its last step, and for a missing unit the newest one of before."""

    obligation_id: int
    step_id: int | None
    exempt: bool
    earlier_id: int | None


def lines_as_of(period: Period, form_key: str, *, superior_id: int | None, as_of: datetime) -> list[Line]:
    """Return which rows say what every unit that owes a form had handed in by an instant. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"at": as_of, "period": period.pk, "form": form_key, "superior": superior_id})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        lacking = [agency for _owed, _step, state, _exempt, agency in rows if state not in HANDED_IN]
        cursor.execute(_EARLIER, [period.campaign_id, period.number, form_key, lacking, as_of])
        earlier: dict[int, int] = dict(cursor.fetchall())
    return [
        Line(owed, step, exempt, earlier.get(agency) if state not in HANDED_IN else None)
        for owed, step, state, exempt, agency in rows
    ]


def read(lines: Sequence[Line]) -> tuple[forms.FormPlan, list[Handed]]:
    """Return the form these obligations are answered by, and what each unit had handed in. Three queries."""
    if not lines:
        return forms.FormPlan(()), []
    kept = Obligation.objects.filter(pk=lines[0].obligation_id).values_list("report__form__plan", flat=True).get()
    exempt = {line.obligation_id: line.exempt for line in lines}
    with connection.cursor() as cursor:
        cursor.execute(_READ, [[line[0] for line in lines], [line[1] for line in lines], [line[3] for line in lines]])
        rows = cursor.fetchall()
    kinds = agencies.kinds_of({row[1] for row in rows})
    return forms.from_json(kept), [_handed(row, kind=kinds[row[1]], exempt=exempt[row[0]]) for row in rows]


def as_of(
    period: Period, form_key: str, *, superior_id: int | None, as_of: datetime
) -> tuple[forms.FormPlan, list[Handed]]:
    """Return the form of a period and every unit that owes it with what it had handed in by then. Five queries."""
    return read(lines_as_of(period, form_key, superior_id=superior_id, as_of=as_of))


def _handed(row: tuple[Any, ...], *, kind: str, exempt: bool) -> Handed:
    _owed, _agency, code, name, state, values, in_time, earlier, passed = row
    last = _json(earlier) if earlier is not None else {}
    if state is None:
        return Handed(code, name, State.OPEN, exempt=exempt, last=last, kind=kind)
    return Handed(code, name, State(state), _json(values), in_time, bool(passed), exempt, last, kind)


def _json(kept: Any) -> dict[str, Any]:
    return dict(json.loads(kept) if isinstance(kept, str) else kept)
