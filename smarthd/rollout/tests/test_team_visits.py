"""The log of visits: offline for a week, sent twice, split, in any order; contradictions kept and shown; wrong clocks put right."""

from __future__ import annotations

import copy
import random
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smarthd.kernel.models import AuditEntry
from smarthd.rollout import errors
from smarthd.rollout.models import Visit, VisitVersion
from smarthd.rollout.rules import teams
from smarthd.rollout.selectors import team_results
from smarthd.rollout.services import teams_setup, teams_visits
from smarthd.rollout.tests import team_make as make
from tests.planting import planted_once

pytestmark = pytest.mark.django_db


_world = planted_once(make.world)


@pytest.fixture
def world(_world: make.World, db: None) -> make.World:
    return copy.deepcopy(_world)


def rows() -> list[dict[str, Any]]:
    """Return what stands, without when and by which hands it came in."""
    return list(
        Visit.objects.order_by("uid").values(
            "uid", "unit_id", "household", "outcome", "helped", "minutes", "said_at", "visited_on", "clock_off",
            "content_hash", "state", "device_uid",
        )
    )  # fmt: skip


def test_a_batch_sent_again_is_said_to_be_known_and_writes_nothing(world: make.World) -> None:
    batch = [make.visit(world), make.visit(world)]
    assert make.send(world, *batch) == ["kept", "kept"]
    before, trail = rows(), AuditEntry.objects.count()
    assert make.send(world, *reversed(batch), now=make.NOW + timedelta(days=3)) == ["duplicate", "duplicate"]
    assert rows() == before
    assert AuditEntry.objects.count() == trail


def test_one_unreadable_visit_holds_nobody_up_and_is_named(world: make.World) -> None:
    bad = make.visit(world, outcome="dreamt", minutes=-4)
    answers = teams_visits.receive_visits(
        [bad, make.visit(world)], device_uid=make.DEVICES[0], sent_at=make.NOW, actor=world.leader_actor, now=make.NOW
    )
    assert [answer.receipt for answer in answers] == ["refused", "kept"]
    assert set(answers[0].fields) == {"outcome", "minutes"}


def test_a_household_that_did_not_agree_leaves_no_number(world: make.World) -> None:
    make.send(world, make.visit(world, consent=False, outcome="refused", reason="privacy", helped=0))
    [visit] = Visit.objects.all()
    assert (visit.household, visit.household_key, visit.outcome) == ("", "", "refused")
    assert team_results.results_of([world.team.pk], make.START, make.TODAY).households == 0


def test_the_same_identifier_with_another_content_keeps_both_until_somebody_decides(world: make.World) -> None:
    first = make.visit(world, at=(make.NOW - timedelta(hours=3)).isoformat())
    second = first | {"helped": 2, "at": (make.NOW - timedelta(hours=2)).isoformat()}
    assert make.send(world, first) + make.send(world, second) == ["kept", "conflict"]
    assert make.send(world, first, second) == ["duplicate", "duplicate"]
    assert Visit.objects.get().helped == 1
    [shown] = team_results.disagreements(world.team.pk)
    assert (shown.kind, len(shown.choices)) == ("content", 2)
    right = next(choice for choice in shown.choices if choice.helped == 2)
    teams_visits.choose_content(
        shown.choices[0].visit_uid, content_hash=right.key, actor=world.leader_actor, now=make.NOW
    )
    assert Visit.objects.get().helped == 2
    assert team_results.disagreements(world.team.pk) == []
    assert VisitVersion.objects.count() == 2


def test_two_phones_at_one_household_on_one_day_are_shown_and_counted_once(world: make.World) -> None:
    one, two = (make.visit(world, household=label) for label in ("Số 12", "số  12"))
    assert make.send(world, one) == ["kept"]
    assert make.send(world, two, device=make.DEVICES[1], actor=world.member_actor) == ["conflict"]
    results = team_results.results_of([world.team.pk], make.START, make.TODAY)
    assert (results.visits, results.households) == (2, 1)
    [shown] = team_results.disagreements(world.team.pk)
    assert shown.kind == "household"
    teams_visits.settle_household(UUID(one["uid"]), keep_all=False, actor=world.leader_actor, now=make.NOW)
    assert team_results.disagreements(world.team.pk) == []
    assert team_results.results_of([world.team.pk], make.START, make.TODAY).visits == 1
    assert Visit.objects.count() == 2


@pytest.mark.parametrize(
    ("phone_off", "said_before", "day_back", "noted"),
    [
        (timedelta(0), timedelta(hours=2), 0, False),
        (timedelta(days=1), timedelta(hours=2), 0, True),
        (timedelta(days=-1), timedelta(hours=2), 0, True),
        (timedelta(days=1), timedelta(days=2, hours=2), 2, True),
        (timedelta(minutes=5), timedelta(days=6), 6, False),
        (timedelta(0), timedelta(days=90), 0, True),
        (timedelta(0), timedelta(days=-2), 0, True),
    ],
)
def test_a_phone_whose_clock_is_wrong_loses_nothing_and_moves_no_day(
    world: make.World, phone_off: timedelta, said_before: timedelta, day_back: int, *, noted: bool
) -> None:
    said = (make.NOW + phone_off - said_before).isoformat()
    assert make.send(world, make.visit(world, at=said), sent_at=make.NOW + phone_off) == ["kept"]
    [visit] = Visit.objects.all()
    assert (visit.visited_on, visit.clock_off) == (make.TODAY - timedelta(days=day_back), noted)
    assert visit.received_at == make.NOW


def test_who_left_the_team_still_delivers_the_days_spent_in_it(world: make.World) -> None:
    actor = world.member_actor
    teams_setup.end_member(world.member.uid, on=make.TODAY - timedelta(days=1), actor=make.SYSTEM, now=make.NOW)
    then = make.visit(world, at=(make.NOW - timedelta(days=3)).isoformat())
    assert make.send(world, then, make.visit(world), actor=actor) == ["kept", "refused"]


def test_a_village_of_others_and_a_visit_of_another_team_are_refused_by_name(world: make.World, tmp_path: Path) -> None:
    assert make.send(world, make.visit(world, village_uid=str(uuid4()))) == ["refused"]
    mine = make.visit(world)
    make.send(world, mine)
    other = teams_setup.establish_team(
        world.agency,
        name="Tổ khác",
        decision_number="13/QĐ-UBND",
        decision_on=make.START,
        actor=make.SYSTEM,
        now=make.NOW,
    )
    teams_setup.end_member(world.member.uid, on=make.START, actor=make.SYSTEM, now=make.NOW)
    moved = teams_setup.join_member(
        other.uid, full_name="Lê Thị Viên", phone=world.phones[1], on=make.START, actor=make.SYSTEM, now=make.NOW
    )
    stranger = make.actor_of(moved)
    world.member.refresh_from_db()
    world.member.account_id = None
    world.member.save()
    answers = teams_visits.receive_visits(
        [mine], device_uid=make.DEVICES[1], sent_at=None, actor=stranger, now=make.NOW
    )
    assert [(answer.receipt, answer.why) for answer in answers] == [("refused", "foreign")]


def test_nobody_outside_a_team_sends_visits(world: make.World) -> None:
    with pytest.raises(errors.NotInTeam):
        make.send(world, make.visit(world), actor=make.officer(world.agency))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_any_order_repetition_and_splitting_of_batches_ends_in_the_same_rows(world: make.World, seed: int) -> None:
    Visit.objects.all().delete() if not VisitVersion.objects.exists() else VisitVersion.objects.all().delete()
    Visit.objects.all().delete()
    rng = random.Random(seed)
    told = [
        (
            device,
            make.visit(
                world, uid=UUID(int=1000 + number), household=f"Số {number % 4}", helped=1 + version,
                at=(make.NOW - timedelta(days=number % 3, minutes=version)).isoformat(),
            ),
        )
        for number in range(7)
        for version in range(2 if number % 3 == 0 else 1)
        for device in [make.DEVICES[number % 2]]
    ]  # fmt: skip
    for device, visit in told:
        make.send(world, visit, device=device)
    expected, disagreed = rows(), len(team_results.disagreements(world.team.pk))
    VisitVersion.objects.all().delete()
    Visit.objects.all().delete()
    shuffled = told + rng.sample(told, 4)
    rng.shuffle(shuffled)
    while shuffled:
        device = shuffled[0][0]
        taken = [one for one in shuffled[: rng.randint(1, 5)] if one[0] == device]
        for one in taken:
            shuffled.remove(one)
        make.send(world, *(visit for _, visit in taken), device=device)
    assert rows() == expected
    assert len(team_results.disagreements(world.team.pk)) == disagreed > 0
    assert Visit.objects.count() == 7


@pytest.mark.parametrize("outcome", list(teams.Outcome))
def test_every_outcome_can_be_told(world: make.World, outcome: teams.Outcome) -> None:
    reason = "no_time" if outcome in teams.GIVES_REASON else ""
    helped = 1 if outcome is teams.Outcome.HELPED else 0
    assert make.send(world, make.visit(world, outcome=outcome.value, reason=reason, helped=helped)) == ["kept"]
