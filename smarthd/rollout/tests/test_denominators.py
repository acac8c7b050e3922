"""Bases: entered with source and date, superseded and never overwritten, never twice for the same ground."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date, timedelta

import pytest

from smarthd.places import services as places
from smarthd.places.tests import make as land
from smarthd.places.values import UnitView
from smarthd.rollout import errors, rules, selectors, services
from smarthd.rollout.models import Denominator
from smarthd.rollout.tests import make
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
EARLIER = date(2024, 1, 15)


_units = planted_once(land.small_land)


@pytest.fixture
def units(_units: dict[str, UnitView], db: None) -> dict[str, UnitView]:
    return copy.deepcopy(_units)


def enter(*rows: services.NewDenominator) -> int:
    return services.set_denominators(rows, actor=make.SYSTEM, now=make.NOW)


def owners(unit: int, day: date = make.TODAY) -> float | None:
    base = selectors.bases_of("commune", day, make.TODAY).get(unit, {}).get(rules.Measure.SMARTPHONE_OWNERS)
    return base.value if base else None


def test_a_correction_supersedes_and_the_first_word_stays_to_be_read(units: dict[str, UnitView]) -> None:
    unit = units["c0"].id
    assert enter(make.base(unit, 10)) == 1
    assert enter(make.base(unit, 10)) == 0  # the same again is no correction
    assert enter(make.base(unit, 12)) == 1
    assert owners(unit) == 12
    told = selectors.denominators_of(unit, rules.Measure.SMARTPHONE_OWNERS)
    assert sorted((row.value, row.superseded_at is None) for row in told) == [(10, False), (12, True)]


def test_the_newest_base_up_to_the_cut_off_applies(units: dict[str, UnitView]) -> None:
    unit = units["c0"].id
    enter(make.base(unit, 10, as_of=EARLIER), make.base(unit, 12, as_of=date(2024, 3, 1)))
    assert [owners(unit, day) for day in (date(2024, 2, 29), date(2024, 3, 1), make.TODAY)] == [10, 12, 12]


@pytest.mark.parametrize(
    "fault",
    [{"value": -1}, {"source": "  "}, {"as_of": make.TODAY + timedelta(days=1)}],
    ids=lambda fault: next(iter(fault)),
)
def test_a_base_below_zero_without_source_or_from_the_future_is_refused_with_all_beside_it(
    units: dict[str, UnitView], fault: dict[str, object]
) -> None:
    with pytest.raises(errors.BadDenominator):
        enter(make.base(units["c1"].id, 5), replace(make.base(units["c0"].id, 5), **fault))  # type: ignore[arg-type]
    assert not Denominator.objects.exists()


@pytest.mark.parametrize("key", ["p", "d1"])
def test_what_is_a_sum_of_communes_has_no_base_of_its_own(units: dict[str, UnitView], key: str) -> None:
    with pytest.raises(errors.BadDenominator):
        enter(make.base(units[key].id, 100))


@pytest.mark.parametrize("village_first", [True, False])
def test_a_commune_is_based_whole_or_by_villages_but_not_both(units: dict[str, UnitView], village_first: bool) -> None:
    commune = units["c0"].id
    village = places.add_village(commune, "Thôn Một", land.BEFORE, actor=land.CLERK, now=land.NOW)
    first, second = (village, commune) if village_first else (commune, village)
    enter(make.base(first, 5))
    with pytest.raises(errors.MixedBase):
        enter(make.base(second, 7))
    with pytest.raises(errors.MixedBase):
        enter(make.base(second, 7, as_of=EARLIER))
    enter(make.base(second, 7, measure="adults"))  # another measure is another matter
    assert owners(commune) == 5


def test_a_commune_and_its_village_are_not_entered_together(units: dict[str, UnitView]) -> None:
    commune = units["c0"].id
    village = places.add_village(commune, "Thôn Một", land.BEFORE, actor=land.CLERK, now=land.NOW)
    with pytest.raises(errors.MixedBase):
        enter(make.base(commune, 7), make.base(village, 5))


def test_bases_of_villages_add_up_to_their_commune(units: dict[str, UnitView]) -> None:
    commune = units["c0"].id
    villages = [
        places.add_village(commune, name, land.BEFORE, actor=land.CLERK, now=land.NOW) for name in ("Một", "Hai")
    ]
    enter(*(make.base(village, 5) for village in villages))
    assert owners(commune) == 10
