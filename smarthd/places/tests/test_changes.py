"""Events in the tables: applied, taken back, in any order, and what the database itself refuses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from smarthd.kernel import actor, errors
from smarthd.kernel.moves import IllegalMove
from smarthd.places import rules, selectors, services
from smarthd.places.errors import DifferentDays, LaterEventStands
from smarthd.places.events import UnitEventApplied, UnitEventReverted
from smarthd.places.models import Boundary, Closure, Edge, Event, Lineage, UnitVersion
from smarthd.places.tests import make
from smarthd.places.values import UnitView

DAY = date(2024, 6, 1)
LATER = date(2024, 9, 1)


@pytest.fixture
def land(db: None, tmp_path: Path) -> dict[str, UnitView]:
    return make.small_land(tmp_path)


def commune(ref: str, land: dict[str, UnitView], district: str = "d1", **more: object) -> services.NewUnit:
    return services.NewUnit(ref=ref, level="commune", kind="Xã", name=f"Xã {ref}", parent=land[district].id, **more)  # type: ignore[arg-type]


def applied(change: services.Change) -> Event:
    uid = services.draft_event(change, actor=make.CLERK, now=make.NOW)
    services.apply_event(uid, actor=make.CLERK, now=make.NOW)
    return Event.objects.get(uid=uid)


def everything() -> tuple[object, ...]:
    """All that stands, without row ids of rows written twice."""
    settle()
    return (
        sorted(UnitVersion.objects.values_list("unit_id", "name", "kind", "valid_from", "valid_to"), key=str),
        sorted(Edge.objects.values_list("child_id", "parent_id", "valid_from", "valid_to"), key=str),
        sorted(Boundary.objects.values_list("unit_id", "valid_from", "valid_to", "approximate"), key=str),
        sorted(
            Closure.objects.values_list("ancestor_id", "atom_id", "basis", "weight", "boundary_set__as_of"), key=str
        ),
    )


def settle() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def totals(on: date, level: str, facts: dict[int, float]) -> dict[int, float]:
    """Add facts on atoms up under the units of a day, as everyone above does."""
    sums: dict[int, float] = {}
    for row in selectors.closure(selectors.boundary_set(on).id, "population", level):
        sums[row.ancestor_id] = sums.get(row.ancestor_id, 0) + row.weight * facts.get(row.atom_id, 0)
    return sums


def test_a_merger_ends_two_communes_and_begins_one_that_counts_for_both(land: dict[str, UnitView]) -> None:
    event = applied(services.merge([land["c0"].id, land["c2"].id], commune("new", land), on=DAY))
    (new,) = [unit for unit in selectors.units_on(DAY, "commune") if unit.name == "Xã new"]
    assert not selectors.unit_view(land["c0"].id, DAY).standing
    assert selectors.unit_view(land["c0"].id, date(2024, 5, 31)).standing
    assert [heir.unit.id for heir in selectors.successors(land["c0"].id, DAY)] == [new.id]
    assert {source.unit.id for source in selectors.predecessors(new.id, DAY)} == {land["c0"].id, land["c2"].id}
    facts = {land["c0"].id: 10.0, land["c2"].id: 5.0, land["c1"].id: 1.0, new.id: 4.0}
    assert totals(DAY, "commune", facts)[new.id] == 19
    before = totals(make.BEFORE, "commune", facts)
    assert before[land["c0"].id] == 12  # what was recorded on the new commune is shared out again
    assert sum(before.values()) == sum(totals(DAY, "commune", facts).values()) == sum(facts.values())
    assert event.status == "applied"


def test_taking_back_a_merger_leaves_the_rows_as_they_were(land: dict[str, UnitView]) -> None:
    before = everything()
    event = applied(services.merge([land["c0"].id, land["c1"].id], commune("new", land), on=DAY))
    ghost = Lineage.objects.filter(event=event).values_list("to_unit_id", flat=True)[0]
    assert everything() != before
    services.revert_event(event.uid, actor=make.CLERK, now=make.NOW)
    settle()
    versions, edges, grounds, weights = everything()
    assert (versions, edges, grounds) == before[:3]
    assert [row for row in weights if row[1] != ghost] == before[3]
    # what was recorded on the commune that never was counts for those it would have been made of
    assert totals(DAY, "province", {ghost: 8.0}) == {land["p"].id: 8.0}
    assert selectors.unit_view(ghost, DAY).full_name == "Xã Xã new"


def test_two_events_of_one_day_give_the_same_in_either_order(land: dict[str, UnitView]) -> None:
    def in_order(first: int) -> tuple[object, ...]:
        with transaction.atomic():
            drafts = [
                services.draft_event(change, actor=make.CLERK, now=make.NOW)
                for change in (
                    services.transfer(land["c4"].id, to=land["d2"].id, on=DAY),
                    services.rename(land["c4"].id, name="Tên mới", on=DAY),
                )
            ]
            for uid in (drafts[first], drafts[1 - first]):
                services.apply_event(uid, actor=make.CLERK, now=make.NOW)
            found = everything()
            transaction.set_rollback(True)
        return found

    assert in_order(0) == in_order(1)


def test_events_that_lean_on_one_another_are_applied_together(land: dict[str, UnitView]) -> None:
    def draft(change: services.Change) -> object:
        return services.draft_event(change, actor=make.CLERK, now=make.NOW)

    first = draft(services.merge([land["c0"].id, land["c2"].id], commune("new", land), on=DAY))
    new = Lineage.objects.filter(event__uid=first).values_list("to_unit_id", flat=True)[0]
    second = draft(services.rename(new, name="Tên khác", on=DAY))
    with pytest.raises(rules.NotStandingThen):
        services.apply_event(second, actor=make.CLERK, now=make.NOW)  # type: ignore[arg-type]
    services.apply_events([second, first], actor=make.CLERK, now=make.NOW)  # type: ignore[list-item]
    assert selectors.unit_view(new, DAY).name == "Tên khác"


def test_a_split_shares_people_out_until_villages_are_assigned(land: dict[str, UnitView]) -> None:
    village = services.add_village(land["c0"].id, "Thôn An Xá", make.BEFORE, actor=make.CLERK, now=make.NOW)
    applied(services.split(land["c0"].id, [(commune("a", land), 0.75), (commune("b", land, "d2"), 0.25)], on=DAY))
    a, b = (next(u.id for u in selectors.units_on(DAY, "commune") if u.name == f"Xã {ref}") for ref in "ab")
    assert totals(DAY, "commune", {village: 100.0})[a] == 75
    services.assign_villages([village], b, DAY, actor=make.CLERK, now=make.NOW)
    found = totals(DAY, "commune", {village: 100.0})
    assert found.get(a, 0) == 0
    assert found[b] == 100
    assert totals(make.BEFORE, "commune", {village: 100.0})[land["c0"].id] == 100
    assert [unit.full_name for unit in selectors.path(village, DAY)][1:] == ["Huyện Huyện d2", "Xã Xã b", "Thôn An Xá"]


def test_a_part_may_be_ground_only(land: dict[str, UnitView]) -> None:
    change = services.Change(
        kind=rules.EventKind.SPLIT,
        effective_on=DAY,
        title="",
        ends=(land["c0"].id,),
        begins=(commune("a", land), commune("b", land)),
        parts=(
            services.Part(source=land["c0"].id, to="a", share=1.0, area_share=0.9),
            services.Part(source=land["c0"].id, to="b", share=0.0, area_share=0.1),
        ),
    )
    applied(change)
    answer = selectors.address_change(land["c0"].id, DAY)
    assert [(choice.main, choice.area_only) for choice in answer.choices] == [(True, False), (False, True)]


def test_abolishing_a_district_under_its_communes_is_refused_and_changes_nothing(land: dict[str, UnitView]) -> None:
    before = everything()
    uid = services.draft_event(services.abolish(land["d1"].id, on=DAY), actor=make.CLERK, now=make.NOW)
    with pytest.raises(rules.OrphanedUnits) as refusal:
        services.apply_event(uid, actor=make.CLERK, now=make.NOW)
    assert refusal.value.facts["names"] == ["Xã Xã c0", "Xã Xã c2", "Xã Xã c4"]
    assert everything() == before
    assert Event.objects.get(uid=uid).status == "draft"


def test_a_level_can_end_on_the_day_of_other_changes(land: dict[str, UnitView]) -> None:
    level = services.draft_event(services.abolish_level(rules.Level.DISTRICT, on=DAY), actor=make.CLERK, now=make.NOW)
    into = services.NewUnit(ref="n", level="commune", kind="Phường", name="Mới", parent=land["p"].id)
    merger = services.draft_event(
        services.merge([land["c0"].id, land["c1"].id], into, on=DAY), actor=make.CLERK, now=make.NOW
    )
    for uid in (level, merger):
        services.apply_event(uid, actor=make.CLERK, now=make.NOW)
    assert selectors.units_on(DAY, "district") == []
    assert {unit.parent_id for unit in selectors.units_on(DAY, "commune")} == {land["p"].id}


def test_history_is_not_rewritten_under_a_later_event(land: dict[str, UnitView]) -> None:
    first = applied(services.rename(land["c0"].id, name="Một", on=DAY))
    applied(services.rename(land["c0"].id, name="Hai", on=LATER))
    with pytest.raises(LaterEventStands):
        services.revert_event(first.uid, actor=make.CLERK, now=make.NOW)


def test_facts_of_a_founding_taken_back_follow_its_origins_through_their_later_splits(
    land: dict[str, UnitView],
) -> None:
    event = applied(services.merge([land["c0"].id, land["c2"].id], commune("new", land), on=DAY))
    ghost = Lineage.objects.filter(event=event).values_list("to_unit_id", flat=True)[0]
    services.revert_event(event.uid, actor=make.CLERK, now=make.NOW)
    applied(services.split(land["c0"].id, [(commune("a", land), 0.75), (commune("b", land), 0.25)], on=LATER))
    by_name = {unit.id: unit.name for unit in selectors.units_on(LATER, "commune")}
    found = {by_name[unit]: count for unit, count in totals(LATER, "commune", {ghost: 8.0}).items() if count}
    assert found == {"Xã a": 3, "Xã b": 1, by_name[land["c2"].id]: 4}


def test_an_event_is_applied_once_and_reverted_once(land: dict[str, UnitView]) -> None:
    event = applied(services.rename(land["c0"].id, name="Một", on=DAY))
    with pytest.raises(IllegalMove):
        services.apply_event(event.uid, actor=make.CLERK, now=make.NOW)
    services.revert_event(event.uid, actor=make.CLERK, now=make.NOW)
    with pytest.raises(IllegalMove):
        services.revert_event(event.uid, actor=make.CLERK, now=make.NOW)


def test_events_of_different_days_are_not_applied_together(land: dict[str, UnitView]) -> None:
    drafts = [
        services.draft_event(services.rename(land["c0"].id, name="X", on=day), actor=make.CLERK, now=make.NOW)
        for day in (DAY, LATER)
    ]
    with pytest.raises(DifferentDays):
        services.apply_events(drafts, actor=make.CLERK, now=make.NOW)


def test_only_administrators_change_units(land: dict[str, UnitView]) -> None:
    with pytest.raises(errors.NotAllowed):
        services.draft_event(
            services.rename(land["c0"].id, name="X", on=DAY), actor=actor.Actor(account_id=7), now=make.NOW
        )


def test_a_what_if_set_counts_as_if_the_draft_stood_and_changes_no_official_figure(land: dict[str, UnitView]) -> None:
    before = everything()
    draft = services.draft_event(
        services.merge([land["c0"].id, land["c2"].id], commune("new", land), on=DAY), actor=make.CLERK, now=make.NOW
    )
    new = Lineage.objects.filter(event__uid=draft).values_list("to_unit_id", flat=True)[0]
    built = services.build_what_if("plan-1", DAY, [draft], now=make.NOW)
    facts = {land["c0"].id: 3.0, land["c2"].id: 4.0}
    rows = selectors.closure(built, "population", "commune")
    assert sum(row.weight * facts.get(row.atom_id, 0) for row in rows if row.ancestor_id == new) == 7
    assert [row for row in everything()[3] if row[4] != DAY] == before[3]


def test_applying_and_taking_back_are_told_upward(land: dict[str, UnitView], monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr("smarthd.places.services.changes.events.announce", told.append)
    event = applied(services.rename(land["c0"].id, name="Một", on=DAY))
    services.revert_event(event.uid, actor=make.CLERK, now=make.NOW)
    mine = [fact for fact in told if isinstance(fact, UnitEventApplied | UnitEventReverted)]
    assert [(type(fact), fact.unit_ids) for fact in mine] == [
        (UnitEventApplied, [land["c0"].id]),
        (UnitEventReverted, [land["c0"].id]),
    ]


def test_the_database_refuses_two_versions_of_one_unit_on_one_day(land: dict[str, UnitView]) -> None:
    UnitVersion.objects.create(unit_id=land["c0"].id, name="x", kind="Xã", folded="x", valid_from=DAY)
    with pytest.raises(IntegrityError, match="unit_version_no_overlap"):
        settle()


def test_the_database_refuses_two_superiors_on_one_day(land: dict[str, UnitView]) -> None:
    Edge.objects.create(child_id=land["c0"].id, parent_id=land["d2"].id, valid_from=DAY)
    with pytest.raises(IntegrityError, match="edge_no_overlap"):
        settle()


def test_the_database_refuses_parts_that_do_not_add_up(land: dict[str, UnitView]) -> None:
    event = applied(services.merge([land["c0"].id, land["c2"].id], commune("new", land), on=DAY))
    Lineage.objects.filter(event=event, from_unit_id=land["c0"].id, basis="population").update(share=0.5)
    with pytest.raises(IntegrityError, match="add up"):
        settle()


def test_the_database_keeps_the_lineage_of_what_was_applied(land: dict[str, UnitView]) -> None:
    event = applied(services.merge([land["c0"].id, land["c2"].id], commune("new", land), on=DAY))
    with pytest.raises(IntegrityError, match="history"), transaction.atomic():
        Lineage.objects.filter(event=event).delete()
