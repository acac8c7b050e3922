"""By which of its cells a large dataset is asked: those readers choose by, those its rows are put in order by."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from smarthd.connectors.rules.fields import Kind
from smarthd.connectors.rules.mapping import Mapping
from smarthd.connectors.rules.sources import Publication, Shape

MEASURES = ("don_vi_do", "don_vi_tinh")
"""Fields that name the unit of the values beside them."""
LARGE = 20_000
"""Public rows from which a dataset gets indexes of its own; fewer are read through in some milliseconds."""


class Use(StrEnum):
    """What an index is for."""

    CHOOSE = "by"  # các mục có đúng ô này, theo tên
    ORDER = "in"  # các mục theo thứ tự của ô này


@dataclass(frozen=True, slots=True)
class Indexed:
    """One index: the field and what for."""

    use: Use
    key: str

    def name(self, source_id: int) -> str:
        """Return the index's name in the database: the same for the same field of a source, at most 63 bytes."""
        return f"{prefix(source_id)}{self.use}_{blake2b(self.key.encode(), digest_size=6).hexdigest()}"


def prefix(source_id: int) -> str:
    """Return what the names of all indexes of a source begin with."""
    return f"row_s{source_id:d}_"


def wanted(mapping: Mapping, publication: Publication, *, rows: int) -> frozenset[Indexed]:
    """Return the indexes a dataset should have; none while it is small. Communes, words and places have theirs anyway."""
    if rows < LARGE:
        return frozenset()
    fields = {one.key: one for one in mapping.fields}
    chosen = [one.key for one in mapping.fields if one.filtered and one.kind is not Kind.UNIT]
    ordered = {Shape.CHART: publication.x, Shape.LOOKUP: ""}.get(publication.shape, publication.begins)
    if publication.shape is Shape.TIMETABLE:
        chosen += [publication.title or mapping.title.key, publication.days]
    if publication.shape is Shape.CHART:
        chosen += MEASURES
    found = {Indexed(Use.CHOOSE, key) for key in chosen if key in fields}
    return frozenset(found | {Indexed(Use.ORDER, key) for key in (ordered,) if key in fields})
