"""Earlier versions of open datasets, where their owner lets them be taken away: which, their rows, what differs between two.

What a version held never changes once it was public (``models.rows``), so nothing here needs a snapshot. A field is handed out where
citizens saw it in that version and see it today: what was hidden since stays hidden (docs/adr/0132).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from smarthd.connectors.errors import EditionUnknown
from smarthd.connectors.models import Source, Version
from smarthd.connectors.rules.fields import Kind
from smarthd.connectors.rules.mapping import mapping_of
from smarthd.connectors.selectors import histories, open_data
from smarthd.connectors.selectors.histories import Edition
from smarthd.connectors.selectors.public import Dataset

_PLACES = (Kind.LATITUDE, Kind.LONGITUDE)
_STOOD = "source_id = {source} AND since <= {number} AND (until IS NULL OR until > {number})"
ACTS = ("added", "changed", "removed")


@dataclass(frozen=True, slots=True)
class Earlier:
    """A version that may be taken away. ``shown`` is the dataset as of it: its fields, its rows' number, when it became public."""

    edition: Edition
    shown: Dataset


def opened(found: Iterable[Dataset]) -> set[int]:
    """Return the ids of the datasets whose earlier versions may be taken away. One query."""
    ids = [one.id for one in found if one.open]
    return set(Source.objects.filter(pk__in=ids, earlier_open=True).values_list("pk", flat=True))


def offered(found: list[Dataset], most: int = 11) -> dict[int, list[Edition]]:
    """Return, of each dataset that lets them go, the newest versions that may be taken away, the newest first. Two queries."""
    let = opened(found)
    place = Window(RowNumber(), partition_by=F("source_id"), order_by=F("number").desc())
    rows = _taken([one for one in found if one.id in let]).annotate(place=place).filter(place__lte=most)
    told: dict[int, list[Edition]] = {pk: [] for pk in let}
    for source_id, one in histories.told_of(rows):
        told[source_id].append(one)
    return told


def _taken(found: list[Dataset]) -> QuerySet[Version]:
    return histories.public_versions(found).filter(recalled_at=None)


def standing(shown: Dataset, numbers: Iterable[int]) -> set[int]:
    """Return which of some versions may be taken away. Two queries."""
    wanted = [one for one in numbers if 0 < one <= histories.LARGEST]
    if not opened([shown]):
        return set()
    return set(_taken([shown]).filter(number__in=wanted).values_list("number", flat=True))


def version(shown: Dataset, number: int) -> Earlier:
    """Return one that may be taken away. Raises EditionUnknown. Four queries."""
    rows = _taken([shown]).filter(number=number) if number in standing(shown, [number]) else Version.objects.none()
    found = next((one for _source_id, one in histories.told_of(rows)), None)
    if found is None:
        raise EditionUnknown(number=number)
    stored = Version.objects.filter(source_id=shown.id, number=number).values_list("mapping", flat=True).get()
    return Earlier(found, _as_of(shown, found, stored))


def before(shown: Dataset, number: int) -> int:
    """Return the number of the version that may be taken away before another. Raises EditionUnknown where there is none."""
    rows = _taken([shown]).filter(number__lt=min(number, histories.LARGEST)) if opened([shown]) else _taken([])
    found = next((one.number for _source_id, one in histories.told_of(rows, 1)), None)
    if found is None:
        raise EditionUnknown(number=number)
    return found


def _as_of(shown: Dataset, edition: Edition, stored: Mapping[str, object]) -> Dataset:
    then = mapping_of(stored)
    today = {one.key for one in open_data.fields_of(shown)}
    seen = {one.key for one in open_data.fields_of(replace(shown, mapping=then))}
    kept = [one for one in then.fields if one.key in today & seen or (one.kind in _PLACES and shown.has_map)]
    fields = tuple(replace(one, shown=one.kind not in _PLACES) for one in kept)
    return replace(
        shown,
        mapping=replace(then, fields=fields, rules=()),
        version=edition.number,
        rows=edition.rows,
        changed_at=edition.published_at,
        mark="",
    )


def _stood(shown: Dataset) -> str:
    return _STOOD.format(source=int(shown.id), number=int(shown.version))


def stream(shown: Dataset, texts: str, *, columns: int = 1) -> Iterator[tuple[str | None, ...]]:
    """Yield every row of a version (``Earlier.shown``) as ``columns`` texts, in the order they came, read by COPY."""
    yield from _copied(f"SELECT {texts} FROM connectors_datarow WHERE {_stood(shown)} ORDER BY id", columns)  # noqa: S608 - of ours


def count(shown: Dataset) -> int:
    """Return how many rows a version has."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM connectors_datarow WHERE {_stood(shown)}")  # noqa: S608 - of ours
        return int(cursor.fetchone()[0])


def common(old: Dataset, new: Dataset) -> Dataset:
    """Return the later of two versions with only the fields both hand out: what they are compared by."""
    keys = {one.key for one in old.mapping.fields}
    fields = tuple(one for one in new.mapping.fields if one.key in keys and (one.kind not in _PLACES or old.has_map))
    return replace(new, mapping=replace(new.mapping, fields=fields))


def differences(old: Dataset, new: Dataset, texts: str) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield (act, before, after) of every row that differs between two versions, by its key; ``texts`` is the SQL of a row as one text.

    ``old`` and ``new`` are ``Earlier.shown``; acts are :data:`ACTS`; before is None where a row was added, after where it was removed.
    A row whose handed-out values are the same is not told, whatever became of the others. Rows that stood through are not compared.
    """
    rows = f"SELECT key, {texts} AS told FROM connectors_datarow WHERE"  # noqa: S608 - of this module's own words
    act = "CASE WHEN a.key IS NULL THEN 'added' WHEN b.key IS NULL THEN 'removed' ELSE 'changed' END"
    statement = (
        f"SELECT {act}, a.told, b.told FROM ({rows} {_stood(old)} AND NOT ({_stood(new)})) a "  # noqa: S608 - of this module's own words
        f"FULL JOIN ({rows} {_stood(new)} AND NOT ({_stood(old)})) b ON a.key = b.key "
        "WHERE a.told IS DISTINCT FROM b.told ORDER BY COALESCE(a.key, b.key)"
    )
    for done, was, now in _copied(statement, 3):
        yield str(done), was, now


def _copied(statement: str, columns: int) -> Iterator[tuple[str | None, ...]]:
    with connection.cursor() as cursor, cursor.copy(f"COPY ({statement.replace('%%', '%')}) TO STDOUT") as copy:
        copy.set_types(["text"] * columns)
        yield from copy.rows()
