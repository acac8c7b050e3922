"""Every column of the roll-ups against the oracle, however often, late and in whatever order the facts arrive."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smarthd.rollout import services
from smarthd.rollout.models import CitizenDay, DirtyDay, StaffDay
from smarthd.rollout.rules import metrics
from smarthd.rollout.tests import make, oracle, streams

pytestmark = pytest.mark.django_db
ATOMS, AGENCIES = (11, 12, 13), (21, 22)
FEW = settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MANY = settings(FEW, max_examples=200)
Check = Callable[[int, pytest.MonkeyPatch], None]
Told = dict[tuple[object, int], dict[str, int]]


def rolled_up() -> tuple[Told, Told]:
    """All rows of both roll-ups by (day, atom) and (day, agency); rows of nothing left out."""
    citizens = {
        (row["day"], row["atom_id"]): row for row in CitizenDay.objects.values("day", "atom_id", *metrics.CITIZEN)
    }
    staff = {(row["day"], row["agency_id"]): row for row in StaffDay.objects.values("day", "agency_id", *metrics.STAFF)}
    return (
        {key: {name: row[name] for name in metrics.CITIZEN} for key, row in citizens.items()},
        {key: {name: row[name] for name in metrics.STAFF} for key, row in staff.items()},
    )


def reckoned(book: oracle.Book) -> tuple[Told, Told]:
    days = streams.days_of(streams.FIRST, streams.SPAN + 1)
    citizens = {(day, atom): counts for day in days for atom, counts in book.citizens(day).items()}
    staff = {(day, agency): counts for day in days for agency, counts in book.staff(day).items()}
    return citizens, staff  # type: ignore[return-value]


def assert_told(found: tuple[Told, Told], expected: tuple[Told, Told]) -> None:
    for got, wanted in zip(found, expected, strict=True):
        wrong = {
            (key, column): (got.get(key, {}).get(column, 0), wanted.get(key, {}).get(column, 0))
            for key in sorted({*got, *wanted}, key=str)
            for column in {*got.get(key, {}), *wanted.get(key, {})}
            if got.get(key, {}).get(column, 0) != wanted.get(key, {}).get(column, 0)
        }
        assert not wrong, dict(list(wrong.items())[:12])


def test_the_oracle_and_the_roll_ups_have_the_same_columns() -> None:
    assert (tuple(oracle.CITIZEN_COLUMNS), tuple(oracle.STAFF_COLUMNS)) == (metrics.CITIZEN, metrics.STAFF)


def assert_rebuilt_as_reckoned(dice: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(dice)
    made = streams.stream(chance, ATOMS, AGENCIES)
    with transaction.atomic():
        streams.Player(made, chance, monkeypatch).play()
        services.rebuild_rollups(now=make.noon(streams.TODAY))
        assert_told(rolled_up(), reckoned(made.book()))
        transaction.set_rollback(True)


def assert_refreshed_as_reckoned(dice: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(dice)
    made = streams.stream(chance, ATOMS, AGENCIES)
    with transaction.atomic():
        streams.Player(made, chance, monkeypatch).play(between=_refreshing(chance))
        services.refresh_rollups(now=make.noon(streams.TODAY))
        increments = rolled_up()
        assert not DirtyDay.objects.exists()
        assert_told(increments, reckoned(made.book()))
        services.rebuild_rollups(now=make.noon(streams.TODAY))
        assert rolled_up() == increments
        transaction.set_rollback(True)


def _refreshing(chance: random.Random) -> Callable[[], None]:
    """Refresh as the days go by."""
    at = [streams.SPAN // 2]

    def refresh() -> None:
        at[0] = chance.randint(at[0], streams.SPAN)
        services.refresh_rollups(now=make.noon(streams.day(at[0])))

    return refresh


@FEW
@given(dice=st.integers(0, 2**32))
def test_every_column_of_every_day_equals_the_oracles(dice: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_rebuilt_as_reckoned(dice, monkeypatch)


@FEW
@given(dice=st.integers(0, 2**32))
def test_counting_what_changed_ends_where_counting_everything_does(dice: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_refreshed_as_reckoned(dice, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("check", [assert_rebuilt_as_reckoned, assert_refreshed_as_reckoned])
def test_many_more_streams_are_counted_as_the_oracle_does(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    MANY(given(dice=st.integers(0, 2**32))(lambda dice: check(dice, monkeypatch)))()
