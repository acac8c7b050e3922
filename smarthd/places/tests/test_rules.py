"""Laws of change, on generated lands: nothing is lost, order within a day is nothing, nobody is orphaned."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.kernel import lineage
from smarthd.places import rules
from smarthd.places.rules import Alteration, Basis, Beginning, EventKind, Plan, Standing

PROVINCE, D1, D2 = 1, 2, 3


def land(communes: int) -> dict[int, Standing]:
    state = {
        PROVINCE: Standing("province", "Nhà", "Tỉnh", None),
        D1: Standing("district", "Một", "Huyện", PROVINCE),
        D2: Standing("district", "Hai", "Huyện", PROVINCE),
    }
    for number in range(communes):
        state[10 + number] = Standing("commune", f"Xã {number}", "Xã", D1 if number % 2 else D2)
    return state


def whole(source: int, target: int) -> list[tuple[int, int, str, float]]:
    return [(source, target, basis, 1.0) for basis in Basis]


def parts(source: int, shares: dict[int, float]) -> list[tuple[int, int, str, float]]:
    return [(source, target, basis, share) for basis in Basis for target, share in shares.items()]


def new(unit: int, parent: int = D1) -> Beginning:
    return Beginning(unit, Standing("commune", f"Mới {unit}", "Xã", parent))


def test_a_merger_of_whole_units_takes_their_villages_along() -> None:
    state = land(2) | {90: Standing("village", "An", "Thôn", 10)}
    plan = Plan(ends=(10, 11), begins=(new(20),), shares=tuple(whole(10, 20) + whole(11, 20)))
    after = rules.carry_out_day(state, [plan])
    assert after[90].parent == 20
    assert 10 not in after
    assert 11 not in after


def test_a_split_leaves_villages_nobody_assigned_without_a_commune_and_moves_those_assigned() -> None:
    state = land(1) | {90: Standing("village", "An", "Thôn", 10), 91: Standing("village", "Bình", "Thôn", 10)}
    plan = Plan(ends=(10,), begins=(new(20), new(21)), moves=((90, 21),), shares=tuple(parts(10, {20: 0.6, 21: 0.4})))
    after = rules.carry_out_day(state, [plan])
    assert after[90].parent == 21
    assert after[91].parent is None


def test_an_event_that_would_orphan_communes_is_refused_by_name() -> None:
    with pytest.raises(rules.OrphanedUnits) as refusal:
        rules.carry_out_day(land(3), [Plan(ends=(D1,))])
    assert refusal.value.facts["names"] == ["Xã Xã 1"]


def test_the_end_of_a_level_hands_its_children_to_the_level_above() -> None:
    state = land(4)
    after = rules.carry_out_day(state, [rules.supersede_level(state, "district")])
    assert {standing.parent for unit, standing in after.items() if unit >= 10} == {PROVINCE}
    assert D1 not in after


@pytest.mark.parametrize(
    ("plan", "refusal"),
    [
        (Plan(ends=(77,)), rules.NotStandingThen),
        (Plan(alters=(Alteration(77, name="X"),)), rules.NotStandingThen),
        (Plan(moves=((77, D1),)), rules.NotStandingThen),
        (Plan(begins=(new(10),)), rules.AlreadyStanding),
        (Plan(alters=(Alteration(10, parent=11),)), rules.WrongLevel),
        (Plan(alters=(Alteration(10, kind="Huyện"),)), rules.WrongLevel),
        (Plan(alters=(Alteration(10, parent=99),)), rules.OrphanedUnits),
        (Plan(ends=(10,), begins=(new(20),), shares=((10, 20, "population", 0.7),)), rules.SharesDoNotAddUp),
    ],
)
def test_an_impossible_event_is_refused_by_name(plan: Plan, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rules.carry_out_day(land(2), [plan])


def test_a_unit_founded_and_ended_on_one_day_is_refused_by_name() -> None:
    first = Plan(ends=(10,), begins=(new(20),), shares=tuple(whole(10, 20)))
    second = Plan(ends=(11, 20), begins=(new(21),), shares=tuple(whole(11, 21) + whole(20, 21)))
    with pytest.raises(rules.NeverStood):
        rules.carry_out_day(land(2), [first, second])


@st.composite
def days(draw: st.DrawFn) -> list[tuple[str, int, Plan]]:
    """Events of one day on ten communes: mergers, splits, renames, transfers of units that are each touched once or go on."""
    free = list(range(10, 20))
    random.Random(draw(st.integers(0, 10_000))).shuffle(free)
    events: list[tuple[str, int, Plan]] = []
    fresh = 100
    while len(free) >= 3 and draw(st.booleans()):
        number = len(events)
        match draw(st.sampled_from(["merge", "split", "rename", "transfer"])):
            case "merge":
                one, other = free.pop(), free.pop()
                shares = tuple(whole(one, fresh) + whole(other, fresh))
                events.append((EventKind.MERGE, number, Plan(ends=(one, other), begins=(new(fresh),), shares=shares)))
                fresh += 1
            case "split":
                one, share = free.pop(), draw(st.floats(0.01, 0.99))
                shares = tuple(parts(one, {fresh: share, fresh + 1: 1 - share}))
                begins = (new(fresh), new(fresh + 1, D2))
                events.append((EventKind.SPLIT, number, Plan(ends=(one,), begins=begins, shares=shares)))
                fresh += 2
            case "rename":
                events.append((EventKind.RENAME, number, Plan(alters=(Alteration(free[0], name=f"Tên {number}"),))))
            case _:
                events.append((EventKind.TRANSFER, number, Plan(alters=(Alteration(free[0], parent=D2),))))
    return events


@given(days(), st.randoms())
def test_the_order_in_which_a_days_events_come_in_changes_nothing(
    events: list[tuple[str, int, Plan]], order: random.Random
) -> None:
    shuffled = list(events)
    order.shuffle(shuffled)
    state = land(10)
    assert rules.carry_out_day(state, rules.in_order(shuffled)) == rules.carry_out_day(state, rules.in_order(events))


@given(days(), st.lists(st.integers(0, 1000), min_size=10, max_size=10))
def test_what_was_counted_before_a_day_is_counted_after_it_and_the_way_back_restores_the_total(
    events: list[tuple[str, int, Plan]], counts: list[int]
) -> None:
    state = land(10)
    after = rules.carry_out_day(state, rules.in_order(events))
    shares = [
        lineage.Share(source, target, share)
        for _, _, plan in events
        for source, target, basis, share in plan.shares
        if basis == Basis.POPULATION
    ]
    forward, backward = lineage.forward(shares), lineage.backward(shares)
    new_totals: dict[int, float] = {}
    for number, count in enumerate(counts):
        spread = lineage.spread(10 + number, standing=after, steps=forward, memo={})
        assert sum(spread.values()) == pytest.approx(1)
        for unit, weight in spread.items():
            new_totals[unit] = new_totals.get(unit, 0) + weight * count
    assert sum(new_totals.values()) == pytest.approx(sum(counts))
    returned = sum(
        weight * total
        for unit, total in new_totals.items()
        for weight in lineage.spread(unit, standing=state, steps=backward, memo={}).values()
    )
    assert returned == pytest.approx(sum(counts))


@given(st.integers(2, 9))
def test_the_expected_parts_of_a_split_add_up_and_the_main_one_is_the_largest(count: int) -> None:
    main, other = rules.expected_parts(count)
    assert main + (count - 1) * other == pytest.approx(1)
    assert main > other > 0


def test_a_circle_of_superiors_is_an_error_and_not_a_hang() -> None:
    with pytest.raises(ValueError, match="circle"):
        lineage.ancestors(1, {1: 2, 2: 1})
