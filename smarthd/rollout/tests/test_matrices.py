"""Every step of decisions, airings, suspicions and team work: × every state through the services, × every role. Difficulties: the merge."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from smarthd.agencies.rules import Role
from smarthd.agencies.tests import make as agencies_make
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import NotAllowed, NotFound, Refusal
from smarthd.rollout import services
from smarthd.rollout.models import Airing, Decision, Participant, Suspicion, TeamExpense
from smarthd.rollout.rules import airings as airing_rules
from smarthd.rollout.rules import difficulties as rules
from smarthd.rollout.rules import integrity, teams
from smarthd.rollout.rules.difficulties import DecisionState
from smarthd.rollout.selectors import decisions as decided
from smarthd.rollout.services import airings, decisions, difficulties, teams_work
from smarthd.rollout.tests import team_make, troubles
from smarthd.rollout.tests.test_airings import aired, planned
from smarthd.rollout.tests.test_integrity import NOW as SWEPT
from smarthd.rollout.tests.test_integrity import WHY, case, farm, judge
from smarthd.rollout.tests.troubles import Province

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
__all__ = ["case", "farm"]  # fixtures
HEADS = {Role.HEAD, Role.DELEGATE}
HANDLERS = {*HEADS, Role.ADMINISTRATOR, Role.CLERK}
WORDS = "Giao Sở làm việc với nhà mạng, hoàn thành trước ngày 30/4/2024."
LATER = troubles.later(hours=5)


@pytest.fixture
def here() -> Province:
    return troubles.province()


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def refused(act: Callable[[], object], *kinds: type[Exception]) -> None:
    with pytest.raises(kinds or (Refusal,)):
        act()


# --- decisions --------------------------------------------------------------------------------------------------------
def drafted(here: Province) -> Decision:
    return decisions.draft_decision(
        troubles.CAMPAIGN, agency_id=here.world.province, difficulty_uids=[troubles.raised(here).uid],
        title="Về việc phủ sóng", words=WORDS, actor=here.department, now=troubles.NOW,
    )  # fmt: skip


def decision_in(here: Province, state: DecisionState) -> Decision:
    row = drafted(here)
    if state is DecisionState.RETURNED:
        return decisions.return_decision(row.uid, words="Ghi rõ thời hạn.", actor=here.leader, now=troubles.NOW)
    if state is DecisionState.APPROVED:
        return DECISION_ACTS["approve"](row, here.leader).decision
    return decisions.drop_decision(row.uid, actor=here.department, now=LATER) if state is DecisionState.DROPPED else row


DECISION_ACTS: dict[str, Callable[[Decision, Actor], Any]] = {
    "rewrite": lambda row, actor: decisions.rewrite_decision(
        row.uid, difficulty_uids=[one.difficulty.uid for one in row.items.select_related("difficulty")],
        title="Về việc phủ sóng thôn", words=WORDS, actor=actor, now=LATER,
    ),
    "send_back": lambda row, actor: decisions.return_decision(row.uid, words="Ghi rõ hạn.", actor=actor, now=LATER),
    "approve": lambda row, actor: decisions.approve_decision(
        row.uid, number="128/QĐ-UBND", decided_on=date(2024, 4, 15), seen_hash=decided.content_hash(row), actor=actor, now=LATER
    ),
    "drop": lambda row, actor: decisions.drop_decision(row.uid, actor=actor, now=LATER),
}  # fmt: skip
DECIDES = {
    "province": {"rewrite": HANDLERS, "drop": HANDLERS, "send_back": HEADS, "approve": HEADS},
    "department": {"rewrite": HANDLERS, "drop": HANDLERS},
}
DECISION_MOVES = {move.name: move for move in rules.DECISION_MOVES}


@pytest.mark.parametrize("state", list(DecisionState))
@pytest.mark.parametrize("act", sorted(DECISION_MOVES))
def test_a_decision_moves_only_from_where_it_may(here: Province, act: str, state: DecisionState) -> None:
    row = decision_in(here, state)
    actor = here.leader if act in {"approve", "send_back"} else here.department
    if DECISION_MOVES[act].may_start(state):
        DECISION_ACTS[act](row, actor)
        row.refresh_from_db()
        assert row.state == DECISION_MOVES[act].target
        return
    refused(lambda: DECISION_ACTS[act](row, actor))
    row.refresh_from_db()
    assert row.state == state


@pytest.mark.parametrize("where", ["province", "department", "district", "commune_a", "commune_b"])
@pytest.mark.parametrize("act", sorted(DECISION_MOVES))
def test_a_decision_is_in_the_hands_of_its_people_only(here: Province, act: str, where: str) -> None:
    may = DECIDES.get(where, {}).get(act, set())
    row = drafted(here)
    for role in sorted(set(Role) - may):
        actor = agencies_make.officer(getattr(here.world, where), role)
        refused(lambda actor=actor: DECISION_ACTS[act](row, actor), NotAllowed, NotFound)  # type: ignore[misc]
        row.refresh_from_db()
        assert row.state == DecisionState.PROPOSED, role
    for role in sorted(may):
        assert DECISION_ACTS[act](drafted_again(here, role), agencies_make.officer(getattr(here.world, where), role))


def drafted_again(here: Province, role: Role) -> Decision:
    return decisions.draft_decision(
        troubles.CAMPAIGN, agency_id=here.world.province,
        difficulty_uids=[troubles.raised(here, words=f"{troubles.WORDS}, {role}").uid], title=f"Về việc {role}", words=WORDS,
        actor=here.department, now=troubles.NOW,
    )  # fmt: skip


# --- difficulties: the merge, which needs two -------------------------------------------------------------------------
@pytest.mark.parametrize("where", ["province", "department", "district", "commune_a", "commune_b"])
def test_only_who_holds_or_commands_above_merges(here: Province, where: str) -> None:
    may = {
        "district": HANDLERS,
        "province": {*HEADS, Role.ADMINISTRATOR},
    }.get(where, set())
    into = troubles.raised(here)
    for role in sorted(Role):
        row = troubles.raised(here, words=f"{troubles.WORDS}, {role}")
        actor = agencies_make.officer(getattr(here.world, where), role)
        if role in may:
            difficulties.merge([row.uid], into=into.uid, words="", actor=actor, now=LATER)
        else:
            with pytest.raises((NotAllowed, NotFound)):
                difficulties.merge([row.uid], into=into.uid, words="", actor=actor, now=LATER)
        row.refresh_from_db()
        assert (row.state == rules.State.MERGED) is (role in may), role


# --- airings ----------------------------------------------------------------------------------------------------------
TOMORROW = troubles.later(days=1)
AIRING_ACTS: dict[str, Callable[[Airing, Actor], Any]] = {
    "reschedule": lambda row, actor: airings.reschedule_airing(
        row.uid, planned_at=TOMORROW + timedelta(hours=3), actor=actor, now=troubles.NOW
    ),
    "air": lambda row, actor: airings.mark_aired(row.uid, aired_at=TOMORROW, actor=actor, now=TOMORROW),
    "prove": lambda row, actor: airings.attach_link(
        row.uid, url="https://haiduong.example/bai-1", note="", actor=actor, now=TOMORROW + timedelta(hours=2)
    ),
    "miss": lambda row, actor: airings.mark_missed(row.uid, reason="Mất điện", actor=actor, now=TOMORROW),
    "cancel": lambda row, actor: airings.cancel_airing(row.uid, reason="Trùng lịch", actor=actor, now=troubles.NOW),
}
AIRING_MOVES = {move.name: move for move in airing_rules.MOVES}
AIRS = {*HEADS, Role.CLERK, Role.EDITOR}
COMMANDS = {*HEADS, Role.ADMINISTRATOR}


def airing_in(here: Province, state: airing_rules.State) -> Airing:
    if state in {airing_rules.State.AIRED, airing_rules.State.PROVEN}:
        row = aired(here)
        if state is airing_rules.State.PROVEN:
            AIRING_ACTS["prove"](row, troubles.SYSTEM)
    else:
        row = planned(here)
        act = {airing_rules.State.MISSED: "miss", airing_rules.State.CANCELLED: "cancel"}.get(state)
        if act:
            AIRING_ACTS[act](row, troubles.SYSTEM)
    row.refresh_from_db()
    return row


@pytest.mark.parametrize("state", list(airing_rules.State))
@pytest.mark.parametrize("act", sorted(AIRING_MOVES))
def test_an_airing_moves_only_from_where_it_may(here: Province, act: str, state: airing_rules.State) -> None:
    row = airing_in(here, state)
    assert row.state == state
    if AIRING_MOVES[act].may_start(state):
        AIRING_ACTS[act](row, troubles.SYSTEM)
        row.refresh_from_db()
        assert row.state == AIRING_MOVES[act].target
        return
    refused(lambda: AIRING_ACTS[act](row, troubles.SYSTEM))
    row.refresh_from_db()
    assert row.state == state


@pytest.mark.parametrize("where", ["commune_a", "commune_b", "district", "department", "province"])
@pytest.mark.parametrize("act", sorted(AIRING_MOVES))
def test_an_airing_is_marked_by_its_agency_and_planned_also_from_above(here: Province, act: str, where: str) -> None:
    planning = act in {"reschedule", "cancel"}
    above = COMMANDS if planning else set()
    may = {"commune_a": AIRS | above, "district": above, "province": above}.get(where, set())
    for role in sorted(Role):
        row = aired(here, title=f"Bài {role}") if act == "prove" else planned(here, title=f"Bài {role}")
        actor = agencies_make.officer(getattr(here.world, where), role)
        if role in may:
            assert AIRING_ACTS[act](row, actor), role
        else:
            refused(lambda row=row, actor=actor: AIRING_ACTS[act](row, actor), NotAllowed, NotFound)  # type: ignore[misc]


# --- suspicions -------------------------------------------------------------------------------------------------------
SUSPICION_ACTS: dict[str, Callable[[Suspicion, Actor], Any]] = {
    "appeal": lambda row, _actor: services.appeal(row.subject_id, words="Cả nhà tôi dùng chung một máy.", now=SWEPT),
    "keep": lambda row, actor: services.keep_apart(row.uid, reason=WHY, actor=actor, now=SWEPT),
    "release": lambda row, actor: services.release(row.uid, reason=WHY, actor=actor, now=SWEPT),
}
SUSPICION_MOVES = {move.name: move for move in integrity.MOVES}
WAYS = {
    integrity.State.WATCHED: ("watch",),
    integrity.State.QUARANTINED: (),
    integrity.State.APPEALED: ("appeal",),
    integrity.State.KEPT: ("keep",),
    integrity.State.RELEASED: ("release",),
}


def brought_to(case: Suspicion, state: integrity.State) -> None:
    """Bring a suspicion set apart by a sweep to another state; a watched one is as a sweep with weaker evidence leaves it."""
    for step in WAYS[state]:
        if step == "watch":
            Suspicion.objects.filter(pk=case.pk).update(state=integrity.State.WATCHED)
            Participant.objects.filter(pk=case.subject_id).update(quarantined=False)
        else:
            SUSPICION_ACTS[step](case, judge())
    case.refresh_from_db()
    assert case.state == state


@pytest.mark.parametrize("state", list(WAYS))
def test_a_sweep_sets_apart_what_is_watched_and_leaves_what_a_person_decided(
    case: Suspicion, state: integrity.State
) -> None:
    brought_to(case, state)
    services.sweep(now=SWEPT + timedelta(hours=1))
    case.refresh_from_db()
    moves = state is integrity.State.WATCHED
    assert not moves or integrity.QUARANTINE.may_start(state)
    assert case.state == (integrity.QUARANTINE.target if moves else state)
    assert Participant.objects.get(pk=case.subject_id).quarantined == (case.state in integrity.APART)


@pytest.mark.parametrize("state", list(WAYS))
@pytest.mark.parametrize("act", sorted(SUSPICION_ACTS))
def test_a_suspicion_moves_only_from_where_it_may(case: Suspicion, act: str, state: integrity.State) -> None:
    brought_to(case, state)
    if SUSPICION_MOVES[act].may_start(state):
        SUSPICION_ACTS[act](case, another())
        case.refresh_from_db()
        assert case.state == SUSPICION_MOVES[act].target
        return
    refused(lambda: SUSPICION_ACTS[act](case, another()))
    case.refresh_from_db()
    assert case.state == state


def another() -> Actor:
    """Return an administrator who has decided nothing yet, of the one department there is."""
    from smarthd.agencies.models import Agency
    from smarthd.agencies.rules import Kind

    known = Agency.objects.filter(kind=Kind.DEPARTMENT).values_list("pk", flat=True).first()
    return agencies_make.officer(known, Role.ADMINISTRATOR) if known is not None else judge()


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("act", ["keep", "release"])
def test_a_suspicion_is_decided_by_administrators_only(case: Suspicion, act: str, role: Role) -> None:
    actor = judge(role)
    if role is Role.ADMINISTRATOR:
        assert SUSPICION_ACTS[act](case, actor)
        return
    refused(lambda: SUSPICION_ACTS[act](case, actor), NotAllowed, NotFound)
    case.refresh_from_db()
    assert case.state == integrity.State.QUARANTINED


# --- teams ------------------------------------------------------------------------------------------------------------
def declare(world: team_make.World, actor: Actor) -> Any:
    return teams_work.declare_event(
        world.team.uid, kind=teams.EventKind.MARKET, place="Chợ An Xá", starts_at=team_make.NOW + timedelta(hours=2),
        ends_at=team_make.NOW + timedelta(hours=5), actor=actor, now=team_make.NOW,
    )  # fmt: skip


def spent(world: team_make.World) -> TeamExpense:
    return teams_work.note_expense(
        kind=teams.ExpenseKind.TRAVEL, spent_on=team_make.TODAY, amount=50_000, note="Xăng xe", actor=world.member_actor,
        now=team_make.NOW,
    )  # fmt: skip


TEAM_ACTS: dict[str, Callable[[team_make.World, Actor], Any]] = {
    "declare": declare,
    "cancel": lambda world, actor: teams_work.cancel_event(
        declare(world, team_make.SYSTEM).uid, actor=actor, now=team_make.NOW
    ),
    "lesson": lambda world, actor: teams_work.hold_lesson(
        world.agency, title="Cài đặt", place="Nhà văn hóa", starts_at=team_make.NOW, minutes=90, materials=[], actor=actor,
        now=team_make.NOW,
    ),
    "expense": lambda world, actor: teams_work.decide_expense(
        spent(world).uid, approved=True, actor=actor, now=team_make.NOW
    ),
}  # fmt: skip
SETTERS = {*HEADS, Role.CLERK}
TEAM_MAY = {"declare": SETTERS, "cancel": SETTERS, "lesson": SETTERS, "expense": HEADS}


@pytest.mark.parametrize("act", sorted(TEAM_ACTS))
def test_team_work_is_done_by_its_commune_and_its_leader(tmp_path: Path, act: str) -> None:
    world = team_make.world(tmp_path)
    for role in sorted(Role):
        actor = team_make.officer(world.agency, role)
        if role in TEAM_MAY[act]:
            assert TEAM_ACTS[act](world, actor), role
        else:
            refused(lambda actor=actor: TEAM_ACTS[act](world, actor), NotAllowed, NotFound)  # type: ignore[misc]
    leads = act in {"declare", "cancel"}
    for actor, may in ((world.leader_actor, leads), (world.member_actor, False)):
        if may:
            assert TEAM_ACTS[act](world, actor)
        else:
            refused(lambda actor=actor: TEAM_ACTS[act](world, actor), NotAllowed, NotFound)  # type: ignore[misc]


def test_nobody_outside_a_team_notes_expenses_for_it_and_who_noted_does_not_decide(tmp_path: Path) -> None:
    world = team_make.world(tmp_path)
    for role in sorted(Role):
        actor = team_make.officer(world.agency, role)
        refused(
            lambda actor=actor: teams_work.note_expense(  # type: ignore[misc]
                kind=teams.ExpenseKind.TRAVEL,
                spent_on=team_make.TODAY,
                amount=1,
                note="",
                actor=actor,
                now=team_make.NOW,
            )
        )
    row = spent(world)
    refused(
        lambda: teams_work.decide_expense(row.uid, approved=True, actor=world.member_actor, now=team_make.NOW),
        NotAllowed, NotFound,
    )  # fmt: skip
