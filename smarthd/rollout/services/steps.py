"""The trail of a report's life: appended at every step, read when a consolidation is made again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max

from smarthd.kernel.actor import Actor
from smarthd.rollout.models import Obligation, PeriodicReport, ReportStep
from smarthd.rollout.rules import forms


def append(
    report: PeriodicReport, act: str, *, actor: Actor, at: datetime, note: Mapping[str, Any] | None = None
) -> ReportStep:
    """Write down what the report holds after an act; the caller has locked the report."""
    last = ReportStep.objects.filter(report=report).aggregate(last=Max("number"))["last"] or 0
    return ReportStep.objects.create(
        report=report,
        number=last + 1,
        act=act,
        state=report.state,
        at=at,
        by=actor.account_id,
        values={**report.measured, **report.values},
        disputes=report.disputes,
        content_hash=report.content_hash,
        in_time=report.in_time,
        note=dict(note or {}),
    )


def put_in_force(report: PeriodicReport, obligation: Obligation, plan: forms.FormPlan) -> None:
    """Write the numbers of a report that was handed in where fields are added up."""
    take_out_of_force(obligation)
    whole = {**report.measured, **report.values}
    numbers = [
        (one.key, float(whole[one.key]))
        for one in plan.fields
        if one.kind in forms.NUMERIC and isinstance(whole.get(one.key), int | float)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rollout_report_value (form_key, period_id, field, agency_id, value) "
            "SELECT %s, %s, f, %s, v FROM unnest(%s::text[], %s::float8[]) AS t(f, v)",
            [
                obligation.form_key,
                obligation.period_id,
                obligation.agency_id,
                [key for key, _ in numbers],
                [value for _, value in numbers],
            ],
        )


def take_out_of_force(obligation: Obligation) -> None:
    """Remove the numbers of a report that is no longer handed in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM rollout_report_value WHERE form_key = %s AND period_id = %s AND agency_id = %s",
            [obligation.form_key, obligation.period_id, obligation.agency_id],
        )
