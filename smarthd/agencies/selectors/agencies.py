"""Agencies as they were on a day: names, chain of reporting, closure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from smarthd.agencies.selectors.values import AgencyView
from smarthd.kernel import errors, text

IN_FORCE = "{0}.valid_from <= %(day)s AND ({0}.valid_to IS NULL OR {0}.valid_to > %(day)s)"

_VIEW = f"""
SELECT a.id, a.uid, a.kind, v.name, v.short_name, v.code, a.place_id, e.parent_id
FROM agencies_agency a
JOIN agencies_agencyversion v ON v.agency_id = a.id AND {IN_FORCE.format("v")}
LEFT JOIN agencies_agencyedge e ON e.child_id = a.id AND e.hierarchy = 'reporting' AND {IN_FORCE.format("e")}
"""

_DOWN = f"""
WITH RECURSIVE down(id) AS (
  SELECT unnest(%(roots)s::bigint[])
  UNION
  SELECT e.child_id FROM agencies_agencyedge e JOIN down d ON e.parent_id = d.id
  WHERE e.hierarchy = 'reporting' AND {IN_FORCE.format("e")}
)
"""

_CHAIN = f"""
WITH RECURSIVE up(id, step) AS (
  SELECT %(agency)s::bigint, 0
  UNION ALL
  SELECT e.parent_id, up.step + 1 FROM agencies_agencyedge e JOIN up ON e.child_id = up.id
  WHERE e.hierarchy = 'reporting' AND up.step < 12 AND {IN_FORCE.format("e")}
)
{_VIEW} JOIN up ON up.id = a.id ORDER BY up.step
"""

_CLOSURE = f"""
WITH RECURSIVE living AS MATERIALIZED (
  SELECT v.agency_id AS id FROM agencies_agencyversion v WHERE {IN_FORCE.format("v")}
), edge AS MATERIALIZED (
  SELECT e.child_id, e.parent_id FROM agencies_agencyedge e
  WHERE e.hierarchy = 'reporting' AND {IN_FORCE.format("e")}
), closure(ancestor, leaf) AS (
  SELECT id, id FROM living
  UNION ALL
  SELECT edge.parent_id, closure.leaf FROM closure JOIN edge ON edge.child_id = closure.ancestor
)
SELECT ancestor, leaf FROM closure JOIN living ON living.id = closure.ancestor
"""


class AgencyUnknown(errors.NotFound):
    """No agency answers to this id or code on this day."""


def _rows(sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _views(where: str, parameters: dict[str, Any], *, prefix: str = "") -> list[AgencyView]:
    return [AgencyView(*row) for row in _rows(f"{prefix}{_VIEW} {where}", parameters)]


def agency_views(agency_ids: Iterable[int], on: date) -> dict[int, AgencyView]:
    """Return the agencies that existed on the day, by id; one query, none for none. Those that did not exist are absent."""
    ids = list(agency_ids)
    views = _views("WHERE a.id = ANY(%(ids)s)", {"ids": ids, "day": on}) if ids else []
    return {view.id: view for view in views}


def places_of(agency_ids: Iterable[int], days: Iterable[date]) -> set[int]:
    """Return the units (``places``) that agencies stand for, of those that existed on any of the days; one query."""
    rows = _rows(
        "SELECT DISTINCT a.place_id FROM agencies_agency a WHERE a.id = ANY(%(ids)s) AND a.place_id IS NOT NULL AND EXISTS ("
        "SELECT 1 FROM agencies_agencyversion v, unnest(%(days)s::date[]) AS day WHERE v.agency_id = a.id "
        "AND v.valid_from <= day AND (v.valid_to IS NULL OR v.valid_to > day))",
        {"ids": list(agency_ids), "days": sorted(days)},
    )
    return {place_id for (place_id,) in rows}


def kinds_of(agency_ids: Iterable[int]) -> dict[int, str]:
    """Return what kind of agency each is, by id; one query. A kind is for life: another kind is another agency."""
    return dict(_rows("SELECT id, kind FROM agencies_agency WHERE id = ANY(%(ids)s)", {"ids": list(agency_ids)}))


def agency_view(agency_id: int, on: date) -> AgencyView:
    """Return one agency as of the day, or raise AgencyUnknown."""
    try:
        return agency_views([agency_id], on)[agency_id]
    except KeyError:
        raise AgencyUnknown(agency_id=agency_id, on=on.isoformat()) from None


def agency_by_code(code: str, on: date) -> AgencyView:
    """Return the agency that bore the code on the day (letter case ignored), or raise AgencyUnknown."""
    views = _views("WHERE v.code = %(code)s", {"code": code.strip().lower(), "day": on})
    if not views:
        raise AgencyUnknown(code=code, on=on.isoformat())
    return views[0]


def agency_by_uid(uid: UUID, on: date) -> AgencyView:
    """Return the agency of an outside identifier as of the day, or raise AgencyUnknown."""
    views = _views("WHERE a.uid = %(uid)s", {"uid": uid, "day": on})
    if not views:
        raise AgencyUnknown(uid=str(uid), on=on.isoformat())
    return views[0]


def agencies_on(day: date, under: int | None = None, kinds: Sequence[str] | None = None) -> list[AgencyView]:
    """Return the agencies of a day, by kind and name; ``under`` an agency (itself included), of some kinds only. One query."""
    parameters: dict[str, Any] = {"day": day, "kinds": list(kinds or ())}
    where = "WHERE a.kind = ANY(%(kinds)s)" if kinds else "WHERE TRUE"
    order = " ORDER BY a.kind, v.folded, a.id"
    if under is None:
        return _views(where + order, parameters)
    return _views(
        f"JOIN (SELECT id FROM down) d ON d.id = a.id {where}{order}", parameters | {"roots": [under]}, prefix=_DOWN
    )


def agencies_of_places(place_ids: Iterable[int], on: date, kinds: Sequence[str] | None = None) -> list[AgencyView]:
    """Return the agencies that belong to the given administrative units on the day; by default of every kind."""
    where = "WHERE a.place_id = ANY(%(places)s)" + (" AND a.kind = ANY(%(kinds)s)" if kinds else "")
    parameters = {"day": on, "places": list(place_ids), "kinds": list(kinds or ())}
    return _views(where + " ORDER BY a.kind, v.folded, a.id", parameters)


def chain_of(agency_id: int, on: date) -> list[AgencyView]:
    """Return the chain of reporting of a day: the agency itself first, the top last; empty if it did not exist. One query."""
    return [AgencyView(*row) for row in _rows(_CHAIN, {"agency": agency_id, "day": on})]


def below(agency_ids: Iterable[int], on: date) -> frozenset[int]:
    """Return the ids of the agencies and of all below them on the day. One query."""
    rows = _rows(_DOWN + "SELECT id FROM down", {"roots": list(agency_ids), "day": on})
    return frozenset(row[0] for row in rows)


def agency_closure(day: date) -> list[tuple[int, int]]:
    """Return (ancestor_id, leaf_id) of a day for every agency and each of its superiors, itself included. One query."""
    return [(ancestor, leaf) for ancestor, leaf in _rows(_CLOSURE, {"day": day})]


_HEIRS = """
WITH RECURSIVE way(root, at, step) AS (
  SELECT a, a, 0 FROM unnest(%(agencies)s::bigint[]) AS a
  UNION ALL
  SELECT way.root, next.to_agency_id, way.step + 1 FROM way CROSS JOIN LATERAL (
    SELECT l.to_agency_id FROM agencies_agencylineage l JOIN agencies_agencyevent v ON v.id = l.event_id
    WHERE l.from_agency_id = way.at AND l.to_agency_id IS NOT NULL AND v.effective_on <= %(day)s
    ORDER BY v.effective_on DESC, l.staff_share DESC, l.to_agency_id LIMIT 1) next
  WHERE way.step < 12 AND NOT EXISTS (
    SELECT 1 FROM agencies_agencyversion v WHERE v.agency_id = way.at
      AND v.valid_from <= %(day)s AND (v.valid_to IS NULL OR v.valid_to > %(day)s))
)
SELECT DISTINCT ON (root) root, at FROM way JOIN agencies_agencyversion v ON v.agency_id = way.at
  AND v.valid_from <= %(day)s AND (v.valid_to IS NULL OR v.valid_to > %(day)s)
ORDER BY root, step DESC"""


def heirs_on(agency_ids: Iterable[int], on: date) -> dict[int, int]:
    """Return who answers for each agency on a day: itself while it stands, else its main heir that does; without one, nobody. One query."""
    rows = _rows(_HEIRS, {"agencies": sorted(set(agency_ids)), "day": on})
    return {root: at for root, at in rows}  # noqa: C416 - rows are lists to mypy


def last_superiors(agency_ids: Iterable[int]) -> dict[int, int]:
    """Return under whom each agency stands, or last stood before it ended. One query."""
    rows = _rows(
        "SELECT DISTINCT ON (e.child_id) e.child_id, e.parent_id FROM agencies_agencyedge e "
        "WHERE e.hierarchy = 'reporting' AND e.child_id = ANY(%(agencies)s) ORDER BY e.child_id, e.valid_from DESC",
        {"agencies": sorted(set(agency_ids))},
    )
    return {child: parent for child, parent in rows}  # noqa: C416 - rows are lists to mypy


def last_names(agency_ids: Iterable[int], until: date) -> dict[int, str]:
    """Return the name each agency bore on a day, or when it last stood before it: what is gone is still called by its name. One query."""
    rows = _rows(
        "SELECT DISTINCT ON (v.agency_id) v.agency_id, v.name FROM agencies_agencyversion v "
        "WHERE v.agency_id = ANY(%(agencies)s) AND v.valid_from <= %(day)s ORDER BY v.agency_id, v.valid_from DESC",
        {"agencies": sorted(set(agency_ids)), "day": until},
    )
    return {agency_id: name for agency_id, name in rows}  # noqa: C416 - rows are lists to mypy


def search_agencies(query: str, on: date, limit: int = 20) -> list[AgencyView]:
    """Return agencies whose name, short name or code holds every typed word, marks and case ignored."""
    words = text.fold(query).split()
    if not words:
        return []
    tests = " AND ".join(f"(v.folded LIKE %(w{index})s OR v.code LIKE %(w{index})s)" for index in range(len(words)))
    parameters: dict[str, Any] = {f"w{index}": f"%{word}%" for index, word in enumerate(words)}
    parameters |= {"day": on, "limit": limit, "start": f"{' '.join(words)}%"}
    return _views(
        f"WHERE {tests} ORDER BY v.folded NOT LIKE %(start)s, length(v.name), v.folded LIMIT %(limit)s", parameters
    )
