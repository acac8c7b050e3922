"""One search over everything a citizen may see; suggestions as one types."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from smarthd.connectors.rules.templates import TEMPLATES
from smarthd.connectors.selectors import finding as rows
from smarthd.connectors.selectors import public
from smarthd.connectors.selectors.finding import RowFound, RowsWanted
from smarthd.connectors.selectors.public import Dataset
from smarthd.finding.rules import kinds, typed
from smarthd.finding.rules.kinds import Kind
from smarthd.finding.selectors import meaning, names, ranking, wording
from smarthd.finding.selectors.ranking import Ranked
from smarthd.finding.selectors.wording import Question
from smarthd.finding.values import Answer, Group, Hit, Reader
from smarthd.kernel import clock, text
from smarthd.places import selectors as places

EACH = 6
OF_ONE_KIND = 40
SUGGESTED = 8
_CERTAIN = 2.0
"""From here on an answer holds the words in its title, in a row: nothing else need be tried."""
_WORTH = 0.25
"""Suggestions worth less than this share of the best are noise."""
_NEW_DAYS = 14.0
_CLOSE_KM = 5.0


def search(said: str, reader: Reader, *, now: datetime, only: str = "") -> Answer:
    """Return what answers best, by kind; where nothing holds the words, what those hold that may have been meant.

    ``only`` is a kind (``rules.kinds``) or ``rows``. Seven statements where the words are found, at most sixteen where they are not.
    """
    asked = typed.read(said)
    if not asked:
        return Answer(said=asked.said, only=only)
    world = _World(public.datasets(now=now), reader, now, only)
    known, begun = wording.known_words(asked)
    groups = _groups(wording.question(asked, known, begun, as_typed=False), world)
    if len(asked.words) > 1 and begun and asked.words[-1] in known and _best(groups) < _CERTAIN:
        longer = _groups(wording.question(asked, known, begun, as_typed=True), world)
        groups = longer if _best(longer) > _best(groups) else groups
    popular = names.meant_by(asked.said)
    if popular and _best(groups) < _CERTAIN:
        others = _groups(_whole(popular), world)
        if others:
            return Answer(
                asked.said, _joined(others, groups), instead=popular if not groups else "", also=popular, only=only
            )
    if groups or only:
        return Answer(asked.said, groups, only=only)
    instead = meaning.meant(asked, [word for word in asked.words if word not in known])
    groups = _groups(_whole(instead), world) if instead else ()
    return Answer(asked.said, groups, instead=_as_written(instead, groups) if groups else "")


@dataclass(frozen=True, slots=True)
class _World:
    """What every question of one search is asked in."""

    datasets: Sequence[Dataset]
    reader: Reader
    now: datetime
    only: str


def _whole(said: str) -> Question:
    """Return the question of words that are known to be meant as they stand."""
    asked = typed.read(f"{said} ")
    return wording.question(asked, wording.known_words(asked)[0], [], as_typed=False)


def _best(groups: Sequence[Group]) -> float:
    return groups[0].hits[0].score if groups else 0.0


def _joined(first: Sequence[Group], second: Sequence[Group]) -> tuple[Group, ...]:
    """Return the groups of two questions; of a kind both answered, the first's answers before the second's."""
    there = {group.key: group for group in first}
    for group in second:
        known = there.get(group.key)
        if known is None:
            there[group.key] = group
            continue
        keys = {hit.key for hit in known.hits}
        hits = (*known.hits, *(hit for hit in group.hits if hit.key not in keys))
        there[group.key] = Group(group.key, group.word, hits, max(known.count, group.count))
    return tuple(there.values())


def _groups(question: Question, world: _World) -> tuple[Group, ...]:
    reader, now, only = world.reader, world.now, world.only
    each = OF_ONE_KIND if only else EACH
    hits: list[Hit] = []
    if only != kinds.ROWS:
        kind = Kind(only) if only else None
        found = ranking.ranked(question, reader, now=now, only=kind, each=each, limit=120)
        hits += [_hit(one, reader) for one in found]
    if not only or only == kinds.ROWS:
        wanted = replace(_rows(question, reader, each * 2), of_one=each)
        hits += _row_hits(rows.rows_for(wanted, world.datasets, now=now), world)
    if not hits:
        return ()
    counted: dict[str, int] = {str(kind): count for kind, count in ranking.counts(question).items()}
    counted[kinds.ROWS] = rows.count_rows(_rows(question, reader, 1)) or 0
    return _grouped(hits, counted)


def _grouped(hits: Sequence[Hit], counted: dict[str, int]) -> tuple[Group, ...]:
    """Group by kind, the kind with the best answer first."""
    by_kind: dict[str, list[Hit]] = {}
    for hit in sorted(hits, key=lambda one: -one.score):
        by_kind.setdefault(hit.group, []).append(hit)
    return tuple(Group(key, word_of(key), tuple(found), counted.get(key, 0)) for key, found in by_kind.items())


def word_of(group: str) -> str:
    """Return how a group of answers is called."""
    return kinds.ROWS_WORD if group == kinds.ROWS else kinds.WORDS[Kind(group)]


def _rows(question: Question, reader: Reader, limit: int) -> RowsWanted:
    return RowsWanted(
        words=question.words,
        title="" if question.digits else question.title,
        spelt=question.spelt,
        counts=question.counts,
        unit_ids=reader.unit_ids,
        near=reader.near,
        limit=limit,
    )


def _hit(one: Ranked, reader: Reader) -> Hit:
    km = _km(one.lat, one.lon, reader.at)
    why = ""
    if one.own and one.kind is not Kind.PLACE:
        why = "own"
    elif one.kind in kinds.AGEING and one.fresh_days is not None and one.fresh_days <= _NEW_DAYS:
        why = "new"
    return Hit(
        group=one.kind,
        key=one.key,
        title=one.title,
        note=one.note,
        path=one.path,
        icon=kinds.ICONS[one.kind],
        score=one.score,
        why=why,
        km=km if one.kind is not Kind.PLACE else None,
        numbers=tuple(json.loads(one.numbers)),
    )


def _row_hits(found: Sequence[RowFound], world: _World) -> list[Hit]:
    """Return the rows as answers, each with its dataset and commune beside; of rows of one name in one place, the first."""
    units = {one.row.unit_id for one in found if one.row.unit_id}
    named = places.views(sorted(units), clock.day_of(world.now)) if units else {}
    kept: dict[tuple[str, str, int | None], Hit] = {}
    for one in found:
        unit = named.get(one.row.unit_id or 0)
        note = f"{one.dataset.title} · {unit.full_name}" if unit else one.dataset.title
        kept.setdefault((one.dataset.key, one.row.title, one.row.unit_id), _row_hit(one, note, world.reader))
    return list(kept.values())


def _row_hit(one: RowFound, note: str, reader: Reader) -> Hit:
    km = _km(one.row.lat, one.row.lon, reader.at)
    template = TEMPLATES.get(one.dataset.template)
    why = "near" if km is not None and km <= _CLOSE_KM else "own" if one.own else ""
    return Hit(
        group=kinds.ROWS,
        key=f"{one.dataset.key}.{one.row.code}",
        title=one.row.title,
        note=note,
        path=f"/du-lieu/{one.dataset.key}/muc/{one.row.code}/",
        icon=template.icon if template else "table",
        score=one.score * 0.8,
        why=why,
        km=km,
    )


def _km(lat: float | None, lon: float | None, at: tuple[float, float] | None) -> float | None:
    if at is None or lat is None or lon is None:
        return None
    return 111.2 * math.hypot(lat - at[0], (lon - at[1]) * math.cos(math.radians(at[0])))


def _as_written(instead: str, groups: Sequence[Group]) -> str:
    """Return the words as the best answer writes them, with their marks; as they are where none writes them in a row."""
    wanted = instead.split()
    for group in groups:
        for hit in group.hits:
            written = text.nfc(hit.title).split()
            folded = [text.fold(word) for word in written]
            for at in range(len(folded) - len(wanted) + 1):
                if folded[at : at + len(wanted)] == wanted:
                    return " ".join(written[at : at + len(wanted)]).strip(" ,.;:()").lower()
    return instead


def suggest(said: str, reader: Reader, *, now: datetime) -> list[Hit]:
    """Return what what is typed may become, the best first, at most eight. At most four statements."""
    asked = typed.read(said)
    if not asked or (len(asked.words) == 1 and len(asked.words[0]) < 2):
        return []
    known, begun = wording.known_words(asked)
    question = wording.question(asked, known, begun, as_typed=True)
    hits = [_hit(one, reader) for one in ranking.ranked(question, reader, now=now, each=4, limit=SUGGESTED * 2)]
    wanted = _rows(question, reader, SUGGESTED)
    datasets = public.datasets(now=now)
    hits += _row_hits(rows.rows_for(wanted, datasets, now=now), _World(datasets, reader, now, ""))
    best = max((one.score for one in hits), default=0.0)
    return sorted((one for one in hits if one.score > best * _WORTH), key=lambda one: -one.score)[:SUGGESTED]
