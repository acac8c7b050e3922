"""One search over everything a citizen may see; suggestions as one types."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import datetime

from smarthd.connectors.rules.templates import TEMPLATES
from smarthd.connectors.selectors import finding as rows
from smarthd.connectors.selectors import public
from smarthd.connectors.selectors.finding import RowFound, RowsWanted
from smarthd.connectors.selectors.public import Dataset
from smarthd.finding.rules import kinds, typed
from smarthd.finding.rules.kinds import Kind
from smarthd.finding.selectors import meaning, ranking, wording
from smarthd.finding.selectors.ranking import Ranked
from smarthd.finding.selectors.wording import Question
from smarthd.finding.values import Answer, Group, Hit, Reader
from smarthd.kernel import text

EACH = 6
OF_ONE_KIND = 40
SUGGESTED = 8
_NEW_DAYS = 14.0
_CLOSE_KM = 5.0


def search(said: str, reader: Reader, *, now: datetime, only: str = "") -> Answer:
    """Return what answers best, by kind; where nothing holds the words, what those hold that may have been meant.

    ``only`` is a kind (``rules.kinds``) or ``rows``. At most eleven statements, four where the words are found and the kinds few.
    """
    asked = typed.read(said)
    if not asked:
        return Answer(said=asked.said, only=only)
    datasets = public.datasets(now=now)
    known, begun = wording.known_words(asked)
    question = wording.question(asked, known, begun, as_typed=False)
    groups, instead = _groups(question, reader, datasets, now=now, only=only), ""
    if not groups and not only:
        instead = meaning.meant(asked, question.unknown)
        if instead:
            asked = typed.read(f"{instead} ")
            question = wording.question(asked, wording.known_words(asked)[0], [], as_typed=False)
            groups = _groups(question, reader, datasets, now=now, only=only)
            instead = _as_written(instead, groups)
    return Answer(said=typed.read(said).said, groups=groups, instead=instead, only=only, kinds=_kinds(groups))


def _groups(
    question: Question, reader: Reader, datasets: Sequence[Dataset], *, now: datetime, only: str
) -> tuple[Group, ...]:
    each = OF_ONE_KIND if only else EACH
    hits: list[Hit] = []
    if only != kinds.ROWS:
        kind = Kind(only) if only else None
        found = ranking.ranked(question, reader, now=now, only=kind, each=each, limit=120)
        hits += [_hit(one, reader) for one in found]
    if not only or only == kinds.ROWS:
        hits += [_row_hit(one, reader) for one in rows.rows_for(_rows(question, reader, each * 2), datasets, now=now)]
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


def _kinds(groups: Sequence[Group]) -> tuple[tuple[str, str, int], ...]:
    return tuple((group.key, group.word, group.count) for group in groups)


def word_of(group: str) -> str:
    """Return how a group of answers is called."""
    return kinds.ROWS_WORD if group == kinds.ROWS else kinds.WORDS[Kind(group)]


def _rows(question: Question, reader: Reader, limit: int) -> RowsWanted:
    return RowsWanted(
        words=question.words,
        title=question.title,
        spelt=question.spelt,
        widest=question.widest,
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


def _row_hit(one: RowFound, reader: Reader) -> Hit:
    km = _km(one.row.lat, one.row.lon, reader.at)
    template = TEMPLATES.get(one.dataset.template)
    why = "near" if km is not None and km <= _CLOSE_KM else "own" if one.own else ""
    return Hit(
        group=kinds.ROWS,
        key=f"{one.dataset.key}.{one.row.code}",
        title=one.row.title,
        note=one.dataset.title,
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
    hits += [_row_hit(one, reader) for one in rows.rows_for(wanted, public.datasets(now=now), now=now)]
    return sorted(hits, key=lambda one: -one.score)[:SUGGESTED]
