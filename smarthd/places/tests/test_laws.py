"""The laws of ROLLOUT.md on random histories in the real tables: conservation, weights, order, reversal."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from smarthd.kernel import errors
from smarthd.places import rules, selectors, services
from smarthd.places.models import BoundarySet, Closure, Edge, Event, Unit, UnitVersion
from smarthd.places.tests import make
from smarthd.places.values import UnitView

START = date(2024, 2, 1)
FEW = settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def land(db: None, tmp_path: Path) -> dict[str, UnitView]:
    found = make.small_land(tmp_path, communes=8)
    villages = [services.NewVillage(found[f"c{n}"].id, f"Thôn {n}", make.BEFORE) for n in range(8)]
    services.add_villages_bulk(villages, actor=make.CLERK, now=make.NOW)
    return found


def random_change(chance: random.Random, day: date, land: dict[str, UnitView]) -> services.Change:
    """Return some change of the communes that stand on a day; not every one is possible."""
    standing = [unit.id for unit in selectors.units_on(day, "commune")]
    district = chance.choice([land["d1"].id, land["d2"].id])

    def new(ref: str) -> services.NewUnit:
        place = (20.9 + chance.random() * 0.1, 106.3 + chance.random() * 0.1)
        name = f"{ref} {chance.randrange(10**6)}"
        return services.NewUnit(
            ref=ref, level="commune", kind="Xã", name=name, parent=district, lat=place[0], lon=place[1]
        )

    match chance.choice(["merge", "merge", "split", "rename", "transfer"]):
        case "merge":
            return services.merge(chance.sample(standing, min(2, len(standing))), new("m"), on=day)
        case "split":
            share = chance.choice([0.5, 0.25, 0.9])
            return services.split(chance.choice(standing), [(new("a"), share), (new("b"), 1 - share)], on=day)
        case "rename":
            return services.rename(chance.choice(standing), name=f"Tên {chance.randrange(1000)}", on=day)
        case _:
            return services.transfer(chance.choice(standing), to=district, on=day)


def rows() -> tuple[object, ...]:
    return (
        sorted(UnitVersion.objects.values_list("unit_id", "name", "valid_from", "valid_to"), key=str),
        sorted(Edge.objects.values_list("child_id", "parent_id", "valid_from", "valid_to"), key=str),
    )


def assert_conserved(facts: dict[int, float]) -> None:
    """Facts add up to the same total under the units of every day, at every level, on every basis."""
    for found in BoundarySet.objects.all():
        for basis in rules.Basis:
            for level in ("province", "district", "commune"):
                closure = Closure.objects.filter(boundary_set=found, basis=basis, level=level)
                weights: dict[int, float] = {}
                for atom, weight in closure.values_list("atom_id", "weight"):
                    weights[atom] = weights.get(atom, 0.0) + weight
                total = sum(weight * facts.get(atom, 0.0) for atom, weight in weights.items())
                assert total == pytest.approx(sum(facts.values()))
                assert all(weight == pytest.approx(1) for weight in weights.values())


@FEW
@example(13)  # a founding taken back, and one of its origins split afterwards
@given(st.integers(0, 2**31))
def test_whatever_happens_to_the_units_no_fact_is_lost_or_counted_twice(land: dict[str, UnitView], dice: int) -> None:
    chance = random.Random(dice)
    with transaction.atomic():
        day = START
        history: list[Event] = []
        for _ in range(5):
            day += timedelta(days=chance.choice([0, 30]))
            if history and chance.random() < 0.25:
                try:
                    services.revert_event(history[-1].uid, actor=make.CLERK, now=make.NOW)
                    history.pop()
                except errors.Conflict:
                    assert Event.objects.filter(uid=history[-1].uid, status="applied").exists()
                continue
            uid = services.draft_event(random_change(chance, day, land), actor=make.CLERK, now=make.NOW)
            try:
                services.apply_event(uid, actor=make.CLERK, now=make.NOW)
                history.append(Event.objects.get(uid=uid))
            except errors.Conflict:
                assert Event.objects.get(uid=uid).status == "draft"
        standing = Unit.objects.filter(level__in=["commune", "village"]).exclude(versions=None)
        plans = Event.objects.filter(status="reverted").values_list("plan", flat=True)
        undone = {begun["unit"] for plan in plans for begun in plan["begins"]}
        founded = {*standing.values_list("pk", flat=True), *undone}  # facts hang on those taken back, too
        assert_conserved({unit: float(chance.randrange(1, 500)) for unit in sorted(founded)})
        transaction.set_rollback(True)


@FEW
@given(st.integers(0, 2**31))
def test_taking_back_the_last_event_restores_the_rows(land: dict[str, UnitView], dice: int) -> None:
    chance = random.Random(dice)
    with transaction.atomic():
        before = rows()
        uid = services.draft_event(random_change(chance, START, land), actor=make.CLERK, now=make.NOW)
        services.apply_event(uid, actor=make.CLERK, now=make.NOW)
        services.revert_event(uid, actor=make.CLERK, now=make.NOW)
        assert rows() == before
        transaction.set_rollback(True)


@FEW
@given(st.integers(0, 2**31))
def test_two_events_of_one_day_end_alike_in_either_order_or_are_refused_in_both(
    land: dict[str, UnitView], dice: int
) -> None:
    def outcome(first: int) -> object:
        chance = random.Random(dice)
        with transaction.atomic():
            uids = [
                services.draft_event(random_change(chance, START, land), actor=make.CLERK, now=make.NOW)
                for _ in range(2)
            ]
            refused = False
            for uid in (uids[first], uids[1 - first]):
                try:
                    services.apply_event(uid, actor=make.CLERK, now=make.NOW)
                except errors.Conflict:
                    refused = True
            drawn = rows() if not refused else "refused"
            transaction.set_rollback(True)
        names = dict(enumerate(sorted({row[0] for row in drawn[0]}))) if isinstance(drawn, tuple) else {}  # type: ignore[index]
        place = {unit: number for number, unit in names.items()}
        return drawn if not place else _renumbered(drawn, place)

    assert outcome(0) == outcome(1)


def _renumbered(drawn: object, place: dict[int, int]) -> object:
    """Replace unit ids (which every run gives anew) by their rank."""
    versions, edges = drawn  # type: ignore[misc]
    return (
        sorted(((place[unit], *rest) for unit, *rest in versions), key=str),
        sorted(((place[child], place[parent], *rest) for child, parent, *rest in edges), key=str),
    )
