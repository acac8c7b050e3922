"""Writes of administrative units: one front for the files of this package."""

from smarthd.places.services.boundaries import draw_approximate, redraw_all
from smarthd.places.services.catalogues import import_all, import_lineage, import_units
from smarthd.places.services.changes import (
    Change,
    NewUnit,
    Part,
    abolish,
    abolish_level,
    apply_event,
    apply_events,
    draft_event,
    merge,
    rename,
    revert_event,
    split,
    transfer,
)
from smarthd.places.services.closure import build_boundary_set, build_official_sets, build_what_if
from smarthd.places.services.official import BoundaryImport, import_boundaries
from smarthd.places.services.villages import NewVillage, add_village, add_villages_bulk, assign_villages

__all__ = [
    "BoundaryImport",
    "Change",
    "NewUnit",
    "NewVillage",
    "Part",
    "abolish",
    "abolish_level",
    "add_village",
    "add_villages_bulk",
    "apply_event",
    "apply_events",
    "assign_villages",
    "build_boundary_set",
    "build_official_sets",
    "build_what_if",
    "draft_event",
    "draw_approximate",
    "import_all",
    "import_boundaries",
    "import_lineage",
    "import_units",
    "merge",
    "redraw_all",
    "rename",
    "revert_event",
    "split",
    "transfer",
]
