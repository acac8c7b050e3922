"""What is decided about airings with values alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.kernel.moves import IllegalMove
from smarthd.people import rules as people_rules
from smarthd.rollout.rules import airings as rules
from smarthd.rollout.rules.airings import Channel, State

LEGAL = {
    ("reschedule", "planned"), ("air", "planned"), ("air", "missed"), ("prove", "aired"), ("prove", "proven"),
    ("miss", "planned"), ("cancel", "planned"),
}  # fmt: skip


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("move", rules.MOVES, ids=lambda move: move.name)
def test_each_move_starts_from_its_states_and_no_others(move, state):
    if (move.name, state.value) in LEGAL:
        assert move.apply(state) == move.target
    else:
        with pytest.raises(IllegalMove):
            move.apply(state)


def test_the_eight_channels_of_the_decree_and_press_and_district_radio_have_words_and_letters():
    assert len(Channel) == 10
    assert set(rules.CHANNEL_WORDS) == set(rules.LETTERS) == set(Channel)
    assert len(set(rules.LETTERS.values())) == 10


@pytest.mark.parametrize("channel", list(Channel))
def test_a_code_survives_the_way_through_a_first_opening(channel):
    code = rules.code_of(channel, "7Q2M4XYZ23")
    assert people_rules.clean_team_code(f" {code.lower()} ") == code
    assert rules.is_channel_code(code)


@pytest.mark.parametrize("code", ["TO10615", "NS-01", "TK-07", "", "KA-12"])
def test_a_teams_code_is_no_channels(code):
    assert not rules.is_channel_code(code)


@given(st.lists(st.tuples(st.sampled_from(list(State)), st.booleans()), max_size=40))
def test_what_was_cancelled_before_its_time_is_not_in_the_base_and_all_else_is(airings):
    counted = rules.coverage(airings)
    assert counted.planned == sum(state is not State.CANCELLED for state, _ in airings)
    assert counted.proven <= counted.aired <= counted.planned
    assert counted.ratio is None or 0 <= counted.ratio <= 1


def test_an_airing_whose_time_has_gone_by_unmarked_counts_against():
    assert rules.coverage([(State.PLANNED, True), (State.PROVEN, True), (State.PLANNED, False)]).ratio == 0.5


@pytest.mark.parametrize(("cost", "came"), [(None, 50), (0, 50), (900_000, 9), (900_000, 0), (900_000, None)])
def test_nothing_is_said_of_the_cost_of_fewer_than_ten(cost, came):
    assert rules.cost_each(cost, came) == rules.UnitCost(None, None, None)


def test_the_cost_of_few_comes_with_the_range_chance_leaves_and_of_many_without():
    few = rules.cost_each(1_000_000, 25)
    assert few.each == 40_000
    assert few.least is not None
    assert few.most is not None
    assert few.least < few.each < few.most
    assert rules.cost_each(1_000_000, 100) == rules.UnitCost(10_000, None, None)
