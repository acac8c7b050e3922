"""Shelters: who keeps which, the list and its doors, a table taken in whole or not at all, what citizens see under a warning."""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import xlsxwriter
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from smarthd.agencies.rules import Role
from smarthd.alerts.adapters.fake import FakeBroadcaster
from smarthd.alerts.errors import ShelterUnknown
from smarthd.alerts.models import Shelter
from smarthd.alerts.rules import shelters as rules
from smarthd.alerts.rules.hazards import Hazard
from smarthd.alerts.rules.shelters import Stand, Told
from smarthd.alerts.selectors import public
from smarthd.alerts.selectors import shelters as selectors
from smarthd.alerts.services import broadcasting, sheltering
from smarthd.alerts.tests import make
from smarthd.alerts.tests.make import NOW, Land
from smarthd.backoffice.tests.make import signed_in
from smarthd.kernel import clock, errors
from tests.planting import planted_once

_land = planted_once(make.land)
COMMUNE_COOKIE = "smarthd_xa"
HALL = Told(name="Nhà văn hóa thôn 3", address="Cạnh trạm bơm", lat=20.94, lon=106.31, capacity=250, accessible=True)


@pytest.fixture
def land(_land: Land, db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Land]:
    settings.DATA_DIR = tmp_path
    clock.set_now(NOW)
    public.forget()
    monkeypatch.setattr(broadcasting, "broadcaster", FakeBroadcaster)
    yield copy.deepcopy(_land)
    public.forget()


def desk_of(land: Land, role: Role) -> Client:
    """Return the desk of somebody of the first commune's committee."""
    account_id = make.officer(land.commune, role).account_id
    assert account_id is not None
    return signed_in(account_id)


def shelter(land: Land, place: str = "c0", **more: Any) -> Shelter:
    told = {name: getattr(HALL, name) for name in HALL.__slots__} | more
    return sheltering.add_shelter(Told(**told), commune_id=land.units[place].id, actor=make.SYSTEM, now=NOW)


def table(
    *rows: tuple[object, ...],
    head: tuple[str, ...] = ("Tên nơi tránh trú", "Địa chỉ", "Xã, phường", "Sức chứa", "Dùng khi"),
) -> io.BytesIO:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for at, row in enumerate([("DANH SÁCH NƠI SƠ TÁN",), head, *rows]):
        sheet.write_row(at, 0, row)
    book.close()
    out.seek(0)
    out.name = "noi-tranh-tru.xlsx"
    return out


def told_form(land: Land, **more: object) -> dict[str, object]:
    return {
        "commune": land.units["c0"].id,
        "name": "Trường tiểu học",
        "address": "Thôn 1",
        "lat": "20,94",
        "lon": "106,31",
        **more,
    }


# --- who keeps which -----------------------------------------------------------------------------------------------
MATRIX = """
             head delegate clerk dispatcher editor author approver leader auditor administrator
own          1    1        1     1          0      1      1        0      0       0
another's    0    0        0     0          0      0      0        0      0       0
province's   0    0        0     0          0      1      1        0      0       0
"""


def test_a_commune_keeps_its_own_and_the_provinces_duty_officers_any(land):
    for line in MATRIX.strip().splitlines()[1:]:
        where, *wanted = line.split()
        for role, may in zip(Role, wanted, strict=True):
            agency = land.province if where.startswith("province") else land.commune
            place = "c1" if where.startswith("another") else "c0"
            actor = make.officer(agency, role)
            keeps = land.units[place].id in {unit.id for unit in selectors.kept_by(actor, clock.today())}
            assert keeps is (may == "1"), (where, role)
            if keeps:
                continue
            row = shelter(land, place, name=f"{where} {role}")
            with pytest.raises(errors.NotAllowed):
                sheltering.add_shelter(HALL, commune_id=land.units[place].id, actor=actor, now=NOW)
            for act in (
                lambda row=row, actor=actor: sheltering.change_shelter(row.uid, HALL, actor=actor, now=NOW),
                lambda row=row, actor=actor: sheltering.set_stand(row.uid, Stand.OPEN, actor=actor, now=NOW),
                lambda row=row, actor=actor: sheltering.withdraw_shelter(row.uid, actor=actor, now=NOW),
                lambda row=row, actor=actor: selectors.shelter_for(actor, row.uid, clock.today()),
            ):
                with pytest.raises(ShelterUnknown):
                    act()


DOORS = ("shelters", "shelter_add", "shelter_table", "shelter_export", "shelter", "shelter_stand")


@pytest.mark.parametrize("role", list(Role))
def test_every_door_opens_for_who_keeps_shelters_and_no_other(land, role):
    row, client = shelter(land), desk_of(land, role)
    keeps = role in {Role.HEAD, Role.DELEGATE, Role.CLERK, Role.DISPATCHER, Role.ALERT_AUTHOR, Role.ALERT_APPROVER}
    for door in DOORS:
        parts = {"shelter": {"uid": row.uid}, "shelter_stand": {"uid": row.uid}, "shelter_export": {"suffix": "csv"}}
        address = reverse(f"backoffice:{door}", kwargs=parts.get(door, {}))
        answer = client.post(address, {"stand": "open"}) if door == "shelter_stand" else client.get(address)
        assert answer.status_code == ((302 if door == "shelter_stand" else 200) if keeps else 404), door


def test_the_list_asks_as_much_for_forty_as_for_one(land):
    client = desk_of(land, Role.CLERK)
    shelter(land)
    address = reverse("backoffice:shelters")
    client.get(address)
    asked = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as told:
            assert client.get(address).status_code == 200
        asked.append(len(told))
        for number in range(40):
            shelter(land, name=f"Nơi {_round} {number}")
    assert asked[0] == asked[1]


# --- one shelter ---------------------------------------------------------------------------------------------------
def test_a_clerk_adds_opens_changes_and_takes_a_shelter_off(land):
    client = desk_of(land, Role.CLERK)
    assert (
        client.post(reverse("backoffice:shelter_add"), told_form(land, hazards=["bao"], capacity="250")).status_code
        == 302
    )
    row = Shelter.objects.get()
    assert (row.name, row.capacity, row.hazards, row.lat, row.stand) == (
        "Trường tiểu học",
        250,
        ["bao"],
        20.94,
        "ready",
    )
    client.post(reverse("backoffice:shelter_stand", kwargs={"uid": row.uid}), {"stand": "full"})
    client.post(reverse("backoffice:shelter", kwargs={"uid": row.uid}), told_form(land, name="Trường mới"))
    row.refresh_from_db()
    assert (row.name, row.stand) == ("Trường mới", "full")
    client.post(reverse("backoffice:shelter", kwargs={"uid": row.uid}), {"viec": "bo"})
    assert "Chưa có nơi tránh trú nào" in client.get(reverse("backoffice:shelters")).content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Mục này còn trống"),
        ({"lat": "20,94", "lon": ""}, "cần cả vĩ độ và kinh độ"),
        ({"lat": "106,3", "lon": "20,9"}, "kiểm tra có ghi ngược không"),
        ({"lat": "hai mươi"}, "Ghi độ thập phân"),
        ({"capacity": "nhiều"}, "Ghi số người"),
        ({"capacity": "0"}, "từ 1 đến 50.000"),
        ({"name": "NHÀ VĂN HÓA  thôn 3"}, "đã có nơi tránh trú mang tên ấy"),
    ],
)
def test_a_wrong_shelter_is_told_what_to_mend_and_nothing_is_kept(land, wrong, words):
    shelter(land)
    client = desk_of(land, Role.CLERK)
    answer = client.post(reverse("backoffice:shelter_add"), told_form(land, **wrong))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Shelter.objects.count() == 1


# --- a table -------------------------------------------------------------------------------------------------------
def test_a_table_adds_changes_and_keeps_how_a_shelter_stands(land):
    row = shelter(land)
    sheltering.set_stand(row.uid, Stand.OPEN, actor=make.SYSTEM, now=NOW)
    client = desk_of(land, Role.CLERK)
    sent = table(
        ("nhà văn hóa thôn 3", "Đầu thôn", "", "1.200", "Bão; Lũ trên sông"),
        ("Trạm y tế", "Thôn 2", land.units["c0"].full_name, 40, ""),
    )
    assert client.post(reverse("backoffice:shelter_table"), {"file": sent}).status_code == 302
    kept = {row.address: (row.capacity, row.hazards, row.stand) for row in Shelter.objects.all()}
    assert kept == {"Đầu thôn": (1200, ["bao", "lu"], "open"), "Thôn 2": (40, [], "ready")}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("", "Thôn 1", "", 10, ""), "Ghi tên nơi tránh trú"),
        (("Trạm", "Thôn 1", "", "mười", ""), "không phải số người"),
        (("Trạm", "Thôn 1", "", 10, "Sóng thần"), "Sóng thần"),
        (("Trạm", "Thôn 1", "Xã Không Có", 10, ""), "Không rõ xã, phường"),
        (("Đình", "Thôn 1", "", 10, ""), "trùng tên với dòng 3"),
    ],
)
def test_one_faulty_line_keeps_the_whole_table_out_and_is_named(land, row, words):
    client = desk_of(land, Role.CLERK)
    answer = client.post(reverse("backoffice:shelter_table"), {"file": table(("Đình", "Thôn 9", "", 5, ""), row)})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "Dòng 4" in text
    assert not Shelter.objects.exists()


def test_a_table_of_another_commune_is_refused(land):
    client = desk_of(land, Role.CLERK)
    answer = client.post(
        reverse("backoffice:shelter_table"), {"file": table(("Đình", "Thôn 9", land.units["c1"].full_name, 5, ""))}
    )
    assert "không thuộc địa bàn" in answer.content.decode()


@pytest.mark.parametrize("sent", [b"", b"khong phai bang", b"PK\x03\x04hong", b"a,b\n1,2\n"])
def test_what_is_no_table_of_shelters_is_refused_in_words(land, sent):
    client = desk_of(land, Role.CLERK)
    file = io.BytesIO(sent)
    file.name = "bang.csv"
    assert client.post(reverse("backoffice:shelter_table"), {"file": file}).status_code == 422
    assert not Shelter.objects.exists()


def test_what_was_handed_out_can_be_sent_in_again(land):
    shelter(land, hazards=(Hazard.STORM,), note="Có máy phát điện")
    client = desk_of(land, Role.CLERK)
    for suffix in ("csv", "xlsx"):
        file = io.BytesIO(client.get(reverse("backoffice:shelter_export", kwargs={"suffix": suffix})).content)
        file.name = f"lai.{suffix}"
        assert client.post(reverse("backoffice:shelter_table"), {"file": file}).status_code == 302, suffix
    assert selectors.told_of(Shelter.objects.get()) == selectors.told_of(
        shelter(land, place="c1", hazards=(Hazard.STORM,), note="Có máy phát điện")
    )


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180))
def test_distance_is_the_same_both_ways_and_never_beyond_half_the_earth(lat, lon, other_lat, other_lon):
    there, back = rules.kilometres(lat, lon, other_lat, other_lon), rules.kilometres(other_lat, other_lon, lat, lon)
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= 20_016


def test_a_known_distance_is_right():
    assert rules.kilometres(20.9373, 106.3146, 20.8449, 106.6881) == pytest.approx(
        40.2, abs=0.5
    )  # Hải Dương – Hải Phòng


# --- under a warning -----------------------------------------------------------------------------------------------
def page_of(land: Land, code: str, place: str = "c0") -> str:
    client = Client()
    client.cookies[COMMUNE_COOKIE] = land.units[place].uid.hex
    return client.get(f"/canh-bao/{code}/").content.decode()


def test_people_see_the_shelters_of_their_own_commune_first_that_fit_the_hazard(land):
    shelter(land, "c1", name="Nơi của c1")
    shelter(land, "c0", name="Nơi của c0")
    shelter(land, "c0", name="Chỉ cho rét", hazards=(Hazard.COLD,))
    shelter(land, "c2", name="Ngoài vùng")
    closed = shelter(land, "c0", name="Hỏng mái")
    sheltering.set_stand(closed.uid, Stand.CLOSED, actor=make.SYSTEM, now=NOW)
    alert = make.issued(land)
    for place, first, second in (("c0", "Nơi của c0", "Nơi của c1"), ("c1", "Nơi của c1", "Nơi của c0")):
        text = page_of(land, alert.code, place)
        assert 0 < text.index(first) < text.index(second)
        assert not any(name in text for name in ("Chỉ cho rét", "Ngoài vùng", "Hỏng mái"))


def test_the_list_says_what_matters_without_a_map_and_carries_its_points(land):
    row = shelter(land, contact="Trực ban 0220 3 852 112")
    sheltering.set_stand(row.uid, Stand.FULL, actor=make.SYSTEM, now=NOW)
    text = page_of(land, make.issued(land).code)
    for words in (
        "Cạnh trạm bơm",
        "chứa 250 người",
        "xe lăn vào được",
        "Trực ban 0220 3 852 112",
        "Đã đầy",
        'data-lat="20.94000"',
    ):
        assert words in text


def test_without_shelters_nothing_is_said_of_them(land):
    assert "Nơi tránh trú" not in page_of(land, make.issued(land).code)


def test_an_unknown_shelter_is_not_found(land):
    client = desk_of(land, Role.CLERK)
    assert client.get(reverse("backoffice:shelter", kwargs={"uid": uuid4()})).status_code == 404
