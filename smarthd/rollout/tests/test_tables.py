"""What readings show and hide: bases, flags, small cells, laggards, the rows behind; and in how many queries."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from smarthd.agencies import services as agencies
from smarthd.agencies.rules import Kind, Role
from smarthd.agencies.tests import make as offices
from smarthd.kernel.actor import ANONYMOUS, Actor
from smarthd.kernel.ids import uuid7
from smarthd.places import services as places
from smarthd.places.tests import make as land
from smarthd.places.values import UnitView
from smarthd.rollout import errors, rules, selectors, services
from smarthd.rollout.models import StaffSeat
from smarthd.rollout.selectors.tables import UNPLACED
from smarthd.rollout.tests import make
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
SINCE = make.TODAY - timedelta(days=10)
DAY = make.TODAY
Units = dict[str, UnitView]


_units = planted_once(land.small_land)


@pytest.fixture
def units(_units: Units, db: None) -> Units:
    return copy.deepcopy(_units)


def settle(units: Units, **persons: int) -> None:
    """Let so many persons be activated in each commune, ``nowhere`` without a home."""
    for key, number in persons.items():
        for _ in range(number):
            make.person(None if key == "nowhere" else units[key].id, SINCE)
    services.rebuild_rollups(now=make.NOW)


def based(units: Units, **owners: int) -> None:
    rows = [make.base(units[key].id, number) for key, number in owners.items()]
    services.set_denominators(rows, actor=make.SYSTEM, now=make.NOW)


def shown(level: str = "commune", actor: Actor = ANONYMOUS, key: str = "activated") -> dict[str, float | None]:
    table = selectors.table(level, DAY, DAY, actor=actor)
    rows = [*table.rows, *([table.unplaced] if table.unplaced else [])]
    return {row.name.split()[-1] if row.unit_id else "nowhere": row.values[key].numerator for row in rows}


def figure(key: str, unit: str = "c0", *, level: str = "commune", actor: Actor = make.SYSTEM) -> selectors.Figure:
    rows = {row.name.split()[-1]: row for row in selectors.table(level, DAY, DAY, actor=actor).rows}
    return rows[unit].values[key]


# -- bases ------------------------------------------------------------------------------------------------------------------
def test_more_persons_than_the_base_is_flagged_and_never_cut(units: Units) -> None:
    based(units, c0=2)
    settle(units, c0=3)
    told = figure("activated")
    assert (told.numerator, told.denominator, told.ratio, told.flags) == (3, 2, 1.5, {rules.Flag.OVER_100})


def test_without_a_base_there_is_a_count_and_no_ratio(units: Units) -> None:
    settle(units, c0=3)
    told = figure("activated")
    assert (told.numerator, told.denominator, told.ratio, told.source, told.flags) == (
        3,
        None,
        None,
        "",
        {rules.Flag.NO_BASE},
    )


def test_a_base_of_nobody_is_no_base(units: Units) -> None:
    based(units, c0=0)
    settle(units, c0=3)
    assert figure("activated").flags == {rules.Flag.NO_BASE}


def test_a_sum_of_bases_that_lacks_a_commune_says_so_wherever_it_is_shown(units: Units) -> None:
    based(units, c0=10, c1=10, c2=10, c3=10, c5=10)  # c4 of the first district has none
    settle(units, c0=3)
    table = selectors.table("commune", DAY, DAY, actor=make.SYSTEM)
    partial = {
        "d1": figure("activated", "d1", level="district"),
        "d2": figure("activated", "d2", level="district"),
        "province": selectors.table("province", DAY, DAY, actor=make.SYSTEM).rows[0].values["activated"],
        "total": table.total.values["activated"],
        "headline": selectors.headline(DAY, DAY).figures["activated"],
        "commune": figure("activated"),
    }
    assert {name: rules.Flag.PARTIAL_BASE in one.flags for name, one in partial.items()} == {
        "d1": True, "d2": False, "province": True, "total": True, "headline": True, "commune": False,
    }  # fmt: skip


def test_sources_that_differ_are_counted_and_the_oldest_day_is_told(units: Units) -> None:
    older = make.base(units["c2"].id, 5, as_of=date(2024, 1, 1))
    mixed = [
        make.base(units["c0"].id, 5),
        services.NewDenominator(older.unit_id, older.measure, 5, "UBND xã", older.as_of),
    ]
    services.set_denominators(mixed, actor=make.SYSTEM, now=make.NOW)
    settle(units, c0=1)
    told = figure("activated", "d1", level="district")
    assert (told.source, told.source_on) == ("2 nguồn", date(2024, 1, 1))


# -- days -------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "read",
    [
        lambda day: selectors.table("commune", day, DAY),
        lambda day: selectors.headline(day, DAY),
        selectors.staff_table,
        lambda day: selectors.rows_behind("activated", 1, day, DAY),
        lambda day: selectors.staff_by_unit("commune", day, DAY),
    ],
)
def test_before_the_first_day_counted_nothing_is_measured(units: Units, read: Callable[[date], object]) -> None:
    with pytest.raises(errors.NothingMeasured):
        read(DAY)
    settle(units, c0=1)
    read(DAY)
    with pytest.raises(errors.NothingMeasured):
        read(SINCE - timedelta(days=1))


def test_a_day_to_come_is_answered_with_the_last_one_counted(units: Units) -> None:
    settle(units, c0=1)
    assert selectors.table("commune", DAY + timedelta(days=9), DAY).as_of == DAY
    assert selectors.headline(DAY + timedelta(days=9), DAY).as_of == DAY


def test_a_table_carries_its_campaigns_targets_of_units(units: Units) -> None:
    settle(units, c0=1)
    services.open_campaign("k", title="x", opens_on=SINCE, deadline_at=make.NOW, actor=make.SYSTEM, now=make.NOW)
    for scope, indicator in ((rules.Scope.UNIT, "used_owners"), (rules.Scope.AGENCY, "staff_used")):
        services.set_target("k", scope=scope, indicator=indicator, value=0.5, actor=make.SYSTEM, now=make.NOW)
    assert selectors.table("commune", DAY, DAY, "k").targets == {"used_owners": 0.5}
    with pytest.raises(errors.CampaignUnknown):
        selectors.table("commune", DAY, DAY, "unknown")


# -- small cells ------------------------------------------------------------------------------------------------------------
def test_a_small_cell_is_hidden_with_the_smallest_neighbour_and_seen_from_inside(units: Units) -> None:
    based(units, c0=500, c2=300, c4=400)
    settle(units, c0=11, c2=12, c4=3, c1=15)
    assert shown() == {"c0": 11, "c2": None, "c4": None, "c1": 15, "c3": 0, "c5": 0}
    office = offices.services.found_agency(
        agencies.NewAgency(kind=Kind.COMMUNE_COMMITTEE, name="x", code="x", place_id=units["c4"].id), valid_from=SINCE
    )
    own = offices.officer(office.pk, Role.CLERK)
    assert shown(actor=own) == {"c0": 11, "c2": None, "c4": 3, "c1": 15, "c3": 0, "c5": 0}
    assert shown(actor=make.SYSTEM)["c2"] == 12
    over = offices.services.found_agency(
        agencies.NewAgency(kind=Kind.DISTRICT_COMMITTEE, name="y", code="y", place_id=units["d1"].id), valid_from=SINCE
    )
    assert None not in shown(actor=offices.officer(over.pk, Role.AUDITOR)).values()


def _office(unit: UnitView, code: str, since: date) -> Actor:
    kind = {"commune": Kind.COMMUNE_COMMITTEE, "province": Kind.PROVINCE_COMMITTEE}[unit.level]
    new = agencies.NewAgency(kind=kind, name=code, code=code, place_id=unit.id)
    return offices.officer(agencies.found_agency(new, valid_from=since).pk, Role.AUDITOR)


def test_who_stands_in_the_succession_of_a_unit_sees_what_it_was(units: Units) -> None:
    """1/12/2024 in small: two communes became one, one was divided; the province's level of then is gone with its districts."""
    settle(units, c0=3, c1=4, c2=12, c3=5, c4=20, c5=20)
    later = DAY + timedelta(days=30)
    district = units["d1"].id
    [merged] = land.apply(places.merge([units["c0"].id, units["c2"].id], land.commune("new", district), on=later))
    parts = [(land.commune("a", district), 0.7), (land.commune("b", district), 0.3)]
    first, second = land.apply(places.split(units["c4"].id, parts, on=later))
    heir, part, top = (_office(unit, code, later) for unit, code in ((merged, "h"), (first, "p"), (units["p"], "t")))
    assert shown(actor=heir)["c0"] == 3
    assert shown(actor=heir)["c1"] is None, "a neighbour's past is not the heir's"
    assert shown(actor=part)["c4"] == shown()["c4"], "a part shows nothing of the whole"
    assert None not in shown(actor=top).values()
    assert second.id != first.id


def test_the_same_neighbour_is_hidden_whatever_was_counted_that_day(units: Units) -> None:
    based(units, c0=500, c2=300, c4=400)
    settle(units, c0=11, c2=12, c4=3)
    first = {name for name, number in shown().items() if number is None}
    settle(units, c2=30, c4=2)
    assert {name for name, number in shown().items() if number is None} == first == {"c2", "c4"}


def test_neighbours_are_hidden_where_no_base_is_known(units: Units) -> None:
    settle(units, c0=11, c2=12, c4=3)
    assert sorted(name for name, number in shown().items() if number is None) == ["c0", "c4"]


def test_no_base_betrays_a_hidden_count(units: Units) -> None:
    settle(units, c0=3, c2=12, c4=40)
    for row in selectors.table("commune", DAY, DAY).rows:
        if row.values["activated"].hidden:
            told = {key: one for key, one in row.values.items() if not one.hidden}
            assert all(one.denominator is None for one in told.values()), row.name
            assert row.values["active_28"].denominator is None
            assert row.values["use_rate"].denominator is None


def test_persons_of_unknown_home_are_not_betrayed_by_the_total(units: Units) -> None:
    settle(units, c0=11, c1=12, nowhere=4)
    assert shown() == {"c0": None, "c1": 12, "c2": 0, "c3": 0, "c4": 0, "c5": 0, "nowhere": None}
    table = selectors.table("commune", DAY, DAY, actor=make.SYSTEM)
    assert table.unplaced is not None
    assert (table.unplaced.name, table.unplaced.values["activated"].numerator) == (UNPLACED, 4)
    assert table.total.values["activated"].numerator == 27


def test_a_small_cell_without_neighbours_takes_one_from_elsewhere(units: Units) -> None:
    settle(units, c0=3, c1=20)
    assert [name for name, number in shown().items() if number is None] == ["c0", "c1"]


CELLS = st.dictionaries(st.sampled_from(["c0", "c1", "c2", "c3", "c4", "c5"]), st.integers(0, 30), min_size=6)


@given(CELLS, st.permutations(range(6)))
def test_a_total_never_gives_a_small_cell_away(counts: dict[str, int], order: list[int]) -> None:
    cells = {int(key[1]): float(number) for key, number in counts.items()}
    hidden = rules.spare_cells(cells, order)
    small = {cell for cell, number in cells.items() if 0 < number < rules.HIDDEN_BELOW}
    assert small <= hidden
    others = [number for cell, number in cells.items() if cell not in small and number]
    assert len(hidden) != 1 or not others
    assert len(hidden) <= max(len(small), 2)
    assert hidden == rules.spare_cells({cell: cells[cell] for cell in reversed(cells)}, order)


@pytest.mark.parametrize(
    ("persons", "small"), [(None, False), (0, False), (0.4, True), (1, True), (9, True), (9.9, True), (10, False)]
)
def test_one_to_nine_persons_are_few(persons: float | None, small: bool) -> None:
    assert rules.is_small(persons) is small


def test_the_trend_hides_small_counts_outside_the_unit_alone(units: Units) -> None:
    settle(units, c0=3, c1=30)
    unit = units["c0"].id

    def told(actor: Actor) -> list[float | None]:
        return [one.counts["activated"] for one in selectors.trend(DAY, DAY, DAY, unit, ("activated",), actor=actor)]

    assert (told(ANONYMOUS), told(make.SYSTEM)) == ([None], [3])
    (everyone,) = selectors.trend(DAY, DAY, DAY, None, ("activated",))
    assert everyone.counts == {"activated": 33}


def test_staff_levels_are_shown_outside_all_or_not_at_all(units: Units) -> None:
    world = offices.world()
    for agency, size in ((world.commune_a, 12), (world.commune_b, 30)):
        people = [agencies.NewStaff(agency_id=agency, full_name=f"Vũ {number}") for number in range(size)]
        agencies.add_staff(people, valid_from=SINCE)
    services.sync_seats([world.commune_a, world.commune_b], day=SINCE, now=make.NOW)
    for place, staff in enumerate(StaffSeat.objects.filter(agency_id=world.commune_a).order_by("id")[:3]):
        services.link_staff(
            staff.staff_id,
            account_id=make.person(None, SINCE + timedelta(days=place)),
            agency_id=world.commune_a,
            at=make.NOW,
        )
    services.rebuild_rollups(now=make.NOW)

    def row(actor: Actor) -> selectors.StaffRow:
        rows = selectors.staff_table(DAY, actor=actor).groups[Kind.COMMUNE_COMMITTEE]
        return next(one for one in rows if one.agency_id == world.commune_a)

    outside, inside = row(ANONYMOUS), row(offices.officer(world.district, Role.CLERK))
    assert set(outside.levels.values()) == {None}
    assert inside.levels == {0: 9, 1: 0, 2: 3, 3: 0, 4: 0, 5: 0}
    assert outside.values["staff_activated"].hidden
    assert outside.values["staff_lapsed"].denominator is None
    assert outside.values["staff_activated"].denominator == 12  # a roster is no secret
    assert inside.values["staff_activated"].numerator == 3


# -- laggards and the rows behind -------------------------------------------------------------------------------------------
def test_laggards_are_the_furthest_from_the_target_with_what_is_missing_and_gained(units: Units) -> None:
    based(units, c0=20, c1=40, c2=20, c3=10)
    settle(units, c0=10, c1=10, c2=20, c4=5)
    for _ in range(2):
        make.person(units["c0"].id, DAY)
    services.rebuild_rollups(now=make.NOW)
    found = selectors.laggards("commune", DAY, DAY, indicator="activated", actor=make.SYSTEM)
    assert [(one.row.name.split()[-1], one.missing, one.week_gain) for one in found] == [
        ("c3", 10, 0.0), ("c1", 30, 0.0), ("c0", 8, pytest.approx(0.1)),
    ]  # fmt: skip
    half = selectors.laggards("commune", DAY, DAY, indicator="activated", target=0.5, limit=1, actor=make.SYSTEM)
    assert [(one.row.name.split()[-1], one.missing) for one in half] == [("c3", 5)]


def test_a_roll_out_younger_than_a_week_has_no_gain_to_tell(units: Units) -> None:
    based(units, c0=20)
    make.person(units["c0"].id, DAY)
    services.rebuild_rollups(now=make.NOW)
    (one,) = selectors.laggards("commune", DAY, DAY, indicator="activated", actor=make.SYSTEM)
    assert one.week_gain is None


def test_hidden_units_are_no_laggards_to_outsiders(units: Units) -> None:
    based(units, c0=20, c1=20)
    settle(units, c0=3, c1=4)
    assert selectors.laggards("commune", DAY, DAY, indicator="activated") == []


@pytest.mark.parametrize("key", ["nothing", "staff_used"])
def test_only_citizen_indicators_have_laggards_and_rows(units: Units, key: str) -> None:
    settle(units, c0=1)
    with pytest.raises(errors.FigureUnknown):
        selectors.laggards("commune", DAY, DAY, indicator=key)
    with pytest.raises(errors.FigureUnknown):
        selectors.rows_behind(key, units["c0"].id, DAY, DAY)
    with pytest.raises(errors.FigureUnknown):
        selectors.trend(DAY, DAY, DAY, columns=("nothing",))
    with pytest.raises(errors.FigureUnknown):
        list(selectors.history("commune", DAY, DAY, DAY, columns=("nothing",)))


def test_rows_behind_a_figure_hide_small_ones_and_a_neighbour_with_their_bases(units: Units) -> None:
    settle(units, c0=3, c2=20, c4=30)
    told = {
        part.name.split()[-1]: (part.count, part.counted)
        for part in selectors.rows_behind("activated", units["d1"].id, DAY, DAY)
    }
    assert told == {"c0": (None, None), "c2": (None, None), "c4": (30, 30)}
    seen = selectors.rows_behind("activated", units["d1"].id, DAY, DAY, actor=make.SYSTEM)
    assert [part.count for part in seen] == [30, 20, 3]


def test_devices_and_browsers_are_counted_apart_from_persons(units: Units) -> None:
    for standalone in (True, False):
        services.observe_install(uuid7(), standalone=standalone, atom_id=units["c0"].id, at=make.NOW)
    settle(units, c0=2)
    told = {key: figure(key).numerator for key in ("devices", "browsers", "installed", "activated")}
    assert told == {"devices": 1, "browsers": 1, "installed": 2, "activated": 2}


# -- queries ----------------------------------------------------------------------------------------------------------------
READINGS: dict[str, tuple[int, Callable[[], object]]] = {
    "table": (3, lambda: selectors.table("commune", DAY, DAY)),
    "headline": (4, lambda: selectors.headline(DAY, DAY)),
    "laggards": (6, lambda: selectors.laggards("commune", DAY, DAY)),
    "districts": (4, lambda: selectors.table("district", DAY, DAY)),
}


@pytest.mark.parametrize("name", list(READINGS))
def test_a_reading_takes_a_handful_of_queries_however_many_the_units(units: Units, name: str) -> None:
    based(units, c0=20, c1=20)
    settle(units, c0=3, c1=14, c3=2)
    most, read = READINGS[name]
    read()  # units are in memory from here on
    with CaptureQueriesContext(
        connection,
    ) as asked:
        read()
    told = [one["sql"] for one in asked if "places_revision" not in one["sql"]]
    assert len(told) <= most, told
