"""Sheets of paper typed in for those who have no phone: which surveys, for whose people, by whom."""

from __future__ import annotations

from datetime import datetime

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.content.models.surveys import Survey
from smarthd.content.rules import surveys
from smarthd.content.selectors.reach import units_concerning
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor

TYPISTS = (Role.CLERK, Role.EDITOR, Role.HEAD, Role.DELEGATE, Role.TEAM_LEADER)


def asks(survey: Survey, home_id: int | None, *, now: datetime) -> bool:
    """Say whether a person of a unit is among those asked; without units everybody is."""
    units = {place.unit_id for place in survey.places.all()}
    return not units or bool(units & units_concerning(home_id, on=clock.day_of(now)))


def own_places(actor: Actor, *, now: datetime) -> dict[int, str]:
    """Return the units of the offices at which the actor may type in sheets, with the office's name."""
    ids = {grant.agency_id for grant in actor.grants if grant.role in TYPISTS} if actor.second_factor else set()
    views = agencies.agency_views(ids, clock.day_of(now)).values() if ids else ()
    return {view.place_id: view.name for view in views if view.place_id is not None}


def places_of(actor: Actor, survey: Survey, *, now: datetime) -> list[tuple[int, str]]:
    """Return the units the actor may type in a survey's sheets for: those of their offices whose people the survey asks."""
    if survey.of_staff:
        return []
    return [(unit, name) for unit, name in own_places(actor, now=now).items() if asks(survey, unit, now=now)]


def open_surveys(actor: Actor, *, now: datetime) -> list[Survey]:
    """Return the surveys that take answers now and ask the people of one of the actor's offices, the nearest end first."""
    mine = own_places(actor, now=now)
    if not mine:
        return []
    near = {unit: units_concerning(unit, on=clock.day_of(now)) for unit in mine}
    asking = Survey.objects.filter(state=surveys.State.OPEN, opens_at__lte=now, closes_at__gt=now, of_staff=False)
    rows = asking.prefetch_related("places")
    return [
        row
        for row in rows.order_by("closes_at")[:200]
        if not (units := {place.unit_id for place in row.places.all()}) or any(units & near[unit] for unit in mine)
    ]
