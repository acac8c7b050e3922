"""The reader's commune: kept on the device in one cookie, the unit's uid and nothing else; no account is needed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from smarthd.kernel import clock, errors
from smarthd.places import selectors as places
from smarthd.places.values import UnitView
from smarthd.ui.wishes import A_YEAR

COOKIE = "smarthd_xa"


@dataclass(frozen=True, slots=True)
class District:
    """Communes under the district people remember; ``name`` is empty where there was none."""

    name: str
    communes: tuple[UnitView, ...]


def uid_of(request: HttpRequest) -> UUID | None:
    """Return the uid the device carries, or None; nonsense counts as none."""
    try:
        return UUID(request.COOKIES[COOKIE])
    except (KeyError, ValueError):
        return None


def of(request: HttpRequest) -> UnitView | None:
    """Return the reader's commune as it stands today, or None when none was chosen or it no longer stands.

    A commune merged whole into another is followed; one that was split asks the reader again.
    """
    uid = uid_of(request)
    return None if uid is None else standing(uid, clock.today())


def standing(uid: UUID, on: date) -> UnitView | None:
    """Return the commune of a uid as it stands on a day, following whole mergers; None when a question is needed."""
    try:
        view = places.unit_by_uid(uid, on)
    except errors.NotFound:
        return None
    if not view.standing:
        answer = places.address_change(view.id, on).answer
        return answer if answer is not None and answer.level == "commune" else None
    return view if view.level == "commune" else None


def keep(response: HttpResponse, unit: UnitView) -> None:
    """Keep the commune for a year on this device; scripts read it to say where an act happened."""
    response.set_cookie(COOKIE, unit.uid.hex, max_age=A_YEAR, samesite="Lax", secure=settings.PRODUCTION)


def by_remembered_district(on: date) -> list[District]:
    """Return today's communes grouped by the district their largest part once belonged to, as people remember it."""
    groups: dict[str, list[UnitView]] = defaultdict(list)
    for unit in places.units_on(on, "commune"):
        groups[_remembered_district(unit, on)].append(unit)
    ordered = sorted(groups.items(), key=lambda pair: (not pair[0], pair[0]))
    return [District(name, tuple(sorted(units, key=lambda unit: unit.name))) for name, units in ordered]


def _remembered_district(unit: UnitView, on: date) -> str:
    above = [view for view in places.path(unit.id, on) if view.level == "district"]
    if above:
        return above[-1].full_name
    parts = places.predecessors(unit.id, on)
    if not parts:
        return ""
    largest = max(parts, key=lambda part: part.share)
    end = largest.unit.valid_from
    return next((view.full_name for view in places.path(largest.unit.id, end) if view.level == "district"), "")
