"""Which acts are use, and which instants are believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.rollout import rules
from smarthd.rollout.rules import Activity, Reason, ValueAction

NOW = datetime(2024, 4, 19, 16, 30, tzinfo=UTC)  # 23:30 in Hải Dương
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("offset", "kept_at", "reason"),
    [
        (timedelta(0), timedelta(0), None),
        (-SECOND, -SECOND, None),
        (timedelta(hours=-30), timedelta(hours=-30), None),
        (timedelta(days=-8), timedelta(days=-8), None),
        (timedelta(days=-8) - SECOND, None, Reason.TOO_OLD),
        (timedelta(days=-400), None, Reason.TOO_OLD),
        (SECOND, timedelta(0), None),  # a clock that runs ahead counts on the day of receipt
        (timedelta(hours=2), timedelta(0), None),
        (timedelta(hours=2, minutes=15), timedelta(0), None),
        (timedelta(hours=2, minutes=15) + SECOND, None, Reason.IN_FUTURE),
        (timedelta(days=3), None, Reason.IN_FUTURE),
    ],
)
def test_an_instant_is_believed_moved_to_the_receipt_or_dropped_by_name(
    offset: timedelta, kept_at: timedelta | None, reason: Reason | None
) -> None:
    told = Activity(NOW + offset, ValueAction.READ_NOTICE)
    kept, dropped = rules.believe([told], now=NOW)
    assert [one.reason for one in dropped] == ([] if reason is None else [reason])
    assert [(one.activity, one.at, one.clamped) for one in kept] == (
        [] if kept_at is None else [(told, NOW + kept_at, offset > timedelta(0))]
    )


@given(st.lists(st.integers(-10 * 86_400, 86_400)))
def test_every_event_of_a_batch_is_either_kept_or_dropped(seconds: list[int]) -> None:
    batch = [Activity(NOW + timedelta(seconds=number)) for number in seconds]
    kept, dropped = rules.believe(batch, now=NOW)
    assert sorted([one.activity for one in kept] + [one.activity for one in dropped], key=lambda one: one.at) == sorted(
        batch, key=lambda one: one.at
    )
    assert all(one.at <= NOW for one in kept)


def test_each_value_action_is_one_bit_of_its_own_and_a_launch_is_none() -> None:
    assert [int(action) for action in ValueAction] == [1 << place for place in range(len(ValueAction))]
    assert not rules.LAUNCH
    assert rules.LAUNCH not in list(ValueAction)


@pytest.mark.parametrize("action", list(ValueAction))
def test_a_value_action_is_found_by_its_key(action: ValueAction) -> None:
    assert ValueAction.by_key(action.key) is action
    assert action.key == action.key.lower()


@pytest.mark.parametrize("key", ["launch", "open", "sign_in", "", "READ_NOTICE"])
def test_opening_and_signing_in_are_no_value_actions(key: str) -> None:
    with pytest.raises(KeyError):
        ValueAction.by_key(key)
