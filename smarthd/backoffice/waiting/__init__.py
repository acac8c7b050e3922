"""What waits for an official: one list across all jobs, the nearest deadline first."""

from __future__ import annotations

from datetime import date, datetime

from smarthd.agencies.selectors import AgencyView
from smarthd.backoffice.waiting import datasets, people, reporting, telling
from smarthd.backoffice.waiting.item import Waiting, own_agencies
from smarthd.kernel.actor import Actor

__all__ = ["Waiting", "own_agencies", "waiting_for"]


def waiting_for(actor: Actor, now: datetime, views: dict[int, AgencyView]) -> list[Waiting]:
    """Return what waits for the actor, by deadline, then in the order in which it is usually done.

    ``views`` are today's views of the agencies where the actor holds a role.
    """
    found = [
        *telling.of_alerts(actor),
        *telling.of_dispatches(actor, now),
        *telling.of_field_reports(actor),
        *reporting.of_reports_due(actor, now),
        *reporting.of_reports_to_look_at(actor),
        *reporting.of_letters(actor),
        *reporting.of_calls(actor, now),
        *reporting.of_signatures(actor),
        *reporting.of_decisions(actor, now),
        *reporting.of_difficulties(actor, now),
        *people.of_exemptions(actor, views),
        *people.of_rosters(actor, now, views),
        *people.of_staff(actor, now, views),
        *reporting.of_bases(actor, now),
        *telling.of_airings(actor, now),
        *telling.of_contents(actor, now),
        *telling.of_ideas(actor),
        *datasets.of_datasets(actor, now),
        *telling.of_staff_surveys(actor, now),
        *people.of_pushes(actor),
        *people.of_jobs(actor),
        *people.of_team_leading(actor, now),
        *people.of_teams(actor),
    ]
    return sorted(found, key=lambda item: (item.due is None, item.due or date.max))
