"""Following data and asking for a dossier through the pages: by whom it is asked, in words, and nothing in an address or a cache."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from smarthd.agencies import services as agencies
from smarthd.agencies.rules import Kind
from smarthd.citizen.tests.account_make import account_of, sign_in
from smarthd.citizen.tests.conftest import NOW, SYSTEM
from smarthd.connectors.adapters import play
from smarthd.connectors.models import DossierFollow, Follow
from smarthd.connectors.ports import Table
from smarthd.connectors.rules.checking import Line
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.rules.templates import TEMPLATES
from smarthd.connectors.selectors import maps, public
from smarthd.connectors.services import dossiers, planting, publishing, reading, sources, stills
from smarthd.connectors.services.sources import NewSource
from smarthd.places import selectors as places

pytestmark = pytest.mark.django_db
NUMBER = "0912 345 678"
CODE = "000.00.12.H31-261120-0007"
PAGE = "/tra-cuu-ho-so/"


@pytest.fixture
def agency(places_in_memory: None, settings: Any, tmp_path: Any) -> int:
    settings.MEDIA_ROOT = tmp_path / "files"
    new = agencies.NewAgency(kind=Kind.PROVINCE_COMMITTEE, name="Ủy ban nhân dân thành phố", code="ubnd-tp")
    return int(agencies.found_agency(new, valid_from=NOW.date().replace(month=1, day=1)).id)


@pytest.fixture
def played(monkeypatch: Any, settings: Any) -> Iterator[str]:
    monkeypatch.setattr(play, "now", lambda: datetime(2026, 11, 24, 9, tzinfo=play.HERE))
    server = ThreadingHTTPServer(("127.0.0.1", 0), play.Play)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.CONNECTOR_INSIDE_HOSTS = ["127.0.0.1"]
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def dataset(agency: int, template: str, rows: list[tuple[str, ...]]) -> str:
    new = NewSource(title=TEMPLATES[template].title, agency_id=agency, kind=SourceKind.UPLOAD, template=template)
    planting.publish_rows(new, rows, actor=SYSTEM, now=NOW)
    return next(one.key for one in public.datasets(now=NOW) if one.template == template)


@pytest.fixture
def cuts(agency: int) -> str:
    unit = places.units_on(NOW.date(), "commune")[0]
    row = ("L1", "Khu 1", "Cắt điện", unit.full_name, "25/11/2026 08:00", "25/11/2026 11:00", "Bảo dưỡng", "")
    return dataset(agency, "cat-dien-nuoc", [row])


@pytest.fixture
def person(client: Client) -> Client:
    sign_in(client, NUMBER)
    return client


def test_who_is_not_signed_in_is_led_there_and_back(client, cuts):
    page = client.get(f"/du-lieu/{cuts}/").content.decode()
    assert f"/dang-nhap/?next=/du-lieu/{cuts}/" in page
    assert client.post(f"/du-lieu/{cuts}/theo-doi/").status_code == 302
    assert not Follow.objects.exists()


def test_a_dataset_a_row_and_a_commune_are_followed_and_let_go(person, cuts):
    unit = places.units_on(NOW.date(), "commune")[0]
    row = person.get(f"/du-lieu/{cuts}/").context["rows"][0][0]
    person.post(f"/du-lieu/{cuts}/theo-doi/", {"muc": "", "xa": ""})
    person.post(f"/du-lieu/{cuts}/theo-doi/", {"muc": row.code, "xa": ""})
    person.post(f"/du-lieu/{cuts}/theo-doi/", {"muc": "", "xa": str(unit.uid)})
    listed = person.get(reverse("citizen:dataset_follows"))
    assert len(listed.context["follows"]) == 3
    assert "no-store" in listed["cache-control"]
    assert "Đang theo dõi" in person.get(f"/du-lieu/{cuts}/muc/{row.code}/").content.decode()
    page = person.get(f"/du-lieu/{cuts}/", {"xa": unit.full_name})
    assert page.context["followed"].unit_id == unit.id
    for one in listed.context["follows"]:
        person.post(reverse("citizen:dataset_unfollow", args=[one.uid]))
    assert not Follow.objects.exists()
    assert person.post(reverse("citizen:dataset_unfollow", args=[listed.context["follows"][0].uid])).status_code == 404


@pytest.mark.parametrize("asked", [{"xa": "x"}, {"xa": "0" * 32}, {"muc": "khong-co"}])
def test_what_is_not_there_cannot_be_followed(person, cuts, asked):
    assert person.post(f"/du-lieu/{cuts}/theo-doi/", asked).status_code == 404


@pytest.fixture
def desk(agency: int, played: str) -> str:
    place = {"url": f"{played}/ho-so/{{code}}", "auth": "bearer", **play.PATHS}
    dossiers.keep_desk(
        key="mot-cua", title="Một cửa", agency_id=agency, pattern=play.MASK, example=CODE, place=place,
        secret={"token": play.TOKEN}, actor=SYSTEM, now=NOW,
    )  # fmt: skip
    return played


def test_a_dossier_is_asked_for_by_its_code_and_kept_by_nobody(client, desk):
    assert CODE in client.get(PAGE).content.decode()
    answer = client.post(PAGE, {"ma": f" {CODE.lower()} "})
    said = answer.content.decode()
    assert answer.context["found"].code == CODE
    assert "Tiếp nhận hồ sơ" in said
    assert "05/12/2026" in said
    assert "Không ai" not in said, "the applicant's name is not read"
    assert "no-store" in answer["cache-control"]
    assert "Đăng nhập để được báo" in said


@pytest.mark.parametrize(
    ("typed", "words", "status"),
    [
        ("", "Mã hồ sơ chưa đúng mẫu", 422),
        ("07/2026", "Mã hồ sơ chưa đúng mẫu", 422),
        ("\x00" * 9, "Mã hồ sơ chưa đúng mẫu", 422),
        ("000.00.12.H31-261120-0099", "Không có hồ sơ mang mã này", 422),
    ],
)
def test_a_wrong_code_is_told_beside_the_field_and_stays_typed(client, desk, typed, words, status):
    answer = client.post(PAGE, {"ma": typed})
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert answer.context["typed"] == typed.strip()


def test_a_system_that_is_down_is_told_as_that(client, agency):
    dossiers.keep_desk(
        key="mot-cua", title="Một cửa", agency_id=agency, pattern=play.MASK, example=CODE,
        place={"url": "http://127.0.0.1:9/{code}"}, secret={}, actor=SYSTEM, now=NOW,
    )  # fmt: skip
    answer = client.post(PAGE, {"ma": CODE})
    assert answer.status_code == 503
    assert "Không phải lỗi của mã" in answer.content.decode()


def test_being_told_wants_consent_and_is_taken_back_by_a_press(person, desk):
    refused = person.post(reverse("citizen:dossier_follow"), {"ma": CODE})
    assert refused.status_code == 422
    assert "Chưa đánh dấu đồng ý" in refused.content.decode()
    assert person.post(reverse("citizen:dossier_follow"), {"ma": CODE, "dong_y": "on"}).status_code == 302
    [follow] = DossierFollow.objects.filter(account_id=account_of(NUMBER).pk)
    page = person.get(PAGE).content.decode()
    assert "Hồ sơ …0007" in page
    assert person.post(reverse("citizen:dossier_unfollow", args=[follow.uid])).status_code == 302
    assert not DossierFollow.objects.exists()


def test_a_still_is_fetched_by_us_encoded_anew_and_asked_for_once_a_minute(client, agency, played, monkeypatch):
    unit = places.units_on(NOW.date(), "commune")[0]
    row = ("CAM1", "Ngã tư", unit.full_name, "", f"{played}/camera/3.jpg", "20.94", "106.33")
    gone = ("CAM2", "Bến xe", unit.full_name, "", f"{played}/khong-co.jpg", "20.95", "106.34")
    key = dataset(agency, "camera", [row, gone])
    fetched: list[str] = []
    monkeypatch.setattr(stills, "_stills", stills.Stills())
    monkeypatch.setattr(
        stills, "_fetched", lambda address, ask=stills._fetched: fetched.append(address) or ask(address)
    )
    rows = {one.title: one.code for one, _lines in client.get(f"/du-lieu/{key}/").context["rows"]}
    picture = client.get(reverse("citizen:dataset_still", args=[key, rows["Ngã tư"]]))
    assert picture["content-type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8")
    client.get(reverse("citizen:dataset_still", args=[key, rows["Ngã tư"]]))
    assert len(fetched) == 1
    assert client.get(reverse("citizen:dataset_still", args=[key, rows["Bến xe"]])).status_code == 503
    page = client.get(f"/du-lieu/{key}/muc/{rows['Ngã tư']}/").content.decode()
    assert played not in page, "no citizen's phone is sent to another server"


def test_a_small_dataset_is_one_page_whose_address_bears_its_version(client, cuts):
    page = client.get(f"/du-lieu/{cuts}/").content.decode()
    assert f"/du-lieu/{cuts}/ca-ban/?ban=1" in page
    whole = client.get(f"/du-lieu/{cuts}/ca-ban/?ban=1")
    assert [row.title for row in whole.context["rows"]] == ["Khu 1"]
    from smarthd.kernel import clock

    clock.set_now(NOW + timedelta(days=3))
    assert client.get(f"/du-lieu/{cuts}/ca-ban/").context["rows"] == [], "what is over is not kept either"


# --- the map of many rows -------------------------------------------------------------------------------------------
CHARGING = [
    (f"T{n}", f"Trạm {n}", "Trạm sạc", "", "4", "", "24/24", f"{20.8 + n / 500}", f"{106.3 + n / 500}")
    for n in range(60)
]


def dataset_anywhere(agency: int, rows: list[tuple[str, ...]]) -> str:
    """Publish places wherever they lie: without the rule that each lies in its commune."""
    told = TEMPLATES["tram-sac-bai-do"]
    new = NewSource(title=told.title, agency_id=agency, kind=SourceKind.UPLOAD)
    source = sources.make_source(new, actor=SYSTEM, now=NOW)
    source.mapping = replace(told.mapping, rules=()).as_json()
    source.publication = told.publication.as_json()
    source.save()
    table = Table(
        tuple(one.header for one in told.mapping.fields),
        [Line(n, row) for n, row in enumerate(rows, start=2)],
        decimal=".",
    )
    _run, version = reading.take_lines(source, table, actor=SYSTEM, now=NOW)
    publishing.publish(uid=source.uid, number=version.number, actor=SYSTEM, now=NOW)
    return str(source.key)


def test_a_map_of_few_rows_comes_whole_and_one_of_many_by_the_window_that_is_seen(client, agency, monkeypatch):
    communes = places.units_on(NOW.date(), "commune")
    rows = [(*row[:3], communes[0].full_name, *row[4:]) for row in CHARGING]
    key = dataset_anywhere(agency, rows)
    url = f"/du-lieu/{key}/diem.json"
    whole = client.get(url).json()
    assert whole["whole"]
    assert len(whole["points"]) == 60

    monkeypatch.setattr(public, "MOST_POINTS", 50)
    monkeypatch.setattr(maps, "FEW", 10)
    assert client.get(url).json() == {"whole": False, "points": [], "clusters": [], "count": 60}
    window = {"tay": "106", "nam": "20.5", "dong": "107", "bac": "21.5", "z": "10"}
    seen = client.get(url, window).json()
    assert seen["count"] == sum(count for _lat, _lon, count in seen["clusters"]) == 60
    assert seen["points"] == []
    near = client.get(url, window | {"dong": "106.309", "z": "15"}).json()
    assert [one["title"] for one in near["points"]] == ["Trạm 0", "Trạm 1", "Trạm 2", "Trạm 3", "Trạm 4"]
    assert near["points"][0]["href"].startswith(f"/du-lieu/{key}/muc/")


@pytest.mark.parametrize(
    "spoiled", [{"tay": "x"}, {"bac": ""}, {"z": "99"}, {"z": "nan"}, {"dong": "105"}, {"nam": "inf"}]
)
def test_a_window_that_is_none_is_refused_with_what_is_needed(client, agency, monkeypatch, spoiled):
    communes = places.units_on(NOW.date(), "commune")
    key = dataset_anywhere(agency, [(*row[:3], communes[0].full_name, *row[4:]) for row in CHARGING])
    monkeypatch.setattr(public, "MOST_POINTS", 50)
    window = {"tay": "106", "nam": "20.5", "dong": "107", "bac": "21.5", "z": "10"} | spoiled
    answer = client.get(f"/du-lieu/{key}/diem.json", window)
    assert answer.status_code == 422
    assert "bốn cạnh" in answer.content.decode()
