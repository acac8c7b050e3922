"""The sender: what each answer makes of the ledger, what goes first, what a dead process leaves behind."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

import http_ece
import pytest
from django.db import OperationalError, connection

from smarthd.messaging import rules, selectors, services
from smarthd.messaging.adapters.webpush import sealing
from smarthd.messaging.adapters.webpush.fake import FakeTransport
from smarthd.messaging.adapters.webpush.pool import KeyPool
from smarthd.messaging.adapters.webpush.transport import Request
from smarthd.messaging.models import FanoutChunk, PushOrigin, PushPlace, PushSubscription
from smarthd.messaging.rules import ChunkState, Lane, Topic
from smarthd.messaging.services import ledger
from smarthd.messaging.services.sending import Sender
from smarthd.messaging.tests import make
from smarthd.messaging.tests.make import NOW

pytestmark = pytest.mark.django_db
APPLE = "https://web.push.apple.com"


def phones_in(commune: int, many: int, *, origin: str = "https://fcm.googleapis.com") -> None:
    for _ in range(many):
        make.subscribed([commune], of=make.phone(origin=origin), quiet=())


def sender(transport: FakeTransport, *, now=NOW, pool: KeyPool | None = None, worker: str = "") -> Sender:
    return Sender(transport=transport, pool=pool, now=lambda: now, chance=lambda: 0.5, worker=worker)


def sent_all(transport: FakeTransport, **more) -> Sender:
    """Let a sender work until nothing is its turn."""
    one = sender(transport, **more)
    while one.step():
        pass
    return one


def lapse_leases() -> None:
    """Let the time of every lease and pause go by."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE messaging_fanoutchunk SET lease_until = lease_until - interval '1 day'")
        cursor.execute("UPDATE messaging_pushorigin SET retry_at = retry_at - interval '1 day'")


def counts(key: str = "k-1") -> tuple[int, int, int, int, int]:
    view = selectors.fanout(key)
    return view.accepted, view.gone, view.failed, view.waiting, view.dropped


def test_every_phone_gets_its_own_message_and_reads_it(c) -> None:
    mine = [make.phone(own_key=True) for _ in range(3)]
    for one in mine:
        make.subscribed([c[0]], of=one)
    make.begun(c[:1])
    transport = FakeTransport()
    sent_all(transport)
    by_url = {request.url: request for request in transport.sent}
    assert len(transport.sent) == len(by_url) == 3
    for one in mine:
        plain = http_ece.decrypt(by_url[one.endpoint].body, private_key=one.private, auth_secret=one.auth)
        said = json.loads(plain)["notification"]
        assert (said["title"], said["tag"]) == ("Bão số 3", "bao-3")
    assert len({request.body[21:86] for request in transport.sent}) == 3  # a key pair of its own each
    assert counts() == (3, 0, 0, 0, 0)
    assert selectors.fanout("k-1").state == "finished"


def test_the_headers_are_those_of_the_rfcs(c) -> None:
    phones_in(c[0], 1)
    make.begun(c[:1], expires_in=timedelta(hours=6))
    transport = FakeTransport()
    sent_all(transport)
    headers = dict(line.split(": ", 1) for line in transport.sent[0].headers if ": " in line)
    assert (headers["TTL"], headers["Urgency"], headers["Content-Encoding"]) == ("21600", "high", "aes128gcm")
    assert headers["Topic"] == rules.topic_header("bao-3")
    assert headers["Authorization"].startswith("vapid t=")


def test_a_phone_is_told_in_its_language_or_in_vietnamese(c) -> None:
    own = {language: make.phone(own_key=True) for language in ("vi", "en", "fr")}
    for language, one in own.items():
        make.subscribed([c[0]], of=one, language=language)
    services.start_fanout(
        key="k-1", lane=Lane.LIFE, communes=c[:1], topic=Topic.ALERTS, payloads={**make.words(), "en": make.words("Storm")["vi"]},
        expires_at=NOW + timedelta(hours=1), replaces=None, test_accounts=None, now=NOW,
    )  # fmt: skip
    transport = FakeTransport()
    sent_all(transport)
    said = {}
    for language, one in own.items():
        body = next(request.body for request in transport.sent if request.url == one.endpoint)
        plain = http_ece.decrypt(body, private_key=one.private, auth_secret=one.auth)
        said[language] = json.loads(plain)["notification"]["title"]
    assert said == {"vi": "Bão số 3", "en": "Storm", "fr": "Bão số 3"}


def test_phones_that_are_no_more_are_forgotten(c) -> None:
    phones_in(c[0], 3)
    gone = PushSubscription.objects.earliest("id").endpoint
    make.begun(c[:1])
    sent_all(FakeTransport(lambda request: 410 if request.url == gone else 201))
    assert counts() == (2, 1, 0, 0, 0)
    assert PushSubscription.objects.count() == PushPlace.objects.count() == 2


def test_a_phone_let_go_of_meanwhile_counts_as_gone(c) -> None:
    row = make.subscribed([c[0]])
    make.begun(c[:1])
    services.unsubscribe(row.endpoint)
    transport = FakeTransport()
    sent_all(transport)
    assert (transport.sent, counts()) == ([], (0, 1, 0, 0, 0))


def test_what_is_too_long_fails_and_is_not_tried_again(c) -> None:
    phones_in(c[0], 1)
    make.begun(c[:1])
    sent_all(FakeTransport(lambda request: 413))
    assert counts() == (0, 0, 1, 0, 0)


@pytest.mark.parametrize("status", [0, 500, 503])
def test_passing_faults_are_tried_again_for_those_phones_alone(c, status: int) -> None:
    phones_in(c[0], 4)
    bad = PushSubscription.objects.earliest("id").endpoint
    make.begun(c[:1])
    sent_all(FakeTransport(lambda request: status if request.url == bad else 201))
    assert counts() == (3, 0, 0, 1, 0)
    chunk = FanoutChunk.objects.get()
    assert (chunk.state, chunk.not_before) == (ChunkState.WAITING, NOW + timedelta(seconds=1))  # chance 0.5 of 2 s
    sent_all(unmoved := FakeTransport())
    assert unmoved.sent == []
    again = FakeTransport()
    sent_all(again, now=chunk.not_before)
    assert ([request.url for request in again.sent], counts()) == ([bad], (4, 0, 0, 0, 0))


def test_what_cannot_be_sent_before_the_end_fails_in_a_state_somebody_sees(c) -> None:
    phones_in(c[0], 2)
    make.begun(c[:1], expires_in=timedelta(minutes=1))
    sent_all(FakeTransport(lambda request: 0))
    sent_all(late := FakeTransport(), now=NOW + timedelta(minutes=2))
    assert (late.sent, counts()) == ([], (0, 0, 2, 0, 0))
    assert selectors.fanout("k-1").state == "finished"


def test_a_service_that_asks_for_patience_gets_it_from_every_process(c) -> None:
    phones_in(c[0], 3)
    phones_in(c[0], 2, origin=APPLE)
    make.begun(c[:1])
    busy = FakeTransport(lambda request: (429, 60) if "google" in request.url else 201)
    sent_all(busy)
    assert counts() == (2, 0, 0, 3, 0)
    assert FanoutChunk.objects.get(state=ChunkState.WAITING).not_before == NOW + timedelta(seconds=60)
    sent_all(other := FakeTransport(), now=NOW + timedelta(minutes=2))  # our clock jumped; the pause is the database's
    assert other.sent == []
    lapse_leases()
    sent_all(other, now=NOW + timedelta(minutes=2))
    assert counts() == (5, 0, 0, 0, 0)


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_service_that_refuses_us_is_left_alone_nothing_is_deleted_and_operators_see_it(c, status: int) -> None:
    phones_in(c[0], 3)
    phones_in(c[0], 2, origin=APPLE)
    make.begun(c[:1])
    transport = FakeTransport(lambda request: status if "google" in request.url else 201)
    sent_all(transport)
    assert counts() == (2, 0, 0, 3, 0)
    assert PushSubscription.objects.count() == 5
    [alarm] = selectors.push_alarms()
    assert (alarm.origin, alarm.fault) == ("https://fcm.googleapis.com", f"HTTP {status}")
    lapse_leases()
    sent_all(FakeTransport(), now=NOW + timedelta(minutes=6))  # the probe is taken: the alarm is over
    assert (counts(), selectors.push_alarms()) == ((5, 0, 0, 0, 0), [])


def test_an_operator_may_open_a_service_again(c) -> None:
    ledger.refuse(APPLE, "HTTP 403", now=NOW)
    assert ledger.reopen(APPLE)
    assert not ledger.reopen(APPLE)
    assert PushOrigin.objects.get().retry_at is None


def test_life_goes_before_news_at_the_border_of_a_chunk(c, monkeypatch) -> None:
    monkeypatch.setattr("smarthd.messaging.rules.chunks_of", lambda ids: rules.fanout.chunks_of(ids, 2))
    monkeypatch.setattr("smarthd.messaging.services.sending.MOST_CHUNKS", 1)
    phones_in(c[0], 6)
    make.begun(c[:1], key="news", lane=Lane.NEWS, topic=Topic.NEWS, tag="news")
    transport = FakeTransport()
    one = sender(transport)
    one.step()
    make.begun(c[:1], key="life", tag="life")
    while one.step():
        pass
    order = [
        "life" if rules.topic_header("life") in line else "news"
        for r in transport.sent
        for line in r.headers
        if line.startswith("Topic")
    ]
    assert order == ["news"] * 2 + ["life"] * 6 + ["news"] * 4


def test_a_process_that_dies_loses_nothing_and_repeats_at_most_what_was_unwritten(c) -> None:
    phones_in(c[0], 150)
    make.begun(c[:1])
    dying, living = FakeTransport(), FakeTransport()
    one = sender(dying)
    for _ in range(3):
        one.step()  # and then no more: the process is gone
    before = len(dying.sent)
    assert before > 0
    sent_all(living)
    assert living.sent == []  # the lease still runs
    lapse_leases()
    sent_all(living)
    twice = Counter(request.url for request in dying.sent + living.sent)
    assert len(twice) == 150  # lost: none
    assert twice.total() - 150 <= rules.MOST_UNCERTAIN
    assert counts() == (150, 0, 0, 0, 0)


def test_a_process_thought_dead_writes_no_more(c) -> None:
    phones_in(c[0], 5)
    make.begun(c[:1])
    slow = sender(FakeTransport(), worker="slow")
    slow._claim()
    lapse_leases()
    sent_all(FakeTransport(), worker="other")
    before = counts()
    while slow.step():
        pass
    assert counts() == before == (5, 0, 0, 0, 0)


def test_never_more_under_way_than_may_be_sent_twice(c) -> None:
    phones_in(c[0], 130)
    phones_in(c[0], 130, origin=APPLE)
    make.begun(c[:1])
    transport = FakeTransport()
    sent_all(transport)
    assert transport.most_at_once <= rules.MOST_UNCERTAIN
    assert counts() == (260, 0, 0, 0, 0)


def test_cancelling_in_the_midst_stops_the_rest_and_the_counts_are_those_of_the_service(c) -> None:
    phones_in(c[0], 200)
    make.begun(c[:1])
    transport = FakeTransport()
    one = sender(transport)
    one.step()
    services.cancel_fanout("k-1", NOW)
    while one.step():
        pass
    accepted, gone, failed, waiting, dropped = counts()
    assert accepted == len(transport.sent) < 200
    assert (gone, failed, waiting, dropped) == (0, 0, 0, 200 - accepted)
    assert FanoutChunk.objects.get().lease_until is None


def test_an_update_waits_for_what_is_under_way_and_comes_last(c) -> None:
    phones_in(c[0], 120)
    make.begun(c[:1], tag="t")
    transport, other = FakeTransport(), FakeTransport()
    one = sender(transport)
    one.step()
    make.begun(c[:1], key="k-2", replaces="k-1", tag="t")
    sent_all(other)
    assert other.sent == []  # the first is still being sent
    while one.step():
        pass
    sent_all(other)
    first, second = selectors.fanout("k-1"), selectors.fanout("k-2")
    assert second.accepted == 120
    assert first.accepted + first.dropped == 120
    assert first.dropped > 0


def test_an_update_under_way_spares_phones_it_does_not_reach(c) -> None:
    phones_in(c[0], 100)
    phones_in(c[1], 100)
    make.begun(c[:2], tag="t")
    one = sender(FakeTransport(lambda request: 201 if one_in_ten(request) else 500))
    one.step()
    make.begun(c[:1], key="k-2", replaces="k-1", tag="t")
    while one.step():
        pass
    lapse_leases()
    sent_all(FakeTransport(), now=NOW + timedelta(hours=1))
    assert selectors.fanout("k-1").by_commune[c[1]].accepted == 100
    assert selectors.fanout("k-2").accepted == 100


def one_in_ten(request: Request) -> bool:
    return request.url.endswith("0")


def test_a_stopping_process_lets_go_at_once(c) -> None:
    phones_in(c[0], 200)
    make.begun(c[:1])
    transport = FakeTransport()
    one = sender(transport)
    one.step()
    one.finish()
    chunk = FanoutChunk.objects.get()
    assert (chunk.state, chunk.lease_until) == (ChunkState.WAITING, None)
    assert chunk.accepted_count == len(transport.sent)


def test_prepared_keys_are_spent_on_public_alerts_and_only_once(c, tmp_path: Path) -> None:
    mine = make.phone(own_key=True)
    row = make.subscribed([c[0]], of=mine, quiet=())
    pool = KeyPool(tmp_path / "pool")
    prepared = sealing.prepare(mine.public, mine.auth)
    pool.put({row.pk: prepared})
    transport = FakeTransport()
    make.begun(c[:1], key="news", lane=Lane.NEWS, topic=Topic.NEWS)
    sent_all(transport, pool=pool)
    assert pool.level() == 1
    for key in ("k-1", "k-2"):
        make.begun(c[:1], key=key)
        sent_all(transport, pool=pool)
    keys = [request.body[21:86] for request in transport.sent]
    assert keys[1] == prepared[:65]
    assert len(set(keys)) == 3
    for request in transport.sent:
        assert http_ece.decrypt(request.body, private_key=mine.private, auth_secret=mine.auth)


def test_prepared_keys_not_spent_go_back(c, tmp_path: Path) -> None:
    mine = make.phone(own_key=True)
    row = make.subscribed([c[0]], of=mine)
    pool = KeyPool(tmp_path / "pool")
    pool.put({row.pk: sealing.prepare(mine.public, mine.auth)})
    make.begun(c[:1])
    one = sender(FakeTransport(), pool=pool)
    one._claim()
    one.finish()
    assert pool.level() == 1


def test_while_the_database_refuses_to_write_nothing_new_is_sent_and_nothing_is_sent_twice(c, monkeypatch) -> None:
    phones_in(c[0], 600)
    make.begun(c[:1])
    transport = FakeTransport()
    one = sender(transport)
    one.step()
    with monkeypatch.context() as full:
        full.setattr(ledger, "flush", _disk_full)
        full.setattr(ledger, "settle", _disk_full)
        for _ in range(20):
            with contextlib.suppress(OperationalError):
                one.step()
            one.listen_for(0.01)
        assert len(transport.sent) <= rules.MOST_UNCERTAIN
    while one.step():
        pass
    assert len(transport.sent) == len({request.url for request in transport.sent}) == 600
    assert counts() == (600, 0, 0, 0, 0)


def _disk_full(*_: object, **__: object) -> bool:
    msg = "could not extend file: No space left on device"
    raise OperationalError(msg)
