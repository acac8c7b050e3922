"""Dossiers: asked of the system that holds them, one at a time; nothing kept; who agreed is told when one moves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import ThreadingHTTPServer
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from hypothesis import given
from hypothesis import strategies as st

from smarthd.agencies.rules import Role
from smarthd.connectors.adapters import play
from smarthd.connectors.adapters.one_stop import OneStopRest
from smarthd.connectors.adapters.web import Web
from smarthd.connectors.errors import (
    ConsentMissing,
    DossierCodeStrange,
    DossierDeskFaulty,
    DossierDeskSilent,
    DossierUnknown,
    FollowUnknown,
)
from smarthd.connectors.models import DossierDesk, DossierFollow
from smarthd.connectors.ports import SourceRefused, SourceUnavailable
from smarthd.connectors.rules import dossiers as rules
from smarthd.connectors.rules.dossiers import Dossier, DossierStep
from smarthd.connectors.services import dossiers
from smarthd.connectors.tests import make
from smarthd.kernel.errors import NotAllowed
from smarthd.kernel.limits import TooManyAttempts
from smarthd.messaging import selectors as messaging

NOW = make.NOW
CODE = "000.00.12.H31-261120-0007"
MISSING = "000.00.12.H31-261120-0099"


class FakeSystem:
    """Knows one dossier, and can fail."""

    def __init__(self) -> None:
        self.state, self.finished, self.failure = "Thẩm định", False, None
        self.asked: list[str] = []

    def ask(self, code: str) -> Dossier | None:
        self.asked.append(code)
        if self.failure is not None:
            raise self.failure
        if code != CODE:
            return None
        steps = (DossierStep("2026-11-20T08:30", "Tiếp nhận hồ sơ", "Bộ phận một cửa"),)
        return Dossier(
            CODE, "Đăng ký khai sinh", self.state, "Phòng chuyên môn", "2026-11-20", "2026-12-05", self.finished, steps
        )


# --- the contract of what answers --------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def played() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), play.Play)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def rest(address: str, token: str = play.TOKEN, **place: str) -> OneStopRest:
    told = {"url": f"{address}/ho-so/{{code}}", "auth": "bearer", **play.PATHS, **place}
    return OneStopRest(told, secret={"token": token}, web=Web(inside=("127.0.0.1",)))


@pytest.fixture(params=["fake", "rest"])
def system(request: Any, played: str, monkeypatch: Any) -> Any:
    monkeypatch.setattr(play, "now", lambda: datetime(2026, 11, 24, 9, tzinfo=play.HERE))
    return FakeSystem() if request.param == "fake" else rest(played)


def test_a_system_tells_where_a_dossier_stands_and_none_for_a_code_it_does_not_know(system):
    found = system.ask(CODE)
    assert (found.code, found.received_on, found.due_on) == (CODE, "2026-11-20", "2026-12-05")
    assert found.state
    assert found.procedure
    assert found.steps[0].words == "Tiếp nhận hồ sơ"
    assert system.ask(CODE) == found, "asked twice it says the same"
    assert system.ask(MISSING) is None


def test_no_name_of_a_person_is_read_from_an_answer(played, monkeypatch):
    monkeypatch.setattr(play, "now", lambda: datetime(2026, 11, 24, 9, tzinfo=play.HERE))
    assert "Không ai" not in repr(rest(played).ask(CODE))


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"token": "sai"}, SourceRefused),
        ({"state": "khong.co"}, SourceRefused),
        ({"url": "http://127.0.0.1:9/{code}"}, SourceUnavailable),
        ({"url": "file:///etc/passwd{code}"}, SourceRefused),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words_without_the_key(played, told, refusal):
    with pytest.raises(refusal) as why:
        rest(played, **told).ask("000.00.12.H31-" + play.now().strftime("%y%m%d") + "-0002")
    assert play.TOKEN not in str(why.value)


def test_a_key_for_one_server_is_not_sent_to_one_inside_that_nobody_named(played):
    with pytest.raises(SourceRefused, match="mạng nội bộ"):
        OneStopRest({"url": f"{played}/ho-so/{{code}}"}, secret={}, web=Web()).ask(CODE)


# --- the mask ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        (CODE, True),
        (" 000.00.12.h31-261120-0007 ", True),
        ("000.00.12.H31–261120–0007", True),
        ("000.00.12.H31-261120-007", False),
        ("000.00.12.131-261120-0007", False),
        ("٠٠٠.00.12.H31-261120-0007", False),
        ("", False),
    ],
)
def test_a_code_is_known_by_its_mask(typed, fits):
    assert rules.fits(rules.normalised(typed), f"AAAAAA-9999 | {play.MASK}") == fits


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_mask_and_no_code_break_anything(typed, mask):
    assert rules.fits(rules.normalised(typed), mask) in {True, False}


# --- asking ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def desk(department: int) -> DossierDesk:
    return kept(department)


def kept(agency_id: int, *, actor: Any = make.SYSTEM, **told: Any) -> DossierDesk:
    place = {"url": "https://motcua.example.vn/{code}", "auth": "bearer"}
    said = {
        "key": "mot-cua", "title": "Một cửa cấp xã", "pattern": play.MASK, "example": CODE, "place": place, "secret": {"token": "bi-mat"}, **told,
    }  # fmt: skip
    return dossiers.keep_desk(agency_id=agency_id, actor=actor, now=NOW, **said)


def person() -> int:
    return int(get_user_model().objects.create(full_name="Nguyễn Văn Hòa", created_at=NOW).pk)


def ask(system: FakeSystem, typed: str = CODE, *, address: str = "203.0.113.7", now: datetime = NOW) -> Dossier:
    return dossiers.look_up(typed, address=address, now=now, make=lambda _desk: system)[1]


def test_who_tries_codes_is_stopped_after_a_few_misses_and_a_family_is_not(desk):
    system = FakeSystem()
    for _ in range(10):
        ask(system)
    for _ in range(dossiers.MISSED):
        with pytest.raises(DossierUnknown):
            ask(system, MISSING)
    with pytest.raises(TooManyAttempts):
        ask(system, MISSING)
    ask(system, MISSING.replace("0099", "0007"), address="203.0.113.8")
    with pytest.raises(DossierCodeStrange):
        ask(system, "07/2026")
    assert "07/2026" not in system.asked, "what is no code is asked of nobody"


def test_a_system_that_fails_is_left_alone_for_a_minute(desk):
    system = FakeSystem()
    system.failure = SourceUnavailable("máy chủ không trả lời kịp")
    with pytest.raises(DossierDeskSilent):
        ask(system)
    with pytest.raises(DossierDeskSilent):
        ask(system, now=NOW + timedelta(seconds=30))
    assert len(system.asked) == 1
    desk.refresh_from_db()
    assert desk.fault == "máy chủ không trả lời kịp"
    system.failure = None
    assert ask(system, now=NOW + timedelta(seconds=61)).state == "Thẩm định"
    desk.refresh_from_db()
    assert (desk.failed_at, desk.fault) == (None, "")


# --- being told --------------------------------------------------------------------------------------------------------
def followed(system: FakeSystem, account_id: int, **told: Any) -> DossierFollow:
    said = {"consented": True, "address": "203.0.113.7", "now": NOW, **told}
    return dossiers.follow(CODE, account_id=account_id, make=lambda _desk: system, **said)


def inbox(account_id: int) -> list[tuple[str, str]]:
    return [(item.title, item.body) for item in messaging.inbox_for(account_id).items]


def later(system: FakeSystem, hours: int) -> int:
    return dossiers.ask_due(now=NOW + timedelta(hours=hours), make=lambda _desk: system)


def test_nobody_is_told_without_having_agreed(desk):
    who = person()
    with pytest.raises(ConsentMissing):
        followed(FakeSystem(), who, consented=False)
    made = followed(FakeSystem(), who)
    assert made.consent_words == rules.CONSENT
    assert followed(FakeSystem(), who).pk == made.pk


def test_what_is_kept_of_a_follow_does_not_tell_the_dossier(desk):
    made = followed(FakeSystem(), person())
    kept_bytes = bytes(made.sealed_code) + bytes(made.code_index) + bytes(made.digest)
    assert CODE.encode() not in kept_bytes
    assert "Thẩm định".encode() not in kept_bytes


def test_a_dossier_that_moves_is_told_once_and_one_that_is_done_is_told_and_forgotten(desk):
    system, who = FakeSystem(), person()
    followed(system, who)
    assert later(system, 1) == 0
    assert len(system.asked) == 1, "it is not asked before its turn"
    assert later(system, 5) == 0
    system.state = "Trình lãnh đạo ký"
    assert later(system, 10) == 1
    assert later(system, 10) == 0
    [(title, body)] = inbox(who)
    assert title == "Hồ sơ …0007: có tin mới"
    assert body == "Trình lãnh đạo ký. Nơi giữ: Phòng chuyên môn."
    system.state, system.finished = "Đã có kết quả", True
    later(system, 20)
    assert inbox(who)[0][1].startswith("Đã có kết quả.")
    assert not DossierFollow.objects.exists()


def test_a_system_that_stays_silent_is_asked_again_and_given_up_with_a_word(desk, monkeypatch):
    monkeypatch.setattr(dossiers, "MOST_FAILURES", 2)
    system, who = FakeSystem(), person()
    followed(system, who)
    system.failure = SourceUnavailable("máy chủ không trả lời kịp")
    assert later(system, 5) == 0
    assert inbox(who) == []
    assert later(system, 10) == 1
    assert "không trả lời" in inbox(who)[0][1]


def test_agreement_ends_by_its_owner_by_time_and_with_the_desk(desk):
    system, who, other = FakeSystem(), person(), person()
    made = followed(system, who)
    with pytest.raises(FollowUnknown):
        dossiers.unfollow(made.uid, account_id=other)
    dossiers.unfollow(made.uid, account_id=who)
    followed(system, who)
    later(system, 24 * 181)
    assert "hết thời hạn" in inbox(who)[0][1]
    followed(system, other)
    dossiers.end_desk(desk.uid, actor=make.SYSTEM, now=NOW)
    assert "không còn được hỏi" in inbox(other)[0][1]
    with pytest.raises(DossierCodeStrange):
        ask(system)


# --- connecting --------------------------------------------------------------------------------------------------------
def test_a_system_is_connected_by_those_who_answer_for_it_and_its_key_dies_with_its_address(desk, department):
    for role in (Role.CLERK, Role.EDITOR, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            kept(department, actor=make.official(department, role))
    head = make.official(department, Role.HEAD)
    again = kept(department, actor=head, secret={})
    assert again.sealed_secret is not None
    moved = kept(department, actor=head, secret={}, place={"url": "https://khac.example.vn/{code}"})
    assert moved.sealed_secret is None
    with pytest.raises(DossierDeskFaulty) as refused:
        kept(department, title="M", pattern="*", example="x", place={"url": "https://a.example.vn/"})
    assert set(refused.value.facts["fields"]) == {"title", "pattern", "url"}
