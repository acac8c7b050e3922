"""The life of a report: what its moves promise, generated from the moves themselves."""

from __future__ import annotations

import pytest

from smarthd.fieldreports.rules import states
from smarthd.fieldreports.rules.states import MAY, MOVES, Part, State
from smarthd.kernel.moves import IllegalMove


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
@pytest.mark.parametrize("state", list(State))
def test_a_move_starts_only_from_its_sources(move, state):
    if state in move.sources:
        assert move.apply(state) is move.target
    else:
        with pytest.raises(IllegalMove):
            move.apply(state)


def test_every_move_says_who_may_make_it():
    assert set(MAY) == {move.name for move in MOVES}


def test_every_state_has_a_word_and_can_be_reached():
    reached = {move.target for move in MOVES} | {State.RECEIVED}
    assert reached == set(State) == set(states.STATE_WORDS)


def test_no_agency_ends_a_case_of_its_own():
    officials = {Part.DISPATCHER, Part.CLERK, Part.CHIEF, Part.SUPERIOR, Part.SUPPORT}
    for move in MOVES:
        if move.target in {State.CONFIRMED, State.CLOSED}:
            assert not MAY[move.name] & officials


def test_from_every_open_state_there_is_a_way_to_an_end():
    ways = {state: {move.target for move in MOVES if state in move.sources} for state in State}
    for start in states.OPEN:
        seen, todo = set(), [start]
        while todo:
            here = todo.pop()
            if here not in seen:
                seen.add(here)
                todo.extend(ways[here])
        assert State.CLOSED in seen


def test_a_sender_reroutes_only_what_was_refused():
    sender = frozenset({Part.REPORTER})
    assert states.may(states.REROUTE, sender, State.DECLINED)
    assert not states.may(states.REROUTE, sender, State.RECEIVED)


def test_the_public_finds_every_state_but_merged_and_withdrawn_under_one_word():
    assert {state for state in State if states.stand_of(state) is None} == {State.MERGED, State.WITHDRAWN}
