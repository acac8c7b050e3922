"""Lineage of a small land: guesses mended, sizes used where known, ground without people."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from smarthd.places import selectors, services
from smarthd.places.models import Event, Unit
from smarthd.places.tests import make


def _import_all_of(tmp_path: Path, lineage: str) -> None:
    keys = [("c0", "d1"), ("c1", "d1"), ("c2", "d2")]
    services.import_units(
        make.catalogue(tmp_path / "a.csv", keys), as_of=date(2024, 1, 1), actor=make.CLERK, now=make.NOW
    )
    after = make.catalogue(tmp_path / "b.csv", [("n0", "d1"), ("n1", "d1"), ("c2", "d2")])
    services.import_units(after, as_of=date(2024, 6, 1), actor=make.CLERK, now=make.NOW)
    _lineage(tmp_path, lineage)


def _lineage(tmp_path: Path, rows: str) -> None:
    path = tmp_path / "l.csv"
    path.write_text(make.LINEAGE_HEAD + rows, encoding="utf-8")
    services.import_lineage(path, effective_on=date(2024, 6, 1), actor=make.CLERK, now=make.NOW)
    services.build_official_sets(now=make.NOW)


def _weights(on: date) -> dict[tuple[str, str], float]:
    keys = dict(Unit.objects.exclude(key=None).values_list("id", "key"))
    rows = selectors.closure(selectors.boundary_set(on).id, "population", "commune")
    return {(str(keys[row.atom_id]), str(keys[row.ancestor_id])): round(row.weight, 6) for row in rows}


def test_better_shares_imported_later_correct_the_closure(db: None, tmp_path: Path) -> None:
    guess = "c0,n0,main,0.75,,,,inferred,s,\nc0,n1,part,0.25,,,,inferred,s,\nc1,n1,whole,1,,,,stated,s,\n"
    _import_all_of(tmp_path, guess)
    assert _weights(date(2024, 6, 1))["c0", "n0"] == 0.75
    events = Event.objects.count()
    _lineage(tmp_path, guess.replace("0.75,,,,inferred", "0.9,,,,stated").replace("0.25,,,,inferred", "0.1,,,,stated"))
    assert _weights(date(2024, 6, 1))["c0", "n0"] == 0.9
    assert Event.objects.count() == events


def test_known_sizes_weigh_the_way_back_and_unknown_ones_count_alike(db: None, tmp_path: Path) -> None:
    rows = "c0,n0,whole,1,,{},,stated,s,\nc1,n0,whole,1,,{},,stated,s,\n"
    keys = [("c0", "d1"), ("c1", "d1")]
    services.import_units(
        make.catalogue(tmp_path / "a.csv", keys), as_of=date(2024, 1, 1), actor=make.CLERK, now=make.NOW
    )
    after = make.catalogue(tmp_path / "b.csv", [("n0", "d1")])
    services.import_units(after, as_of=date(2024, 6, 1), actor=make.CLERK, now=make.NOW)
    _lineage(tmp_path, rows.format("", ""))
    assert _weights(date(2024, 1, 1))["n0", "c0"] == 0.5
    _lineage(tmp_path, rows.format(3000, 1000))
    assert _weights(date(2024, 1, 1))["n0", "c0"] == 0.75


def test_ground_only_brings_no_people(db: None, tmp_path: Path) -> None:
    _import_all_of(
        tmp_path, "c0,n0,main,1,0.9,,,stated,s,\nc0,n1,area-only,0,0.1,,,stated,s,\nc1,n1,whole,1,,,,stated,s,\n"
    )
    assert ("c0", "n1") not in _weights(date(2024, 6, 1))
    ground = selectors.closure(selectors.boundary_set(date(2024, 6, 1)).id, "area", "commune")
    assert sorted(round(row.weight, 3) for row in ground) == [0.1, 0.9, 1.0, 1.0, 1.0, 1.0]
