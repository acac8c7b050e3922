"""First run: a commune by name, by list or by position; looks; and a tick that is not made for the reader."""

from __future__ import annotations

import re

import pytest

from smarthd.citizen import commune
from smarthd.citizen.tests.conftest import unit_named
from smarthd.kernel import clock
from smarthd.places import selectors as places

pytestmark = pytest.mark.django_db


def kept(response) -> str:
    return response.cookies[commune.COOKIE].value


@pytest.mark.parametrize("typed", ["Thành Đông", "thanh dong", "phường thành đông", "THANH DONG"])
def test_a_ward_is_found_however_it_is_typed(client, province, typed):
    answer = client.post("/bat-dau/", {"name": typed})
    if answer.status_code == 200:  # several places bear the name: the reader is asked which
        assert "Ý bà con là nơi nào?" in answer.content.decode()
        assert "Phường Thành Đông" in answer.content.decode()
        return
    assert answer["Location"] == "/bat-dau/hien-thi/"
    assert kept(answer) == unit_named("thanh dong").uid.hex


def test_a_pick_from_the_list_is_kept_for_a_year(client, province):
    unit = unit_named("nam sach")
    answer = client.post("/bat-dau/", {"unit": str(unit.uid)})
    assert kept(answer) == unit.uid.hex
    assert answer.cookies[commune.COOKIE]["max-age"] == 31536000


def test_changing_the_commune_later_leads_home(client, province):
    client.cookies[commune.COOKIE] = unit_named("nam sach").uid.hex
    answer = client.post("/bat-dau/", {"unit": str(unit_named("thanh dong").uid)})
    assert answer["Location"] == "/"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "Xin gõ tên xã, phường"),
        ({"name": "zzzzqqqq"}, "Chưa tìm thấy nơi nào tên như vậy"),
        ({"unit": "00000000-0000-4000-8000-000000000000"}, "nay không còn"),
    ],
)
def test_a_wrong_answer_says_what_to_do_and_keeps_nothing(client, province, asked, said):
    answer = client.post("/bat-dau/", asked)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert commune.COOKIE not in answer.cookies


def test_an_old_name_leads_to_what_stands_now(client, province):
    old = next(match for match in places.search("hồng phong nam sách", clock.today()) if match.old)
    answer = client.post("/bat-dau/", {"name": "Hồng Phong, Nam Sách"})
    words = answer.content.decode() if answer.status_code == 200 else kept(answer)
    assert any(unit.full_name in words or unit.uid.hex == words for unit in old.now)


def test_the_list_is_grouped_by_the_districts_people_remember(province, db):
    groups = commune.by_remembered_district(clock.today())
    named = {group.name: {unit.name for unit in group.communes} for group in groups}
    assert "Nam Sách" in named["Huyện Nam Sách"]
    assert sum(len(group.communes) for group in groups) == len(places.units_on(clock.today(), "commune"))


def test_a_position_is_turned_into_a_question_and_not_kept(client, province):
    unit = unit_named("thanh dong")
    answer = client.post("/bat-dau/vi-tri/", {"lat": unit.lat, "lon": unit.lon})
    assert "Có phải bà con ở" in answer.content.decode()
    assert "gần đúng" in answer.content.decode()
    assert commune.COOKIE not in answer.cookies


@pytest.mark.parametrize(
    "position", [{"lat": "10.77", "lon": "106.7"}, {"lat": "x", "lon": ""}, {"lat": "95", "lon": "0"}]
)
def test_a_position_elsewhere_lets_the_reader_choose(client, province, position):
    answer = client.post("/bat-dau/vi-tri/", position)
    assert answer.status_code == 200
    assert "ở ngoài địa bàn" in answer.content.decode()


def test_looks_are_kept_on_the_device(client, province):
    answer = client.post("/bat-dau/hien-thi/", {"text": "lon", "theme": "toi"})
    assert answer["Location"] == "/bat-dau/do-luong/"
    assert answer.cookies["smarthd_ui"].value == "chu-to.toi"


def test_the_tick_for_counting_is_not_made_for_the_reader(client, province):
    page = client.get("/bat-dau/do-luong/").content.decode()
    tick = re.search(r"<input[^>]*name=\"usage\"[^>]*>", page)
    assert tick
    assert "checked" not in tick.group()


def test_a_commune_merged_whole_is_followed_and_a_split_one_is_asked_again(province, db):
    today = clock.today()
    for old in places.units_on(next(day for day, _ in places.catalogues()), "commune"):
        change = places.address_change(old.id, today)
        found = commune.standing(old.uid, today)
        if change.answer is not None:
            assert found is not None
            assert found.id == change.answer.id
        else:
            assert found is None


def test_settings_change_language_and_looks(client, province):
    answer = client.post("/cai-dat/", {"text": "vua", "theme": "", "language": "en"})
    assert answer.cookies["smarthd_lang"].value == "en"
    client.cookies["smarthd_lang"] = "en"
    assert "Saved on this phone." in client.get(answer["Location"]).content.decode()


def test_settings_refuse_an_unknown_language(client, province):
    assert client.post("/cai-dat/", {"text": "vua", "language": "xx"}).status_code == 422
