"""What a dataset was and reaches: its public versions, and the ground and the time its rows cover."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from smarthd.connectors.models import Version
from smarthd.connectors.rules.states import VersionState
from smarthd.connectors.selectors import open_data
from smarthd.connectors.selectors.public import Dataset

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


def editions(found: Iterable[Dataset]) -> dict[int, list[Edition]]:
    """Return the public versions of datasets, the newest first. One query."""
    states = [VersionState.PUBLISHED.value, VersionState.REPLACED.value]
    rows = Version.objects.filter(source_id__in=[one.id for one in found], state__in=states).exclude(published_at=None)
    told: dict[int, list[Edition]] = {}
    fields = ("source_id", "number", "rows", "added", "changed", "removed", "published_at", "recalled_at")
    for row in rows.order_by("-number").values_list(*fields):
        source_id, number, count, added, changed, removed, at, recalled_at = row
        one = Edition(number, count, added, changed, removed, at, recalled=recalled_at is not None)
        told.setdefault(source_id, []).append(one)
    return told


def reach(shown: Dataset) -> Reach:
    """Return what the rows of a dataset cover; its rows are read once a version and process."""
    told = (shown.version, shown.mapping, shown.publication)
    kept = _REACH.get(shown.key)
    if kept is None or kept[0] != told:
        box, everywhere = open_data.extent(shown) if shown.has_map else (None, False)
        kept = _REACH[shown.key] = (told, Reach(box, everywhere, open_data.span(shown)))
    return kept[1]
