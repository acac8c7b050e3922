"""Who brings warnings to phones keeps one contract; the one in service brings them sealed to real subscriptions, and counts as its ledger does."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import http_ece
import pytest

from smarthd.alerts.adapters.fake import FakeBroadcaster
from smarthd.alerts.adapters.inbox import InboxBroadcaster
from smarthd.alerts.adapters.push import PushBroadcaster
from smarthd.alerts.ports import Broadcast, Broadcaster
from smarthd.alerts.rules.messages import Kind, Severity, Status, Urgency
from smarthd.alerts.selectors import reach
from smarthd.alerts.services import approving, broadcasting, composing
from smarthd.alerts.tests import make
from smarthd.alerts.tests.make import NOW, Land
from smarthd.kernel import clock, events
from smarthd.messaging import selectors as messaging_selectors
from smarthd.messaging.adapters.webpush.fake import FakeTransport
from smarthd.messaging.models import Fanout, InboxItem, PushNotice
from smarthd.messaging.services.sending import Sender
from smarthd.messaging.tests import make as phones_make

KINDS = [InboxBroadcaster, PushBroadcaster, FakeBroadcaster]


def broadcast(land: Land, **changes: Any) -> Broadcast:
    words = {"title": "Lũ lên nhanh", "body": "Rời bãi ngoài đê.", "href": "/canh-bao/CB-ABC234/", "tag": "cb-1"}
    plain: dict[str, Any] = {
        "key": "alert:1",
        "lane": "life",
        "communes": land.at("c0"),
        "payloads": {"vi": words, "en": words | {"title": "River rising"}},
        "expires_at": NOW + timedelta(hours=6),
        "topic": "cb-1",
    }
    return Broadcast(**(plain | changes))


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def sends(request: pytest.FixtureRequest) -> Broadcaster:
    made: Broadcaster = request.param()
    return made


def test_the_same_key_twice_is_one_message(land, sends):
    for home in ("c0", "c1"):
        make.account(land.units[home].id)
    for _ in range(2):
        sends.start(broadcast(land), now=NOW)
    assert InboxItem.objects.filter(key="alert:1").count() == (0 if isinstance(sends, FakeBroadcaster) else 1)


def test_what_never_began_can_be_cancelled_and_asked_about(land, sends):
    sends.cancel("alert:9", now=NOW)
    told = sends.reach("alert:9")
    assert (told.targeted, told.accepted, dict(told.by_commune)) == (0, 0, {})


def test_an_update_of_what_never_began_begins(land, sends):
    sends.start(broadcast(land, replaces="alert:0"), now=NOW)


def test_nobody_lives_nowhere(land, sends):
    assert sends.audience(()).people == 0


# --- the one in service ----------------------------------------------------------------------------------------------------
@pytest.fixture
def service(land: Land, monkeypatch: pytest.MonkeyPatch) -> PushBroadcaster:
    made = PushBroadcaster()
    monkeypatch.setattr(broadcasting, "broadcaster", lambda: made)
    return made


def send_all(transport: FakeTransport) -> None:
    one = Sender(transport=transport, pool=None, now=clock.now, chance=lambda: 0.5, worker="")
    while one.step():
        pass


def phone_in(land: Land, *names: str, **more: Any) -> phones_make.Phone:
    mine = phones_make.phone(own_key=True)
    phones_make.subscribed(land.at(*names), of=mine, now=NOW, **more)
    return mine


def read(transport: FakeTransport, phone: phones_make.Phone) -> list[dict[str, Any]]:
    return [
        json.loads(http_ece.decrypt(one.body, private_key=phone.private, auth_secret=phone.auth))["notification"]
        for one in transport.sent
        if one.url == phone.endpoint
    ]


def test_two_communes_are_told_and_the_third_is_not_and_the_desk_counts_as_the_ledger(land, service):
    here, there, away = phone_in(land, "c0"), phone_in(land, "c1"), phone_in(land, "c2")
    alert = make.issued(land)
    events.deliver_owed()
    transport = FakeTransport()
    send_all(transport)
    for told in (here, there):
        [said] = read(transport, told)
        assert said["title"] == alert.headline_vi
        assert said["navigate"].endswith(f"/canh-bao/{alert.code}/")
    assert read(transport, away) == []
    table = reach.table_of(alert, now=NOW)
    ledger = messaging_selectors.fanout(broadcasting.key_of(alert.uid))
    assert (table.whole.targeted, table.whole.accepted) == (ledger.targeted, ledger.accepted) == (2, 2)
    assert {line.commune_id: line.accepted for line in table.lines} == dict.fromkeys(land.at("c0", "c1"), 1)


def test_a_life_warning_wakes_phones_at_two_and_another_waits_for_morning(land, service):
    sleeper = phone_in(land, "c0", quiet=(1260, 420))
    make.issued(land, severity=Severity.MINOR, urgency=Urgency.FUTURE, level=1)
    events.deliver_owed()
    transport = FakeTransport()
    send_all(transport)
    assert read(transport, sleeper) == []
    make.issued(land)
    events.deliver_owed()
    send_all(transport)
    assert len(read(transport, sleeper)) == 1


def test_a_person_with_an_account_is_told_once_on_the_phone_and_keeps_it_in_the_inbox(land, service):
    account = make.account(land.units["c0"].id)
    mine = phones_make.phone(own_key=True)
    phones_make.subscribed(land.at("c0"), of=mine, account_id=account, now=NOW)
    alert = make.issued(land)
    events.deliver_owed()
    transport = FakeTransport()
    send_all(transport)
    assert len(read(transport, mine)) == 1
    assert InboxItem.objects.filter(account_id=account, key=broadcasting.key_of(alert.uid)).count() == 1
    assert PushNotice.objects.filter(item__key=broadcasting.key_of(alert.uid)).count() == 0


def test_a_drill_says_so_on_the_phone_and_a_test_reaches_its_testers_alone(land, service):
    neighbour, tester = phone_in(land, "c0"), make.account(land.units["c0"].id)
    mine = phones_make.phone(own_key=True)
    phones_make.subscribed(land.at("c0"), of=mine, account_id=tester, now=NOW)
    make.issued(land, status=Status.TEST, testers=(tester,))
    events.deliver_owed()
    transport = FakeTransport()
    send_all(transport)
    assert read(transport, neighbour) == []
    [said] = read(transport, mine)
    assert said["title"].startswith("GỬI THỬ")
    make.issued(land, status=Status.EXERCISE)
    events.deliver_owed()
    send_all(transport)
    [said] = read(transport, neighbour)
    assert said["title"].startswith("DIỄN TẬP")
    assert "diễn tập" in said["body"]


def test_a_cancellation_during_the_fan_out_drops_the_rest_and_goes_itself(land, service):
    phone = phone_in(land, "c0")
    first = make.issued(land)
    events.deliver_owed()
    end = composing.draft_change(first.uid, kind=Kind.CANCEL, actor=land.author, now=NOW)
    end = composing.edit(end.uid, make.draft(land, headline_vi="Đã an toàn: lũ đã rút"), version=1, actor=land.author, now=NOW)  # fmt: skip
    end = composing.submit(end.uid, version=2, actor=land.author, now=NOW)
    approving.approve_alert(end.uid, content_hash=end.content_hash, actor=make.proving(land.approver), now=NOW)
    events.deliver_owed()
    transport = FakeTransport()
    send_all(transport)
    [said] = read(transport, phone)
    assert said["title"].startswith("Hủy cảnh báo: Đã an toàn")
    assert Fanout.objects.get(key=broadcasting.key_of(first.uid)).cancelled_at is not None


def test_who_would_be_told_is_counted_in_people_and_phones(land, service):
    make.account(land.units["c0"].id)
    phone_in(land, "c0")
    phone_in(land, "c1", "c0")
    phone_in(land, "c2")
    found = service.audience(land.at("c0", "c1"))
    assert (found.people, found.phones) == (1, 2)
