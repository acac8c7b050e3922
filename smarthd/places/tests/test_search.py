"""Names as people type them find the units they mean."""

from __future__ import annotations

from datetime import date

import pytest

from smarthd.places import names, selectors

APRIL, JULY, TODAY = date(2024, 4, 20), date(2025, 7, 1), date(2026, 11, 24)

pytestmark = pytest.mark.usefixtures("province")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("thanh dong", "Phường Thành Đông"),
        ("Thành Đông", "Phường Thành Đông"),
        ("phường thành đông", "Phường Thành Đông"),
        ("p. thanh dong", "Phường Thành Đông"),
        ("P.Thành Đông", "Phường Thành Đông"),
        ("thanh d", "Phường Thành Đông"),
        ("xa nam sach", "Xã Nam Sách"),
        ("NAM SÁCH", "Xã Nam Sách"),
        ("ubnd xã nam sách", "Xã Nam Sách"),
        ("việt hoà", "Phường Việt Hòa"),
        ("viet hòa", "Phường Việt Hòa"),
        ("duong an", "Xã Đường An"),
        ("đường an", "Xã Đường An"),
        ("Cẩm Giàng", "Xã Cẩm Giàng"),
        ("Cẩm Giang", "Xã Cẩm Giang"),
        ("thành phố hải phòng", "Thành phố Hải Phòng"),
        ("tp hai phong", "Thành phố Hải Phòng"),
        ("thach khoi, hai phong", "Phường Thạch Khôi"),
    ],
)
def test_what_is_typed_finds_the_unit_of_today(typed: str, first: str) -> None:
    assert selectors.search(typed, TODAY, 5)[0].unit.full_name == first


@pytest.mark.parametrize(
    ("typed", "label", "now"),
    [
        ("Nam Hồng", "Xã Nam Hồng", ["Xã Nam Sách"]),
        ("xã quốc tuấn", "Xã Quốc Tuấn", ["Xã Trần Phú"]),
        ("hong phong nam sach", "Xã Hồng Phong", ["Xã Nam Sách"]),
        ("thị trấn lai cách", "Thị trấn Lai Cách", ["Phường Việt Hòa", "Phường Tứ Minh"]),
    ],
)
def test_an_old_name_leads_to_what_stands_now(typed: str, label: str, now: list[str]) -> None:
    match = selectors.search(typed, TODAY, 5)[0]
    assert (match.label, match.old) == (label, True)
    assert [unit.full_name for unit in match.now] == now


def test_the_day_decides_what_is_old() -> None:
    assert not selectors.search("nam hồng", APRIL, 1)[0].old
    assert selectors.search("nam hồng", JULY, 1)[0].old


@pytest.mark.parametrize("typed", ["", "   ", "!!!", "zzzz", "xã zzzz"])
def test_nothing_is_found_for_nothing(typed: str) -> None:
    assert selectors.search(typed, TODAY, 5) == []


def test_as_one_types_the_unit_stays_in_sight() -> None:
    for end in range(3, len("Nguyễn Lương Bằng") + 1):
        found = selectors.search("Nguyễn Lương Bằng"[:end], TODAY, 10)
        assert "Xã Nguyễn Lương Bằng" in [match.unit.full_name for match in found], end


def test_a_limit_is_kept() -> None:
    assert len(selectors.search("t", TODAY, 7)) == 7


@pytest.mark.parametrize(
    ("text", "day", "district", "found"),
    [
        ("xã Hồng Phong", APRIL, None, ["Xã Hồng Phong"] * 3),
        ("xã Hồng Phong", APRIL, "291", ["Xã Hồng Phong"]),
        ("xa hoang hoa tham", APRIL, None, ["Xã Hoàng Hoa Thám"]),
        ("Phường Việt Hòa", APRIL, None, ["Phường Việt Hoà"]),
        ("TT Thanh Hà", APRIL, None, ["Thị trấn Thanh Hà"]),
        ("UBND xã Nam Hồng", JULY, None, ["Xã Nam Hồng"]),
        ("Xã Cẩm Giàng", JULY, None, ["Xã Cẩm Giàng"]),
        ("Xã Không Có", APRIL, None, []),
        ("", APRIL, None, []),
    ],
)
def test_a_rosters_name_is_resolved_or_becomes_a_question(
    text: str, day: date, district: str | None, found: list[str]
) -> None:
    under = selectors.unit_by_code("2024-04-20", district).id if district else None
    assert [unit.full_name for unit in selectors.resolve_name(text, day, under)] == found


def test_the_kind_is_taken_off_only_where_it_is_one() -> None:
    assert [wanted.folded for wanted in names.take_apart("Thanh Phú")] == ["thanh phu"]
    assert {wanted.folded for wanted in names.take_apart("xã Phú Thái")} == {"phu thai", "xa phu thai"}
    assert names.take_apart("Thành phố Hải Dương")[0].kinds == {"Thành phố"}
