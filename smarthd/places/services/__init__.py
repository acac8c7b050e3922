"""Writes of administrative units: one front for the files of this package."""

from smarthd.places.services.boundaries import draw_approximate, redraw_all
from smarthd.places.services.catalogues import import_all, import_lineage, import_units
from smarthd.places.services.closure import build_boundary_set, build_official_sets
from smarthd.places.services.villages import NewVillage, add_village, add_villages_bulk, assign_villages

__all__ = [
    "NewVillage",
    "add_village",
    "add_villages_bulk",
    "assign_villages",
    "build_boundary_set",
    "build_official_sets",
    "draw_approximate",
    "import_all",
    "import_lineage",
    "import_units",
    "redraw_all",
]
