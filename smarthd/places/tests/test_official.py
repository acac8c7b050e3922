"""Official boundary files as they really come: taken whole, mended where they can be, refused by name where they cannot."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from smarthd.kernel import errors
from smarthd.places import selectors, services
from smarthd.places.errors import FarAway, NotGeoJSON, NothingMatched, SwappedAxes, UnknownCRS
from smarthd.places.geometry import geojson
from smarthd.places.models import Boundary
from smarthd.places.tests import make
from smarthd.places.tests.test_catalogues import SHARED, needs_shared

JULY, APRIL = date(2025, 7, 1), date(2024, 4, 20)
SQUARE = [[106.30, 20.93], [106.32, 20.93], [106.32, 20.95], [106.30, 20.95], [106.30, 20.93]]
BOWTIE = [[106.30, 20.93], [106.32, 20.95], [106.32, 20.93], [106.30, 20.95], [106.30, 20.93]]


def feature(rings: Any = None, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties or {"code": "10507", "name": "Thành Đông"},
        "geometry": {"type": kind, "coordinates": [SQUARE] if rings is None else rings},
    }


def written(path: Path, *features: dict[str, Any], **members: Any) -> Path:
    file = path / "boundaries.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", **members, "features": features}), encoding="utf-8")
    return file


def imported(file: Path, on: date = JULY, level: str = "commune") -> services.BoundaryImport:
    return services.import_boundaries(file, on=on, level=level, actor=make.CLERK, now=make.NOW)


@pytest.mark.usefixtures("province")
class TestImport:
    def test_an_official_polygon_takes_the_place_of_the_drawn_one(self, tmp_path: Path) -> None:
        report = imported(written(tmp_path, feature()))
        assert (report.matched, report.repaired, report.unmatched) == (1, [], [])
        located = selectors.locate(20.94, 106.31, JULY)
        assert located is not None
        assert (located.unit.code, located.approximate) == ("10507", False)
        assert len(report.without) == 113
        assert selectors.boundary_set(JULY).approximate  # the others are still drawn

    @pytest.mark.parametrize(
        "properties",
        [
            {"ma_xa": 10507},
            {"MA": "10507", "TEN": "Phường Thành Đông"},
            {"ten": "phường thành đông"},
            {"Name": "Thanh Dong"},
            {"code": "99999", "name": "Thành Đông"},
            {"code": "10525", "name": "Thành Đông"},
        ],
    )
    def test_a_unit_is_known_by_its_code_or_by_its_name(self, tmp_path: Path, properties: dict[str, Any]) -> None:
        report = imported(written(tmp_path, feature(**properties)))
        assert report.matched == 1
        assert "Phường Thành Đông" not in report.without

    def test_a_code_of_another_catalogue_with_another_name_is_not_believed(self, tmp_path: Path) -> None:
        old = feature(code="11050", name="Hồng Hưng")
        report = imported(written(tmp_path, old, feature()))
        assert report.matched == 1
        assert report.disagreeing == [(1, "11050 Hồng Hưng ≠ Xã Gia Phúc")]
        assert report.unmatched == [(1, "11050 Hồng Hưng")]

    @pytest.mark.parametrize(
        ("rings", "words"),
        [
            ([BOWTIE], "repaired: Self-intersection"),
            ([SQUARE[:-1]], "repaired: unclosed ring"),
            ([SQUARE, SQUARE[:2]], "repaired: ring of too few points dropped"),
        ],
    )
    def test_invalid_rings_are_mended_and_told(self, tmp_path: Path, rings: Any, words: str) -> None:
        report = imported(written(tmp_path, feature(rings)))
        assert words in dict(report.repaired).values() or words in [what for _, what in report.repaired]
        (row,) = Boundary.objects.filter(approximate=False)
        assert shapely.from_wkb(bytes(row.geometry)).is_valid

    def test_heights_are_left_out(self, tmp_path: Path) -> None:
        imported(written(tmp_path, feature([[[*point, 12.5] for point in SQUARE]])))
        (row,) = Boundary.objects.filter(approximate=False)
        assert not shapely.has_z(shapely.from_wkb(bytes(row.geometry)))

    @pytest.mark.parametrize(
        "name",
        [
            "urn:ogc:def:crs:OGC:1.3:CRS84",
            "urn:ogc:def:crs:OGC::CRS84",
            "urn:ogc:def:crs:EPSG::4326",
            "EPSG:4326",
            "http://www.opengis.net/def/crs/EPSG/0/4326",
        ],
    )
    def test_wgs84_is_accepted_by_any_of_its_names(self, tmp_path: Path, name: str) -> None:
        crs = {"type": "name", "properties": {"name": name}}
        assert imported(written(tmp_path, feature(), crs=crs)).matched == 1

    @pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::3405", "EPSG:9210", "EPSG:32648", "EPSG:43260"])
    def test_another_reference_system_is_refused_by_its_name(self, tmp_path: Path, name: str) -> None:
        crs = {"type": "name", "properties": {"name": name}}
        with pytest.raises(UnknownCRS) as refusal:
            imported(written(tmp_path, feature(), crs=crs))
        assert refusal.value.facts["crs"] == name

    @pytest.mark.parametrize(
        ("rings", "refusal"),
        [
            ([[[lat, lon] for lon, lat in [(y, x) for x, y in SQUARE]]], None),
            ([[[y, x] for x, y in SQUARE]], SwappedAxes),
            ([[[x * 5000, y * 110000] for x, y in SQUARE]], UnknownCRS),
            ([[[x - 100, y] for x, y in SQUARE]], FarAway),
        ],
    )
    def test_coordinates_that_miss_the_land_are_refused_by_name_and_nothing_is_kept(
        self, tmp_path: Path, rings: Any, refusal: type[errors.Refusal] | None
    ) -> None:
        file = written(tmp_path, feature(), feature(rings, name="Phường Hải Dương"))
        if refusal is None:
            assert imported(file).matched == 2
            return
        with pytest.raises(refusal):
            imported(file)
        assert not Boundary.objects.filter(approximate=False).exists()

    def test_a_file_of_strangers_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(NothingMatched):
            imported(written(tmp_path, feature(name="Phường Bến Nghé")))

    def test_what_is_no_polygon_is_passed_over_and_told(self, tmp_path: Path) -> None:
        point = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [106.3, 20.9]}}
        empty = {"type": "Feature", "properties": None, "geometry": None}
        words = feature([[["a", "b"]]])
        report = imported(written(tmp_path, point, empty, words, feature()))
        assert report.skipped == [(1, "not_polygon"), (2, "no_geometry"), (3, "bad_coordinates")]

    def test_two_features_of_one_unit_are_joined(self, tmp_path: Path) -> None:
        east = [[[x + 0.05, y] for x, y in SQUARE]]
        imported(written(tmp_path, feature(), feature(east)))
        assert selectors.locate(20.94, 106.36, JULY).unit.code == "10507"  # type: ignore[union-attr]

    def test_importing_again_leaves_one_ground_a_unit(self, tmp_path: Path) -> None:
        for _ in range(2):
            imported(written(tmp_path, feature()))
        assert Boundary.objects.filter(approximate=False).count() == 1

    @needs_shared
    def test_the_real_polygons_of_2025_are_taken(self) -> None:
        report = imported(SHARED / "communes-2025.geojson")
        assert (report.features, report.matched, report.unmatched, report.skipped) == (64, 64, [], [])
        text = selectors.boundaries_geojson("commune", JULY)
        assert len(text.encode()) <= 300_000
        located = selectors.locate(20.9594, 106.325, JULY)
        assert located is not None
        assert (located.unit.full_name, located.approximate) == ("Phường Thành Đông", False)

    @needs_shared
    def test_the_real_polygons_of_the_old_districts_are_taken(self) -> None:
        report = imported(SHARED / "districts-2024.geojson", on=APRIL, level="district")
        assert (report.features, report.matched) == (12, 12)
        collection = json.loads(selectors.boundaries_geojson("district", APRIL))
        assert [entry["properties"]["approximate"] for entry in collection["features"]] == [False] * 12


@pytest.mark.parametrize(
    "text",
    [
        "",
        "xin chào",
        "[]",
        "{}",
        '{"type": "FeatureCollection", "features": [',
        '{"type": "FeatureCollection", "features": [{"type": "Feature"',
        '{"type": "FeatureCollection", "features": [1]}',
        '{"type": "FeatureCollection", "features": {}}',
        '{"type": "Topology", "objects": {}}',
        '{"type": "FeatureCollection", "features": []} xx',
        '{"features": []}',
        "[" * 100_000,
        '{"type": ' + "[" * 100_000,
    ],
)
def test_what_is_no_geojson_is_refused_by_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.geojson"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(NotGeoJSON):
        list(geojson.Reader(file))


@pytest.mark.parametrize("raw", [b"\xff\xfe{\x00", b"\x89PNG\r\n", b"PK\x03\x04\xff\xff"])
def test_a_file_that_is_no_text_is_refused_by_name(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "x.geojson"
    file.write_bytes(raw)
    with pytest.raises(NotGeoJSON):
        list(geojson.Reader(file))


@given(st.integers(1, 400), st.lists(st.floats(106, 107), min_size=3, max_size=40), st.booleans())
def test_a_file_is_read_alike_whatever_the_size_of_the_pieces_it_is_read_in(
    piece: int, xs: list[float], late_type: bool
) -> None:
    import tempfile

    ring = [[x, 20.5 + number / 100] for number, x in enumerate(xs)]
    members: list[tuple[str, Any]] = [
        ("name", "Ranh giới “thử”"),
        ("bbox", [1, 2, 3]),
        ("features", [feature([ring]), feature()]),
    ]
    members.insert(3 if late_type else 0, ("type", "FeatureCollection"))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.geojson"
        file.write_text(json.dumps(dict(members), ensure_ascii=False, indent=piece % 3), encoding="utf-8")
        whole = [(found.properties, found.faults) for found in geojson.Reader(file)]
        was, geojson.CHUNK = geojson.CHUNK, piece
        try:
            pieces = [(found.properties, found.faults) for found in geojson.Reader(file)]
        finally:
            geojson.CHUNK = was
    assert len(whole) == 2
    assert pieces == whole
