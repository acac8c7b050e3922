"""Every step of a report × every role at every desk, and × every state it may stand in, exempt, overdue and amended ones too."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import timedelta

import pytest

from smarthd.agencies.rules import Role
from smarthd.agencies.tests import make as agencies_make
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import NotAllowed, NotFound
from smarthd.kernel.moves import IllegalMove
from smarthd.rollout import errors, selectors, services
from smarthd.rollout.models import PeriodicReport
from smarthd.rollout.rules import reports
from smarthd.rollout.rules.reports import Standing, State
from smarthd.rollout.tests import reporting
from smarthd.rollout.tests.reporting import DUE, NOW, SYSTEM, TYPED, Desk
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=4)
MENDED = {**TYPED, "reached": "1.200", "attended": "1.000"}

Act = Callable[[PeriodicReport, Actor], object]
ACTS: dict[str, Act] = {
    "draft": lambda report, actor: services.save_draft(
        report.obligation.uid, typed={"gatherings": "9"}, disputes={}, seen_edits=report.edits, minutes=1, actor=actor, now=LATER
    ),
    "submit": lambda report, actor: services.submit_report(
        report.obligation.uid, typed=MENDED, disputes={}, actor=actor, now=LATER
    ),
    "withdraw": lambda report, actor: services.withdraw_report(report.obligation.uid, actor=actor, now=LATER),
    "amend": lambda report, actor: services.amend_report(
        report.obligation.uid, typed=MENDED, disputes={}, reason="Cộng nhầm hai thôn.", actor=actor, now=LATER
    ),
    "endorse": lambda report, actor: services.endorse_report(
        report.uid, seen_hash=report.content_hash, actor=actor, now=LATER
    ),
    "return": lambda report, actor: services.return_report(
        report.uid, reasons={"reached": "Chưa khớp, xin xem lại."}, actor=actor, now=LATER
    ),
    "accept": lambda report, actor: services.accept_report(
        report.uid, seen_hash=report.content_hash, actor=actor, now=LATER
    ),
    "exempt": lambda report, actor: services.exempt(
        report.obligation.uid, reason="Đang giải thể", actor=actor, now=LATER
    ),
    "extend": lambda report, actor: services.extend(
        [report.obligation.uid], due_at=DUE + timedelta(days=3), reason="Bị ngập", actor=actor, now=LATER
    ),
}  # fmt: skip
MOVES = {move.name: move for move in reports.MOVES}
DESKS = ("commune_a", "commune_b", "school", "district", "department", "province")
FILLERS, SIGNERS = {Role.HEAD, Role.DELEGATE, Role.CLERK}, {Role.HEAD, Role.DELEGATE, Role.ADMINISTRATOR}
MAY: dict[str, dict[str, set[Role]]] = {
    **{key: {"commune_a": FILLERS} for key in ("draft", "submit", "withdraw", "amend")},
    "endorse": {"district": SIGNERS},
    "return": {"district": SIGNERS, "department": SIGNERS},
    **{key: {"department": SIGNERS} for key in ("accept", "exempt", "extend")},
}
START = {"draft": State.OPEN, "submit": State.OPEN, "amend": State.ENDORSED, "accept": State.ENDORSED,
         "exempt": State.OPEN, "extend": State.OPEN}  # fmt: skip


_desk = planted_once(lambda _folder: reporting.desk())


@pytest.fixture
def desk(_desk: Desk, db: None) -> Desk:
    return copy.deepcopy(_desk)


def bring(desk: Desk, state: State) -> PeriodicReport:
    """Bring the first commune's report to a state through services, each hand another person's."""
    if state is State.DRAFT:
        uid = desk.owed_by(desk.world.commune_a)
        services.save_draft(uid, typed=TYPED, disputes={}, seen_edits=0, minutes=1, actor=desk.clerk, now=NOW)
    elif state is not State.OPEN:
        report = reporting.submitted(desk)
        seen = report.content_hash
        if state is State.RETURNED:
            services.return_report(report.uid, reasons={"reached": "Xem lại."}, actor=desk.district, now=NOW)
        if state in {State.ENDORSED, State.ACCEPTED}:
            services.endorse_report(report.uid, seen_hash=seen, actor=desk.district, now=NOW)
        if state is State.ACCEPTED:
            services.accept_report(report.uid, seen_hash=seen, actor=desk.department, now=NOW)
    return desk.report_of(desk.world.commune_a)


def test_every_move_of_the_rules_has_its_act_here() -> None:
    assert MOVES.keys() | {"exempt", "extend"} == ACTS.keys() == MAY.keys()


@pytest.mark.parametrize("where", DESKS)
@pytest.mark.parametrize("act", sorted(ACTS))
def test_each_act_is_open_to_the_roles_of_its_desk_and_to_nobody_else(desk: Desk, act: str, where: str) -> None:
    """All roles in turn at one desk: those who may not first, so that the one report serves them all; then each who may."""
    report = bring(desk, START.get(act, State.SUBMITTED))
    may = MAY[act].get(where, set())
    for role in sorted(set(Role) - may):
        actor = agencies_make.officer(getattr(desk.world, where), role)
        with pytest.raises((NotAllowed, NotFound)):
            ACTS[act](report, actor)
        assert desk.report_of(desk.world.commune_a).state == report.state, role
    if may:
        actor = agencies_make.officer(getattr(desk.world, where), sorted(may)[0])
        assert ACTS[act](report, actor)


@pytest.mark.parametrize("role", sorted(FILLERS | SIGNERS))
@pytest.mark.parametrize("act", sorted(ACTS))
def test_each_act_is_open_to_every_role_that_may(desk: Desk, act: str, role: Role) -> None:
    where = next((name for name, roles in MAY[act].items() if role in roles), None)
    if where is None:
        assert role not in set().union(*MAY[act].values())
        return
    report = bring(desk, START.get(act, State.SUBMITTED))
    assert ACTS[act](report, agencies_make.officer(getattr(desk.world, where), role))


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("act", sorted(MOVES))
def test_an_act_out_of_its_state_is_refused_and_leaves_everything_as_it_was(desk: Desk, act: str, state: State) -> None:
    report = bring(desk, state)
    steps = report.steps.count()
    if MOVES[act].may_start(state):
        ACTS[act](report, SYSTEM)
        target = State.RETURNED if (act, state) == ("draft", State.RETURNED) else MOVES[act].target
        assert desk.report_of(desk.world.commune_a).state == target
        assert desk.report_of(desk.world.commune_a).steps.count() == steps + (act != "draft")
        return
    with pytest.raises(IllegalMove):
        ACTS[act](report, SYSTEM)
    after = desk.report_of(desk.world.commune_a)
    kept = (after.state, after.content_hash, after.edits, after.round, after.steps.count())
    assert kept == (report.state, report.content_hash, report.edits, report.round, steps)


@pytest.mark.parametrize("act", ["draft", "submit", "withdraw", "amend", "exempt", "extend"])
def test_nothing_is_done_with_what_a_unit_was_exempted_from(desk: Desk, act: str) -> None:
    report = bring(desk, State.DRAFT)
    services.exempt(report.obligation.uid, reason="Đang giải thể", actor=desk.department, now=NOW)
    with pytest.raises(errors.NothingOwed):
        ACTS[act](report, SYSTEM)
    [row] = [
        one for one in selectors.board(desk.department, desk.period, now=LATER) if one.uid == report.obligation.uid
    ]
    assert row.standing is Standing.EXEMPT
    assert desk.report_of(desk.world.commune_a).state == State.DRAFT


@pytest.mark.parametrize("state", [State.SUBMITTED, State.ENDORSED, State.ACCEPTED])
def test_who_handed_in_is_not_exempted_afterwards(desk: Desk, state: State) -> None:
    report = bring(desk, state)
    with pytest.raises(errors.TermOver):
        ACTS["exempt"](report, desk.department)


@pytest.mark.parametrize("state", list(State))
def test_what_is_over_its_term_may_still_be_handed_in_and_says_so(desk: Desk, state: State) -> None:
    bring(desk, state)
    late = DUE + timedelta(days=5)
    [row] = [
        one for one in selectors.board(desk.department, desk.period, now=late) if one.agency_id == desk.world.commune_a
    ]
    if state in reports.HANDED_IN:
        assert row.standing.value == state.value
        return
    assert row.standing is Standing.OVERDUE
    report = services.submit_report(row.uid, typed=TYPED, disputes={}, actor=desk.clerk, now=late)
    assert (report.state, report.in_time) == (State.SUBMITTED, False)
    with pytest.raises(errors.TermOver):
        services.extend([row.uid], due_at=late + timedelta(days=1), reason="Muộn", actor=desk.department, now=late)


def test_an_amended_report_goes_the_whole_way_again_and_the_same_persons_stay_apart(desk: Desk) -> None:
    report = bring(desk, State.ACCEPTED)
    amended = ACTS["amend"](report, desk.clerk)
    assert isinstance(amended, PeriodicReport)
    assert (amended.state, amended.endorsed_by, amended.accepted_by) == (State.SUBMITTED, None, None)
    with pytest.raises(IllegalMove):
        ACTS["accept"](amended, desk.department)
    endorsed = ACTS["endorse"](amended, desk.district)
    assert isinstance(endorsed, PeriodicReport)
    assert ACTS["accept"](endorsed, desk.department)
