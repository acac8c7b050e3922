"""The real three dates: what is recorded then adds up now, and what is recorded now adds up under the boundaries of then."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.db import connection

from smarthd.places import rules, selectors, services
from smarthd.places.errors import NoBoundariesThen, NotAVillageOf
from smarthd.places.models import Event
from smarthd.places.selectors import world
from smarthd.places.services import changes, closure, ledger
from smarthd.places.tests import make

APRIL, DECEMBER, JULY = date(2024, 4, 20), date(2024, 12, 1), date(2025, 7, 1)

pytestmark = pytest.mark.usefixtures("province")


def under(code: str, day: date) -> int:
    return selectors.unit_by_code(str(day), code).id


def weights(day: date, basis: str, level: str) -> dict[int, dict[int, float]]:
    """Closure of a day by atom."""
    found: dict[int, dict[int, float]] = {}
    for row in selectors.closure(selectors.boundary_set(day).id, basis, level):
        found.setdefault(row.atom_id, {})[row.ancestor_id] = row.weight
    return found


def test_the_weights_of_each_atom_add_up_to_one_or_it_lies_outside() -> None:
    everywhere = {unit.id for day in (APRIL, DECEMBER, JULY) for unit in selectors.units_on(day, "commune")}
    before = {unit.id for unit in selectors.units_on(APRIL, "commune")} | {
        unit.id for unit in selectors.units_on(DECEMBER, "commune")
    }
    for day, levels in ((APRIL, 3), (DECEMBER, 3), (JULY, 2)):
        for basis in rules.Basis:
            for level in list(rules.Level)[:3]:
                found = weights(day, basis, level)
                if level == "district" and levels == 2:
                    assert found == {}
                    continue
                assert all(sum(parts.values()) == pytest.approx(1) for parts in found.values())
                inside = everywhere if day == JULY else found.keys()
                assert found.keys() >= before
                assert found.keys() == inside
    outside = everywhere - weights(APRIL, "population", "commune").keys()
    assert len(outside) == 50  # the communes of Hải Phòng as it was


def test_totals_are_conserved_under_the_boundaries_of_every_day() -> None:
    chance = random.Random(7)
    facts = {unit.id: float(chance.randrange(1000)) for unit in selectors.units_on(APRIL, "commune")}
    for day in (APRIL, DECEMBER, JULY):
        for level in ("province", "commune"):
            total = sum(
                weight * facts.get(atom, 0)
                for atom, parts in weights(day, "population", level).items()
                for weight in parts.values()
            )
            assert total == pytest.approx(sum(facts.values()))


def test_a_whole_merger_seen_backward_and_forward() -> None:
    merged = under("10534", DECEMBER)
    one, other = under("10534", APRIL), under("10522", APRIL)
    forward = weights(DECEMBER, "population", "commune")
    assert forward[one] == {merged: 1.0}
    assert forward[other] == {merged: 1.0}
    backward = weights(APRIL, "population", "commune")[merged]
    assert set(backward) == {one, other}
    assert sum(backward.values()) == pytest.approx(1)


def test_a_split_commune_is_an_estimate_and_says_so() -> None:
    kim_xuyen = under("10771", APRIL)
    parts = weights(DECEMBER, "population", "commune")[kim_xuyen]
    assert sorted(parts.values()) == [0.25, 0.75]
    assert parts[under("10771", DECEMBER)] == 0.75
    assert {relative.confidence for relative in selectors.successors(kim_xuyen, DECEMBER)} == {"inferred"}


def test_the_old_province_and_its_districts_hold_the_new_communes_under_old_boundaries() -> None:
    nam_sach = under("291", APRIL)
    new = under("10606", JULY)
    assert weights(APRIL, "population", "district")[new] == {nam_sach: pytest.approx(1)}
    assert weights(APRIL, "population", "province")[new] == {under("30", APRIL): pytest.approx(1)}


def test_sql_of_others_reads_the_closure() -> None:
    chosen = selectors.boundary_set(JULY)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(DISTINCT c.ancestor_id), sum(c.weight) FROM {selectors.closure_sql()} c "  # noqa: S608 - our own text
            "WHERE c.boundary_set_id = %s AND c.basis = 'population' AND c.level = 'province'",
            [chosen.id],
        )
        assert cursor.fetchone() == (1, pytest.approx(235 + 29 + 114))


def test_a_boundary_set_is_that_of_the_last_change_and_none_is_invented() -> None:
    assert selectors.boundary_set(date(2024, 3, 26)).as_of == date(2019, 12, 1)
    assert selectors.boundary_set(date(2025, 6, 30)).as_of == DECEMBER
    assert selectors.boundary_set(date(2026, 11, 24)).as_of == JULY
    with pytest.raises(NoBoundariesThen):
        selectors.boundary_set(date(2010, 1, 1))


@pytest.mark.parametrize("day", [DECEMBER, JULY])
def test_the_events_of_a_day_lead_from_the_units_before_to_the_units_after(day: date) -> None:
    before, after = ledger.state_on(day - timedelta(days=1)), ledger.state_on(day)
    outcome = changes._outcome(before, list(Event.objects.filter(effective_on=day)))
    assert outcome.keys() == after.keys()
    assert all(ledger.same(outcome[unit], after[unit]) for unit in after)


def test_villages_go_along_through_every_whole_merger_and_wait_at_a_split() -> None:
    nam_hong, kim_xuyen = under("10651", APRIL), under("10771", APRIL)
    first, second = services.add_villages_bulk(
        [
            services.NewVillage(nam_hong, "Thôn Đột Thượng", date(2024, 1, 1)),
            services.NewVillage(kim_xuyen, "Phương Duệ", date(2024, 1, 1)),
        ],
        actor=make.CLERK,
        now=make.NOW,
    )
    assert [unit.full_name for unit in selectors.path(first, JULY)] == [
        "Thành phố Hải Phòng",
        "Xã Nam Sách",
        "Thôn Đột Thượng",
    ]
    assert weights(JULY, "population", "commune")[first] == {under("10606", JULY): 1.0}
    assert selectors.unit_view(second, DECEMBER).parent_id is None
    assert sum(weights(DECEMBER, "population", "commune")[second].values()) == pytest.approx(1)
    services.assign_villages([second], under("10750", DECEMBER), DECEMBER, actor=make.CLERK, now=make.NOW)
    assert weights(DECEMBER, "population", "commune")[second] == {under("10750", DECEMBER): 1.0}
    assert weights(JULY, "population", "commune")[second] == {under("10750", JULY): 1.0}
    answer = selectors.address_change(kim_xuyen, DECEMBER)
    assert [choice.villages for choice in answer.choices if choice.unit.code == "10750"] == [("Thôn Phương Duệ",)]


def test_villages_added_one_by_one_weigh_as_in_a_set_built_anew() -> None:
    services.add_village(under("10651", APRIL), "Thôn Trần Xá", APRIL, actor=make.CLERK, now=make.NOW)
    quick = {day: weights(day, "population", "commune") for day in (APRIL, DECEMBER, JULY)}
    services.build_official_sets(now=make.NOW)
    assert {day: weights(day, "population", "commune") for day in (APRIL, DECEMBER, JULY)} == quick


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_village_without_a_usable_name_is_refused_and_none_of_its_batch_is_kept(name: str) -> None:
    commune = under("10651", APRIL)
    batch = [services.NewVillage(commune, "Thôn Một", APRIL), services.NewVillage(commune, name, APRIL)]
    with pytest.raises(NotAVillageOf):
        services.add_villages_bulk(batch, actor=make.CLERK, now=make.NOW)
    assert selectors.units_on(APRIL, "village") == []


@pytest.mark.parametrize("unit", [("291", APRIL), ("10651", DECEMBER)])
def test_a_village_stands_under_a_commune_of_its_day(unit: tuple[str, date]) -> None:
    wrong = under("291", APRIL) if unit[0] == "291" else under("10651", APRIL)
    with pytest.raises(NotAVillageOf):
        services.add_village(wrong, "Thôn Một", unit[1], actor=make.CLERK, now=make.NOW)


def test_a_commune_that_was_split_asks_one_question_and_one_that_was_not_asks_none() -> None:
    whole = selectors.address_change(under("10651", APRIL), JULY)
    assert whole.answer is not None
    assert whole.answer.full_name == "Xã Nam Sách"
    asked = selectors.address_change(under("10585", APRIL), JULY, lat=21.13, lon=106.47)
    assert asked.answer is None
    assert asked.choices[0].unit.full_name == "Phường Trần Nhân Tông"
    assert asked.choices[0].main
    assert sum(choice.share for choice in asked.choices) == pytest.approx(1)
    assert asked.choices[0].distance_km is not None


def test_a_new_address_leads_back_to_all_the_old_ones_and_old_hai_phong_is_outside_our_catalogue() -> None:
    back = selectors.address_change(under("10606", JULY), APRIL)
    assert {choice.unit.full_name for choice in back.choices} == {
        "Thị trấn Nam Sách",
        "Xã Nam Hồng",
        "Xã Hồng Phong",
        "Xã Đồng Lạc",
    }
    assert selectors.address_change(under("11359", JULY), APRIL).outside_catalogue


def test_memory_follows_the_tables() -> None:
    old = world.current()
    assert world.current() is old
    services.add_village(under("10651", APRIL), "Thôn Mới", APRIL, actor=make.CLERK, now=make.NOW)
    assert len(selectors.units_on(APRIL, "village")) == 1
    assert closure.atoms_of(world.current()) != closure.atoms_of(old)
