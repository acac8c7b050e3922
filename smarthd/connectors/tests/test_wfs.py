"""WFS as MapServer speaks it: every version, both formats, by pages, axes as they are told. ``SMARTHD_RECORD=1`` records its answers anew."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest

from smarthd.connectors.adapters.web import Web
from smarthd.connectors.adapters.wfs import VERSIONS, FeatureService
from smarthd.connectors.ports import SourceRefused, Table
from smarthd.connectors.rules.places import problems
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.tests import services

LIVE = pytest.param("live", id="MapServer itself", marks=pytest.mark.slow)


@pytest.fixture(scope="module", params=[pytest.param("recorded", id="as recorded"), LIVE])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "recorded":
        with services.served(services.recorded) as running:
            yield running
        return
    if not services.mapserver_found():
        pytest.skip("chưa cài MapServer (apt-get install cgi-mapserver): bỏ qua các kiểm thử với MapServer thật")
    kept: dict[str, list[object]] = {}
    with services.served(services.recording(kept)) as running:
        yield running
    if os.environ.get("SMARTHD_RECORD"):
        services.RECORDED.write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def reader(url: str, layer: str, version: str = "2.0.0", **told: Any) -> FeatureService:
    place = {"url": f"{url}/wfs", "layer": layer, "version": version}
    assert problems(SourceKind.WFS, place, {}) == {}
    return FeatureService(place, secret={}, web=Web(inside=["127.0.0.1"]), **told)


def rows(table: Table) -> list[dict[str, str]]:
    return [dict(zip(table.columns, line.cells, strict=True)) for line in table.lines]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("layer", ["tram_bom", "vung_tuoi"])
def test_a_layer_is_read_whole_with_a_point_in_each_feature_and_twice_the_same(url, version, layer):
    first, again = (reader(url, layer, version).read() for _ in range(2))
    assert (first.columns, first.lines) == (again.columns, again.lines)
    found = rows(first)
    if layer == "tram_bom":
        assert [row["ma"] for row in found] == [f"T{n}" for n in range(1, 8)]
        assert found[0]["ten"] == "Trạm bơm số 1"
        points = [(float(row["Vĩ độ"]), float(row["Kinh độ"])) for row in found]
        assert points == [(pytest.approx(20.9 + n / 1000), pytest.approx(106.3 + n / 100)) for n in range(1, 8)]
        return
    [row] = found
    assert row["ten"] == "Vùng tưới & tiêu <An Thanh>"
    assert (float(row["Vĩ độ"]), float(row["Kinh độ"])) == (pytest.approx(20.85), pytest.approx(106.45))


@pytest.mark.parametrize("layer", ["tram_bom", "vung_tuoi"])
def test_pages_are_put_together_in_order(url, layer):
    paged, whole = reader(url, layer, each=3).read(), reader(url, layer).read()
    assert paged.lines == whole.lines


def test_a_sample_asks_for_little_and_the_layers_are_listed(url):
    assert len(list(reader(url, "tram_bom").sample(2).lines)) == 2
    offers = {one.name: one.words for one in reader(url, "khong_co").offers()}
    assert {name.rpartition(":")[2]: words for name, words in offers.items()} == {
        "tram_bom": "Trạm bơm", "vung_tuoi": "Vùng tưới",
    }  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
def test_a_layer_that_is_not_there_is_refused_by_the_services_code(url, version):
    with pytest.raises(SourceRefused, match="máy chủ bản đồ báo lỗi"):
        reader(url, "khong_co", version).read()


# --- servers that behave otherwise -------------------------------------------------------------------------------------
CAPABILITIES = (
    '<?xml version="1.0"?><WFS_Capabilities><FeatureTypeList><FeatureType><Name>a</Name></FeatureType></FeatureTypeList>'
    "{}</WFS_Capabilities>"
)
POINT = '<Point xmlns="http://www.opengis.net/gml/3.2" srsName="{}"><pos>{}</pos></Point>'
GML = '<?xml version="1.0"?><FeatureCollection numberMatched="{}">{}</FeatureCollection>'


def told(body: str, *, json_too: bool = False) -> services.Answer:
    def answer(_path: str, asked: services.Asked, _body: bytes, _headers: dict[str, str]) -> services.Answered:
        if asked["request"] == "GetCapabilities":
            more = "<Format>application/json</Format>" if json_too else ""
            return 200, "text/xml", CAPABILITIES.format(more).encode()
        return 200, "text/xml", body.encode()

    return answer


@pytest.mark.parametrize(
    ("srs", "pos", "point"),
    [
        ("urn:ogc:def:crs:EPSG::4326", "20.9 106.3", ("20.9000000", "106.3000000")),
        ("urn:x-ogc:def:crs:EPSG:6.9:4326", "20.9 106.3", ("20.9000000", "106.3000000")),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", "20.9 106.3", ("20.9000000", "106.3000000")),
        ("EPSG:4326", "20.9 106.3", ("20.9000000", "106.3000000")),  # as MapServer answers the URN
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", "106.3 20.9", ("20.9000000", "106.3000000")),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "106.3 20.9 5", ("20.9000000", "106.3000000")),
    ],
)
def test_axes_are_taken_as_the_name_of_the_system_tells(srs, pos, point):
    member = f"<member><a><ten>x</ten><vi_tri>{POINT.format(srs, pos)}</vi_tri></a></member>"
    with services.served(told(GML.format(1, member))) as url:
        [row] = rows(reader(url, "a").read())
    assert (row["Vĩ độ"], row["Kinh độ"]) == point


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (GML.format("unknown", "<member><a><ten>x</ten></a></member>"), "trả lại trang đã đọc"),
        (GML.format(1, f"<member><a><g>{POINT.format('EPSG:3405', '1 2')}</g></a></member>"), "cần WGS 84"),
        ("<html><body>Đăng nhập</body></html>", "trang web"),
        ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY b "ha">]><FeatureCollection>&b;</FeatureCollection>', "không phải XML"),
        ("<la/>", "không phải FeatureCollection"),
        (GML.format(1, "<member><a><ten>x")[:60], "không phải XML"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused_in_words(body, words):
    with services.served(told(body)) as url, pytest.raises(SourceRefused, match=words):
        reader(url, "a").read()


def test_a_page_that_is_no_service_is_told():
    with (
        services.served(lambda *_asked: (200, "text/xml", b"<?xml version='1.0'?><la/>")) as url,
        pytest.raises(SourceRefused, match="không phải dịch vụ WFS"),
    ):
        reader(url, "a").offers()
