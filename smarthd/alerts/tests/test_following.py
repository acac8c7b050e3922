"""Others' messages fetched on time or when asked: what is wrong stops only itself, and is said in words beside the source."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from smarthd.agencies.rules import Role
from smarthd.alerts import errors
from smarthd.alerts.adapters.fetching import HttpsFetcher
from smarthd.alerts.models import Alert, TrustedSource
from smarthd.alerts.ports import SourceSilent
from smarthd.alerts.selectors import sources as selectors
from smarthd.alerts.services import following
from smarthd.alerts.services.following import SourceWishes
from smarthd.alerts.tests import make
from smarthd.alerts.tests.make import NOW, SYSTEM
from smarthd.alerts.tests.test_importing import SENDER, Forecaster
from smarthd.kernel.errors import NotAllowed, Refusal

URL = "https://kttv.example/cap.xml"
XXE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
BOMB = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><alert>&b;</alert>'


class FakeFetcher:
    """Gives what it was told for each address, or fails as told."""

    def __init__(self, given: dict[str, bytes | Exception]) -> None:
        self.given, self.asked = given, []

    def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        found = self.given[url]
        if isinstance(found, Exception):
            raise found
        return found


def wishes(land: make.Land, house: Forecaster, **more: object) -> SourceWishes:
    plain: dict[str, object] = {
        "key": "kttv", "name": "Trung tâm Dự báo", "sender": SENDER, "url": URL, "agency_id": land.province,
        "every_minutes": 15, "certificate_pem": house.pem,
    }  # fmt: skip
    return SourceWishes(**(plain | more))  # type: ignore[arg-type]


@pytest.fixture
def house(land: make.Land) -> Forecaster:
    made = Forecaster()
    following.keep_source(wishes(land, made), actor=SYSTEM, now=NOW)
    return made


def source() -> TrustedSource:
    return TrustedSource.objects.get(key="kttv")


def follow(raw: bytes | Exception, *, now=NOW) -> FakeFetcher:
    fetcher = FakeFetcher({URL: raw})
    following.follow_due(now=now, fetches=fetcher)
    return fetcher


def test_a_message_becomes_a_draft_on_the_hour_it_is_due_and_not_before(land, house):
    assert follow(house.says(land)).asked == [URL]
    alert = Alert.objects.get()
    assert (alert.state, alert.agency_id) == ("draft", land.province)
    assert (source().fault, source().fetched_at) == ("", NOW)
    assert follow(b"", now=NOW + timedelta(minutes=14)).asked == []
    assert follow(house.says(land), now=NOW + timedelta(minutes=15)).asked == [URL]
    assert Alert.objects.count() == 1


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (XXE, "DOCTYPE"),
        (BOMB, "DOCTYPE"),
        (b"<html>", "không phải bản tin CAP"),
        (b" " * 900_001, "quá lớn"),
        (SourceSilent("máy chủ trả lời 503, đang trục trặc"), "trả lời 503"),
    ],
)
def test_what_cannot_be_taken_in_is_said_beside_the_source_and_makes_no_draft(land, house, raw, words):
    follow(raw)
    assert words in source().fault
    assert source().fetched_at is None
    assert not Alert.objects.exists()
    [shown] = selectors.sources_for(make.officer(land.province, Role.ALERT_AUTHOR), now=NOW)
    assert words in shown.fault


def test_a_wrong_signature_is_refused_in_words_and_the_next_good_message_clears_it(land, house):
    follow(house.says(land).replace("mạnh cấp 12".encode(), "đã tan hết".encode()))
    assert "chữ ký" in source().fault
    assert not Alert.objects.exists()
    follow(house.says(land), now=NOW + timedelta(minutes=15))
    assert source().fault == ""
    assert Alert.objects.count() == 1


def test_one_bad_message_of_a_feed_stops_no_other(land, house):
    feed = b"<feed xmlns='http://www.w3.org/2005/Atom'>" + b"".join(
        f"<entry><link type='application/cap+xml' href='https://kttv.example/{n}'/></entry>".encode() for n in (1, 2, 3)
    )
    stranger = Forecaster("ai-do@la.example")
    given: dict[str, bytes | Exception] = {
        URL: feed + b"</feed>",
        "https://kttv.example/1": stranger.says(land, "la.1"),
        "https://kttv.example/2": XXE,
        "https://kttv.example/3": house.says(land, "kttv.3"),
    }
    following.follow_due(now=NOW, fetches=FakeFetcher(given))
    assert Alert.objects.count() == 1
    assert "chữ ký" in source().fault
    assert "DOCTYPE" in source().fault
    assert source().fetched_at == NOW


def test_one_source_that_fails_stops_no_other(land, house):
    other = Forecaster("khac@kttv.example")
    following.keep_source(
        wishes(land, other, key="a-khac", sender=other.sender, url="https://khac.example/"), actor=SYSTEM, now=NOW
    )
    given = {URL: SourceSilent("không kết nối được"), "https://khac.example/": other.says(land)}
    assert following.follow_due(now=NOW, fetches=FakeFetcher(given)) == 2
    assert Alert.objects.count() == 1


def test_a_source_without_a_rhythm_is_fetched_only_when_asked(land, house):
    following.keep_source(wishes(land, house, every_minutes=0), actor=SYSTEM, now=NOW)
    assert follow(b"").asked == []
    following.ask_source("kttv", actor=make.officer(land.province, Role.ALERT_AUTHOR), now=NOW)
    assert follow(house.says(land), now=NOW + timedelta(seconds=2)).asked == [URL]
    assert follow(b"", now=NOW + timedelta(minutes=30)).asked == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"key": "Có Dấu"}, "key"), ({"name": " "}, "name"), ({"url": "http://kttv.example/"}, "url"),
        ({"every_minutes": 7}, "every"), ({"certificate_pem": b"x"}, "certificate"), ({"sender": "a b"}, "sender"),
    ],
)  # fmt: skip
def test_a_source_told_wrong_is_refused_beside_its_field_and_the_one_pinned_stays(land, house, more, field):
    with pytest.raises(errors.SourceFaulty) as wrong:
        following.keep_source(wishes(land, house, **more), actor=SYSTEM, now=NOW)
    assert field in wrong.value.facts["fields"]
    assert source().url == URL


def test_a_source_changed_without_a_certificate_keeps_the_one_pinned(land, house):
    before = source().fingerprint
    following.keep_source(wishes(land, house, certificate_pem=b"", every_minutes=60), actor=SYSTEM, now=NOW)
    assert (source().fingerprint, source().every_minutes) == (before, 60)


def test_drafts_belong_to_an_agency_of_the_whole_province(land, house):
    with pytest.raises(errors.SourceFaulty):
        following.keep_source(wishes(land, house, agency_id=land.commune), actor=SYSTEM, now=NOW)


MATRIX = {"see": "head delegate alert_author alert_approver auditor administrator", "keep": "administrator", "ask": "administrator alert_author alert_approver"}  # fmt: skip


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_keeps_and_asks_sources(land, house, role):
    acts = {
        "see": lambda actor: selectors.sources_for(actor, now=NOW),
        "keep": lambda actor: following.keep_source(wishes(land, house), actor=actor, now=NOW),
        "ask": lambda actor: following.ask_source("kttv", actor=actor, now=NOW),
    }
    for agency in (land.province, land.commune):
        actor = make.officer(agency, role)
        for name, act in acts.items():
            if agency == land.province and role.value in MATRIX[name].split():
                act(actor)
            else:
                with pytest.raises((NotAllowed, errors.SourceUnknown)):
                    act(actor)


# --- the fetcher itself ---------------------------------------------------------------------------------------------
@contextmanager
def server(answer) -> Iterator[str]:
    """Serve one answer on loopback while the block lasts."""

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Desk) as house:
        threading.Thread(target=house.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{house.server_address[1]}/cap.xml"
        finally:
            house.shutdown()


def says(desk: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    desk.send_response(status)
    for name, value in headers.items():
        desk.send_header(name, value)
    desk.end_headers()
    desk.wfile.write(body)


def test_the_fetcher_brings_what_is_there():
    with server(lambda desk: says(desk, 200, b"<alert/>")) as url:
        assert HttpsFetcher(loopback=True).fetch(url) == b"<alert/>"


def test_two_hundred_megabytes_are_not_read_to_the_end():
    sent = []

    def flood(desk: BaseHTTPRequestHandler) -> None:
        desk.send_response(200)
        desk.send_header("Content-Length", str(200 << 20))
        desk.end_headers()
        try:
            for _piece in range(200):
                desk.wfile.write(b"x" * (1 << 20))
                sent.append(1)
        except OSError:
            return

    with server(flood) as url, pytest.raises(SourceSilent, match="lớn hơn 900 kB"):
        HttpsFetcher(loopback=True).fetch(url)
    assert len(sent) < 100


@pytest.mark.parametrize(
    ("status", "words"),
    [(301, "địa chỉ khác"), (404, "không có ở địa chỉ này"), (403, "không cho phép"), (502, "đang trục trặc")],
)
def test_what_is_no_answer_is_said_in_words(status, words):
    moved = server(lambda desk: says(desk, status, Location="https://evil.example/"))
    with moved as url, pytest.raises(SourceSilent, match=words):
        HttpsFetcher(loopback=True).fetch(url)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/a", "https://127.0.0.1/a", "https://[::1]/", "https://10.0.0.1/", "https://169.254.169.254/", "https://u:p@x.example/", "file:///etc/passwd", "https://", "gopher://x", "https://[bad"]
)  # fmt: skip
def test_no_address_inside_the_house_is_fetched(url):
    with pytest.raises(SourceSilent):
        HttpsFetcher(loopback=False).fetch(url)


def test_a_refusal_of_this_kind_has_words_for_people():
    from smarthd.alerts.rules.refusals import WORDS

    assert issubclass(errors.SourceFaulty, Refusal)
    assert {"SourceFaulty", "SourceUnknown", "CapUnsigned"} <= WORDS.keys()
