"""Communes under a drawn polygon, the ground an agency may warn, the shape of communes together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind
from smarthd.alerts import policies
from smarthd.alerts.rules import areas
from smarthd.places import selectors as places
from smarthd.places.errors import NoBoundariesThen
from smarthd.places.rules import Basis

_SLIVER = 0.01
"""The least part of a commune a polygon must cover to be about it: a line drawn along a border does not warn the neighbours."""


def communes_touched(ring: Sequence[Sequence[float]], on: date) -> tuple[int, ...]:
    """Return the communes of which a polygon covers more than one part in a hundred, or most of the polygon itself; none for a bad one."""
    drawn = areas.take(ring)
    if drawn.problem:
        return ()
    shape = shapely.Polygon(drawn.ring)
    ground = places.ground(on)
    polygons = np.asarray(ground.polygons, dtype=object)
    shared = shapely.area(shapely.intersection(polygons, shape))
    share = shared / np.maximum(shapely.area(polygons), 1e-12)
    touched = (share > _SLIVER) | (shared > shape.area / 2)
    return tuple(sorted({int(unit) for unit in np.asarray(ground.units)[touched]}))


def communes_of_agency(agency_id: int, on: date) -> frozenset[int] | None:
    """Return the communes an agency may warn on a day; None for all of the province."""
    view = agencies.agency_view(agency_id, on)
    if policies.reaches_everywhere(view.kind):
        return None
    if view.place_id is None:
        return frozenset()
    if view.kind == Kind.DISTRICT_COMMITTEE:
        return frozenset(unit.id for unit in places.units_on(on, "commune", under=view.place_id))
    return frozenset({view.place_id})


def committees_places(agency_ids: Iterable[int], on: date) -> dict[int, int]:
    """Return the commune of each of the agencies that is a commune's committee."""
    found = agencies.agency_views(list(agency_ids), on)
    return {
        view.id: view.place_id
        for view in found.values()
        if view.kind == Kind.COMMUNE_COMMITTEE and view.place_id is not None
    }


def shape_of(communes: Sequence[int], ring: Sequence[Sequence[float]], on: date) -> dict[str, Any] | None:
    """Return the GeoJSON geometry of a warning: as drawn, else of its communes together (simplified to some hundred metres)."""
    if ring:
        return {"type": "Polygon", "coordinates": [[[lon, lat] for lon, lat in ring]]}
    ground = places.ground(on)
    units = np.asarray(ground.units)
    chosen = np.asarray(ground.polygons, dtype=object)[np.isin(units, list(communes))]
    if not len(chosen):
        return None
    whole = shapely.simplify(shapely.union_all(chosen), 0.002, preserve_topology=True)
    shape = json.loads(shapely.to_geojson(shapely.set_precision(whole, 0.0001)))
    return {"type": shape["type"], "coordinates": shape["coordinates"]}


def atoms_of(communes: Sequence[int], on: date) -> list[int]:
    """Return the units a home may hang on and count for one of the communes: itself, its villages, what it was made of.

    A unit that was split counts for each part: better one told too many than one too few.
    """
    try:
        boundaries = places.boundary_set(on)
    except NoBoundariesThen:
        return sorted(communes)
    wanted = set(communes)
    rows = places.closure(boundaries.id, Basis.POPULATION, "commune")
    return sorted(wanted | {row.atom_id for row in rows if row.ancestor_id in wanted})


def stands(unit_id: int, on: date) -> bool:
    """Say whether a commune stands on a day."""
    return any(unit.id == unit_id for unit in places.units_on(on, "commune"))
