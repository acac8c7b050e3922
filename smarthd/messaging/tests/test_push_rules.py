"""Decisions of web push: endpoints, quiet hours, topics, answers, waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from smarthd.messaging import rules
from smarthd.messaging.rules import BadSubscription, Lane, Outcome, Topic
from smarthd.messaging.tests.make import NIGHT, NOW, b64, phone

GOOD = "https://fcm.googleapis.com/fcm/send/abc:def"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        (GOOD, "https://fcm.googleapis.com"),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", "https://updates.push.services.mozilla.com"),
        ("https://wns2-sg2p.notify.windows.com/w/?token=x", "https://wns2-sg2p.notify.windows.com"),
        ("https://web.push.apple.com/Q", "https://web.push.apple.com"),
        ("https://FCM.googleapis.com:443/x", "https://fcm.googleapis.com"),
    ],
)
def test_the_push_services_of_browsers_are_taken(url: str, origin: str) -> None:
    assert rules.endpoint(url).origin == origin


@pytest.mark.parametrize(
    "url",
    [
        "http://fcm.googleapis.com/x",
        "https://evil.example/fcm.googleapis.com/",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilfcm.googleapis.com/x",
        "https://fcm.googleapis.com@evil.example/x",
        "https://user:pass@fcm.googleapis.com/x",
        "https://evil.example\\@fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com:99999/x",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "https://fcm.googleapis.com/x#y",
        "https://fcm.googleapis.com/x y",
        "https://fcm.googleapis.com/\r\nHost: x",
        "https:///x",
        "ftp://fcm.googleapis.com/x",
        "",
        "https://fcm.googleapis.com/" + "a" * rules.LONGEST_ENDPOINT,
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(BadSubscription):
        rules.endpoint(url)


def test_loopback_is_taken_only_where_it_is_allowed() -> None:
    assert rules.endpoint("https://127.0.0.1:9443/p/1", loopback_allowed=True).origin == "https://127.0.0.1:9443"
    with pytest.raises(BadSubscription):
        rules.endpoint("https://10.0.0.1:9443/p/1", loopback_allowed=True)


@pytest.mark.parametrize(
    "addresses",
    [
        (),
        ("10.1.2.3",),
        ("142.250.199.10", "192.168.1.1"),
        ("::1",),
        ("fe80::1%eth0",),
        ("169.254.169.254",),
        ("224.0.0.1",),
        ("::ffff:10.0.0.1",),
    ],
)
def test_a_host_inside_a_network_is_no_push_service(addresses: tuple[str, ...]) -> None:
    with pytest.raises(BadSubscription):
        rules.require_public(addresses)


def test_a_public_host_passes() -> None:
    rules.require_public(["142.250.199.10", "2404:6800:4005:80b::200a"])


def test_a_key_of_the_curve_is_taken_padded_or_not() -> None:
    public = phone().public
    assert rules.public_key(b64(public)) == rules.public_key(b64(public) + "=") == public


@pytest.mark.parametrize("place", [1, 20, 33, 64])
def test_a_point_beside_the_curve_is_refused(place: int) -> None:
    raw = bytearray(phone().public)
    raw[place] ^= 1
    with pytest.raises(BadSubscription):
        rules.public_key(b64(bytes(raw)))


@pytest.mark.parametrize("text", ["", "!!!!", "B" * 86, b64(b"\x04" + bytes(64)), b64(b"\x02" + bytes(32)), "é" * 87])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadSubscription):
        rules.public_key(text)


@pytest.mark.parametrize("length", [0, 15, 17, 32])
def test_a_secret_has_sixteen_bytes(length: int) -> None:
    with pytest.raises(BadSubscription):
        rules.auth_secret(b64(bytes(length)))
    assert rules.auth_secret(b64(bytes(16))) == bytes(16)


@pytest.mark.parametrize(
    ("hour", "minute", "ends"),
    [(20, 59, None), (21, 0, (8, 7)), (23, 30, (8, 7)), (3, 0, (7, 7)), (6, 59, (7, 7)), (7, 0, None)],
)
def test_the_usual_quiet_is_from_nine_to_seven(hour: int, minute: int, ends: tuple[int, int] | None) -> None:
    now = datetime(2024, 9, 7, hour, minute, tzinfo=rules.ZONE).astimezone(UTC)
    until = rules.quiet_until(now, quiet_from=rules.QUIET_FROM, quiet_to=rules.QUIET_TO)
    shown = None if until is None else (until.astimezone(rules.ZONE).day, until.astimezone(rules.ZONE).hour)
    assert shown == ends


@given(some.integers(0, 1439), some.integers(0, 1439), some.integers(0, 2 * 1440))
@settings(max_examples=60, deadline=None)
def test_quiet_ends_within_a_day_at_its_own_minute(begins: int, ends: int, after: int) -> None:
    now = NOW + timedelta(minutes=after)
    until = rules.quiet_until(now, quiet_from=begins, quiet_to=ends)
    if until is None:
        return
    local = until.astimezone(rules.ZONE)
    assert now < until <= now + timedelta(days=1)
    assert local.hour * 60 + local.minute == ends
    assert rules.quiet_until(until, quiet_from=begins, quiet_to=ends) is None


def test_who_wants_no_quiet_has_none() -> None:
    assert rules.quiet_until(NIGHT, quiet_from=None, quiet_to=None) is None
    assert rules.quiet_until(NIGHT, quiet_from=60, quiet_to=60) is None


@given(some.frozensets(some.sampled_from(list(Topic))))
def test_a_mask_tells_its_topics(topics: frozenset[Topic]) -> None:
    assert rules.topics_in(rules.mask_of(topics)) == topics


@pytest.mark.parametrize(
    ("kind", "topic"),
    [
        ("fieldreports.step", Topic.REPORTS),
        ("fieldreports.desk", Topic.DUTIES),
        ("rollout.reminder", Topic.DUTIES),
        ("content.idea", Topic.REPORTS),
        ("content.desk", Topic.DUTIES),
    ],
)
def test_a_kind_of_message_has_its_topic(kind: str, topic: Topic) -> None:
    assert rules.topic_of_kind(kind) is topic


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(201, Outcome.ACCEPTED), (202, Outcome.ACCEPTED), (404, Outcome.GONE), (410, Outcome.GONE), (413, Outcome.FAILED),
     (400, Outcome.OUR_FAULT), (401, Outcome.OUR_FAULT), (403, Outcome.OUR_FAULT), (429, Outcome.AGAIN), (503, Outcome.AGAIN),
     (500, Outcome.AGAIN), (0, Outcome.AGAIN), (302, Outcome.FAILED)],
)  # fmt: skip
def test_an_answer_means_one_thing(status: int, outcome: Outcome) -> None:
    assert rules.outcome_of(status) is outcome


@given(some.integers(0, 100), some.floats(0, 1, exclude_max=True), some.integers(0, 3600))
def test_a_wait_is_jittered_bounded_and_never_before_what_was_asked(attempt: int, chance: float, asked: int) -> None:
    wait = rules.wait_after(attempt, chance=chance, retry_after=timedelta(seconds=asked))
    assert timedelta(seconds=asked) <= wait <= max(rules.LONGEST_WAIT, timedelta(seconds=asked))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("60", 60),
        ("Sat, 07 Sep 2024 03:01:00 GMT", 60),
        ("Sat, 07 Sep 2024 02:00:00 GMT", 0),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: int | None) -> None:
    assert rules.retry_after(text, now=NOW) == (None if seconds is None else timedelta(seconds=seconds))


def test_time_to_live_is_never_nothing_and_at_most_four_weeks() -> None:
    assert rules.ttl_s(expires_at=NOW, now=NOW) == 1
    assert rules.ttl_s(expires_at=NOW + timedelta(hours=1), now=NOW) == 3600
    assert rules.ttl_s(expires_at=NOW + timedelta(days=99), now=NOW) == 28 * 86400


def test_lanes_are_ordered_and_only_life_wakes() -> None:
    assert [lane.rank for lane in Lane] == [0, 1, 2, 3]
    assert [lane for lane in Lane if lane.wakes] == [Lane.LIFE]


def test_a_topic_header_is_32_letters_of_the_url_alphabet() -> None:
    header = rules.topic_header("bão số 3")
    assert len(header) == 32
    assert header.replace("-", "a").replace("_", "a").isalnum()
    assert header != rules.topic_header("bão số 4")


def test_the_window_grows_slowly_and_halves_at_once() -> None:
    window = rules.Window()
    for _ in range(64):
        window.accepted()
    assert 64.5 < window.size <= 65
    window.pushed_back()
    assert window.size < 33
    for _ in range(20):
        window.pushed_back()
    assert window.size == rules.Window.LEAST


@given(
    some.lists(
        some.tuples(some.integers(1, 2**40), some.integers(1, 5), some.sampled_from(["", *rules.BITMAPS])), max_size=40
    )
)
@settings(max_examples=50, deadline=None)
def test_a_chunk_keeps_every_phone_and_answer(members) -> None:
    class Row:
        pass

    row = Row()
    slots = [rules.Slot(*one) for one in members]
    for name, value in rules.columns(slots).items():
        setattr(row, name, value)
    assert rules.slots(row) == slots  # type: ignore[arg-type]
