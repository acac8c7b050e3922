"""Every figure of every reading against the oracle, under boundaries before and after communes merged and split."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smarthd.agencies import selectors as agencies
from smarthd.agencies import services as agency_services
from smarthd.agencies.rules import Kind
from smarthd.places import selectors as places
from smarthd.places import services as place_services
from smarthd.places.tests import make as land
from smarthd.rollout import rules, selectors, services
from smarthd.rollout.models import RollupState
from smarthd.rollout.selectors import staff as staff_module
from smarthd.rollout.tests import make, oracle, streams

FEW = settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LEVELS = ("province", "district", "commune")
MERGED, SPLIT = date(2024, 3, 1), date(2024, 4, 1)
BOUNDARIES = (date(2024, 2, 1), date(2024, 3, 15), date(2024, 4, 15))


@dataclass
class Ground:
    """A land on which two communes merged and one was split, and the chain of agencies that stands on it."""

    units: dict[str, int]
    agencies: dict[str, int]
    parents: dict[int, int | None]
    places: dict[int, int]

    @property
    def atoms(self) -> list[int]:
        return [self.units[key] for key in ("village", "c1", "c2", "c3", "merged", "half")]


def change(draft: place_services.Change) -> None:
    uid = place_services.draft_event(draft, actor=land.CLERK, now=land.NOW)
    place_services.apply_event(uid, actor=land.CLERK, now=land.NOW)


@pytest.fixture
def ground(db: None, tmp_path: Path) -> Ground:
    units = {key: view.id for key, view in land.small_land(tmp_path).items()}

    def new(ref: str, district: str) -> place_services.NewUnit:
        return place_services.NewUnit(ref=ref, level="commune", kind="Xã", name=ref, parent=units[district])

    units["village"] = place_services.add_village(units["c0"], "Thôn Một", land.BEFORE, actor=land.CLERK, now=land.NOW)
    change(place_services.merge([units["c0"], units["c2"]], new("merged", "d1"), on=MERGED))
    change(place_services.split(units["c1"], [(new("half", "d2"), 0.75), (new("rest", "d1"), 0.25)], on=SPLIT))
    units |= {
        view.name: view.id for view in places.units_on(SPLIT, "commune") if view.name in ("merged", "half", "rest")
    }

    found: dict[str, int] = {}
    chain = [
        ("province", Kind.PROVINCE_COMMITTEE, None, "p"),
        ("district", Kind.DISTRICT_COMMITTEE, "province", "d1"),
        ("commune", Kind.COMMUNE_COMMITTEE, "district", "c2"),
        ("other", Kind.COMMUNE_COMMITTEE, "district", "c1"),
        ("school", Kind.SCHOOL, "commune", "c2"),
    ]
    for name, kind, over, place in chain:
        new_agency = agency_services.NewAgency(
            kind=kind, name=name, code=name, parent_id=found[over] if over else None, place_id=units[place]
        )
        found[name] = agency_services.found_agency(new_agency, valid_from=date(2024, 1, 1)).pk
    parents = {found[name]: found[over] if over else None for name, _, over, _ in chain}
    return Ground(units, found, parents, {found[name]: units[place] for name, _, _, place in chain})


def weights(level: str, on: date, basis: str = "population") -> oracle.Weights:
    spread: oracle.Weights = defaultdict(dict)
    for row in places.closure(places.boundary_set(on=on).id, basis, level):
        spread[row.atom_id][row.ancestor_id] = row.weight
    return spread


def enter_bases(chance: random.Random, ground: Ground) -> list[oracle.Base]:
    """Bases of most communes, some newer on the heirs, some corrected; returns those that stand."""
    entered: dict[tuple[int, str, date], int] = {}
    for measure in (oracle.OWNERS, oracle.ADULTS):
        for key in ("c0", "c1", "c2", "c3", "c4", "merged", "half", "rest"):
            on = chance.choice([date(2023, 6, 1), date(2023, 12, 31)]) if key.startswith("c") else date(2024, 4, 5)
            for _ in range(chance.choice([0, 1, 1, 2])):
                entered[ground.units[key], measure, on] = chance.randint(1, 12)
                rows = [
                    make.base(ground.units[key], entered[ground.units[key], measure, on], as_of=on, measure=measure)
                ]
                services.set_denominators(rows, actor=make.SYSTEM, now=make.noon(streams.TODAY))
    return [oracle.Base(unit, measure, value, on) for (unit, measure, on), value in entered.items()]


def parts_of(figure: selectors.Figure) -> oracle.Parts:
    return figure.numerator, figure.denominator, figure.ratio


def assert_figures(found: dict[str, selectors.Figure], expected: dict[str, oracle.Parts]) -> None:
    assert found.keys() == expected.keys()
    for key, wanted in expected.items():
        assert parts_of(found[key]) == pytest.approx(wanted), key
        ratio = wanted[2]
        assert (rules.Flag.OVER_100 in found[key].flags) == (ratio is not None and ratio > 1 + 1e-9), key


def played(
    dice: int, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> tuple[random.Random, oracle.Book, streams.Player]:
    chance = random.Random(dice)
    made = streams.stream(chance, ground.atoms, list(ground.agencies.values()))
    player = streams.Player(made, chance, monkeypatch)
    player.play()
    services.rebuild_rollups(now=make.noon(streams.TODAY))
    return chance, made.book(), player


@FEW
@given(dice=st.integers(0, 2**32))
def test_every_citizen_figure_of_every_level_under_any_boundaries_equals_the_oracles(
    dice: int, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        chance, book, _ = played(dice, ground, monkeypatch)
        entered = enter_bases(chance, ground)
        for as_of in (streams.day(chance.randint(20, streams.SPAN)), streams.TODAY):
            counts = book.citizens(as_of)
            own = {base: weights("commune", as_of, base) for base in ("population", "smartphones")}
            standing = oracle.applicable(entered, as_of, own["population"])  # shares are the same on both bases here
            assert own["population"] == own["smartphones"]
            for boundaries in BOUNDARIES:
                for level in LEVELS:
                    _assert_table(level, as_of, boundaries, counts, standing)
                _assert_readings(chance, as_of, boundaries, book, standing)
        transaction.set_rollback(True)


def _assert_table(
    level: str, as_of: date, boundaries: date, counts: dict[int, oracle.Counts], standing: list[oracle.Base]
) -> None:
    spread = weights(level, boundaries)
    sums, bases = oracle.added_up(counts, spread), oracle.bases_under(standing, spread)
    nothing = dict.fromkeys([*oracle.CITIZEN_COLUMNS, "estimated"], 0.0)
    table = selectors.table(level, as_of, boundaries, actor=make.SYSTEM)
    assert {row.unit_id for row in table.rows} == {unit.id for unit in places.units_on(boundaries, level)}
    for row in table.rows:
        mine = sums.get(row.unit_id, nothing)
        assert_figures(row.values, oracle.citizen_figures(mine, bases.get(row.unit_id, {})))
        for key, figure in row.values.items():
            assert figure.estimated_share == pytest.approx(mine["estimated"])
            measured = oracle.CITIZEN_FIGURES[key][1]
            if measured in bases.get(row.unit_id, {}):
                assert (figure.source, figure.source_on) == ("Cục Thống kê", bases[row.unit_id][measured][1])
            elif measured in (oracle.OWNERS, oracle.ADULTS):
                assert rules.Flag.NO_BASE in figure.flags
    everyone = oracle.everyone(counts, oracle.CITIZEN_COLUMNS)
    assert_figures(table.total.values, oracle.citizen_figures(everyone, bases.get(0, {})))
    left = {name: everyone[name] - sum(unit[name] for unit in sums.values()) for name in oracle.CITIZEN_COLUMNS}
    assert (table.unplaced is not None) == any(abs(value) > 1e-6 for value in left.values())
    if table.unplaced is not None:
        assert_figures(table.unplaced.values, oracle.citizen_figures(left, {}))
    _assert_partial(table, as_of, boundaries, standing)


def _assert_partial(table: selectors.Table, as_of: date, boundaries: date, standing: list[oracle.Base]) -> None:
    """A base that lacks a commune, standing now or gone into the unit since, says so."""
    by_commune = oracle.bases_under(standing, weights("commune", boundaries))
    then = oracle.bases_under(standing, weights("commune", as_of))
    up = weights(table.level, boundaries)
    for row in [*table.rows, table.total]:
        for key, (_, measure) in oracle.CITIZEN_FIGURES.items():
            if measure not in (oracle.OWNERS, oracle.ADULTS) or row.values[key].denominator is None:
                continue
            within = [
                measure not in known.get(unit.id, {})
                for day, known in ((boundaries, by_commune), (as_of, then))
                for unit in places.units_on(day, "commune")
                if (row.unit_id == 0 and day == boundaries) or row.unit_id in up.get(unit.id, {})
            ]
            assert (rules.Flag.PARTIAL_BASE in row.values[key].flags) == any(within), (row.name, key)


def _assert_readings(
    chance: random.Random, as_of: date, boundaries: date, book: oracle.Book, standing: list[oracle.Base]
) -> None:
    headline = selectors.headline(as_of, boundaries)
    bases = oracle.bases_under(standing, {}).get(0, {})
    for day, figures in ((as_of, headline.figures), (as_of - timedelta(days=7), headline.week_before)):
        citizens = oracle.citizen_figures(oracle.everyone(book.citizens(day), oracle.CITIZEN_COLUMNS), bases)
        staff = oracle.staff_figures(oracle.everyone(book.staff(day), oracle.STAFF_COLUMNS))
        assert_figures(figures, citizens | staff)
    level = chance.choice(LEVELS)
    spread = weights(level, boundaries)
    first = as_of - timedelta(days=9)
    by_day = {day: oracle.added_up(book.citizens(day), spread) for day in streams.days_of(first, 10)}
    columns = oracle.CITIZEN_COLUMNS
    told = {
        (day, unit): values for day, unit, values in selectors.history(level, first, as_of, boundaries, columns=columns)
    }
    expected = {
        (day, unit): [sums[name] for name in columns] for day, units in by_day.items() for unit, sums in units.items()
    }
    assert told.keys() == expected.keys()
    assert all(told[key] == pytest.approx(expected[key]) for key in told)
    unit = chance.choice([unit.id for unit in places.units_on(boundaries, level)])
    points = {
        one.day: one.counts for one in selectors.trend(first, as_of, boundaries, unit, columns, actor=make.SYSTEM)
    }
    for day, units in by_day.items():
        assert points.get(day, dict.fromkeys(columns, 0)) == pytest.approx(
            {name: units[unit][name] if unit in units else 0 for name in columns}
        )
    key = chance.choice(list(oracle.CITIZEN_FIGURES))
    found = selectors.rows_behind(key, unit, as_of, boundaries, actor=make.SYSTEM)
    _assert_rows_behind(found, book.citizens(as_of), unit, spread, column=oracle.CITIZEN_FIGURES[key][0])


def _assert_rows_behind(
    found: list[selectors.Part], counts: dict[int, oracle.Counts], unit: int, spread: oracle.Weights, *, column: str
) -> None:
    assert {part.atom_id: (part.count, pytest.approx(part.weight)) for part in found} == {
        atom: (columns[column], spread[atom][unit])
        for atom, columns in counts.items()
        if columns[column] and unit in spread.get(atom, {})
    }
    assert [part.counted for part in found] == sorted((part.counted for part in found), reverse=True)


@FEW
@given(dice=st.integers(0, 2**32))
def test_every_staff_figure_and_person_equals_the_oracles(
    dice: int, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        chance, book, player = played(dice, ground, monkeypatch)
        fakes = {"roster_on": player.roster_on}
        real = {name: getattr(agencies, name) for name in ("agencies_on", "agency_closure")}
        monkeypatch.setattr(staff_module, "agencies", SimpleNamespace(**real, **fakes))
        first = RollupState.objects.get().covers_from  # before the first day counted there is nothing to read
        for as_of in (max(first, streams.day(chance.randint(0, streams.SPAN))), streams.TODAY):
            own = book.staff(as_of)
            _assert_staff_table(ground, as_of, own)
            for agency in ground.agencies.values():
                _assert_staff_ladder(agency, as_of, own, book)
            _assert_staff_by_unit(ground, as_of, own)
        transaction.set_rollback(True)


def _levels(counts: oracle.Counts) -> dict[int, float]:
    steps = [counts[name] for name in ("roster", "installed", "activated", "reached_3", "reached_4", "retained")] + [0]
    return {level: steps[level] - steps[level + 1] for level in range(6)}


def _assert_staff_table(ground: Ground, as_of: date, own: dict[int, oracle.Counts]) -> None:
    below: dict[int, dict[int, oracle.Counts]] = defaultdict(dict)
    for agency, counts in own.items():
        over: int | None = agency
        while over is not None:
            below[over][agency] = counts
            over = ground.parents[over]
    table = selectors.staff_table(as_of, actor=_everywhere(ground))
    rows = {row.agency_id: row for group in table.groups.values() for row in group}
    assert rows.keys() == below.keys()
    for agency, members in below.items():
        counts = oracle.everyone(members, oracle.STAFF_COLUMNS)
        assert_figures(rows[agency].values, oracle.staff_figures(counts))
        assert rows[agency].levels == _levels(counts)
        exempt = rows[agency].values["staff_exempt"]
        assert (rules.Flag.MANY_EXEMPT in exempt.flags) == (counts["exempt"] > 0.05 * counts["roster"])
    total = oracle.everyone(own, oracle.STAFF_COLUMNS)
    assert_figures(table.total, oracle.staff_figures(total))
    assert table.levels == _levels(total)


def _everywhere(ground: Ground) -> make.actors.Actor:
    reach = frozenset(ground.agencies.values())
    return make.actors.Actor(account_id=1, grants=(make.actors.Grant("head", ground.agencies["province"], reach),))


def _assert_staff_ladder(agency: int, as_of: date, own: dict[int, oracle.Counts], book: oracle.Book) -> None:
    head = make.actors.Actor(account_id=1, grants=(make.actors.Grant("head", agency, frozenset({agency})),))
    ladder = selectors.staff_ladder(agency, as_of, head)
    counts = own.get(agency, dict.fromkeys(oracle.STAFF_COLUMNS, 0.0))
    assert_figures(ladder.figures, oracle.staff_figures(counts))
    assert ladder.levels == _levels(counts)
    seats = {seat.staff: seat for seat in book.seats if seat.agency == agency and seat.holds(as_of)}
    assert ladder.persons is not None
    assert {person.staff_id for person in ladder.persons} == seats.keys()
    for person in ladder.persons:
        known = (
            None
            if seats[person.staff_id].account in book.erased
            else book.staff_person(seats[person.staff_id].account, as_of)
        )
        level = 0 if known is None else book.level(known, as_of)
        assert (person.level, person.exempt) == (level, seats[person.staff_id].exempt)
        assert person.lapsed == (known is not None and level >= 2 and known.lapsed(as_of))


def _assert_staff_by_unit(ground: Ground, as_of: date, own: dict[int, oracle.Counts]) -> None:
    for boundaries in BOUNDARIES:
        for level in LEVELS:
            found = selectors.staff_by_unit(level, as_of, boundaries)
            expected: dict[int, oracle.Counts] = {0: oracle.everyone(own, oracle.STAFF_COLUMNS)}
            spread = weights(level, boundaries, "staff")
            for agency, counts in own.items():
                place = ground.places[agency]
                above = {view.id: 1.0 for view in places.path(place, boundaries) if view.level == level}
                for unit, weight in (spread.get(place) or above).items():
                    sums = expected.setdefault(unit, dict.fromkeys(oracle.STAFF_COLUMNS, 0.0))
                    for name, value in counts.items():
                        sums[name] += value * weight
            assert found.keys() == expected.keys()
            assert all(found[unit] == pytest.approx(expected[unit]) for unit in expected)
