"""The product's own catalogues: what they say of each day, and that they say what the public sources say."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from smarthd.places import selectors, services
from smarthd.places.models import Event, Lineage, Unit, UnitVersion
from smarthd.places.services import files
from smarthd.places.tests import make

APRIL, DECEMBER, JULY = date(2024, 4, 20), date(2024, 12, 1), date(2025, 7, 1)
SHARED = next(
    (up / "shared/data/places" for up in Path(__file__).resolve().parents if (up / "shared/data/places").is_dir()),
    Path("-"),
)
needs_shared = pytest.mark.skipif(
    not SHARED.exists(), reason="the public files to compare with (../shared/data/places) are absent"
)


@pytest.mark.parametrize(
    ("day", "provinces", "districts", "communes"),
    [
        (date(2024, 3, 26), 1, 12, 235),
        (APRIL, 1, 12, 235),
        (date(2024, 11, 30), 1, 12, 235),
        (DECEMBER, 1, 12, 207),
        (date(2025, 6, 30), 1, 12, 207),
        (JULY, 1, 0, 114),
    ],
)
def test_each_day_has_its_own_units(province: None, day: date, provinces: int, districts: int, communes: int) -> None:
    counts = [len(selectors.units_on(day, level)) for level in ("province", "district", "commune")]
    assert counts == [provinces, districts, communes]


def test_64_of_the_new_communes_stand_on_the_old_province(province: None) -> None:
    hai_duong = selectors.unit_by_key("tinh-hai-duong", APRIL)
    old = {unit.id for unit in selectors.units_on(APRIL, "commune", under=hai_duong.id)}
    on_its_soil = [
        unit
        for unit in selectors.units_on(JULY, "commune")
        if any(
            source.unit.id in old or selectors.predecessors(source.unit.id, APRIL)
            for source in selectors.predecessors(unit.id, JULY)
        )
    ]
    assert len(on_its_soil) == 64
    assert sum(unit.kind == "Phường" for unit in on_its_soil) == 21


def test_importing_again_changes_nothing(province: None) -> None:
    def everything() -> tuple[object, ...]:
        return (
            list(UnitVersion.objects.order_by("id").values()),
            list(Lineage.objects.order_by("id").values()),
            list(Event.objects.order_by("id").values()),
            Unit.objects.count(),
        )

    before = everything()
    assert services.import_all(actor=make.CLERK, now=make.NOW) is False
    for day in (APRIL, DECEMBER, JULY):
        path = files.CATALOGUES / f"units-{day}.csv"
        assert services.import_units(path, as_of=day, actor=make.CLERK, now=make.NOW).changed == 0
    for day in (DECEMBER, JULY):
        services.import_lineage(
            files.CATALOGUES / f"lineage-{day}.csv", effective_on=day, actor=make.CLERK, now=make.NOW
        )
    assert everything() == before


def test_a_code_alone_is_no_key(province: None) -> None:
    assert selectors.unit_by_code("2024-04-20", "11050").full_name == "Xã Hồng Hưng"
    assert selectors.unit_by_code("2025-07-01", "11050").full_name == "Xã Gia Phúc"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _corrections(file: str) -> dict[tuple[str, str], str]:
    rows = _rows(files.CATALOGUES / "corrections.csv")
    return {(row["key"], row["field"]): row["now"] for row in rows if row["file"] == file}


@needs_shared
@pytest.mark.parametrize("day", [APRIL, DECEMBER, JULY])
def test_our_units_are_those_of_the_public_lists_but_for_the_corrections_we_state(day: date) -> None:
    mended = _corrections(f"units-{day}")
    ours = {
        (row["code"], row["name"], row["kind"], row["level"]) for row in _rows(files.CATALOGUES / f"units-{day}.csv")
    }
    theirs = set()
    for row in _rows(SHARED / f"units-{day}.csv"):
        kind = mended.get((row["code"], "kind"), row["kind"])
        theirs.add((row["code"], row["name"].removeprefix(f"{kind} "), kind, row["level"]))
    assert ours == theirs


@needs_shared
@pytest.mark.parametrize(("day", "since"), [(DECEMBER, APRIL), (JULY, DECEMBER)])
def test_our_lineage_is_that_of_the_public_tables_but_for_the_corrections_we_state(day: date, since: date) -> None:
    codes = {row["unit"]: row["code"] for name in (since, day) for row in _rows(files.CATALOGUES / f"units-{name}.csv")}
    ours = {
        (codes[row["from"]], codes[row["to"]], row["part"] == "whole")
        for row in _rows(files.CATALOGUES / f"lineage-{day}.csv")
        if row["from"] != "tinh-hai-duong"
    }
    struck = {key for (key, field), now in _corrections(f"lineage-{day}").items() if field == "row" and not now}
    theirs = {
        (row["old_code"], row["new_code"], row["part"] == "whole")
        for row in _rows(SHARED / f"lineage-{day}.csv")
        if f"{row['old_code']}>{row['new_code']}" not in struck
    }
    assert ours == theirs


def test_every_lineage_row_carries_its_source_and_how_sure_we_are() -> None:
    for day in (DECEMBER, JULY):
        for row in files.read_lineage(files.CATALOGUES / f"lineage-{day}.csv"):
            assert row.source, row
            assert row.confidence in {"stated", "inferred"}
            assert row.share == 1.0 or row.confidence == "inferred"
