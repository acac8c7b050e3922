"""All units of all times in memory: some thousands of small rows, read once a process and again when a write changed the token.

Every selector answers from here, so that a page with three hundred units costs one query. The token (``places_revision``) is looked
at most once in ``settings.PLACES_REVISION_SECONDS``.
"""

from __future__ import annotations

import bisect
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from smarthd.kernel import lineage
from smarthd.kernel.text import fold
from smarthd.places.errors import UnitNotFound
from smarthd.places.models import Catalogue, Edge, Event, Lineage, Revision, Size, Unit, UnitCode, UnitVersion
from smarthd.places.rules import RANK, EventStatus
from smarthd.places.values import UnitView


@dataclass(frozen=True, slots=True)
class Version:
    """A unit's words and centre in a period."""

    valid_from: date
    valid_to: date | None
    name: str
    kind: str
    folded: str
    lat: float | None
    lon: float | None
    centre_confidence: str

    def holds(self, day: date) -> bool:
        """Say whether the version is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Passage:
    """A share that passed from one unit to another by an applied event."""

    source: int
    target: int
    basis: str
    share: float
    confidence: str
    origin: str
    document: str
    on: date


@dataclass(slots=True)
class World:
    """The units, indexed; ``token`` tells one state of the tables from another."""

    token: UUID | None
    uids: dict[int, UUID] = field(default_factory=dict)
    levels: dict[int, str] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    by_uid: dict[UUID, int] = field(default_factory=dict)
    versions: dict[int, list[Version]] = field(default_factory=lambda: defaultdict(list))
    edges: dict[int, list[lineage.Edge[int]]] = field(default_factory=lambda: defaultdict(list))
    children: dict[int, list[lineage.Edge[int]]] = field(default_factory=lambda: defaultdict(list))
    catalogues: list[tuple[date, str]] = field(default_factory=list)
    codes: dict[int, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    by_code: dict[tuple[str, str], int] = field(default_factory=dict)
    passages: list[Passage] = field(default_factory=list)
    undone: list[Passage] = field(default_factory=list)
    ghosts: dict[int, Version] = field(default_factory=dict)
    sizes: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    epochs: list[date] = field(default_factory=list)
    memo: dict[Any, Any] = field(default_factory=dict)

    # -- reading ------------------------------------------------------------------------------------------------------
    def epoch(self, day: date) -> date:
        """Return the last day on which anything changed, up to ``day``: between two of them all answers are the same.

        What is remembered is kept by epoch, so that a trend over 450 days costs no more memory than one day.
        """
        place = bisect.bisect_right(self.epochs, day)
        return self.epochs[place - 1] if place else date.min

    def version_on(self, unit_id: int, day: date) -> tuple[Version, bool]:
        """Return the version in force on a day, or the nearest one, and whether it was in force."""
        versions = self.versions.get(unit_id)
        if not versions:
            if unit_id in self.ghosts:
                return self.ghosts[unit_id], False
            raise UnitNotFound(unit_id=unit_id)
        for version in versions:
            if version.holds(day):
                return version, True
        earlier = [version for version in versions if version.valid_from <= day]
        return (earlier[-1] if earlier else versions[0]), False

    def stands(self, unit_id: int, day: date) -> bool:
        """Say whether a unit exists on a day."""
        return any(version.holds(day) for version in self.versions.get(unit_id, ()))

    def parent_on(self, unit_id: int, day: date) -> int | None:
        """Return the superior on a day."""
        return next((edge.parent for edge in self.edges.get(unit_id, ()) if edge.holds(day)), None)

    def standing_on(self, day: date) -> dict[int, Version]:
        """Return the units that exist on a day, with their versions."""
        day = self.epoch(day)
        found: dict[int, Version] | None = self.memo.get(("standing", day))
        if found is None:
            found = {
                unit: version for unit, versions in self.versions.items() for version in versions if version.holds(day)
            }
            self.memo["standing", day] = found
        return found

    def catalogue_on(self, unit_id: int, day: date) -> tuple[str, str]:
        """Return (catalogue, code) in force on a day: the latest that knows the unit, else the first after."""
        codes = self.codes.get(unit_id)
        if not codes:
            return "", ""
        known = [(as_of, key) for as_of, key in self.catalogues if key in codes]
        past = [key for as_of, key in known if as_of <= day]
        key = past[-1] if past else known[0][1]
        return key, codes[key]

    def view(self, unit_id: int, day: date) -> UnitView:
        """Return a unit as it stands on a day (or stood nearest to it)."""
        day = self.epoch(day)
        remembered: UnitView | None = self.memo.get((unit_id, day))
        if remembered is not None:
            return remembered
        version, standing = self.version_on(unit_id, day)
        shown = day if standing else version.valid_from
        catalogue, code = self.catalogue_on(unit_id, shown)
        view = UnitView(
            id=unit_id,
            uid=self.uids[unit_id],
            level=self.levels[unit_id],
            kind=version.kind,
            name=version.name,
            full_name=f"{version.kind} {version.name}",
            code=code,
            catalogue=catalogue,
            parent_id=self.parent_on(unit_id, shown),
            lat=version.lat,
            lon=version.lon,
            valid_from=version.valid_from,
            valid_to=version.valid_to,
            standing=standing,
            centre_confidence=version.centre_confidence,
        )
        self.memo[unit_id, day] = view
        return view

    def path(self, unit_id: int, day: date) -> tuple[UnitView, ...]:
        """Return the units from the province down to this one."""
        view = self.view(unit_id, day)
        chain = [view]
        while view.parent_id is not None:
            view = self.view(view.parent_id, view.valid_from if not view.standing else day)
            chain.append(view)
        return tuple(reversed(chain))


def load() -> World:
    """Read all units from the database."""
    world = World(token=current_token())
    for pk, uid, key, level in Unit.objects.values_list("id", "uid", "key", "level"):
        world.uids[pk], world.levels[pk], world.by_uid[uid] = uid, level, pk
        if key:
            world.keys[key] = pk
    rows = UnitVersion.objects.order_by("unit_id", "valid_from").values_list(
        "unit_id", "valid_from", "valid_to", "name", "kind", "folded", "lat", "lon", "centre_confidence"
    )
    for row in rows:
        world.versions[row[0]].append(Version(*row[1:]))
    edges = Edge.objects.filter(hierarchy="administrative").order_by("child_id", "valid_from")
    for child, parent, start, end in edges.values_list("child_id", "parent_id", "valid_from", "valid_to"):
        edge = lineage.Edge(child, parent, start, end)
        world.edges[child].append(edge)
        world.children[parent].append(edge)
    world.catalogues = list(Catalogue.objects.order_by("as_of").values_list("as_of", "key"))
    for catalogue, code, unit in UnitCode.objects.values_list("catalogue__key", "code", "unit_id"):
        world.codes[unit][catalogue] = code
        world.by_code[catalogue, code] = unit
    world.passages = passages(EventStatus.APPLIED)
    _load_ghosts(world)
    world.epochs = _epochs(world)
    for unit, basis, value in Size.objects.values_list("unit_id", "basis", "value"):
        world.sizes[basis][unit] = value
    return world


def _epochs(world: World) -> list[date]:
    """Return the days on which any answer changes: rows that begin or end, and catalogues that bring other codes."""
    periods = [(row.valid_from, row.valid_to) for dated in world.versions.values() for row in dated]
    periods += [(row.valid_from, row.valid_to) for dated in world.edges.values() for row in dated]
    days = {day for period in periods for day in period if day is not None}
    return sorted(days | {as_of for as_of, _ in world.catalogues})


def passages(*statuses: str, events: Iterable[UUID] | None = None) -> list[Passage]:
    """Return the shares that passed by events of some statuses (and, if given, of these events only), oldest first."""
    rows = Lineage.objects.filter(event__status__in=statuses).order_by("event__effective_on", "id")
    if events is not None:
        rows = rows.filter(event__uid__in=list(events))
    fields = ("from_unit_id", "to_unit_id", "basis", "share", "confidence", "source")
    return [Passage(*row) for row in rows.values_list(*fields, "event__document", "event__effective_on")]


def _load_ghosts(world: World) -> None:
    """Remember units that were founded by an event taken back: facts may hang on them, and count for what they were made of."""
    world.undone = [p for p in passages(EventStatus.REVERTED) if p.target not in world.versions]
    if not world.undone:
        return
    for day, plan in Event.objects.filter(status=EventStatus.REVERTED).values_list("effective_on", "plan"):
        for begun in plan["begins"]:
            words = begun["standing"]
            world.ghosts[begun["unit"]] = Version(
                day, day, words["name"], words["kind"], fold(words["name"]), words["lat"], words["lon"], "none"
            )


_remembered: dict[str, Any] = {"world": None, "looked_at": 0.0}


def current_token() -> UUID | None:
    """Return the token of the tables as they are."""
    return Revision.objects.values_list("token", flat=True).first()


def current() -> World:
    """Return the units as this process knows them, read again when they have changed."""
    world: World | None = _remembered["world"]
    now = time.monotonic()
    if world is not None and now - _remembered["looked_at"] < settings.PLACES_REVISION_SECONDS:
        return world
    if world is None or current_token() != world.token:
        world = load()
    _remembered.update(world=world, looked_at=now)
    return world


def forget() -> None:
    """Make this process look at the token again at the next question; every write calls it."""
    _remembered["looked_at"] = float("-inf")


def sort_key(view: UnitView) -> tuple[int, str, str]:
    """Order units as an official list does: by level, then by code, then by name."""
    return RANK[view.level], view.code, view.name
