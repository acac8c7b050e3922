"""Reads of administrative units: one front for the files of this package. ``from smarthd.places import selectors as places``."""

from smarthd.places.selectors.ground import boundaries_geojson, ground, locate, locate_many
from smarthd.places.selectors.kin import address_change, predecessors, successors
from smarthd.places.selectors.search import every_name, resolve_name, search
from smarthd.places.selectors.sets import boundary_set, boundary_sets, closure, closure_sql
from smarthd.places.selectors.units import (
    catalogues,
    path,
    token,
    unit_by_code,
    unit_by_key,
    unit_by_uid,
    unit_view,
    units_on,
    views,
)

__all__ = [
    "address_change",
    "boundaries_geojson",
    "boundary_set",
    "boundary_sets",
    "catalogues",
    "closure",
    "closure_sql",
    "every_name",
    "ground",
    "locate",
    "locate_many",
    "path",
    "predecessors",
    "resolve_name",
    "search",
    "successors",
    "token",
    "unit_by_code",
    "unit_by_key",
    "unit_by_uid",
    "unit_view",
    "units_on",
    "views",
]
