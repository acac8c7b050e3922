"""Charts for pages: well-formed, without inline style, and speaking."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from PIL import ImageFont

from smarthd.insights.charts import pages, pictures
from smarthd.insights.material import Point
from smarthd.insights.tests import make

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[106.0, 20.9], [106.1, 20.9], [106.1, 21.0], [106.0, 21.0], [106.0, 20.9]]],
}


def _points(n: int = 20):
    return [Point(date(2024, 4, 1) + timedelta(days=i), i / 25) for i in range(n)]


def _checked(svg: str) -> Element:
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root[0].tag.endswith("title")
    assert " style=" not in svg
    assert "<style" not in svg
    return root


def test_trend_names_its_finding_and_draws_the_target():
    root = _checked(pages.trend(_points(), title="Nam Sách", target=1.0))
    assert root[0].text.startswith("Nam Sách đạt 76,0%")
    assert any("chart-target" in (node.get("class") or "") for node in root.iter())


def test_trend_of_one_day_draws_nothing_rather_than_a_lie():
    assert pages.trend(_points(1), title="x", target=None) == ""


def test_map_hatches_flagged_units_and_dots_the_unknown():
    features = [{"type": "Feature", "id": str(i), "properties": {"uid": str(i)}, "geometry": SQUARE} for i in range(3)]
    shades = {"0": pages.Shade("Xã A", 1.24, ("over_100",), "/a"), "1": pages.Shade("Xã B", 0.4)}
    svg = pages.choropleth({"features": features}, shades, breaks=(0.5, 1.0), finding="Bản đồ")
    _checked(svg)
    assert svg.count("url(#chart-hatch)") == 1
    assert svg.count("url(#chart-dots)") == 1
    assert "Xã A: 124,0%" in svg


def test_chart_letters_carry_every_vietnamese_mark():
    font = ImageFont.truetype(str(files("font_roboto") / "files" / "Roboto-Regular.ttf"), 40)
    missing = bytes(font.getmask("\ue0ff"))
    letters = "ẠẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸỵỷỹđĐơƠưƯăĂ"
    assert [letter for letter in letters if bytes(font.getmask(letter)) == missing] == []


def test_png_charts_come_out_the_same_twice():
    lines = make.material().annexes[1].lines
    first = pictures.bars(lines, "staff_used", target=1.0)
    assert first == pictures.bars(lines, "staff_used", target=1.0)
    assert first.startswith(b"\x89PNG")
