"""The directory of numbers to call, as citizens see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from smarthd.agencies import selectors as agencies
from smarthd.content import rules
from smarthd.content.models import Hotline
from smarthd.content.selectors.reach import units_concerning
from smarthd.kernel import text
from smarthd.places import selectors as places

_ORDER = {category: place for place, category in enumerate(rules.HotlineCategory)}


@dataclass(frozen=True, slots=True)
class NumberView:
    """One number: ``dial`` goes into ``tel:``, ``shown`` is printed."""

    dial: str
    shown: str
    label: str

    @property
    def link(self) -> str:
        """Return the address that makes a telephone dial."""
        return f"tel:{self.dial}"


@dataclass(frozen=True, slots=True)
class HotlineView:
    """A place to call. ``mine``: of the reader's own unit; without ``unit_name`` it answers for everyone."""

    uid: UUID
    key: str
    name: str
    category: str
    category_word: str
    numbers: tuple[NumberView, ...]
    hours: str
    note: str
    unit_name: str
    agency_name: str
    verified_on: date
    mine: bool
    sample: bool

    @property
    def emergency(self) -> bool:
        """Say whether this is a number for life and limb."""
        return self.category == rules.HotlineCategory.EMERGENCY


LIFE = ("113", "114", "115")


def hotlines_for(unit_id: int | None, on: date) -> list[HotlineView]:
    """Return the numbers for a person of a unit: emergency first, then by category, the unit's own before the general."""
    concerning = units_concerning(unit_id, on=on)
    rows = Hotline.objects.filter(Q(unit=None) | Q(unit_id__in=concerning), active=True)
    return _views(rows, on, concerning)


def search_hotlines(query: str, on: date, *, unit_id: int | None = None, limit: int = 50) -> list[HotlineView]:
    """Return numbers of the whole province whose name, use, place or digits hold every typed word; marks and case ignored."""
    words = text.fold(query).split()
    if not words:
        return []
    every = _views(Hotline.objects.filter(active=True), on, units_concerning(unit_id, on=on))
    return [view for view in every if _holds(view, words)][:limit]


def _holds(view: HotlineView, words: list[str]) -> bool:
    digits = "".join(number.dial + " " + number.shown.replace(" ", "") + " " for number in view.numbers)
    haystack = (
        text.fold(f"{view.name} {view.note} {view.unit_name} {view.agency_name} {view.category_word} ") + " " + digits
    )
    return all(word in haystack for word in words)


def _views(rows: Iterable[Hotline], on: date, concerning: frozenset[int]) -> list[HotlineView]:
    found = list(rows.prefetch_related("numbers"))  # type: ignore[attr-defined]
    unit_names = _unit_names({row.unit_id for row in found if row.unit_id}, on)
    agency_ids = {row.agency_id for row in found if row.agency_id}
    agency_views = agencies.agency_views(agency_ids, on) if agency_ids else {}
    views = [
        HotlineView(
            uid=row.uid,
            key=row.key,
            name=row.name,
            category=row.category,
            category_word=rules.CATEGORY_WORDS[rules.HotlineCategory(row.category)],
            numbers=tuple(NumberView(dial=n.dial, shown=n.shown, label=n.label) for n in row.numbers.all()),
            hours=row.hours,
            note=row.note,
            unit_name=unit_names.get(row.unit_id, ""),
            agency_name=agency_views[row.agency_id].name if row.agency_id in agency_views else "",
            verified_on=row.verified_on,
            mine=row.unit_id in concerning,
            sample=row.sample,
        )
        for row in found
    ]
    return sorted(
        views, key=lambda view: (_ORDER[rules.HotlineCategory(view.category)], not view.mine, _first(view), view.name)
    )


def _first(view: HotlineView) -> tuple[bool, str]:
    """Sort emergency numbers by the number itself, which is how people know them: police, fire and ambulance before all."""
    dial = view.numbers[0].dial if view.emergency and view.numbers else ""
    return dial not in LIFE, dial


def _unit_names(unit_ids: set[int], on: date) -> dict[int, str]:
    return {key: view.full_name for key, view in places.views(list(unit_ids), on).items()} if unit_ids else {}
