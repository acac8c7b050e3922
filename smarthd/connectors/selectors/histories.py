"""What a dataset was and reaches: its public versions, and the ground and the time its rows cover."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from smarthd.connectors.models import Version
from smarthd.connectors.rules.states import VersionState
from smarthd.connectors.selectors import open_data
from smarthd.connectors.selectors.public import Dataset

MOST = 50
"""Versions told at once: a source that is read every quarter of an hour has tens of thousands."""
LARGEST = (1 << 31) - 1
_REACH: dict[str, tuple[object, Reach]] = {}


@dataclass(frozen=True, slots=True)
class Edition:
    """A version that is or was public: how many rows, what it added, changed and removed; ``recalled``: nobody may take it away."""

    number: int
    rows: int
    added: int
    changed: int
    removed: int
    published_at: datetime
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """West, south, east, north of the rows on the map and whether all lie there; the earliest and the latest time rows hold, as stored.

    None where there is none.
    """

    box: tuple[float, float, float, float] | None
    everywhere: bool
    span: tuple[str, str] | None


def editions(found: Iterable[Dataset], most: int = MOST) -> dict[int, list[Edition]]:
    """Return the newest public versions of datasets and the very first of each, the newest first. One query, however many there were."""
    newest = Window(RowNumber(), partition_by=F("source_id"), order_by=F("number").desc())
    eldest = Window(RowNumber(), partition_by=F("source_id"), order_by=F("number").asc())
    rows = public_versions(found).annotate(place=newest, place_from_first=eldest)
    told: dict[int, list[Edition]] = {}
    for source_id, one in told_of(rows.filter(Q(place__lte=most) | Q(place_from_first=1))):
        told.setdefault(source_id, []).append(one)
    return told


def page(shown: Dataset, *, before: int | None, most: int = MOST) -> list[Edition]:
    """Return public versions of one dataset, the newest first, those below a number. One query."""
    rows = public_versions([shown])
    if before is not None:
        rows = rows.filter(number__lt=min(max(before, 0), LARGEST))
    return [one for _source_id, one in told_of(rows, most)]


def public_versions(found: Iterable[Dataset]) -> QuerySet[Version]:
    """Return the versions of datasets that are or were public."""
    states = [VersionState.PUBLISHED.value, VersionState.REPLACED.value]
    rows = Version.objects.filter(source_id__in=[one.id for one in found], state__in=states)
    return rows.exclude(published_at=None)


def told_of(rows: QuerySet[Version], most: int | None = None) -> Iterator[tuple[int, Edition]]:
    """Yield versions with the dataset each is of, the newest first."""
    fields = ("source_id", "number", "rows", "added", "changed", "removed", "published_at", "recalled_at")
    for row in rows.order_by("-number").values_list(*fields)[:most]:
        source_id, number, count, added, changed, removed, at, recalled_at = row
        yield source_id, Edition(number, count, added, changed, removed, at, recalled=recalled_at is not None)


def reach(shown: Dataset) -> Reach:
    """Return what the rows of a dataset cover; its rows are read once a version and process."""
    told = (shown.version, shown.mapping, shown.publication)
    kept = _REACH.get(shown.key)
    if kept is None or kept[0] != told:
        box, everywhere = open_data.extent(shown) if shown.has_map else (None, False)
        kept = _REACH[shown.key] = (told, Reach(box, everywhere, open_data.span(shown)))
    return kept[1]
