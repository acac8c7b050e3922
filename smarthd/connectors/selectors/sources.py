"""What officials see: sources within reach, their versions, runs, faulty lines, what a version would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from smarthd.connectors import policies
from smarthd.connectors.errors import DataSourceUnknown, VersionUnknown
from smarthd.connectors.models import Change, DataRow, FaultyLine, Run, Source, Version
from smarthd.connectors.ports import Table
from smarthd.connectors.rules import renaming
from smarthd.connectors.rules import sources as rules
from smarthd.connectors.rules.fields import Field
from smarthd.connectors.rules.mapping import Mapping as ColumnMapping
from smarthd.connectors.rules.mapping import drift, mapping_of, suggest
from smarthd.connectors.services import partitions, reading
from smarthd.kernel import text
from smarthd.kernel.actor import Actor
from smarthd.kernel.paging import Page, decode_cursor, encode_cursor

EACH_PAGE = 100
SHOWN_ROWS = 20
_COMPARED = 500
"""Public rows by which a column that was renamed is known again."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source in a list."""

    source: Source
    freshness: rules.Freshness
    last_run: Run | None
    waiting: Version | None


def source_for(actor: Actor, uid: UUID) -> Source:
    """Return a source; unseen is not found."""
    source = Source.objects.filter(uid=uid, ended_at=None).first()
    if source is None or not policies.can_see(actor, source.agency_id):
        raise DataSourceUnknown(uid=str(uid))
    return source


def lines_for(actor: Actor, *, now: datetime) -> list[SourceLine]:
    """Return the sources within reach, those that need somebody first. Three queries."""
    found = list(
        Source.objects.filter(ended_at=None, agency_id__in=policies.visible_agencies(actor)).order_by("title", "id")
    )
    ids = [source.pk for source in found]
    runs = {
        run.source_id: run
        for run in Run.objects.filter(source__in=ids).order_by("source_id", "-id").distinct("source_id")
    }
    waiting = {
        one.source_id: one
        for one in Version.objects.filter(source__in=ids, state__in=["checked", "held"]).order_by("number")
    }
    lines = [
        SourceLine(source, freshness_of(source, now), runs.get(source.pk), waiting.get(source.pk)) for source in found
    ]
    return sorted(lines, key=lambda line: (line.waiting is None, line.freshness is not rules.Freshness.STALE))


def freshness_of(source: Source, now: datetime) -> rules.Freshness:
    """Say whether a source keeps its promise."""
    return rules.freshness(confirmed_at=source.confirmed_at, promise_hours=source.promise_hours, now=now)


def versions_for(actor: Actor, uid: UUID, limit: int = 20) -> list[Version]:
    """Return the newest versions of a source."""
    source = source_for(actor, uid)
    return list(Version.objects.filter(source=source).order_by("-number")[:limit])


def public_versions_for(actor: Actor, uid: UUID, limit: int = 100) -> list[Version]:
    """Return the newest versions of a source that are or were public."""
    once = Version.objects.filter(source=source_for(actor, uid)).exclude(published_at=None)
    return list(once.order_by("-number")[:limit])


def earlier_count(source: Source) -> int:
    """Return how many versions before the present one were public and were not recalled."""
    once = Version.objects.filter(source=source, recalled_at=None).exclude(published_at=None)
    return once.exclude(number=source.version).count()


def runs_for(actor: Actor, uid: UUID, limit: int = 20) -> list[Run]:
    """Return the newest runs of a source."""
    source = source_for(actor, uid)
    return list(Run.objects.filter(source=source).order_by("-id")[:limit])


def version_for(actor: Actor, uid: UUID, number: int) -> Version:
    """Return a version; unseen is not found."""
    version = Version.objects.filter(source=source_for(actor, uid), number=number).first()
    if version is None:
        raise VersionUnknown(number=number)
    return version


def faulty_page(version: Version, *, cursor: str = "", noticed: bool = False) -> Page[FaultyLine]:
    """Return faulty lines in the order of the file, or those that are published and told (``noticed``)."""
    lines = FaultyLine.objects.filter(version=version, noticed=noticed).order_by("number")
    if cursor:
        [last] = decode_cursor(cursor, length=1)
        lines = lines.filter(number__gt=int(last) if isinstance(last, int) else 0)
    found = list(lines[: EACH_PAGE + 1])
    more = encode_cursor(found[EACH_PAGE - 1].number) if len(found) > EACH_PAGE else ""
    return Page(found[:EACH_PAGE], more)


@dataclass(frozen=True, slots=True)
class Before:
    """One row a version would change or remove, or changed: its values before and after, by field label."""

    act: str
    title: str
    cells: tuple[tuple[str, object, object], ...]


def changes(version: Version, limit: int = SHOWN_ROWS) -> list[Before]:
    """Return the first rows a waiting version would change, remove and add, or that a published one did."""
    found: list[Before] = []
    mapped = mapping_of(version.mapping)
    if version.staged:
        return [_before("a", {}, values, mapped) for values in partitions.first_values(version.source_id, limit)]
    if version.published_at is None:
        for act in "cra":
            rows = list(Change.objects.filter(version=version, act=act).order_by("id")[:limit])
            old = _standing(version.source_id, rows)
            after = [(row.key, dict(row.values) if act != "r" else {}) for row in rows]
            found += [_before(act, old.get(key, {}), values, mapped) for key, values in after]
        return found
    began = DataRow.objects.filter(source=version.source_id, since=version.number).order_by("id")[:limit]
    ended = DataRow.objects.filter(source=version.source_id, until=version.number).order_by("id")[:limit]
    new, gone = {row.key: dict(row.values) for row in began}, {row.key: dict(row.values) for row in ended}
    for key in [*gone, *(key for key in new if key not in gone)]:
        act = "c" if key in gone and key in new else "r" if key in gone else "a"
        found.append(_before(act, gone.get(key, {}), new.get(key, {}), mapped))
    return sorted(found, key=lambda one: "cra".index(one.act))


def _standing(source_id: int, like: Sequence[Change]) -> dict[str, dict[str, object]]:
    keys, codes = [one.key for one in like], [one.code for one in like]
    rows = DataRow.objects.filter(source=source_id, code__in=codes, key__in=keys, until=None)
    return {key: dict(values) for key, values in rows.values_list("key", "values")}


def _before(act: str, old: Mapping[str, object], new: Mapping[str, object], mapped: ColumnMapping) -> Before:
    title = str((new or old).get(mapped.title.key) or "–")
    cells = [
        (one.label, old.get(one.key), new.get(one.key))
        for one in mapped.fields
        if old.get(one.key) != new.get(one.key) and (act == "c" or one.shown)
    ]
    return Before(act, title, tuple(cells[:8]))


def preview_rows(version: Version, limit: int = 5) -> list[dict[str, object]]:
    """Return the values of the first rows as citizens would see them."""
    if version.staged:
        return partitions.first_values(version.source_id, limit)
    if version.published_at is None:
        rows = Change.objects.filter(version=version).exclude(act="r").order_by("id").values_list("values", flat=True)
        return [dict(values) for values in rows[:limit]]
    stood = DataRow.objects.filter(source=version.source_id, since__lte=version.number).exclude(
        until__lte=version.number
    )
    return [dict(values) for values in stood.order_by("id").values_list("values", flat=True)[:limit]]


@dataclass(frozen=True, slots=True)
class Sample:
    """What the newest file of a source holds: its columns, some lines, the mapping in force or guessed; ``guess`` is what the columns
    look like whatever they are mapped to; ``notes`` tell what of the file is not read as lines; ``gone`` are mapped headings that are
    not there now, each with the one it may have become, "" for none."""

    columns: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    mapping: ColumnMapping
    guessed: bool
    file_name: str
    guess: ColumnMapping
    notes: tuple[str, ...] = ()
    gone: tuple[tuple[str, str], ...] = ()


def sample_for(actor: Actor, uid: UUID) -> Sample:
    """Return the sample columns are mapped from. Raises NothingRead, FileCleared."""
    source = source_for(actor, uid)
    run = reading.last_file(source)
    table = reading.table_of(run)
    lines = []
    for line in table.lines:
        if any(line.cells):
            lines.append(tuple(line.cells[: len(table.columns)]))
        if len(lines) >= 200:
            break
    stored = mapping_of(source.mapping)
    guess = suggest(table.columns, lines, decimal=table.decimal)
    gone = _gone(source, stored, table, lines)
    mapped = _still_there(stored, guess, gone, fresh=not source.version) if stored.fields else guess
    told = tuple(gone.items())
    return Sample(table.columns, tuple(lines), mapped, not stored.fields, run.file_name, guess, table.notes, told)


def _gone(source: Source, mapped: ColumnMapping, table: Table, lines: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return the mapped headings that are not there now, each with the one it may have become: by its words, else by its cells."""
    changed = drift(mapped, table.columns)
    gone = dict(changed.gone)
    lost = [one for one in mapped.fields if gone.get(one.header) == ""]
    if not lost:
        return gone
    rows = DataRow.objects.filter(source=source, until=None).order_by("id").values_list("values", flat=True)[:_COMPARED]
    values = {one.key: [row.get(one.key) for row in rows] for one in lost}
    new = set(changed.new) - set(gone.values())
    decimal = mapped.decimal or table.decimal
    return gone | renaming.known_again(lost, table.columns, new, lines, values, decimal=decimal)


def _still_there(
    mapped: ColumnMapping, guess: ColumnMapping, renamed: Mapping[str, str], *, fresh: bool
) -> ColumnMapping:
    """Return the mapping in force for the columns that are there now: one whose heading changed a little keeps its rules under the new one.

    What was left out of public data stays left out: nobody asked for it. Before the first publication (``fresh``) it is as guessed.
    """
    taken: set[str] = set()
    kept: list[Field] = []
    for one in mapped.fields:
        header = renamed.get(one.header, one.header)
        if one.header and (not header or (header in taken and one.header in renamed)):
            continue
        taken.add(header)
        kept.append(replace(one, header=header))
    headers, keys = {text.fold(one.header) for one in kept}, {one.key for one in kept}
    if fresh:
        kept += [one for one in guess.fields if text.fold(one.header) not in headers and one.key not in keys]
    keys = {one.key for one in kept}
    rules = tuple(rule for rule in mapped.rules if set(rule.fields) <= keys)
    return replace(mapped, fields=tuple(kept), key=tuple(key for key in mapped.key if key in keys), rules=rules)


def source_of_template(template: str) -> Source:
    """Return the oldest source made from a template; for those who plant. Raises DataSourceUnknown."""
    source = Source.objects.filter(template=template, ended_at=None).order_by("id").first()
    if source is None:
        raise DataSourceUnknown(template=template)
    return source
