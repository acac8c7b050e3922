"""The made-up people behave as roll-outs do, and the same way every time."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.seeding import adoption, names, phones, populations

FIRST, LAST = date(2024, 3, 26), date(2024, 4, 20)


def _persons(seed: int = 7, units: int = 40) -> tuple[adoption.Wave, np.ndarray, adoption.Persons]:
    rng = np.random.default_rng(seed)
    owners = rng.integers(50, 200, units)
    wave = adoption.pull(rng, FIRST, LAST, units, reach=0.7, laggards=0.1)
    return wave, owners, adoption.persons(rng, wave, owners, habit=0.2)


def test_the_same_seed_gives_the_same_world() -> None:
    first, second = _persons()[2], _persons()[2]
    assert np.array_equal(first.installed_on, second.installed_on)
    assert np.array_equal(first.habit, second.habit)
    assert names.full_names(np.random.default_rng(3), 50) == names.full_names(np.random.default_rng(3), 50)


@given(st.integers(0, 2**32 - 1))
def test_nobody_activates_before_installing_nor_uses_before_activating(seed: int) -> None:
    _, owners, who = _persons(seed, units=5)
    active = who.activated_on != adoption.NEVER
    assert (who.activated_on[active] >= who.installed_on[active]).all()
    assert (np.bincount(who.unit, minlength=5) <= owners).all()
    for chunk in adoption.days_of_use(np.random.default_rng(seed), who, FIRST, LAST):
        assert (chunk.day >= who.activated_on[chunk.person]).all()
        assert ((chunk.day >= FIRST.toordinal()) & (chunk.day <= LAST.toordinal())).all()
        assert ((chunk.actions >= 0) & (chunk.actions < 1024)).all()
        assert len(np.unique(np.stack([chunk.person, chunk.day]), axis=1).T) == len(chunk.person)


def test_installs_rise_slowly_then_fast_then_slowly() -> None:
    _, _, who = _persons(units=300)
    per_day = np.bincount(who.installed_on - FIRST.toordinal(), minlength=26)
    assert per_day[8:16].sum() > 2 * per_day[:5].sum()
    assert per_day[8:16].sum() > 2 * per_day[-5:].sum()


def test_use_falls_off_but_a_core_stays() -> None:
    _, _, who = _persons(units=300)
    use = list(adoption.days_of_use(np.random.default_rng(1), who, FIRST, date(2024, 6, 30)))
    age = np.concatenate([chunk.day - who.activated_on[chunk.person] for chunk in use])
    week_one, week_five = ((age >= 1) & (age <= 7)).sum(), ((age >= 35) & (age <= 41)).sum()
    assert 0.3 < week_five / week_one < 0.9


@given(st.integers(0, 5_000_000), st.lists(st.floats(0.01, 1000), min_size=1, max_size=300))
def test_a_total_split_by_weight_loses_nobody(total: int, weights: list[float]) -> None:
    parts = populations.split_total(total, np.array(weights))
    assert parts.sum() == total
    assert (parts >= 0).all()


def test_populations_add_up_and_nobody_owns_a_phone_without_living() -> None:
    drawn = populations.draw(np.random.default_rng(1), ["Xã"] * 200 + ["Phường"] * 35, people=20_000)
    assert drawn.people.sum() == 20_000
    assert drawn.smartphone_owners.sum() == 14_000
    assert (drawn.smartphone_owners <= drawn.people).all()
    assert (drawn.adults < drawn.people).all()


@given(st.sets(st.integers(0, 1_998_999), min_size=2, max_size=2))
def test_no_two_persons_share_a_number_and_all_are_seen_to_be_demo(pair: set[int]) -> None:
    one, other = (phones.scattered_phone(person) for person in pair)
    assert one != other
    assert phones.is_demo(one)
    assert one not in {phones.role_phone(n) for n in range(1, 1000)}


@pytest.mark.parametrize("number", [-1, 1_999_000])
def test_numbers_outside_the_block_are_refused(number: int) -> None:
    with pytest.raises(phones.TooManyPersons):
        phones.scattered_phone(number)


def test_neighbours_do_not_have_neighbouring_numbers() -> None:
    numbers = np.array([int(phones.scattered_phone(n)[3:]) for n in range(10_000)])
    assert (np.abs(np.diff(numbers)) > 1000).all()


def test_a_number_is_written_as_people_say_it() -> None:
    assert phones.spoken(phones.role_phone(1)) == "0990 000 001"
