"""What is decided about difficulties with values alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.agencies.rules.calendar import WorkingCalendar
from smarthd.kernel.moves import IllegalMove
from smarthd.rollout.rules import difficulties as rules
from smarthd.rollout.rules.difficulties import Category, Clocks, DecisionState, Said, State

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)  # 17:00 in Hải Dương
CALENDAR = WorkingCalendar(special={})

LEGAL = {
    ("answer", "waiting"), ("answer", "in_hand"), ("answer", "reopened"),
    ("escalate", "waiting"), ("escalate", "in_hand"), ("escalate", "reopened"),
    ("take_over", "waiting"), ("take_over", "in_hand"), ("take_over", "reopened"),
    ("solve", "waiting"), ("solve", "in_hand"), ("solve", "reopened"),
    ("merge", "waiting"), ("merge", "in_hand"), ("merge", "reopened"),
    ("follow", "merged"), ("part", "merged"),
    ("confirm", "solved"), ("reopen", "solved"),
    ("withdraw", "waiting"), ("withdraw", "in_hand"), ("withdraw", "reopened"), ("withdraw", "merged"),
}  # fmt: skip


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("move", rules.MOVES, ids=lambda move: move.name)
def test_each_move_starts_from_its_states_and_no_others(move, state):
    if (move.name, state.value) in LEGAL:
        assert move.apply(state) == move.target
    else:
        with pytest.raises(IllegalMove):
            move.apply(state)


@pytest.mark.parametrize("state", list(DecisionState))
@pytest.mark.parametrize("move", rules.DECISION_MOVES, ids=lambda move: move.name)
def test_a_decision_in_force_is_never_moved_again(move, state):
    if state in {DecisionState.APPROVED, DecisionState.DROPPED}:
        with pytest.raises(IllegalMove):
            move.apply(state)


def test_nothing_leaves_the_end_states():
    assert not [move.name for move in rules.MOVES if move.sources & {State.CONFIRMED, State.WITHDRAWN}]


def test_every_word_an_official_reads_is_there():
    assert set(rules.STATE_WORDS) == set(State)
    assert set(rules.CATEGORY_WORDS) == set(Category)
    assert set(rules.SEVERITY_WORDS) == set(rules.Severity)
    assert set(rules.TIER_WORDS) == set(rules.Tier)
    assert set(rules.DECISION_WORDS) == set(DecisionState)


@pytest.mark.parametrize(
    ("days", "silent"),
    [(0, False), (1, False), (2, True), (4, True)],  # Monday's term: Tuesday is still grace, Wednesday is silence
)
def test_a_holder_is_silent_after_a_whole_working_day_past_the_term(days, silent):
    assert rules.falls_silent(MONDAY, MONDAY + timedelta(days=days, minutes=1), CALENDAR) is silent


def test_a_weekend_is_no_silence():
    friday = MONDAY + timedelta(days=4)
    assert not rules.falls_silent(friday, friday + timedelta(days=2), CALENDAR)
    assert not rules.falls_silent(friday, friday + timedelta(days=3), CALENDAR)
    assert rules.falls_silent(friday, friday + timedelta(days=4), CALENDAR)


def test_the_same_trouble_in_other_words_of_the_same_place_is_likely_the_same():
    one = Said(Category.NETWORK, 7, rules.folded("Thôn An Xá không có sóng 4G, bà con không mở được ứng dụng"))
    two = Said(Category.NETWORK, 7, rules.folded("Sóng 4G ở thôn An Xá rất yếu, không mở được ứng dụng tại nhà"))
    assert rules.likeness(one, two) > 0.6
    assert rules.likeness(one, Said(Category.DEVICE, 7, two.folded)) == 0
    assert rules.likeness(one, Said(Category.NETWORK, 9, two.folded)) < rules.likeness(one, two)


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from([None, 1, 2]), st.sampled_from([None, 1, 2]))
def test_likeness_is_the_same_from_either_side_and_within_bounds(first, second, here, there):
    one, two = (Said(Category.APP, place, rules.folded(words)) for place, words in ((here, first), (there, second)))
    assert rules.likeness(one, two) == rules.likeness(two, one)
    assert 0 <= rules.likeness(one, two) <= 1


def clocks(*, answered=None, solved=None, confirmed=None, confirm_due=None) -> Clocks:
    due = MONDAY
    return Clocks(due, answered, due + timedelta(days=3), solved, confirm_due, confirmed)


def test_what_is_still_running_is_neither_made_nor_missed_nor_left_out():
    rows = [
        clocks(answered=MONDAY - timedelta(hours=1)),  # in time
        clocks(answered=MONDAY + timedelta(hours=1)),  # late, though answered
        clocks(),  # not answered, term over
    ]
    shown = rules.indicators(rows, MONDAY + timedelta(hours=2))
    assert (shown.answered.opened, shown.answered.in_time, shown.answered.late, shown.answered.running) == (3, 1, 2, 0)
    assert (shown.solved.running, shown.solved.least, shown.solved.most) == (3, 0.0, 1.0)
    assert shown.confirmed.running == 3


@given(st.lists(st.tuples(st.integers(-50, 50), st.none() | st.integers(-50, 50)), max_size=30), st.integers(-60, 60))
def test_every_difficulty_opened_is_in_time_late_or_running(pairs, later):
    rows = [
        Clocks(
            MONDAY + timedelta(hours=due),
            None if at is None else MONDAY + timedelta(hours=at),
            MONDAY,
            None,
            None,
            None,
        )
        for due, at in pairs
    ]
    share = rules.indicators(rows, MONDAY + timedelta(hours=later)).answered
    assert share.in_time + share.late + share.running == share.opened == len(pairs)
