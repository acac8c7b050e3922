"""Moves, sealing, limits, paging, clock, audit: small promises everything stands on."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from smarthd.kernel import actor, audit, clock, ids, limits, moves, paging, policies, sealing
from smarthd.kernel.errors import NotAllowed
from smarthd.kernel.models import AuditEntry, SystemRecord


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    LOCKED = "locked"


SHUT = moves.Move(name="shut", sources=frozenset({Door.OPEN}), target=Door.SHUT)


@pytest.mark.parametrize("state", list(Door))
def test_a_move_starts_only_from_its_sources(state: Door) -> None:
    if state in SHUT.sources:
        assert SHUT.apply(state) is Door.SHUT
    else:
        with pytest.raises(moves.IllegalMove):
            SHUT.apply(state)


@given(st.text(max_size=80))
def test_what_is_sealed_opens_only_for_its_purpose(secret: str) -> None:
    sealed = sealing.seal(secret, purpose="people.phone")
    assert sealing.unseal(sealed, purpose="people.phone") == secret
    with pytest.raises(sealing.Unsealable):
        sealing.unseal(sealed, purpose="agencies.phone")


def test_a_changed_seal_does_not_open() -> None:
    sealed = bytearray(sealing.seal("+84912345678", purpose="people.phone"))
    sealed[-1] ^= 1
    with pytest.raises(sealing.Unsealable):
        sealing.unseal(bytes(sealed), purpose="people.phone")


def test_the_blind_index_is_stable_and_bound_to_its_purpose() -> None:
    index = sealing.blind_index("+84912345678", purpose="people.phone")
    assert index == sealing.blind_index("+84912345678", purpose="people.phone")
    assert index != sealing.blind_index("+84912345678", purpose="other")
    assert len(index) == 32


@pytest.mark.django_db
def test_the_attempt_after_the_limit_is_refused_until_the_window_ends() -> None:
    now = datetime(2024, 4, 1, 8, 0, 30, tzinfo=UTC)
    for _attempt in range(3):
        limits.count_attempt("phone:x", limit=3, window=timedelta(minutes=1), now=now)
    with pytest.raises(limits.TooManyAttempts) as refusal:
        limits.count_attempt("phone:x", limit=3, window=timedelta(minutes=1), now=now)
    assert refusal.value.facts["retry_at"] == datetime(2024, 4, 1, 8, 1, tzinfo=UTC)
    limits.count_attempt("phone:x", limit=3, window=timedelta(minutes=1), now=now + timedelta(minutes=1))
    limits.count_attempt("phone:y", limit=3, window=timedelta(minutes=1), now=now)


@pytest.mark.django_db
def test_several_limits_are_counted_at_once_and_the_longest_wait_is_told() -> None:
    now = datetime(2024, 4, 1, 8, 0, 30, tzinfo=UTC)
    both = [
        ("phone:z", 2, timedelta(minutes=1)),
        ("phone:z", 2, timedelta(hours=1)),
        ("place:z", 9, timedelta(hours=1)),
    ]
    for _attempt in range(2):
        limits.count_attempts(both, now=now)
    with pytest.raises(limits.TooManyAttempts) as refusal:
        limits.count_attempts(both, now=now)
    assert refusal.value.facts["retry_at"] == datetime(2024, 4, 1, 9, 0, tzinfo=UTC)
    assert refusal.value.key == "phone:z"
    with pytest.raises(limits.TooManyAttempts):  # the third attempt was counted, though it was refused
        limits.count_attempt("place:z", limit=3, window=timedelta(hours=1), now=now)
    limits.count_attempts(both[2:], now=now)


NUMBERS = st.integers(1 - 2**63, 2**63 - 1)
TEXT = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=20)


@given(st.lists(st.one_of(NUMBERS, TEXT), min_size=1, max_size=4))
def test_a_cursor_comes_back_as_it_went(keys: list[str | int]) -> None:
    assert paging.decode_cursor(paging.encode_cursor(*keys), length=len(keys)) == keys


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "không",
        "e30",
        "WzFd!",
        "W251bGxd",
        *(paging.encode_cursor(key) for key in (2**63, -(10**30), True, "\0")),
        base64.urlsafe_b64encode(b"[" * 6000).decode(),
    ],
)
def test_a_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(paging.BadCursor):
        paging.decode_cursor(cursor, length=1)


def test_identifiers_sort_by_the_time_they_were_made() -> None:
    made = [ids.uuid7() for _each in range(50)]
    assert {uid.version for uid in made} == {7}
    assert len(set(made)) == 50
    stamps = [uid.int >> 80 for uid in made]
    assert stamps == sorted(stamps)


def test_a_day_begins_at_midnight_in_vietnam() -> None:
    assert clock.day_of(datetime(2024, 4, 19, 16, 59, 59, tzinfo=UTC)) == date(2024, 4, 19)
    assert clock.day_of(datetime(2024, 4, 19, 17, 0, 0, tzinfo=UTC)) == date(2024, 4, 20)
    assert clock.start_of(date(2024, 4, 20)) == datetime(2024, 4, 19, 17, tzinfo=UTC)
    assert clock.at_local(date(2024, 4, 19), 17) == datetime(2024, 4, 19, 10, tzinfo=UTC)


def test_the_clock_can_be_set_but_never_in_production(settings: Settings) -> None:
    moment = datetime(2024, 4, 19, 9, 0, tzinfo=UTC)
    clock.set_now(moment)
    try:
        assert timedelta(0) <= clock.now() - moment < timedelta(minutes=1)
    finally:
        clock.set_now(None)
    settings.PRODUCTION = True
    with pytest.raises(RuntimeError):
        clock.set_now(moment)


def test_a_clock_told_to_everyone_is_read_by_whoever_asks_and_can_be_taken_back(
    settings: Settings, tmp_path: Path
) -> None:
    settings.CLOCK_FILE = tmp_path / "clock"
    for moment in (datetime(2024, 4, 12, 9, 59, tzinfo=UTC), datetime(2024, 4, 19, 10, tzinfo=UTC)):
        clock.tell_everyone(moment)
        assert timedelta(0) <= clock.now() - moment < timedelta(minutes=1)
    clock.tell_everyone(None)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
    settings.CLOCK_FILE = None
    with pytest.raises(RuntimeError):
        clock.tell_everyone(datetime(2024, 4, 12, tzinfo=UTC))


def test_a_policy_that_says_no_is_not_passed() -> None:
    policies.require(allowed=True)
    with pytest.raises(NotAllowed) as refusal:
        policies.require(allowed=False, act="grant")
    assert refusal.value.facts == {"act": "grant"}


def test_reach_is_the_union_of_the_roles_asked_for() -> None:
    who = actor.Actor(
        account_id=1,
        grants=(actor.Grant("head", 5, frozenset({5, 6})), actor.Grant("clerk", 9, frozenset({9}))),
    )
    assert who.agencies_as("head", "clerk") == {5, 6, 9}
    assert who.agencies_as("auditor") == frozenset()
    assert not actor.ANONYMOUS.signed_in


@pytest.mark.django_db
def test_the_audit_trail_refuses_change_and_removal() -> None:
    record = SystemRecord.objects.create(key="x", value=1, updated_at=datetime(2024, 4, 1, tzinfo=UTC))
    audit.record(actor.system("test"), "kernel.tested", record, at=datetime(2024, 4, 1, tzinfo=UTC), reason="thử")
    entry = AuditEntry.objects.get()
    assert (entry.system, entry.act, entry.facts) == ("test", "kernel.tested", {"reason": "thử"})
    for act in (lambda: AuditEntry.objects.update(act="x"), lambda: AuditEntry.objects.all().delete()):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            act()
