"""A report's life: written, handed in, looked at, sent back, endorsed, taken in; and what never happens to it."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any

import pytest

from smarthd.kernel import clock
from smarthd.kernel.errors import NotAllowed
from smarthd.kernel.moves import IllegalMove
from smarthd.rollout import errors, selectors, services
from smarthd.rollout.models import Obligation, PeriodicReport, ReportStep, ReportValue
from smarthd.rollout.rules import reports
from smarthd.rollout.rules.reports import Standing, State
from smarthd.rollout.tests import reporting
from smarthd.rollout.tests.reporting import DUE, NOW, TYPED, Desk
from tests.planting import planted_once

pytestmark = pytest.mark.django_db


_desk = planted_once(lambda _folder: reporting.desk())


@pytest.fixture
def desk(_desk: Desk, db: None) -> Desk:
    return copy.deepcopy(_desk)


def values_in_force(desk: Desk) -> dict[str, float]:
    rows = ReportValue.objects.filter(period_id=desk.period.pk, agency_id=desk.world.commune_a)
    return dict(rows.values_list("field", "value"))


def test_freezing_a_period_writes_down_who_owes_what_once(desk: Desk) -> None:
    owed = Obligation.objects.filter(period=desk.period)
    assert set(owed.values_list("agency_id", flat=True)) == {
        desk.world.district,
        desk.world.commune_a,
        desk.world.commune_b,
    }
    with pytest.raises(errors.PeriodFrozen):
        services.freeze_period(desk.period.uid, kinds=["commune_committee"], actor=reporting.SYSTEM, now=NOW)
    assert owed.count() == 3


def test_a_draft_keeps_what_was_typed_and_refuses_another_ones_overwriting(desk: Desk) -> None:
    uid = desk.owed_by(desk.world.commune_a)
    report = services.save_draft(
        uid, typed={"gatherings": "2"}, disputes={}, seen_edits=0, minutes=2, actor=desk.clerk, now=NOW
    )
    assert (report.state, report.values, report.edits, report.minutes) == (State.DRAFT, {"gatherings": 2}, 1, 2)
    with pytest.raises(errors.StaleDraft) as refusal:
        services.save_draft(
            uid, typed={"gatherings": "9"}, disputes={}, seen_edits=0, minutes=1, actor=desk.head, now=NOW
        )
    assert refusal.value.facts["edits"] == 1
    assert desk.report_of(desk.world.commune_a).values == {"gatherings": 2}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "gatherings"),
        ({**TYPED, "reached": "nhiều"}, "reached"),
        ({**TYPED, "gatherings": "-3"}, "gatherings"),
        ({**TYPED, "gatherings": "501"}, "gatherings"),
        ({**TYPED, "reached": "1,5"}, "reached"),
        ({**TYPED, "attended": "1.251"}, "attended"),
    ],
)
def test_what_is_missing_unreadable_or_contradictory_is_refused_at_its_field(
    desk: Desk, typed: dict[str, str], field: str
) -> None:
    uid = desk.owed_by(desk.world.commune_a)
    with pytest.raises(errors.ReportFaulty) as refusal:
        services.submit_report(uid, typed=typed, disputes={}, actor=desk.clerk, now=NOW)
    assert field in refusal.value.facts["fields"]
    assert desk.report_of(desk.world.commune_a).state == State.OPEN
    assert values_in_force(desk) == {}


def test_a_report_handed_in_twice_by_the_same_phone_counts_once(desk: Desk) -> None:
    first = reporting.submitted(desk)
    again = reporting.submitted(desk, now=NOW + timedelta(minutes=1))
    assert (again.round, again.submitted_at) == (1, first.submitted_at)
    assert values_in_force(desk) == {"gatherings": 3, "reached": 1250, "attended": 1100}
    assert ReportStep.objects.filter(report=first).count() == 1


def test_an_endorsement_binds_what_was_looked_at(desk: Desk) -> None:
    report = reporting.submitted(desk)
    services.withdraw_report(report.obligation.uid, actor=desk.clerk, now=NOW)
    changed = reporting.submitted(desk, reached="9.999", now=NOW + timedelta(minutes=5))
    with pytest.raises(errors.ContentChanged):
        services.endorse_report(report.uid, seen_hash=report.content_hash, actor=desk.district, now=NOW)
    endorsed = services.endorse_report(report.uid, seen_hash=changed.content_hash, actor=desk.district, now=NOW)
    assert (endorsed.state, endorsed.endorsed_hash) == (State.ENDORSED, changed.content_hash)


def test_nobody_endorses_or_accepts_what_they_had_in_their_hands_before(desk: Desk) -> None:
    world = desk.world
    own = services.submit_report(desk.owed_by(world.district), typed=TYPED, disputes={}, actor=desk.district, now=NOW)
    with pytest.raises(NotAllowed):
        services.endorse_report(own.uid, seen_hash=own.content_hash, actor=desk.district, now=NOW)
    report = reporting.endorsed(desk)
    accepted = services.accept_report(report.uid, seen_hash=report.content_hash, actor=desk.department, now=NOW)
    assert accepted.state == State.ACCEPTED
    persons = (accepted.submitted_by, accepted.endorsed_by, accepted.accepted_by)
    assert reports.apart(*persons)
    assert len(set(persons)) == 3


def test_a_return_names_its_fields_gives_a_working_day_and_takes_the_numbers_out(desk: Desk) -> None:
    late_on_friday = clock.at_local(date(2024, 4, 12), 16)
    report = reporting.submitted(desk)
    with pytest.raises(errors.ReasonsMissing):
        services.return_report(report.uid, reasons={}, actor=desk.district, now=late_on_friday)
    with pytest.raises(errors.ReasonsMissing):
        services.return_report(report.uid, reasons={"nothing": "sai"}, actor=desk.district, now=late_on_friday)
    returned = services.return_report(
        report.uid, reasons={"reached": "Cao gấp đôi tuần trước, xin ghi rõ."}, actor=desk.district, now=late_on_friday
    )
    obligation = Obligation.objects.get(pk=returned.obligation_id)
    assert returned.state == State.RETURNED
    assert obligation.due_at == clock.at_local(date(2024, 4, 15), 17)  # Monday
    assert values_in_force(desk) == {}
    again = reporting.submitted(desk, reached="625", attended="600", now=clock.at_local(date(2024, 4, 15), 9))
    assert (again.state, again.in_time, again.first_in_time, again.round) == (State.SUBMITTED, True, True, 2)


def test_silence_of_two_working_days_lets_a_report_pass_marked_not_reviewed(desk: Desk) -> None:
    reporting.submitted(desk)  # Monday
    assert services.pass_silent(actor=reporting.SYSTEM, now=clock.at_local(date(2024, 4, 10), 17)) == 0
    assert services.pass_silent(actor=reporting.SYSTEM, now=clock.at_local(date(2024, 4, 11), 9)) == 1
    report = desk.report_of(desk.world.commune_a)
    assert (report.state, report.not_reviewed, report.endorsed_by) == (State.ENDORSED, True, None)
    assert services.pass_silent(actor=reporting.SYSTEM, now=clock.at_local(date(2024, 4, 12), 9)) == 0


def test_an_amendment_voids_the_endorsement_and_keeps_what_stood_before(desk: Desk) -> None:
    report = reporting.endorsed(desk)
    amended = services.amend_report(
        report.obligation.uid,
        typed={**TYPED, "reached": "1.200", "attended": "1.000"},
        disputes={},
        reason="Cộng nhầm hai buổi họp thôn.",
        actor=desk.clerk,
        now=NOW + timedelta(hours=3),
    )
    assert (amended.state, amended.endorsed_hash, amended.endorsed_by) == (State.SUBMITTED, "", None)
    acts = list(ReportStep.objects.filter(report=report).order_by("number").values_list("act", "values__reached"))
    assert acts == [("submitted", 1250), ("endorsed", 1250), ("amended", 1200)]


def test_lateness_is_the_servers_receipt_or_an_honest_seal(desk: Desk) -> None:
    seal = DUE - timedelta(minutes=1)  # 16:59
    report = services.submit_report(
        desk.owed_by(desk.world.commune_a),
        typed=TYPED,
        disputes={},
        actor=desk.clerk,
        now=DUE + timedelta(hours=20),
        sealed_at=seal,
    )
    assert report.in_time is True
    late = reporting.submitted(desk, agency_id=desk.world.commune_b, now=DUE + timedelta(seconds=1))
    assert late.in_time is False


def test_an_outage_in_the_last_hours_moves_the_term_and_forgives_who_came_in_its_shadow(desk: Desk) -> None:
    report = reporting.submitted(desk, now=DUE + timedelta(hours=1))
    assert report.in_time is False
    moved = services.declare_outage(
        "lenh",
        began_at=DUE - timedelta(hours=1),
        ended_at=DUE + timedelta(minutes=15),
        note="Mất điện trung tâm dữ liệu",
        actor=desk.department,
        now=DUE + timedelta(hours=2),
    )
    assert moved == 3
    assert desk.report_of(desk.world.commune_a).in_time is True
    due = Obligation.objects.get(uid=desk.owed_by(desk.world.commune_b)).due_at
    assert due == DUE + timedelta(hours=3, minutes=15)


def test_more_time_counts_only_when_it_was_given_before_the_term(desk: Desk) -> None:
    uid = desk.owed_by(desk.world.commune_b)
    later = DUE + timedelta(days=3)
    with pytest.raises(errors.TermOver):
        services.extend([uid], due_at=later, reason="Xã bị ngập", actor=desk.department, now=DUE + timedelta(minutes=1))
    services.extend([uid], due_at=later, reason="Xã bị ngập", actor=desk.department, now=DUE - timedelta(hours=1))
    row = Obligation.objects.get(uid=uid)
    assert (row.first_due_at, row.due_at) == (DUE, later)


def test_an_exempt_unit_owes_nothing_and_is_named_apart(desk: Desk) -> None:
    services.exempt(desk.owed_by(desk.world.commune_b), reason="Đang giải thể", actor=desk.department, now=NOW)
    counted = selectors.completeness(desk.period, now=NOW)
    assert (counted.due, counted.exempt, counted.base, counted.handed_in) == (3, 1, 2, 0)
    with pytest.raises(errors.NothingOwed):
        reporting.submitted(desk, agency_id=desk.world.commune_b)


def test_the_board_says_of_each_unit_where_it_stands(desk: Desk) -> None:
    reporting.submitted(desk)
    services.exempt(desk.owed_by(desk.world.district), reason="Tự đề nghị", actor=desk.department, now=NOW)
    seen = {one.agency_id: one.standing for one in selectors.board(desk.department, desk.period, now=NOW)}
    assert seen == {
        desk.world.commune_a: Standing.SUBMITTED,
        desk.world.commune_b: Standing.OPEN,
        desk.world.district: Standing.EXEMPT,
    }
    later = {
        one.agency_id: one.standing for one in selectors.board(desk.department, desk.period, now=DUE + timedelta(1))
    }
    assert later[desk.world.commune_b] == Standing.OVERDUE


def test_a_unit_sees_its_own_report_and_not_its_neighbours(desk: Desk) -> None:
    own = selectors.report_for(desk.clerk, desk.owed_by(desk.world.commune_a), now=NOW)
    assert own.owed.agency_id == desk.world.commune_a
    with pytest.raises(errors.ObligationUnknown):
        selectors.report_for(desk.clerk, desk.owed_by(desk.world.commune_b), now=NOW)
    assert [one.agency_id for one in selectors.board(desk.clerk, desk.period, now=NOW)] == [desk.world.commune_a]


ACTS: dict[str, Any] = {
    "submit": lambda desk, report: reporting.submitted(desk, reached="77", attended="7"),
    "withdraw": lambda desk, report: services.withdraw_report(report.obligation.uid, actor=desk.clerk, now=NOW),
    "endorse": lambda desk, report: services.endorse_report(
        report.uid, seen_hash=report.content_hash, actor=desk.district, now=NOW
    ),
    "return": lambda desk, report: services.return_report(
        report.uid, reasons={"reached": "Chưa khớp, xin xem lại."}, actor=desk.district, now=NOW
    ),
    "accept": lambda desk, report: services.accept_report(
        report.uid, seen_hash=report.content_hash, actor=desk.department, now=NOW
    ),
    "amend": lambda desk, report: services.amend_report(
        report.obligation.uid, typed=TYPED, disputes={}, reason="Cộng nhầm hai thôn.", actor=desk.clerk, now=NOW
    ),
}


def in_state(desk: Desk, state: State) -> PeriodicReport:
    """Bring the first commune's report to a state through services."""
    uid = desk.owed_by(desk.world.commune_a)
    if state is State.DRAFT:
        return services.save_draft(uid, typed=TYPED, disputes={}, seen_edits=0, minutes=1, actor=desk.clerk, now=NOW)
    if state in {State.SUBMITTED, State.RETURNED, State.ENDORSED, State.ACCEPTED}:
        report = reporting.submitted(desk)
        if state is State.RETURNED:
            return ACTS["return"](desk, report)
        for act in {State.ENDORSED: ["endorse"], State.ACCEPTED: ["endorse", "accept"]}.get(state, []):
            report = ACTS[act](desk, report)
        return report
    return desk.report_of(desk.world.commune_a)


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize("state", list(State))
def test_every_act_is_open_in_the_states_of_its_move_and_refused_in_all_others(
    desk: Desk, state: State, act: str
) -> None:
    move = next(move for move in reports.MOVES if move.name == act)
    report = in_state(desk, state)
    before = desk.report_of(desk.world.commune_a)
    if move.may_start(state):
        assert ACTS[act](desk, report).state == move.target
    else:
        with pytest.raises(IllegalMove):
            ACTS[act](desk, report)
        after = desk.report_of(desk.world.commune_a)
        assert (after.state, after.round, after.content_hash) == (before.state, before.round, before.content_hash)


@pytest.mark.parametrize(
    ("act", "may"),
    [
        ("submit", {"clerk", "head"}),
        ("endorse", {"district"}),
        ("return", {"district", "department", "department_chief"}),
        ("accept", {"department", "department_chief"}),
    ],
)
@pytest.mark.parametrize("who", ["clerk", "head", "district", "department", "department_chief"])
def test_each_act_belongs_to_its_desk(desk: Desk, act: str, may: set[str], who: str) -> None:
    actor = getattr(desk, who)
    state = {"submit": State.OPEN, "accept": State.ENDORSED}.get(act, State.SUBMITTED)
    report = in_state(desk, state)

    def try_it() -> PeriodicReport:
        if act == "submit":
            return services.submit_report(report.obligation.uid, typed=TYPED, disputes={}, actor=actor, now=NOW)
        if act == "return":
            return services.return_report(report.uid, reasons={"reached": "Xin xem lại."}, actor=actor, now=NOW)
        return getattr(services, f"{act}_report")(report.uid, seen_hash=report.content_hash, actor=actor, now=NOW)

    if who in may:
        assert try_it().state != state
    else:
        with pytest.raises(NotAllowed):
            try_it()
        assert desk.report_of(desk.world.commune_a).state == state
