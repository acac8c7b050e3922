"""Entries that answer a question: a bounded number of candidates from each side of the index, judged together in one statement."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from smarthd.connectors.selectors import finding as datasets
from smarthd.content.selectors import searching as content
from smarthd.finding.rules.kinds import AGEING, PAGES, WEIGHTS, Kind
from smarthd.finding.selectors.wording import Question
from smarthd.finding.values import Reader
from smarthd.kernel import lexemes

_EACH = 200
COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entry as the statement gives it."""

    kind: Kind
    key: str
    title: str
    note: str
    path: str
    numbers: Any
    own: bool
    fresh_days: float | None
    lat: float | None
    lon: float | None
    score: float


_ONE = "(SELECT id FROM finding_entry WHERE {column} @@ %({name})s::tsquery LIMIT {limit})"
_RANKED = """
WITH candidates AS MATERIALIZED ({parts}),
judged AS (
  SELECT e.kind, e.key, e.title, e.note, e.path, e.numbers::text AS numbers, e.unit_ids && %(units)s::bigint[] AS own,
    extract(epoch FROM %(now)s - e.fresh_at) / 86400.0 AS days, e.lat, e.lon,
    ( 0.3 + 0.8 * (e.heads @@ %(title)s::tsquery)::int + 0.4 * (e.heads @@ %(words)s::tsquery)::int + {phrase} + {spelt}
      + 0.9 * (e.heads @@ %(title)s::tsquery)::int * %(count)s / greatest(e.length, %(count)s)::float8
    ) * w.weight
    * CASE WHEN e.kind = 'hotline' AND length(e.numbers #>> '{{0,dial}}') = 3 AND e.heads @@ %(title)s::tsquery THEN 2.0 ELSE 1.0 END
    * CASE WHEN e.unit_ids && %(units)s::bigint[] THEN 1.5 WHEN e.unit_ids = '{{}}' OR e.kind = 'place' THEN 1.0 ELSE {strange} END
    * CASE WHEN w.ages AND e.fresh_at IS NOT NULL
        THEN 0.65 + 0.45 * exp(-greatest(extract(epoch FROM %(now)s - e.fresh_at), 0)::float8 / 86400.0 / 60.0) ELSE 1.0 END
    * (1.0 + {near}) AS score
  FROM candidates c JOIN finding_entry e USING (id)
  JOIN unnest(%(kinds)s::text[], %(weights)s::float8[], %(ageing)s::boolean[]) AS w(kind, weight, ages) ON w.kind = e.kind
  WHERE e.shown_until IS NULL OR e.shown_until > %(now)s
),
placed AS (SELECT *, row_number() OVER (PARTITION BY kind ORDER BY score DESC, title, key) AS place FROM judged)
SELECT kind, key, title, note, path, numbers, own, days, lat, lon, score FROM placed
WHERE place <= %(each)s + 4 AND CASE
  WHEN kind = 'dataset' THEN (SELECT true FROM ({datasets}) AS there WHERE there.key = placed.key COLLATE "default" LIMIT 1)
  WHEN kind IN ('hotline', 'contact', {pages}) THEN
    (SELECT true FROM ({content}) AS there WHERE there.kind = placed.kind AND there.key = placed.key COLLATE "default" LIMIT 1)
  ELSE true END
ORDER BY score DESC, title, key LIMIT %(limit)s"""
"""The last lines ask the owners: what was taken down in this instant is not shown, whatever the index still says. They ask one by one, by
scalar subqueries: EXISTS would be answered by reading all pages into a hash first."""
_NEAR = "COALESCE(0.6 / (1.0 + 111.2 * sqrt((e.lat - %(lat)s) ^ 2 + ((e.lon - %(lon)s) * %(east)s) ^ 2) / 4.0), 0.0)"


def ranked(
    question: Question, reader: Reader, *, now: datetime, only: Kind | None = None, each: int = 6, limit: int = 60
) -> list[Ranked]:
    """Return the entries that answer best, at most ``each`` of a kind. One statement."""
    kind = lexemes.any_of([f"@k{only}"]) if only else ""
    asked: dict[str, Any] = {
        "every": lexemes.both(question.words, kind),
        "called": lexemes.both(question.title, kind),
    }
    parts = [("called", "heads"), ("every", "words")]
    if question.spelt:
        asked["alike"] = lexemes.both(question.words, question.spelt, kind)
        parts.append(("alike", "heads"))
    if reader.unit_ids:
        own = lexemes.any_of(f"@u{unit}" for unit in reader.unit_ids)
        asked["own"] = lexemes.both(question.words, own, kind)
        parts.append(("own", "words"))
    if reader.near:
        asked["close"] = lexemes.both(question.words, lexemes.any_of(lexemes.cells_around(*reader.near)), kind)
        parts.append(("close", "words"))
    told = " UNION ".join(_ONE.format(name=name, column=column, limit=_EACH) for name, column in parts)
    lat, lon = reader.near or (0.0, 0.0)
    asked |= {
        "words": question.words,
        "title": question.title,
        "phrase": question.phrase,
        "spelt": question.spelt,
        "count": question.length,
        "units": list(reader.unit_ids),
        "now": now,
        "lat": lat,
        "lon": lon,
        "east": math.cos(math.radians(lat)),
        "kinds": [str(key) for key in Kind],
        "weights": [WEIGHTS[key] for key in Kind],
        "ageing": [key in AGEING for key in Kind],
        "each": each,
        "limit": limit,
    }
    sql = _RANKED.format(
        parts=told,
        datasets=datasets.shown_sql(),
        content=content.shown_sql(),
        pages=", ".join(f"'{key}'" for key in sorted(PAGES)),
        phrase="0.5 * (e.heads @@ %(phrase)s::tsquery)::int" if question.phrase else "0",
        spelt="0.9 * (e.heads @@ %(spelt)s::tsquery)::int" if question.spelt else "0",
        near=_NEAR if reader.near else "0",
        strange="0.55" if reader.unit_ids else "0.9",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return _at_most(each, [_ranked(row) for row in cursor.fetchall()])


def _at_most(each: int, found: Sequence[Ranked]) -> list[Ranked]:
    taken: Counter[Kind] = Counter()
    kept = []
    for one in found:
        taken[one.kind] += 1
        if taken[one.kind] <= each:
            kept.append(one)
    return kept


def _ranked(row: Sequence[Any]) -> Ranked:
    kind, *rest, score = row
    key, title, note, path, numbers, own, days, lat, lon = rest
    fresh = None if days is None else float(days)
    return Ranked(Kind(kind), key, title, note, path, numbers, bool(own), fresh, lat, lon, float(score))


def counts(question: Question) -> dict[Kind, int]:
    """Return how many entries of each kind hold the words; where there are over a thousand in all, only a kind that has them alone: of the
    others it is not known."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, count(*) FROM (SELECT kind FROM finding_entry WHERE words @@ %s::tsquery LIMIT %s) AS few GROUP BY kind",
            [question.words, COUNTED + 1],
        )
        found = {Kind(kind): int(count) for kind, count in cursor.fetchall()}
    least = COUNTED if sum(found.values()) > COUNTED else 0
    return {kind: count for kind, count in found.items() if count > least}


def held(asked: Sequence[str]) -> set[str]:
    """Return which of some tsqueries any entry answers. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT q FROM unnest(%s::text[]) AS q WHERE EXISTS (SELECT 1 FROM finding_entry WHERE words @@ q::tsquery)",
            [list(asked)],
        )
        return {q for (q,) in cursor.fetchall()}
