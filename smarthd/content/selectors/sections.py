"""Tiles of the home page and people to ask, as citizens see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from django.db.models import Q

from smarthd.agencies import selectors as agencies
from smarthd.content.models import Contact, Tile
from smarthd.content.rules import kinds
from smarthd.content.selectors.reach import units_concerning
from smarthd.kernel import text

_ORDER = {topic: place for place, topic in enumerate(kinds.Topic)}


@dataclass(frozen=True, slots=True)
class TileView:
    """One tile; ``outside`` leads away from this site."""

    title: str
    title_en: str
    icon: str
    target: str
    mine: bool
    outside: bool


@dataclass(frozen=True, slots=True)
class TileGroup:
    """The tiles of one moment of life."""

    topic: str
    word: str
    tiles: tuple[TileView, ...]


def tiles_for(unit_id: int | None, on: date) -> tuple[list[TileView], list[TileGroup]]:
    """Return the tiles of the reader's own unit, and everybody's by moments of life; a unit's former and next names count."""
    concerning = units_concerning(unit_id, on=on)
    rows = Tile.objects.filter(Q(unit=None) | Q(unit_id__in=concerning), active=True).order_by("position", "id")
    own: list[tuple[str, TileView]] = []
    general: list[tuple[str, TileView]] = []
    for row in rows:
        view = TileView(
            title=row.title,
            title_en=row.title_en or row.title,
            icon=row.icon,
            target=row.target,
            mine=row.unit_id is not None,
            outside=not row.target.startswith("/"),
        )
        (own if view.mine else general).append((row.topic, view))
    general.sort(key=lambda pair: _ORDER[kinds.Topic(pair[0])])
    groups = [
        TileGroup(topic, kinds.TOPIC_WORDS[kinds.Topic(topic)], tuple(view for _topic, view in found))
        for topic, found in groupby(general, key=lambda pair: pair[0])
    ]
    return [view for _topic, view in own], groups


@dataclass(frozen=True, slots=True)
class ContactView:
    """Someone to ask."""

    uid: UUID
    full_name: str
    position: str
    work: str
    dial: str
    shown: str
    email: str
    reception: str
    room: str
    verified_on: date
    sample: bool


@dataclass(frozen=True, slots=True)
class ContactGroup:
    """The people of one agency."""

    agency_name: str
    agency_uid: UUID
    people: tuple[ContactView, ...]


def contacts(
    on: date, *, unit_id: int | None = None, agency_id: int | None = None, query: str = ""
) -> list[ContactGroup]:
    """Return people to ask by agency: of an agency, or of those of a unit and of its superiors, or whose words hold the query."""
    rows = Contact.objects.filter(active=True).order_by("rank", "id")
    if agency_id is not None:
        rows = rows.filter(agency_id=agency_id)
    found = list(rows)
    heirs = agencies.heirs_on({row.agency_id for row in found}, on)
    views = agencies.agency_views(set(heirs.values()), on) if heirs else {}
    near = units_concerning(unit_id, on=on)
    words = text.fold(query).split()
    by_agency: dict[int, list[ContactView]] = {}
    for row in found:
        agency = views.get(heirs.get(row.agency_id, 0))
        if agency is None or (near and not words and agency_id is None and agency.place_id not in near):
            continue
        haystack = text.fold(f"{row.full_name} {row.position} {row.work} {agency.name}")
        if all(word in haystack for word in words):
            by_agency.setdefault(agency.id, []).append(_contact(row))
    groups = [ContactGroup(views[key].name, views[key].uid, tuple(people)) for key, people in by_agency.items()]
    return sorted(groups, key=lambda group: text.fold(group.agency_name))


def _contact(row: Contact) -> ContactView:
    return ContactView(
        uid=row.uid,
        full_name=row.full_name,
        position=row.position,
        work=row.work,
        dial=row.dial,
        shown=row.shown,
        email=row.email,
        reception=row.reception,
        room=row.room,
        verified_on=row.verified_on,
        sample=row.sample,
    )
