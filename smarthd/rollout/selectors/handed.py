"""What units had handed in at a system time, read from the trail of steps."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import connection

from smarthd.rollout.models import Obligation, Period
from smarthd.rollout.rules import forms
from smarthd.rollout.rules.consolidation import Handed
from smarthd.rollout.rules.reports import HANDED_IN, State

_LAST_STEPS = """
SELECT DISTINCT ON (r.obligation_id) r.obligation_id, s.state, s.values, s.in_time, s.act
FROM rollout_reportstep s JOIN rollout_periodicreport r ON r.id = s.report_id
WHERE r.obligation_id = ANY(%s) AND s.at <= %s
ORDER BY r.obligation_id, s.number DESC"""
_EARLIER = """
SELECT DISTINCT ON (o.agency_id) o.agency_id, s.values
FROM rollout_obligation o JOIN rollout_period p ON p.id = o.period_id
JOIN rollout_periodicreport r ON r.obligation_id = o.id JOIN rollout_reportstep s ON s.report_id = r.id
WHERE p.campaign_id = %s AND p.number < %s AND o.form_key = %s AND o.agency_id = ANY(%s) AND s.at <= %s
  AND s.state IN ('submitted', 'endorsed', 'accepted')
ORDER BY o.agency_id, p.number DESC, s.number DESC"""


def as_of(
    period: Period, form_key: str, *, superior_id: int | None, as_of: datetime
) -> tuple[forms.FormPlan, list[Handed]]:
    """Return the form of a period and every unit that owes it with what it had handed in by then. Four queries."""
    owed = Obligation.objects.filter(period=period, form_key=form_key)
    if superior_id is not None:
        owed = owed.filter(superior_id=superior_id)
    rows = list(
        owed.values_list("id", "agency_id", "code", "name", "exempt_at", "report__form__plan", "report__id").order_by(
            "id"
        )
    )
    last = _last_steps([row[0] for row in rows], as_of)
    plan = forms.from_json(rows[0][5]) if rows else forms.FormPlan(())
    lacking = [row[1] for row in rows if last.get(row[0], ("",))[0] not in HANDED_IN]
    earlier = _earlier(period, form_key, lacking, as_of)
    return plan, [
        _handed(row, last.get(row[0]), earlier.get(row[1], {}), exempt=row[4] is not None and row[4] <= as_of)
        for row in rows
    ]


def _handed(
    row: tuple[Any, ...],
    step: tuple[str, dict[str, Any], bool | None, bool] | None,
    last: dict[str, Any],
    *,
    exempt: bool,
) -> Handed:
    _id, _agency, code, name, *_rest = row
    if step is None:
        return Handed(code, name, State.OPEN, exempt=exempt, last=last)
    state, values, in_time, passed = step
    return Handed(code, name, State(state), values, in_time, passed, exempt, last)


def _last_steps(obligation_ids: list[int], at: datetime) -> dict[int, tuple[str, dict[str, Any], bool | None, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(_LAST_STEPS, [obligation_ids, at])
        return {owed: (state, _json(values), in_time, act == "passed") for owed, state, values, in_time, act in cursor}


def _earlier(period: Period, form_key: str, agency_ids: list[int], at: datetime) -> dict[int, dict[str, Any]]:
    if not agency_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_EARLIER, [period.campaign_id, period.number, form_key, agency_ids, at])
        return {agency: _json(values) for agency, values in cursor}


def _json(kept: Any) -> dict[str, Any]:
    return dict(json.loads(kept) if isinstance(kept, str) else kept)
