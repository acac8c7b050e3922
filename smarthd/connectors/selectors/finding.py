"""Rows of all datasets for one search: candidates from the index, a bounded number from each side, ranked together in one statement."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Sum

from smarthd.connectors.models import RowTerm
from smarthd.connectors.rules.fields import Kind
from smarthd.connectors.rules.finding import facet_of_source, facet_of_unit
from smarthd.connectors.rules.sources import Shape
from smarthd.connectors.selectors.public import Dataset, RowView
from smarthd.kernel import clock, lexemes

FREQUENT = 8_000
"""Rows beyond which the rarest word of a question may be read from the newest rows of each dataset rather than from the whole index."""
COUNTED = 1_000
"""Up to here a count is exact; beyond it is "more than"."""
_EACH = 80
_SAMPLED = 12_000
_ENOUGH = 30
"""Answers a sample should hold by the shares of the words; fewer are looked for in the index, whose lists are then short when joined."""
_SMALL = 500


@dataclass(frozen=True, slots=True)
class RowsWanted:
    """What is asked of the rows, as tsqueries: ``words`` must hold; ``title`` and ``spelt`` rank.

    ``counts`` are how many rows hold each word; ``near`` is (latitude, longitude); ``unit_ids`` are the reader's own;
    ``of_one`` is the most rows of one dataset.
    """

    words: str
    title: str
    spelt: str = ""
    counts: Sequence[int] = ()
    unit_ids: Sequence[int] = ()
    near: tuple[float, float] | None = None
    limit: int = 12
    of_one: int = 6


@dataclass(frozen=True, slots=True)
class RowFound:
    """A row, the dataset it is of, how well it answers, and whether it lies in the reader's own commune."""

    dataset: Dataset
    row: RowView
    score: float
    own: bool


def terms() -> dict[str, int]:
    """Return how many public rows hold each word."""
    told = RowTerm.objects.filter(source__ended_at=None, rows__gt=0).values_list("word").annotate(rows=Sum("rows"))
    return dict(told.values_list("word", "rows"))


def shown_sql() -> str:
    """Return a statement that gives the key of every public dataset, for others to look into."""
    return "SELECT key FROM connectors_source WHERE ended_at IS NULL AND version > 0"


def may_be_found(shown: Dataset) -> bool:
    """Say whether the rows of a dataset are found by words: those of a look-up are shown only to who has the code."""
    return shown.publication.shape is not Shape.LOOKUP


_ONE = "SELECT row_id, source_id, words FROM connectors_rowwords WHERE words @@ %({name})s::tsquery LIMIT {limit}"
_SAMPLE = (
    "SELECT s.row_id, s.source_id, s.words FROM unnest(%(sampled)s::bigint[]) AS told(id) CROSS JOIN LATERAL (SELECT * FROM "
    "(SELECT row_id, source_id, words FROM connectors_rowwords WHERE source_id = told.id ORDER BY row_id DESC LIMIT %(sample)s) AS few "
    "WHERE words @@ %(every)s::tsquery LIMIT {limit}) AS s"
)
_RANKED = """
WITH candidates AS MATERIALIZED (SELECT DISTINCT ON (row_id) row_id, source_id, words FROM ({parts}) AS parts),
judged AS (
  SELECT r.source_id, r.code, r.values, r.unit_id, r.lat, r.lon, r.unit_id = ANY(%(units)s::bigint[]) AS own,
    1.0 + (c.words @@ %(title)s::tsquery)::int + {spelt} + 0.8 * COALESCE(r.unit_id = ANY(%(units)s::bigint[]), false)::int
      + COALESCE(2.0 / (1.0 + {km} / 3.0), 0.0) AS score
  FROM candidates c JOIN connectors_datarow r ON r.source_id = c.source_id AND r.id = c.row_id
  LEFT JOIN unnest(%(ending)s::bigint[], %(ends)s::text[], %(moments)s::text[]) AS over(id, key, moment) ON over.id = r.source_id
  WHERE r.until IS NULL AND r.source_id = ANY(%(open)s::bigint[])
    AND (over.id IS NULL OR COALESCE(r.values ->> over.key, over.moment) >= over.moment)
),
placed AS (SELECT *, row_number() OVER (PARTITION BY source_id ORDER BY score DESC, code) AS place FROM judged)
SELECT source_id, code, values, unit_id, lat, lon, COALESCE(own, false), score FROM placed
WHERE place <= %(of_one)s ORDER BY score DESC, source_id, code LIMIT %(limit)s"""
_KM = "(111.2 * sqrt((r.lat - %(lat)s) ^ 2 + ((r.lon - %(lon)s) * %(east)s) ^ 2))"


def rows_for(wanted: RowsWanted, among: Sequence[Dataset], *, now: datetime) -> list[RowFound]:
    """Return the rows that answer best: those whose title holds the words, of the reader's commune, nearest, spelt alike. One statement.

    What is over by its own day or hour, not public any more, or of a dataset that is not ``among`` those given is left out.
    """
    known = {one.id: one for one in among if may_be_found(one)}
    if not known or not wanted.words or 0 in wanted.counts:
        return []
    hidden = lexemes.none_of(facet_of_source(one.id) for one in among if not may_be_found(one))
    wanted = replace(
        wanted, words=lexemes.both(wanted.words, hidden), title=wanted.title and lexemes.both(wanted.title, hidden)
    )
    sampled = in_many_rows(wanted.counts, sum(one.rows for one in known.values()))
    rows = _asked(wanted, known, now, sampled=sampled)
    if sampled and len(rows) < min(wanted.limit, wanted.of_one):  # the words are frequent, but not together
        rows = _asked(wanted, known, now, sampled=False)
    return [_found(known[row[0]], row, wanted.near) for row in rows]


def in_many_rows(counts: Sequence[int], rows: int) -> bool:
    """Say whether words stand in so many rows that a sample holds enough of them together."""
    if min(counts, default=0) <= FREQUENT:
        return False
    return _SAMPLED * math.prod(min(1.0, count / max(1, rows)) for count in counts) >= _ENOUGH


def _asked(wanted: RowsWanted, known: Mapping[int, Dataset], now: datetime, *, sampled: bool) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(*_statement(wanted, known, now, sampled=sampled))
        return list(cursor.fetchall())


def _statement(
    wanted: RowsWanted, known: Mapping[int, Dataset], now: datetime, *, sampled: bool
) -> tuple[str, dict[str, Any]]:
    asked, parts = _parts(wanted, known, sampled=sampled)
    ending = [one for one in known.values() if one.publication.until]
    lat, lon = wanted.near or (0.0, 0.0)
    asked |= {
        "title": wanted.title or wanted.words,
        "spelt": wanted.spelt,
        "units": list(wanted.unit_ids),
        "lat": lat,
        "lon": lon,
        "east": math.cos(math.radians(lat)),
        "open": list(known),
        "ending": [one.id for one in ending],
        "ends": [one.publication.until for one in ending],
        "moments": [_moment(one, now) for one in ending],
        "of_one": wanted.of_one,
        "limit": wanted.limit,
    }
    spelt = "1.2 * (c.words @@ %(spelt)s::tsquery)::int" if wanted.spelt else "0"
    return _RANKED.format(parts=parts, spelt=spelt, km=_KM if wanted.near else "NULL::float8"), asked


def _parts(wanted: RowsWanted, known: Mapping[int, Dataset], *, sampled: bool) -> tuple[dict[str, Any], str]:
    """Return the questions candidates come from: near, of one's commune, spelt alike, with the words in the title, any."""
    asked: dict[str, Any] = {"every": wanted.words}
    if wanted.near:
        asked["near"] = lexemes.both(asked["every"], lexemes.any_of(lexemes.cells_around(*wanted.near)))
    if wanted.unit_ids:
        asked["own"] = lexemes.both(asked["every"], lexemes.any_of(facet_of_unit(unit) for unit in wanted.unit_ids))
    parts: list[str] = [name for name in ("near", "own") if name in asked]
    if not sampled:
        asked["called"] = wanted.title
        parts += [name for name in ("called", "every") if asked[name]]
        if wanted.spelt:
            asked["alike"] = lexemes.both(asked["every"], wanted.spelt)
            parts.insert(0, "alike")
        told = [_ONE.format(name=name, limit=_EACH) for name in parts]
        return asked, " UNION ALL ".join(f"({one})" for one in told)
    told = [_ONE.format(name=name, limit=_EACH) for name in parts]
    told.append(_SAMPLE.format(limit=_EACH))
    large = sum(one.rows > _SMALL for one in known.values())
    asked |= {"sampled": list(known), "sample": max(_SMALL, _SAMPLED // max(1, large))}
    return asked, " UNION ALL ".join(f"({one})" for one in told)


def _moment(shown: Dataset, now: datetime) -> str:
    """Return now as the field says it that tells when a row of a dataset is over."""
    ways = {Kind.DAY: "%Y-%m-%d", Kind.TIME: "%H:%M"}
    return now.astimezone(clock.ZONE).strftime(ways.get(shown.until_kind or Kind.MOMENT, "%Y-%m-%dT%H:%M"))


def _found(shown: Dataset, row: Sequence[Any], near: tuple[float, float] | None) -> RowFound:
    _source, code, written, unit_id, lat, lon, own, score = row
    values = json.loads(written)
    km = None
    if near is not None and lat is not None and lon is not None:
        km = 111.2 * math.hypot(lat - near[0], (lon - near[1]) * math.cos(math.radians(near[0])))
    title = str(values.get(shown.title_key) or "–")
    return RowFound(shown, RowView(code, title, values, unit_id, lat, lon, km), float(score), bool(own))


def count_rows(wanted: RowsWanted) -> int | None:
    """Return how many rows hold the words, at most ``COUNTED`` + 1; None where counting would read the whole index."""
    if 0 in wanted.counts:
        return 0
    if min(wanted.counts, default=0) > FREQUENT or not wanted.words:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM connectors_rowwords WHERE words @@ %s::tsquery LIMIT %s) AS few",
            [wanted.words, COUNTED + 1],
        )
        return int(cursor.fetchone()[0])


def held(asked: Sequence[str]) -> set[str]:
    """Return which of some tsqueries any public row answers. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT q FROM unnest(%s::text[]) AS q WHERE EXISTS (SELECT 1 FROM connectors_rowwords WHERE words @@ q::tsquery)",
            [list(asked)],
        )
        return {q for (q,) in cursor.fetchall()}
