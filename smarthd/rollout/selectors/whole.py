"""Every report of a form, over all periods of a campaign: read period by period, so that however many there are, few are in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from smarthd.kernel.actor import Actor
from smarthd.rollout import policies
from smarthd.rollout.errors import FormUnknown
from smarthd.rollout.models import Campaign, Form, Obligation, Period
from smarthd.rollout.rules import forms, reports
from smarthd.rollout.rules.reports import Standing, State

_ROWS = """
SELECT o.name, o.code, r.state, o.due_at, r.submitted_at, r.in_time, r.returns, r.not_reviewed, o.exempt_reason,
  r.measured || r.values
FROM rollout_obligation o JOIN rollout_periodicreport r ON r.obligation_id = o.id
WHERE o.period_id = %(period)s AND o.form_key = %(form)s
  AND (%(near)s::bigint[] IS NULL OR o.agency_id = ANY(%(near)s) OR o.held_by_id = ANY(%(near)s))
ORDER BY o.code, o.id"""


@dataclass(frozen=True, slots=True)
class Reported:
    """One report as a line of a table; ``values`` by the key of the field."""

    period: str
    name: str
    code: str
    standing: Standing
    due_at: datetime
    submitted_at: datetime | None
    in_time: bool | None
    returns: int
    not_reviewed: bool
    exempt_reason: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Whole:
    """A form's questions, of all versions in use, how many reports it asks for, and what one may read of them."""

    title: str
    fields: tuple[forms.Field, ...]
    count: int
    rows: Iterator[Reported]


def reports_of(actor: Actor, campaign_key: str, form_key: str, *, now: datetime) -> Whole:
    """Return every report of a form that the actor may read, by period and code; FormUnknown where there is none to read.

    A question that was asked in several versions stands once, in the words of the newest.
    """
    campaign = Campaign.objects.filter(key=campaign_key).first()
    near = (
        None if campaign and policies.can_command(actor, campaign.coordinator_id) else policies.watched_agencies(actor)
    )
    versions = Form.objects.filter(campaign=campaign, key=form_key).exclude(published_at=None).order_by("version")
    found = Obligation.objects.filter(period__campaign=campaign, form_key=form_key)
    if near is not None:
        found = found.filter(agency__in=near)
    count = found.count()
    if campaign is None or not versions or not count:
        raise FormUnknown(key=form_key)
    fields = {one.key: one for form in versions for one in forms.from_json(form.plan).fields}
    return Whole(versions[len(versions) - 1].title, tuple(fields.values()), count, _rows(campaign, form_key, near, now))


def _rows(campaign: Campaign, form_key: str, near: frozenset[int] | None, now: datetime) -> Iterator[Reported]:
    for period in Period.objects.filter(campaign=campaign).exclude(frozen_at=None).order_by("number"):
        with connection.cursor() as cursor:
            cursor.execute(
                _ROWS, {"period": period.pk, "form": form_key, "near": None if near is None else sorted(near)}
            )
            found = cursor.fetchall()
        for name, code, state, due_at, submitted_at, in_time, returns, passed, exempt_reason, values in found:
            standing = reports.standing(
                State(state), opens_at=period.opens_at, due_at=due_at, exempt=bool(exempt_reason), now=now
            )
            kept = json.loads(values) if isinstance(values, str) else values
            yield Reported(
                period.title, name, code, standing, due_at, submitted_at, in_time, returns, passed, exempt_reason, kept
            )
