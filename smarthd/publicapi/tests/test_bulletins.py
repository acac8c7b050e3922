"""Bulletins where others read them: a receiver behind a secret link, a portal's frame that only that portal may hold."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import resolve

from smarthd.channels.adapters.fake import FakeSpeaker
from smarthd.channels.models import Dispatch, Outlet
from smarthd.channels.rules import links
from smarthd.channels.rules.bulletins import Change, Source
from smarthd.channels.rules.dispatches import State
from smarthd.channels.rules.outlets import Kind
from smarthd.channels.services import dispatching, speaking
from smarthd.channels.tests import make
from smarthd.kernel import clock
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
_here = planted_once(make.land)


@pytest.fixture
def here(_here, db, monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(speaking, "voice", FakeSpeaker)
    clock.set_now(make.NOW)
    yield copy.deepcopy(_here)
    clock.set_now(None)


def sent(**more):
    row = make.taken(**more)
    dispatching.send_due(now=make.NOW, carry=make.FakeRoads())
    return row


def portal() -> Outlet:
    return Outlet.objects.get(kind=Kind.PORTAL)


def test_the_addresses_channels_hands_out_are_the_ones_served():
    assert resolve(links.receiver("a" * 32)).url_name == "receiver"
    assert resolve(links.recording("a" * 32)).url_name == "file"
    assert resolve(links.embed("abc123")).url_name == "frame"


def test_a_receiver_reads_and_says_that_it_was_aired(here):
    token = make.dispatch(sent(), Kind.RADIO).token
    page = Client().get(links.receiver(token))
    assert "Bão số 3 vào đất liền đêm nay" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert (
        page["Referrer-Policy"] == "same-origin"
    )  # the address is the key; "no-referrer" would take the form's Origin away too
    for suffix, head in (("docx", b"PK"), ("mp3", b"\xff\xfb"), ("pdf", b"%PDF")):
        assert Client().get(links.receiver(token) + f"loi-doc.{suffix}").content.startswith(head)
    assert Client().post(links.receiver(token), {"viec": "phat", "ten": "Chị Hoa, Đài Nam Sách"}).status_code == 302
    row = Dispatch.objects.get(token=token)
    assert (row.state, row.receipt) == (State.RECEIVED, "đã phát, đã đăng · Chị Hoa, Đài Nam Sách")
    assert Client().post(links.receiver(token), {"viec": "xoa"}).status_code == 404


def test_a_form_without_its_token_of_the_page_is_refused(here):
    token = make.dispatch(sent(), Kind.RADIO).token
    assert Client(enforce_csrf_checks=True).post(links.receiver(token), {"viec": "nhan"}).status_code == 403


def test_a_wrong_or_old_link_opens_nothing(here):
    token = make.dispatch(sent(), Kind.PRESS).token
    assert Client().get(links.receiver("x" * 32)).status_code == 404
    clock.set_now(make.NOW + timedelta(days=91))
    assert Client().get(links.receiver(token)).status_code == 404
    assert Client().get(links.recording(token)).status_code == 404


def test_a_receiver_of_what_is_replaced_is_told_not_to_air_it(here):
    first = sent(key="1", source=Source.ALERT)
    make.taken(key="2", source=Source.ALERT, replaces="1", change=Change.CANCEL, title="Bão số 3 đã tan")
    page = Client().get(links.receiver(make.dispatch(first, Kind.PRESS).token)).content.decode()
    assert "đừng phát bản này nữa" in page
    assert "Hủy: Bão số 3 đã tan" in page


def test_a_portal_shows_what_is_in_force_and_only_it_may_hold_the_frame(here):
    sent(title="Tin còn hiệu lực")
    sent(title="Tin của báo", kinds=[Kind.PRESS])
    answer = Client().get(links.embed(portal().embed_key))
    page = answer.content.decode()
    assert "Tin còn hiệu lực" in page
    assert "Tin của báo" not in page
    assert "<script" not in page
    assert "X-Frame-Options" not in answer
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors https://portal.example.vn" in policy
    assert "script-src 'none'" in policy
    assert not answer.cookies
    assert make.dispatch(sent(), Kind.PORTAL).state == State.SENT
    assert Dispatch.objects.filter(outlet=portal(), state=State.RECEIVED).count() == 1
    clock.set_now(make.NOW + timedelta(days=2))
    assert "Hiện không có bản tin nào" in Client().get(links.embed(portal().embed_key)).content.decode()


def test_what_is_replaced_leaves_the_frame_at_once(here):
    sent(key="1", source=Source.ALERT, title="Tin cũ")
    make.taken(key="2", source=Source.ALERT, replaces="1", change=Change.UPDATE, title="Tin mới")
    dispatching.send_due(now=clock.now(), carry=make.FakeRoads())
    page = Client().get(links.embed(portal().embed_key)).content.decode()
    assert "Tin cũ" not in page
    assert "Cập nhật: Tin mới" in page


def test_a_drill_says_so_in_frame_data_and_receivers_page(here):
    token = make.dispatch(sent(drill=True), Kind.PRESS).token
    frame = links.embed(portal().embed_key)
    assert "DIỄN TẬP" in Client().get(frame).content.decode()
    assert "DIỄN TẬP" in Client().get(links.receiver(token)).content.decode()
    [card] = Client().get(frame + "du-lieu.json").json()["bulletins"]
    assert card["title"].startswith("DIỄN TẬP")
    assert card["opening"].startswith("DIỄN TẬP")


def test_the_data_are_for_that_portals_pages_alone(here):
    sent()
    answer = Client().get(links.embed(portal().embed_key) + "du-lieu.json")
    assert answer["Access-Control-Allow-Origin"] == "https://portal.example.vn"
    [card] = answer.json()["bulletins"]
    assert card["title"] == "Bão số 3 vào đất liền đêm nay"
    assert set(card) == {"title", "opening", "body", "instruction", "area", "until", "sender", "link", "priority"}
    assert Client().get("/nhung/ban-tin.js")["Access-Control-Allow-Origin"] == "*"


def test_an_unknown_or_switched_off_portal_shows_nothing(here):
    assert Client().get(links.embed("0" * 24)).status_code == 404
    Outlet.objects.filter(kind=Kind.PORTAL).update(enabled=False)
    assert Client().get(links.embed(portal().embed_key)).status_code == 404


def test_hostile_words_stay_words(here):
    sent(title="<script>alert(1)</script>", body="<img src=x onerror=alert(1)>")
    page = Client().get(links.embed(portal().embed_key)).content.decode()
    assert "<script>alert" not in page
    assert "<img" not in page
