"""Warnings as citizens and machines read them, and what citizens answer."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from defusedxml import ElementTree
from django.test import Client

from smarthd.alerts.adapters.fake import FakeBroadcaster
from smarthd.alerts.models import Alert, Answer, Opening
from smarthd.alerts.rules.messages import Kind, Status
from smarthd.alerts.selectors import helps, public
from smarthd.alerts.services import approving, broadcasting, composing, issuing, publishing
from smarthd.alerts.tests import make
from smarthd.alerts.tests.make import NOW, Land
from smarthd.citizen import commune
from smarthd.citizen.views.alerts import feeds as feed_views
from smarthd.kernel import clock, events
from tests.planting import planted_once

_land = planted_once(make.land)
RING = ((106.29, 20.89), (106.31, 20.89), (106.31, 20.92), (106.29, 20.92))


@pytest.fixture
def land(_land: Land, db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Land]:
    settings.DATA_DIR = tmp_path
    clock.set_now(NOW)
    public.forget()
    feed_views.CACHE.clear()
    fake = FakeBroadcaster()
    monkeypatch.setattr(broadcasting, "broadcaster", lambda: fake)
    yield copy.deepcopy(_land)
    public.forget()


def reader(land: Land, name: str) -> Client:
    client = Client()
    client.cookies[commune.COOKIE] = land.units[name].uid.hex
    return client


def test_only_people_of_the_communes_see_the_strip_on_their_pages(land):
    alert = make.issued(land)
    for address in ("/", "/danh-ba/", "/thong-bao/", "/phan-anh/"):
        for name, seen in (("c0", True), ("c1", True), ("c2", False)):
            text = reader(land, name).get(address).content.decode()
            assert (alert.headline_vi in text) is seen, (address, name)


def test_a_reader_whose_commune_nobody_knows_sees_what_hangs_lives(land):
    alert = make.issued(land)
    assert alert.headline_vi in Client().get("/").content.decode()


def test_the_strip_goes_the_moment_it_is_over(land):
    alert = make.issued(land)
    assert alert.code in reader(land, "c0").get("/danh-ba/").content.decode()
    clock.set_now(alert.expires_at)
    assert alert.code not in reader(land, "c0").get("/danh-ba/").content.decode()


def test_the_page_says_what_to_do_where_until_when_and_whom_to_call(land):
    alert = make.issued(land, ring=RING)
    page = reader(land, "c0").get(f"/canh-bao/{alert.code}/").content.decode()
    for words in (alert.headline_vi, alert.instruction_vi, alert.description_vi, alert.contact, ", ".join(land.units[name].full_name for name in ("c0", "c1")), "Cấp 3", "Tôi an toàn", "Cần giúp", "tel:112"):  # fmt: skip
        assert words in page, words
    english = reader(land, "c0")
    english.cookies["smarthd_lang"] = "en"
    assert alert.headline_en in english.get(f"/canh-bao/{alert.code}/").content.decode()


@pytest.mark.parametrize("address", ["/canh-bao/", "/canh-bao/{code}/", "/danh-ba/", "/canh-bao/feed.atom", "/canh-bao/feed.rss", "/canh-bao/feed.json", "/canh-bao/feed.geojson", "/canh-bao/{code}.xml"])  # fmt: skip
def test_a_drill_says_so_wherever_it_is_read(land, address):
    alert = make.issued(land, status=Status.EXERCISE)
    text = reader(land, "c0").get(address.format(code=alert.code)).content.decode()
    assert f"DIỄN TẬP: {alert.headline_vi}" in text


@pytest.mark.parametrize("address", ["/canh-bao/", "/canh-bao/{code}/", "/canh-bao/{code}.xml", "/danh-ba/", "/canh-bao/feed.atom", "/canh-bao/feed.rss", "/canh-bao/feed.json", "/canh-bao/feed.geojson", "/canh-bao/xa/{xa}.json"])  # fmt: skip
def test_a_test_is_read_nowhere_but_by_its_testers(land, address):
    alert = make.issued(land, status=Status.TEST, testers=(make.account(),))
    events.deliver_owed()
    answer = reader(land, "c0").get(address.format(code=alert.code, xa=land.units["c0"].code))
    assert alert.headline_vi not in answer.content.decode()


def test_what_was_updated_leads_to_what_is_newer(land):
    first = make.issued(land)
    update = composing.draft_change(first.uid, kind=Kind.UPDATE, actor=land.author, now=NOW)
    update = composing.submit(update.uid, version=1, actor=land.author, now=NOW)
    approving.approve_alert(update.uid, content_hash=update.content_hash, actor=make.proving(land.approver), now=NOW)
    page = reader(land, "c0").get(f"/canh-bao/{first.code}/").content.decode()
    assert f"/canh-bao/{update.code}/" in page
    assert "Đã có tin mới hơn" in page


@pytest.mark.parametrize("code", ["CB-KHONGCO", "khong-co", "%00", "x" * 200, "CB-' OR 1=1"])
def test_a_code_of_nothing_is_not_found(land, code):
    assert Client().get(f"/canh-bao/{code}/").status_code == 404


# --- feeds and files ---------------------------------------------------------------------------------------------------
def test_feeds_are_what_they_say_and_answer_304_to_who_has_them(land):
    alert = make.issued(land, ring=RING)
    atom = Client().get("/canh-bao/feed.atom")
    root = ElementTree.fromstring(atom.content)
    [entry] = root.findall("{http://www.w3.org/2005/Atom}entry")
    links = {link.get("rel"): link for link in entry.findall("{http://www.w3.org/2005/Atom}link")}
    assert links["related"].get("href").endswith(f"/canh-bao/{alert.code}.xml")
    assert entry.findtext("{urn:oasis:names:tc:emergency:cap:1.2}severity") == "Severe"
    rss = ElementTree.fromstring(Client().get("/canh-bao/feed.rss").content)
    assert [item.findtext("title") for item in rss.iter("item")] == [alert.headline_vi]
    told = json.loads(Client().get("/canh-bao/feed.json").content)
    assert [item["title"] for item in told["items"]] == [alert.headline_vi]
    shapes = json.loads(Client().get("/canh-bao/feed.geojson").content)
    assert shapes["features"][0]["geometry"]["type"] == "Polygon"
    for kind in ("atom", "rss", "json", "geojson"):
        first = Client().get(f"/canh-bao/feed.{kind}")
        again = Client().get(f"/canh-bao/feed.{kind}", headers={"if-none-match": first["ETag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_a_feed_narrowed_to_a_commune_holds_its_own_alone(land):
    make.issued(land)
    for name, count in (("c0", 1), ("c2", 0)):
        told = json.loads(Client().get(f"/canh-bao/feed.json?xa={land.units[name].code}").content)
        assert len(told["items"]) == count
    assert Client().get("/canh-bao/feed.json?xa=khong").status_code == 422


def test_a_feed_never_exceeds_900_kilobytes(land):
    many = [public.alert_page(make.issued(land, description_vi="Mưa to. " * 240, instruction_vi="Ở nhà. " * 280).code, account_id=None)] * 400  # fmt: skip
    text = feed_views._bounded(feed_views.alert_feeds.atom, many, "")
    assert 600_000 < len(text.encode()) <= feed_views.LARGEST


def test_the_signed_message_is_handed_out_byte_for_byte(land):
    alert = make.issued(land)
    answer = Client().get(f"/canh-bao/{alert.code}.xml")
    assert answer.content == bytes(alert.cap)
    assert answer["Content-Type"].startswith("application/cap+xml")
    assert b"BEGIN CERTIFICATE" in Client().get("/canh-bao/chung-thu.pem").content


def test_a_communes_file_is_written_when_it_goes_out_and_again_when_it_is_over(land):
    code, other = land.units["c0"].code, land.units["c2"].code
    assert json.loads(Client().get(f"/canh-bao/xa/{code}.json").content)["alerts"] == []
    alert = make.issued(land)
    events.deliver_owed()
    told = json.loads(publishing.file_of(code).read_bytes())
    assert [one["code"] for one in told["alerts"]] == [alert.code]
    assert told["alerts"][0]["headline"]["vi"] == alert.headline_vi
    assert not publishing.file_of(other).exists()
    first = Client().get(f"/canh-bao/xa/{code}.json")
    assert Client().get(f"/canh-bao/xa/{code}.json", headers={"if-none-match": first["ETag"]}).status_code == 304
    clock.set_now(alert.expires_at)
    issuing.expire_due(now=clock.now())
    events.deliver_owed()
    assert json.loads(publishing.file_of(code).read_bytes())["alerts"] == []
    assert Client().get("/canh-bao/xa/khong.json").status_code == 404


def test_the_files_are_read_without_the_database(land, django_assert_num_queries):
    make.issued(land)
    events.deliver_owed()
    with django_assert_num_queries(0):
        assert Client().get(f"/canh-bao/xa/{land.units['c0'].code}.json").status_code == 200


def test_an_open_screen_hears_of_news_once_and_holds_no_thread(land):
    address = f"/canh-bao/luong/{land.units['c0'].code}/"
    make.issued(land)
    events.deliver_owed()
    first = Client().get(address).content.decode()
    assert "event: alerts" in first
    mark = first.split("id: ")[1].split("\n")[0]
    again = Client().get(address, headers={"last-event-id": mark}).content.decode()
    assert "event:" not in again
    assert f"id: {mark}" in again


# --- answers -----------------------------------------------------------------------------------------------------------
def say(client: Client, alert: Alert, **fields: object) -> Any:
    return client.post(f"/canh-bao/{alert.code}/tra-loi/", {"client_id": uuid4(), **fields})


def test_a_phone_without_account_says_it_is_safe_and_then_calls_for_help(land):
    alert, phone = make.issued(land), reader(land, "c0")
    uid = str(land.units["c0"].uid)
    answer = say(phone, alert, answer="safe", commune=uid)
    assert (answer.status_code, answer["Location"]) == (302, f"/canh-bao/{alert.code}/?da-gui=safe#tra-loi")
    answer = say(phone, alert, answer="help", commune=uid, place="Nhà văn hóa thôn 3", people=4, phone="0912 345 678", words="Cần thuyền")  # fmt: skip
    assert answer.status_code == 302
    safe, asked = Answer.objects.order_by("id")
    assert safe.superseded_at is not None
    assert asked.superseded_at is None
    [seen] = helps.helps_for(land.dispatcher, alert.incident, now=NOW)
    assert (seen.people, seen.phone, seen.place, seen.state) == (4, "0912 345 678", "Nhà văn hóa thôn 3", "open")
    assert b"0912" not in bytes(asked.phone_sealed)
    assert helps.helps_for(land.other_dispatcher, alert.incident, now=NOW) == []
    assert len(helps.helps_for(land.author, alert.incident, now=NOW)) == 1
    say(phone, alert, answer="safe", commune=uid)
    [seen] = helps.helps_for(land.dispatcher, alert.incident, now=NOW)
    assert seen.state == "closed"


def test_the_same_answer_sent_twice_is_one(land):
    alert, phone, client_id = make.issued(land), reader(land, "c0"), uuid4()
    sent = {"client_id": client_id, "answer": "help", "commune": str(land.units["c0"].uid), "place": "Thôn 3"}
    for _ in range(3):
        answer = phone.post(f"/canh-bao/{alert.code}/tra-loi/", sent, headers={"accept": "application/json"})
        assert answer.status_code == 201
    assert Answer.objects.count() == 1


def test_a_call_for_help_from_a_page_that_said_safe_before_is_not_swallowed(land):
    alert, phone, client_id = make.issued(land), reader(land, "c0"), uuid4()
    for answer in ("safe", "help"):
        sent = {"client_id": client_id, "answer": answer, "commune": str(land.units["c0"].uid), "place": "Thôn 3"}
        assert phone.post(f"/canh-bao/{alert.code}/tra-loi/", sent).status_code == 302
    assert Answer.objects.get(superseded_at=None).answer == "help"


@pytest.mark.parametrize(("first", "then"), [("safe", "help"), ("help", "safe")])
def test_what_waited_on_the_phone_does_not_undo_what_was_said_since(land, first, then):
    alert, phone = make.issued(land), reader(land, "c0")
    clock.set_now(NOW + timedelta(hours=1))
    uid = str(land.units["c0"].uid)
    say(phone, alert, answer=then, commune=uid, place="Thôn 3", at=(NOW + timedelta(minutes=50)).isoformat())
    say(phone, alert, answer=first, commune=uid, place="Thôn 3", at=(NOW + timedelta(minutes=40)).isoformat())
    assert Answer.objects.get(superseded_at=None).answer == then
    assert Answer.objects.filter(answer="help", state="open").count() == (1 if then == "help" else 0)


def test_an_answer_under_a_strangers_name_is_an_answer_of_its_own(land):
    alert, client_id = make.issued(land), uuid4()
    for name in ("c0", "c1"):
        sent = {"client_id": client_id, "answer": "help", "commune": str(land.units[name].uid), "place": "Thôn 3"}
        assert reader(land, name).post(f"/canh-bao/{alert.code}/tra-loi/", sent).status_code == 302
    assert Answer.objects.filter(superseded_at=None).count() == 2


def test_a_position_tells_the_commune_wherever_the_phone_lives(land):
    alert, unit = make.issued(land), land.units["c1"]
    say(reader(land, "c0"), alert, answer="help", lat=unit.lat, lon=unit.lon)
    assert Answer.objects.get().commune_id == unit.id


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Chọn “Tôi an toàn”"),
        ({"answer": "help"}, "đang ở đâu"),
        ({"answer": "safe", "commune": ""}, "Chọn xã, phường"),
        ({"answer": "help", "place": "x", "people": 0}, "từ 1 đến 999"),
        ({"answer": "help", "place": "x", "people": "nhiều"}, "error-summary"),
        ({"answer": "help", "place": "x", "phone": "12"}, "Số điện thoại chưa đúng"),
        ({"answer": "help", "place": "x" * 201}, "Viết ngắn hơn"),
        ({"answer": "help", "place": "x", "commune": str(uuid4())}, "Chọn xã, phường"),
    ],
)
def test_a_wrong_answer_comes_back_with_what_was_typed(land, fields, words):
    alert = make.issued(land)
    sent = {"commune": str(land.units["c0"].uid), "words": "Cần thuyền"} | fields
    answer = say(reader(land, "c0"), alert, **sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "Cần thuyền" in page
    assert Answer.objects.count() == 0


def test_an_answer_long_after_the_end_is_told_whom_to_call(land):
    alert = make.issued(land)
    clock.set_now(alert.expires_at + timedelta(hours=11))
    asks = 'name="answer" value="help"'
    assert asks in reader(land, "c0").get(f"/canh-bao/{alert.code}/").content.decode()
    clock.set_now(alert.expires_at + timedelta(hours=13))
    assert asks not in reader(land, "c0").get(f"/canh-bao/{alert.code}/").content.decode()
    answer = say(reader(land, "c0"), alert, answer="safe", commune=str(land.units["c0"].uid))
    assert answer.status_code == 409
    assert "112" in answer.content.decode()


def test_one_phone_cannot_flood_the_desk(land):
    alert, phone = make.issued(land), reader(land, "c0")
    found = [say(phone, alert, answer="safe", commune=str(land.units["c0"].uid)).status_code for _ in range(31)]
    assert found == [302] * 30 + [429]


def test_an_opening_is_counted_once_a_phone_and_leaves_nothing_on_it(land):
    alert, known, stranger = make.issued(land), reader(land, "c0"), reader(land, "c1")
    say(known, alert, answer="safe", commune=str(land.units["c0"].uid))  # from here the phone has a secret of its own
    for _ in range(2):
        assert known.post(f"/canh-bao/{alert.code}/da-mo/").status_code == 204
    assert stranger.post(f"/canh-bao/{alert.code}/da-mo/").status_code == 204
    assert "smarthd_pa" not in stranger.cookies
    assert Opening.objects.filter(alert=alert).count() == 2


@pytest.mark.parametrize("address", ["tra-loi", "da-mo"])
def test_answers_are_posted_with_a_token_of_ours(land, address):
    alert = make.issued(land)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/canh-bao/{alert.code}/{address}/", {"answer": "safe"}).status_code == 403
