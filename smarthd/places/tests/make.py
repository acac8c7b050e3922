"""Builders: a small land of units, reached through the services."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from smarthd.kernel import actor
from smarthd.places import selectors, services
from smarthd.places.values import UnitView

NOW = datetime(2024, 3, 1, 2, tzinfo=UTC)
CLERK = actor.system("test")
BEFORE = date(2024, 1, 1)

HEAD = "unit,code,name,kind,level,parent,since,lat,lon,centre,centre_source,document\n"
LINEAGE_HEAD = "from,to,part,share,area_share,population,area_km2,confidence,source,note\n"


def the_province() -> None:
    """Import the product's own catalogues."""
    services.import_all(actor=CLERK, now=NOW)


def catalogue(path: Path, communes: Iterable[tuple[str, str]], districts: Iterable[str] = ("d1", "d2")) -> Path:
    """Write a catalogue file of a province ``p``, its districts and communes (key, district)."""
    lines = [HEAD, "p,1,Tỉnh Nhà,Tỉnh,province,,,,,,,\n"]
    lines += [f"{key},1{key[1:]},Huyện {key},Huyện,district,p,,,,,,\n" for key in districts]
    lines += [
        f"{key},{100 + number},Xã {key},Xã,commune,{district},,20.{900 + number * 7},106.{300 + number * 11},stated,test,\n"
        for number, (key, district) in enumerate(communes)
    ]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def small_land(tmp_path: Path, communes: int = 6) -> dict[str, UnitView]:
    """Import a province of two districts and some communes c0, c1 …, standing since 2024-01-01; returns them by key."""
    keys = [(f"c{number}", "d1" if number % 2 == 0 else "d2") for number in range(communes)]
    services.import_units(catalogue(tmp_path / "units.csv", keys), as_of=BEFORE, actor=CLERK, now=NOW)
    services.draw_approximate(now=NOW)
    services.build_official_sets(now=NOW)
    names = ["p", "d1", "d2", *(key for key, _ in keys)]
    return {key: selectors.unit_by_key(key, BEFORE) for key in names}


def commune(ref: str, district: int) -> services.NewUnit:
    """Describe a new commune of a district."""
    return services.NewUnit(ref=ref, level="commune", kind="Xã", name=f"Xã {ref}", parent=district)


def apply(change: services.Change) -> list[UnitView]:
    """Draft and apply a change; return what began, as it stands on its day."""
    before = {view.id for view in selectors.units_on(change.effective_on, "commune")}
    services.apply_event(services.draft_event(change, actor=CLERK, now=NOW), actor=CLERK, now=NOW)
    return [view for view in selectors.units_on(change.effective_on, "commune") if view.id not in before]
