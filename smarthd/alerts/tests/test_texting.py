"""Texts where push did not arrive: which warnings, to whom, how many, and what becomes of each."""

from __future__ import annotations

from datetime import timedelta

import pytest

from smarthd.alerts.rules import texts as rules
from smarthd.alerts.rules.messages import Channel, Kind, Severity, Status, Urgency
from smarthd.alerts.selectors import reach
from smarthd.alerts.services import broadcasting, texting
from smarthd.alerts.tests import make
from smarthd.alerts.tests.make import NOW
from smarthd.messaging.adapters.fake import FakeGateway, FakeZalo
from smarthd.messaging.models import PushSubscription, TextNotice
from smarthd.messaging.ports import GatewayRefused, GatewayUnavailable
from smarthd.messaging.rules import LONGEST_TEXT, TextState, sms_of
from smarthd.messaging.services import texting as messaging
from smarthd.messaging.tests import make as messaging_make
from smarthd.people import rules as people_rules
from smarthd.people import services as people
from smarthd.people.tests import make as people_make

LATER = NOW + rules.AFTER


@pytest.fixture
def limit(settings):
    settings.TEXTS_MOST = 10
    return settings


def person(land: make.Land, place: str = "c0", *, agrees: bool = True) -> int:
    account = people_make.account(now=NOW)
    people.set_home(account.pk, home_id=land.units[place].id, now=NOW)
    if agrees:
        words = people_rules.wording_in_force(people_rules.Purpose.PUSH, NOW.date())
        people.give_consent(
            account.pk,
            purpose=words.purpose,
            wording_version=words.version,
            means=people_rules.Means.OWN_PHONE,
            now=NOW,
        )
    return account.pk


@pytest.mark.parametrize(
    ("change", "worth"),
    [
        ({}, True), ({"level": 5}, True), ({"level": 2}, False), ({"level": None, "life": True}, True), ({"level": None, "life": False}, False),
        ({"kind": Kind.UPDATE}, True), ({"kind": Kind.CANCEL}, False), ({"status": Status.EXERCISE}, False), ({"status": Status.TEST}, False),
        ({"channels": (Channel.FEEDS,)}, False),
    ],
)  # fmt: skip
def test_what_is_worth_a_text(change, worth):
    told = {"status": Status.ACTUAL, "kind": Kind.ALERT, "level": 3, "life": False, "channels": tuple(Channel)}
    assert rules.worth_a_text(**(told | change)) is worth


def test_a_text_has_no_marks_is_short_and_keeps_the_whole_address():
    url = "https://smart.example.vn/canh-bao/CB-7Q2M/"
    said = sms_of("Lũ sông Thái Bình lên nhanh", "Rời vùng bãi ngoài đê. " * 40, url)
    assert said.isascii()
    assert said.startswith("Lu song Thai Binh len nhanh. Roi vung bai ngoai de.")
    assert said.endswith(f"... {url}")
    assert len(said) <= LONGEST_TEXT


def test_who_lives_there_agreed_and_was_not_reached_is_texted_and_nobody_else(land, limit):
    unreached = person(land)
    person(land, agrees=False)
    person(land, "c2")
    reached = person(land)
    alert = make.issued(land, communes=land.at("c0"))
    phone = messaging_make.subscribed(land.at("c0"), account_id=reached, now=NOW)
    accept(alert, phone)
    assert texting.text_owed(now=LATER - timedelta(seconds=1)) == 0
    assert texting.text_owed(now=LATER) == 1
    assert texting.text_owed(now=LATER) == 0
    assert list(TextNotice.objects.values_list("account_id", flat=True)) == [unreached]
    gateway = FakeGateway()
    messaging.send_due_texts(now=LATER, sms=gateway)
    [(number, said)] = gateway.sent.values()
    assert number.startswith("+84")
    assert f"/canh-bao/{alert.code}/" in said


def accept(alert, phone: PushSubscription) -> None:
    """Write down that one phone's push was accepted, as the ledger does."""
    from smarthd.messaging.models import Fanout, FanoutChunk

    fanout = Fanout.objects.create(
        key=broadcasting.key_of(alert.uid), lane="life", topic="alerts", payloads={}, expires_at=alert.expires_at, targeted=1,
        audience_hash="x", created_at=NOW,
    )  # fmt: skip
    FanoutChunk.objects.create(
        fanout=fanout, rank=0, origin="https://x", ids=phone.pk.to_bytes(8, "little"), spans=[[1, 1]], size=1,
        accepted=b"\x01", accepted_count=1, state="done", not_before=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    "change", [{"status": Status.EXERCISE}, {"level": 2, "severity": Severity.MINOR, "urgency": Urgency.FUTURE}]
)
def test_a_drill_and_a_slight_warning_text_nobody(land, limit, change):
    person(land)
    make.issued(land, communes=land.at("c0"), **change)
    assert texting.text_owed(now=LATER) == 0


def test_no_more_than_the_limit_goes_and_the_desk_says_how_many_are_left_out(land, limit):
    limit.TEXTS_MOST = 2
    for _ in range(5):
        person(land)
    alert = make.issued(land, communes=land.at("c0"))
    assert texting.text_owed(now=LATER) == 2
    messaging.send_due_texts(now=LATER, sms=FakeGateway())
    told = reach.table_of(alert, now=LATER).texts
    assert told is not None
    assert (told.sent, told.waiting, told.failed, told.over_limit) == (2, 0, 0, 3)


def test_without_a_limit_set_nothing_goes(land, settings):
    assert settings.TEXTS_MOST == 0
    person(land)
    make.issued(land, communes=land.at("c0"))
    assert texting.text_owed(now=LATER) == 0


def test_zalo_goes_first_and_sms_takes_what_zalo_refuses(land, limit):
    first, second = person(land), person(land)
    make.issued(land, communes=land.at("c0"))
    texting.text_owed(now=LATER)
    zalo, sms = FakeZalo(), FakeGateway()
    zalo.failures = [GatewayRefused("Zalo -118")]
    messaging.send_due_texts(now=LATER, sms=sms, zalo=zalo)
    assert (len(zalo.sent), len(sms.sent)) == (1, 1)
    ways = dict(TextNotice.objects.values_list("account_id", "via"))
    assert ways == {first: "sms", second: "zalo"}


def test_what_cannot_be_sent_is_tried_again_and_ends_in_a_state_the_desk_shows(land, limit):
    person(land)
    alert = make.issued(land, communes=land.at("c0"))
    texting.text_owed(now=LATER)
    sms, now = FakeGateway(), LATER
    sms.failures = [GatewayUnavailable("HTTP 503")] * 9
    for _try in range(9):
        messaging.send_due_texts(now=now, sms=sms)
        now += timedelta(minutes=11)
    row = TextNotice.objects.get()
    assert (row.state, row.tries) == (TextState.FAILED, 4)
    told = reach.table_of(alert, now=now).texts
    assert told is not None
    assert told.failed == 1


def test_who_takes_the_agreement_back_in_between_is_not_texted(land, limit):
    account_id = person(land)
    make.issued(land, communes=land.at("c0"))
    texting.text_owed(now=LATER)
    people.withdraw_consent(account_id, purpose=people_rules.Purpose.PUSH, now=LATER)
    sms = FakeGateway()
    messaging.send_due_texts(now=LATER, sms=sms)
    assert sms.sent == {}
    assert TextNotice.objects.get().state == TextState.DROPPED


def test_what_is_over_is_not_texted_any_more(land, limit):
    person(land)
    alert = make.issued(land, communes=land.at("c0"))
    texting.text_owed(now=LATER)
    broadcasting.stop(alert.uid, now=LATER)
    sms = FakeGateway()
    assert messaging.send_due_texts(now=LATER, sms=sms) == 0
    assert TextNotice.objects.get().state == TextState.DROPPED
