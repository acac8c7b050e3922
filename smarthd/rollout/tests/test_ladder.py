"""The rungs of the ladder, day by day around every edge."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.rollout import rules
from smarthd.rollout.rules import Level, PersonDays

START = date(2024, 4, 1)


def day(number: int) -> date:
    return START + timedelta(days=number)


def person(
    *used: int, launched: tuple[int, ...] = (), installed: int | None = -1, activated: int | None = 0
) -> PersonDays:
    return PersonDays(
        installed_on=None if installed is None else day(installed),
        activated_on=None if activated is None else day(activated),
        used=frozenset(day(number) for number in used),
        launched=frozenset(day(number) for number in launched),
    )


@pytest.mark.parametrize(
    ("known", "cut_off", "level"),
    [
        (person(installed=None, activated=None), 0, Level.NONE),
        (person(activated=None, installed=3), 2, Level.NONE),
        (person(activated=None, installed=3), 3, Level.INSTALLED),
        (person(installed=0, activated=5), 4, Level.INSTALLED),
        (person(installed=None, activated=5), 4, Level.NONE),
        (person(), 0, Level.ACTIVATED),
        (person(-1), 0, Level.ACTIVATED),  # used before activation: nothing
        (person(launched=(1, 2, 3)), 6, Level.ACTIVATED),  # opening is no use
        (person(0), 0, Level.ACTIVE),
        (person(6), 5, Level.ACTIVATED),  # not yet
        (person(6), 6, Level.ACTIVE),
        (person(6), 33, Level.ACTIVE),  # the 28th day, the day of use included
        (person(6), 34, Level.USED),  # day 6 is the last on which level 3 is reached
        (person(7), 34, Level.ACTIVE),
        (person(7), 35, Level.ACTIVATED),  # day 7 is one too late, and 28 days have passed
        (person(0), 400, Level.USED),
        (person(23), 50, Level.ACTIVE),
        (person(23), 51, Level.ACTIVATED),
        (person(24), 23, Level.ACTIVATED),
        (person(24), 24, Level.RETAINED),
        (person(30), 400, Level.RETAINED),
        (person(31), 58, Level.ACTIVE),
        (person(31), 59, Level.ACTIVATED),
        (person(0, 30), 29, Level.USED),
        (person(0, 30), 30, Level.RETAINED),
    ],
)
def test_the_highest_rung_reached_is_told_at_the_end_of_the_cut_off(
    known: PersonDays, cut_off: int, level: Level
) -> None:
    assert rules.ladder(known, day(cut_off)) is level


@pytest.mark.parametrize(("cut_off", "level"), [(12, Level.ACTIVE), (16, Level.ACTIVE), (17, Level.ACTIVATED)])
def test_level_four_is_asked_for_seven_days_as_well(cut_off: int, level: Level) -> None:
    assert rules.ladder(person(10), day(cut_off), active_days=7) is level


@pytest.mark.parametrize(
    ("known", "level", "cut_off", "reached"),
    [
        (person(installed=-1), Level.INSTALLED, 9, -1),
        (person(), Level.ACTIVATED, 9, 0),
        (person(-3, 2, 4), Level.USED, 9, 2),
        (person(2, 8, 40), Level.ACTIVE, 20, 8),
        (person(2, 26, 29), Level.RETAINED, 40, 26),
        (person(2), Level.NONE, 9, None),
        (person(activated=None), Level.USED, 9, None),
    ],
)
def test_the_day_of_reaching_a_rung_is_told(known: PersonDays, level: Level, cut_off: int, reached: int | None) -> None:
    assert rules.reached_on(known, level, day(cut_off)) == (None if reached is None else day(reached))


@pytest.mark.parametrize(
    ("known", "cut_off", "lapsed"),
    [
        (person(), 59, False),  # activation is a launch
        (person(), 60, True),
        (person(launched=(10,)), 69, False),
        (person(launched=(10,)), 70, True),
        (person(10), 69, False),  # who acts has launched
        (person(launched=(10, 90)), 80, True),  # a launch to come does not count yet
        (person(launched=(10, 90)), 90, False),
        (person(activated=5), 4, False),  # nobody lapses before they begin
        (person(activated=None), 400, False),
    ],
)
def test_sixty_days_without_a_launch_are_a_lapse(known: PersonDays, cut_off: int, lapsed: bool) -> None:
    assert rules.lapsed(known, day(cut_off)) is lapsed


def quiet(first: int, until: int, **more: object) -> PersonDays:
    """A person of whom only spells are known."""
    spell = ((day(first), day(until)),)
    return PersonDays(installed_on=START, activated_on=START, active=spell, kept=spell, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cut_off", "level", "reached"),
    [(9, Level.ACTIVATED, 0), (10, Level.ACTIVE, 10), (19, Level.ACTIVE, 10), (20, Level.ACTIVE, 20), (47, Level.ACTIVE, 20), (48, Level.ACTIVATED, 0)],
)  # fmt: skip
def test_spells_tell_the_level_of_those_whose_days_are_not_kept(cut_off: int, level: Level, reached: int) -> None:
    known = quiet(10, 48)  # used on day 10, last on day 20
    assert rules.ladder(known, day(cut_off)) is level
    assert rules.reached_on(known, level, day(cut_off)) == day(reached)


def test_spells_of_launches_keep_a_person_from_lapsing() -> None:
    known = quiet(10, 100)
    assert [rules.lapsed(known, day(number)) for number in (99, 100)] == [False, True]


DAYS = st.frozensets(st.integers(-5, 90).map(day), max_size=6)


@given(used=DAYS, launched=DAYS, cut_off=st.integers(0, 90).map(day))
def test_a_rung_never_rests_on_days_after_the_cut_off(
    used: frozenset[date], launched: frozenset[date], cut_off: date
) -> None:
    def told(until: date) -> tuple[Level, bool]:
        known = PersonDays(
            START,
            START,
            frozenset(one for one in used if one <= until),
            frozenset(one for one in launched if one <= until),
        )
        return rules.ladder(known, cut_off), rules.lapsed(known, cut_off)

    assert told(cut_off) == told(day(1000))


@given(used=DAYS, more=DAYS, cut_off=st.integers(0, 90).map(day))
def test_one_more_day_of_use_never_takes_a_rung_away(
    used: frozenset[date], more: frozenset[date], cut_off: date
) -> None:
    less = rules.ladder(PersonDays(START, START, used), cut_off)
    assert rules.ladder(PersonDays(START, START, used | more), cut_off) >= less
