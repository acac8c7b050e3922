"""Changes of units at the desk: drafted, refused with names, carried out in any order of a day, taken back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from smarthd.agencies.rules import Role
from smarthd.agencies.tests import make as offices
from smarthd.backoffice.tests import make
from smarthd.places import selectors as places
from smarthd.places.models import Event
from smarthd.places.tests import make as land
from smarthd.places.values import UnitView

LIST = "/can-bo/thay-doi-dia-gioi/"
ON = date(2024, 6, 1)
COMMON = {"effective_on": "2024-06-01", "document": "Nghị quyết 1250/NQ-UBTVQH15"}


@pytest.fixture
def units(db: None, tmp_path: Path) -> dict[str, UnitView]:
    return land.small_land(tmp_path)


@pytest.fixture
def keeper(units: dict[str, UnitView]) -> Client:
    return make.signed_in(make.official(offices.world().province, Role.ADMINISTRATOR))


def drafted(client: Client, what: str, **fields: Any) -> str:
    answer = client.post(f"{LIST}soan/{what}/", COMMON | fields)
    assert answer.status_code == 302, answer.content.decode().partition("data-error-summary")[2][:800]
    return str(answer["location"])


def merged(client: Client, units: str = "Xã c0\n102", name: str = "Hợp Nhất") -> str:
    return drafted(client, "merge", units=units, kind="Xã", name=name, code="12345")


def communes(day: date = ON) -> set[str]:
    return {view.full_name for view in places.units_on(day, "commune")}


@pytest.mark.parametrize("role", list(Role))
def test_only_administrators_read_and_only_those_above_the_map_change_it(
    units: dict[str, UnitView], role: Role
) -> None:
    client = make.signed_in(make.official(offices.world().department, role))
    expected = 200 if role is Role.ADMINISTRATOR else 404
    assert client.get(LIST).status_code == expected
    assert client.get(f"{LIST}soan/merge/").status_code == expected


def test_a_merger_changes_nothing_until_it_is_applied_and_can_be_taken_back(keeper: Client) -> None:
    before = communes()
    address = merged(keeper)
    page = keeper.get(address).content.decode()
    assert "Xã c0 (100)" in page
    assert "Xã Hợp Nhất, mã 12345" in page
    assert communes() == before
    assert keeper.post(f"{address}ap-dung/").status_code == 302
    assert communes() == before - {"Xã Xã c0", "Xã Xã c2"} | {"Xã Hợp Nhất"}
    assert "Đã áp dụng" in keeper.get(address).content.decode()
    assert keeper.post(f"{address}hoan-lai/").status_code == 302
    assert communes() == before
    assert keeper.post(f"{address}hoan-lai/").status_code == 409
    assert "Đã hoàn lại" in keeper.get(LIST).content.decode()


def test_a_change_that_would_orphan_communes_is_refused_with_their_names_and_mended(keeper: Client) -> None:
    address = drafted(keeper, "abolish", unit="Huyện d1", moves="Xã Xã c0 => Huyện Huyện d2")
    refused = keeper.post(f"{address}ap-dung/")
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "không còn cấp trên" in page
    assert "Xã c2" in page
    assert "Xã c4" in page
    assert Event.objects.get().status == "draft"
    moves = "\n".join(f"Xã Xã c{number} => Huyện Huyện d2" for number in (0, 2, 4))
    mended = drafted(keeper, "abolish", unit="Huyện d1", moves=moves)
    assert keeper.post(f"{mended}ap-dung/").status_code == 302
    assert [view.full_name for view in places.units_on(ON, "district")] == ["Huyện Huyện d2"]


@pytest.mark.parametrize("first", [0, 1])
def test_two_changes_of_one_day_end_alike_in_either_order_or_together(keeper: Client, first: int) -> None:
    addresses = [
        merged(keeper),
        drafted(keeper, "split", unit="Xã c1", kind1="Xã", name1="Một", share1="60", kind2="Phường", name2="Hai", share2="40"),
    ]  # fmt: skip
    one, other = addresses[first], addresses[1 - first]
    assert "Cùng ngày còn" in keeper.get(one).content.decode()
    assert keeper.post(f"{one}ap-dung/").status_code == 302
    assert keeper.post(f"{other}ap-dung/").status_code == 302
    apart = communes()
    assert {"Xã Hợp Nhất", "Xã Một", "Phường Hai"} <= apart
    for address in (one, other):
        assert keeper.post(f"{address}hoan-lai/").status_code == 302
    again = [merged(keeper, name="Hợp Nhất"), drafted(keeper, "rename", unit="Xã c3", name="Đổi Tên", kind="Phường")]
    ticked = again[1].rstrip("/").rpartition("/")[2]
    assert keeper.post(f"{again[0]}ap-dung/", {"cung": ticked}).status_code == 302
    assert {"Xã Hợp Nhất", "Phường Đổi Tên"} <= communes()


def test_a_transfer_and_a_new_name_go_on_as_the_same_unit(keeper: Client, units: dict[str, UnitView]) -> None:
    address = drafted(keeper, "transfer", unit="Xã c0", to="Huyện d2")
    assert keeper.post(f"{address}ap-dung/").status_code == 302
    assert places.unit_view(units["c0"].id, ON).parent_id == units["d2"].id


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("merge", {"units": "Xã c0\nXã Không Có"}, "không có đơn vị nào"), ("merge", {"units": "Xã c0"}, "ít nhất hai"),
        ("merge", {"units": "Xã c0\nXã c1"}, "không cùng cấp trên"), ("merge", {"units": "Xã c0\nXã c2", "code": "12"}, "Mã gồm 5 chữ số"),
        ("split", {"share1": "60", "share2": "30"}, "cộng lại bằng 100"), ("split", {"name1": "Một", "name2": "MỘT"}, "phải khác nhau"),
        ("split", {"moves": "Thôn Lạ -> Xã Một"}, "Chưa hiểu dòng"), ("split", {"unit": "Xã Không Có"}, "không có đơn vị nào"),
        ("rename", {"unit": "Xã c0", "name": ""}, "Mục này còn trống"), ("transfer", {"unit": "Xã c0", "to": "Xã c1"}, "không có đơn vị nào"),
        ("abolish", {"unit": "Huyện d1", "moves": "Xã c0"}, "Chưa hiểu dòng"),
        ("rename", {"unit": "Xã c0", "name": "x", "effective_on": "31/02/2024"}, "Không có ngày này"),
        ("rename", {"unit": "Xã c0", "name": "x", "effective_on": "2099-01-01"}, "xa quá hai năm"),
        ("rename", {"unit": "Xã c0", "name": "x", "document": ""}, "Mục này còn trống"),
    ],
)  # fmt: skip
def test_what_is_not_clear_is_asked_beside_its_field_and_nothing_is_drafted(
    keeper: Client, kind: str, fields: dict[str, str], words: str
) -> None:
    whole = {
        "merge": {"kind": "Xã", "name": "Mới", "code": ""},
        "split": {"unit": "Xã c1", "kind1": "Xã", "name1": "Một", "share1": "60", "kind2": "Xã", "name2": "Hai", "share2": "40"},
    }.get(kind, {})  # fmt: skip
    answer = keeper.post(f"{LIST}soan/{kind}/", COMMON | whole | fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Event.objects.exists()


def test_there_is_no_page_for_a_change_that_is_none(keeper: Client) -> None:
    assert keeper.get(f"{LIST}soan/la-lam/").status_code == 404
    assert keeper.get(f"{LIST}00000000-0000-0000-0000-000000000000/").status_code == 404


@pytest.mark.parametrize(
    ("view", "takes"),
    [
        ("changes", "GET"),
        ("change_draft", "GET"),
        ("change", "GET"),
        ("change_apply", "POST"),
        ("change_revert", "POST"),
    ],
)
def test_nobody_comes_in_unsigned_or_without_the_second_factor(units: object, view: str, takes: str) -> None:
    address = reverse(f"backoffice:{view}", kwargs=make.unknown_parts(view))
    administrator = make.official(offices.world().province, Role.ADMINISTRATOR)
    for client, door in (
        (Client(), "/dang-nhap/"),
        (make.signed_in(administrator, second_factor=False), "/can-bo/xac-thuc/"),
    ):
        answer = client.generic(takes, address)
        assert answer.status_code == 302
        assert answer["location"].startswith(door)
