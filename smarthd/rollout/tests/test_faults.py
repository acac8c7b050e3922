"""What goes wrong around a report: clocks, outages, the last second, replays, reorganisations, superiors nobody speaks for."""

from __future__ import annotations

import copy
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from smarthd.agencies import selectors as agencies_read
from smarthd.agencies import services as agencies
from smarthd.agencies.rules import Kind, Role
from smarthd.agencies.tests import make as agencies_make
from smarthd.kernel import clock, events
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import NotAllowed
from smarthd.messaging.models import InboxItem
from smarthd.rollout import errors, selectors, services
from smarthd.rollout.models import Consolidation, Extension, Obligation, Outage, PeriodicReport, Reminder, ReportStep
from smarthd.rollout.rules import deadlines
from smarthd.rollout.rules.reports import Standing, State
from smarthd.rollout.tests import reporting
from smarthd.rollout.tests.reporting import DUE, NOW, SYSTEM, TYPED, Desk
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


_desk = planted_once(lambda _folder: reporting.desk())


@pytest.fixture
def desk(_desk: Desk, db: None) -> Desk:
    return copy.deepcopy(_desk)


def hand_in(desk: Desk, *, now: datetime, **sent: datetime) -> PeriodicReport:
    uid = desk.owed_by(desk.world.commune_a)
    return services.submit_report(uid, typed=TYPED, disputes={}, actor=desk.clerk, now=now, **sent)


def consolidated(desk: Desk, *, now: datetime, agency_id: int | None = None) -> Consolidation:
    return services.consolidate(
        desk.period.uid, "tuan", agency_id=agency_id or desk.world.department, actor=SYSTEM, now=now
    )


# --- the last second, the phone's clock -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("second", "in_time"), [(-1, True), (0, True), (1, False)], ids=["16:59:59", "17:00:00", "17:00:01"]
)
def test_the_servers_receipt_decides_to_the_second(desk: Desk, second: int, in_time: bool) -> None:
    at = DUE + timedelta(seconds=second)
    report = hand_in(desk, now=at)
    assert (report.in_time, report.first_in_time) == (in_time, in_time)
    [row] = [
        one for one in selectors.board(desk.department, desk.period, now=at) if one.agency_id == desk.world.commune_b
    ]
    assert row.standing is (Standing.OPEN if in_time else Standing.OVERDUE)


@pytest.mark.parametrize("wrong", [-DAY, DAY], ids=["a day slow", "a day fast"])
@pytest.mark.parametrize(("sealed", "in_time"), [(DUE - HOUR, True), (DUE + HOUR, False)], ids=["before", "after"])
def test_a_phone_whose_clock_is_wrong_by_a_day_gains_and_loses_nothing(
    desk: Desk, wrong: timedelta, sealed: datetime, in_time: bool
) -> None:
    received = DUE + 5 * HOUR
    report = hand_in(desk, now=received, sealed_at=sealed + wrong, sent_at=received + wrong)
    assert (report.in_time, report.sealed_at) == (in_time, sealed)


def test_a_seal_of_a_phone_that_does_not_say_its_own_time_is_not_believed_ahead_of_the_server(desk: Desk) -> None:
    assert hand_in(desk, now=DUE + HOUR, sealed_at=DUE + DAY).in_time is False


def test_a_seal_counts_for_a_day_and_not_longer(desk: Desk) -> None:
    seal = DUE - timedelta(minutes=1)
    assert deadlines.in_time(deadlines.Receipt(seal + DAY, seal), DUE)
    assert not deadlines.in_time(deadlines.Receipt(seal + DAY + timedelta(seconds=1), seal), DUE)


# --- the calendar -----------------------------------------------------------------------------------------------------
def test_a_term_on_a_swapped_working_saturday_is_that_saturday_and_the_ladder_walks_over_the_days_off(
    desk: Desk,
) -> None:
    """Monday 29/4/2024 was off, worked on Saturday 4/5 instead; 30/4 and 1/5 were holidays."""
    services.open_campaign(
        "lenh-hai", title="Lệnh hai", opens_on=date(2024, 4, 22), deadline_at=clock.at_local(date(2024, 5, 6), 17),
        coordinator_id=desk.world.department, actor=SYSTEM, now=NOW,
    )  # fmt: skip
    [period] = services.add_weekly_periods(
        "lenh-hai", first_due_on=date(2024, 5, 4), title="Tuần {ngay}", actor=SYSTEM, now=NOW
    )
    assert period.due_at == clock.at_local(date(2024, 5, 4), 17)
    services.draft_form("lenh-hai", "tuan", title="Báo cáo tuần", plan=reporting.PLAN, actor=SYSTEM, now=NOW)
    services.publish_form("lenh-hai", "tuan", actor=SYSTEM, now=NOW)
    services.freeze_period(period.uid, kinds=[Kind.COMMUNE_COMMITTEE], actor=SYSTEM, now=NOW)
    services.take_steps(now=clock.at_local(date(2024, 5, 4), 18))
    fell = dict(Reminder.objects.filter(obligation__period=period).values_list("step", "fell_at"))
    assert fell["t_minus_1"] == clock.at_local(date(2024, 5, 3), 17)
    assert fell["t_minus_3"] == clock.at_local(date(2024, 4, 26), 17)
    assert fell["t"] == clock.at_local(date(2024, 5, 4), 17)


# --- outages and more time --------------------------------------------------------------------------------------------
def outage(desk: Desk, *, began: datetime, length: timedelta, now: datetime | None = None) -> int:
    return services.declare_outage(
        "lenh", began_at=began, ended_at=began + length, note="Đứt cáp quang", actor=desk.department,
        now=now or DUE + 6 * HOUR,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("began", "length", "moved"),
    [
        (DUE - HOUR, timedelta(minutes=29), 0),
        (DUE - HOUR, timedelta(minutes=30), 3),
        (DUE - 5 * HOUR, HOUR, 0),  # over before the last four hours began
        (DUE - 5 * HOUR, HOUR + timedelta(minutes=1), 3),
        (DUE, HOUR, 0),
    ],
)
def test_an_outage_in_the_last_hours_moves_every_term_by_its_length_and_two_hours(
    desk: Desk, began: datetime, length: timedelta, moved: int
) -> None:
    assert outage(desk, began=began, length=length) == moved
    due = Obligation.objects.get(uid=desk.owed_by(desk.world.commune_b)).due_at
    assert due == DUE + (length + 2 * HOUR if moved else timedelta(0))


def test_an_outage_told_twice_moves_terms_once(desk: Desk) -> None:
    outage(desk, began=DUE - HOUR, length=HOUR)
    with pytest.raises(errors.OutageKnown):
        outage(desk, began=DUE - timedelta(minutes=30), length=HOUR)
    due = Obligation.objects.get(uid=desk.owed_by(desk.world.commune_b)).due_at
    assert due == DUE + 3 * HOUR


def test_what_an_outage_forgives_is_in_the_next_consolidation_and_not_in_the_one_before(desk: Desk) -> None:
    hand_in(desk, now=DUE + HOUR)
    before = consolidated(desk, now=DUE + 2 * HOUR)
    outage(desk, began=DUE - HOUR, length=HOUR)
    after = consolidated(desk, now=DUE + 7 * HOUR)
    assert [one.content["in_time"] for one in (before, after)] == [0, 1]
    assert services.reproduces(before)
    assert services.reproduces(after)


def test_an_outage_does_not_bring_back_a_report_that_was_sent_back(desk: Desk) -> None:
    report = hand_in(desk, now=DUE - HOUR)
    services.return_report(report.uid, reasons={"reached": "Xin xem lại."}, actor=desk.district, now=DUE)
    services.declare_outage(
        "lenh", began_at=DUE + 70 * HOUR, ended_at=DUE + 71 * HOUR, note="", actor=desk.department, now=DUE + 72 * HOUR
    )
    assert desk.report_of(desk.world.commune_a).in_time is None


def test_the_database_too_refuses_an_extension_after_the_term_and_an_outage_over_another(desk: Desk) -> None:
    row = Obligation.objects.get(uid=desk.owed_by(desk.world.commune_b))
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.create(
            obligation=row, due_before=DUE, due_at=DUE + DAY, reason="x", granted_at=DUE + timedelta(seconds=1)
        )
    outage(desk, began=DUE - HOUR, length=HOUR)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outage.objects.create(began_at=DUE - HOUR, ended_at=DUE, note="", declared_at=DUE)


def test_a_term_that_was_moved_has_a_ladder_of_its_own(desk: Desk) -> None:
    services.take_steps(now=DUE - HOUR)
    later = clock.at_local(date(2024, 4, 19), 17)
    uid = desk.owed_by(desk.world.commune_b)
    services.extend([uid], due_at=later, reason="Xã bị ngập", actor=desk.department, now=DUE - timedelta(minutes=30))
    services.take_steps(now=clock.at_local(date(2024, 4, 17), 17) + timedelta(minutes=1))
    told = Reminder.objects.filter(obligation__uid=uid).order_by("fell_at").values_list("due_at", "step")
    assert list(told) == [
        (DUE, "t_minus_3"), (DUE, "t_minus_1"), (DUE, "t_minus_4h"), (later, "t_minus_3"), (later, "t_minus_1"),
    ]  # fmt: skip


# --- replays ----------------------------------------------------------------------------------------------------------
def test_what_the_phone_sends_again_is_known_however_far_it_has_come(desk: Desk) -> None:
    report = hand_in(desk, now=NOW)
    services.endorse_report(report.uid, seen_hash=report.content_hash, actor=desk.district, now=NOW + HOUR)
    again = hand_in(desk, now=NOW + 2 * HOUR)
    assert (again.state, again.round) == (State.ENDORSED, 1)
    services.accept_report(report.uid, seen_hash=report.content_hash, actor=desk.department, now=NOW + 3 * HOUR)
    assert hand_in(desk, now=NOW + 4 * HOUR).state == State.ACCEPTED
    assert ReportStep.objects.filter(report=report, act="submitted").count() == 1


def test_a_seal_from_before_a_return_does_not_hand_the_old_numbers_in_again(desk: Desk) -> None:
    seal = {"sealed_at": NOW - HOUR, "sent_at": NOW}
    report = hand_in(desk, now=NOW, **seal)
    services.return_report(report.uid, reasons={"reached": "Xin xem lại."}, actor=desk.district, now=NOW + HOUR)
    with pytest.raises(errors.SealedBeforeReturn):
        hand_in(desk, now=NOW + 2 * HOUR, **seal | {"sent_at": NOW + 2 * HOUR})
    assert desk.report_of(desk.world.commune_a).state == State.RETURNED
    mended = hand_in(desk, now=NOW + 4 * HOUR, sealed_at=NOW + 3 * HOUR, sent_at=NOW + 4 * HOUR)
    assert (mended.state, mended.round) == (State.SUBMITTED, 2)


# --- forms that change, reports that come while others are counted ----------------------------------------------------
def test_a_form_changed_while_drafts_are_open_leaves_them_theirs(desk: Desk) -> None:
    from smarthd.rollout.rules import forms

    uid = desk.owed_by(desk.world.commune_a)
    services.save_draft(uid, typed={"gatherings": "2"}, disputes={}, seen_edits=0, minutes=1, actor=desk.clerk, now=NOW)
    other = forms.FormPlan((forms.Field(key="visits", label="Số lượt đến nhà", kind=forms.FieldKind.COUNT),))
    services.draft_form("lenh", "tuan", title="Báo cáo tuần, mẫu mới", plan=other, actor=SYSTEM, now=NOW)
    services.publish_form("lenh", "tuan", actor=SYSTEM, now=NOW)
    seen = selectors.report_for(desk.clerk, uid, now=NOW)
    assert (seen.form_version, [one.field.key for one in seen.answers][:2]) == (1, ["gatherings", "reached"])
    assert hand_in(desk, now=NOW + HOUR).form.version == 1
    later = reporting.open_period(due_at=DUE + 7 * DAY, title="Tuần 16/2024")
    assert set(PeriodicReport.objects.filter(obligation__period=later).values_list("form__version", flat=True)) == {2}
    made = consolidated(desk, now=NOW + 2 * HOUR)
    assert set(made.content["totals"]) == {"gatherings", "reached", "attended"}


def test_a_report_whose_clock_is_earlier_than_a_consolidation_it_missed_does_not_change_it(desk: Desk) -> None:
    """A transaction that began before and ended after: its instant is earlier, and yet nobody could have counted it."""
    made = consolidated(desk, now=NOW + HOUR)
    hand_in(desk, now=NOW + HOUR - timedelta(milliseconds=5))
    services.exempt(desk.owed_by(desk.world.commune_b), reason="Giải thể", actor=desk.department, now=NOW)
    assert services.reproduces(made)
    assert consolidated(desk, now=NOW + 2 * HOUR).version == 2


def test_a_report_nobody_looked_at_stays_marked_after_it_was_taken_in(desk: Desk) -> None:
    report = hand_in(desk, now=NOW)
    services.pass_silent(actor=SYSTEM, now=NOW + 3 * DAY)
    report.refresh_from_db()
    services.accept_report(report.uid, seen_hash=report.content_hash, actor=desk.department, now=NOW + 3 * DAY + HOUR)
    [row] = consolidated(desk, now=NOW + 4 * DAY).content["rows"]
    assert (row["state"], row["not_reviewed"]) == ("accepted", True)


# --- reorganisations --------------------------------------------------------------------------------------------------
MERGED_ON = date(2024, 4, 10)  # the middle of the period
AFTER_MERGER = clock.at_local(MERGED_ON, 9)


def merge(desk: Desk) -> Actor:
    """Merge the second commune into the first; return a clerk of the first as the day after knows them."""
    agencies.merge_agencies(
        [desk.world.commune_b], into_id=desk.world.commune_a, effective_on=MERGED_ON, legal_document="12/NQ-HĐND",
        actor=SYSTEM, now=clock.at_local(MERGED_ON, 8),
    )  # fmt: skip
    return desk.clerk


def test_a_unit_that_ends_in_the_middle_of_a_period_owes_once_and_its_heir_hands_it_in(
    desk: Desk,
) -> None:
    clerk = merge(desk)
    events.deliver_owed()
    owed = Obligation.objects.filter(period=desk.period)
    assert sorted(owed.values_list("agency_id", flat=True)) == sorted(
        [desk.world.district, desk.world.commune_a, desk.world.commune_b]
    )
    held = {one.agency_id for one in selectors.owed_by([desk.world.commune_a], now=AFTER_MERGER)}
    assert held == {desk.world.commune_a, desk.world.commune_b}
    for number, agency_id in enumerate(sorted(held)):
        services.submit_report(
            desk.owed_by(agency_id), typed={**TYPED, "gatherings": str(number + 1)}, disputes={}, actor=clerk,
            now=AFTER_MERGER,
        )  # fmt: skip
    made = consolidated(desk, now=AFTER_MERGER + HOUR)
    assert (made.content["due"], made.content["handed_in"], made.content["totals"]["gatherings"]) == (3, 2, 3)
    assert {row["name"] for row in made.content["rows"]} == {
        "Ủy ban nhân dân xã Hợp Tiến", "Ủy ban nhân dân xã Nam Hưng",
    }  # fmt: skip


def test_a_period_frozen_after_a_merger_lists_who_stood_on_its_cut_off_and_nobody_twice(desk: Desk) -> None:
    merge(desk)
    late = services.add_period(
        "lenh", title="Tuần trước sáp nhập", cut_off=MERGED_ON - DAY, opens_at=clock.at_local(MERGED_ON, 8),
        due_at=DUE, actor=SYSTEM, now=AFTER_MERGER,
    )  # fmt: skip
    services.freeze_period(late.uid, kinds=[Kind.COMMUNE_COMMITTEE], actor=SYSTEM, now=AFTER_MERGER)
    rows = dict(Obligation.objects.filter(period=late).values_list("agency_id", "held_by_id"))
    assert rows == {desk.world.commune_a: desk.world.commune_a, desk.world.commune_b: desk.world.commune_a}
    after = services.add_period(
        "lenh", title="Tuần sau", cut_off=MERGED_ON, opens_at=clock.at_local(MERGED_ON, 8), due_at=DUE, actor=SYSTEM,
        now=AFTER_MERGER,
    )  # fmt: skip
    services.freeze_period(after.uid, kinds=[Kind.COMMUNE_COMMITTEE], actor=SYSTEM, now=AFTER_MERGER)
    assert list(Obligation.objects.filter(period=after).values_list("agency_id", flat=True)) == [desk.world.commune_a]


def test_the_heir_is_reminded_for_both_and_nobody_else_gains_sight(desk: Desk) -> None:
    stranger = agencies_make.officer(desk.world.school, Role.CLERK)
    merge(desk)
    services.follow_agencies(now=AFTER_MERGER)
    uid = desk.owed_by(desk.world.commune_b)
    assert selectors.report_for(desk.clerk, uid, now=AFTER_MERGER).owed.held_by_id == desk.world.commune_a
    with pytest.raises(errors.ObligationUnknown):
        selectors.report_for(stranger, uid, now=AFTER_MERGER)
    services.take_steps(now=AFTER_MERGER)
    told = Reminder.objects.filter(obligation__agency_id=desk.world.commune_b).values_list("told", flat=True)
    assert desk.clerk.account_id in [person for persons in told for person in persons]


def test_what_waited_for_a_superior_that_ended_waits_for_who_came_after_it(desk: Desk) -> None:
    report = hand_in(desk, now=NOW)
    of_district = consolidated(desk, now=NOW + HOUR, agency_id=desk.world.district)
    whole = consolidated(desk, now=NOW + HOUR)
    agencies.merge_agencies(
        [desk.world.district], into_id=desk.world.province, effective_on=MERGED_ON, legal_document="1/NQ", actor=SYSTEM,
        now=AFTER_MERGER,
    )  # fmt: skip
    services.follow_agencies(now=AFTER_MERGER)
    leader = agencies_make.officer(desk.world.province, Role.HEAD)
    assert [row.owed.uid for row in selectors.review_queue(leader, now=AFTER_MERGER)] == [report.obligation.uid]
    endorsed = services.endorse_report(report.uid, seen_hash=report.content_hash, actor=leader, now=AFTER_MERGER)
    assert endorsed.state == State.ENDORSED
    assert services.reproduces(of_district)
    assert services.reproduces(whole)


def test_an_agency_that_ends_without_an_heir_leaves_what_it_owes_with_its_superior(desk: Desk) -> None:
    agencies.abolish_agency(
        desk.world.commune_b, effective_on=MERGED_ON, legal_document="1/NQ", actor=SYSTEM, now=AFTER_MERGER
    )
    assert services.follow_agencies(now=AFTER_MERGER) == 1
    assert services.follow_agencies(now=AFTER_MERGER) == 0
    row = Obligation.objects.get(uid=desk.owed_by(desk.world.commune_b))
    assert (row.agency_id, row.held_by_id) == (desk.world.commune_b, desk.world.district)


# --- superiors nobody speaks for, hands that may not do two things ----------------------------------------------------
def test_a_superior_without_head_or_delegate_holds_nothing_up(desk: Desk) -> None:
    for grant in agencies_read.grants_at(desk.world.district, NOW):
        agencies.revoke_role(grant_uid=grant.uid, actor=SYSTEM, now=NOW)
    report = hand_in(desk, now=NOW)
    with pytest.raises(NotAllowed):
        services.endorse_report(report.uid, seen_hash=report.content_hash, actor=desk.department, now=NOW + HOUR)
    assert services.pass_silent(actor=SYSTEM, now=NOW + 3 * DAY) == 1
    [waiting] = selectors.acceptance_queue(desk.department, now=NOW + 3 * DAY)
    assert (waiting.owed.agency_id, waiting.owed.not_reviewed) == (desk.world.commune_a, True)


def test_who_speaks_for_two_desks_does_not_endorse_their_own_report_nor_does_the_database_let_them(desk: Desk) -> None:
    both = agencies_make.account()
    for agency_id, role in ((desk.world.commune_a, Role.CLERK), (desk.world.district, Role.HEAD)):
        agencies.grant_role(account_id=both, agency_id=agency_id, role=role, actor=SYSTEM, now=agencies_make.NOW)
    person = agencies_read.actor_for(both, NOW, second_factor=True)
    report = reporting.submitted(desk, actor=person)
    with pytest.raises(errors.OwnReport):
        services.endorse_report(report.uid, seen_hash=report.content_hash, actor=person, now=NOW)
    [outcome] = services.endorse_many([(report.uid, report.content_hash)], actor=person, now=NOW)
    assert outcome.refusal == "OwnReport"
    with pytest.raises(IntegrityError), transaction.atomic():
        PeriodicReport.objects.filter(pk=report.pk).update(
            state=State.ENDORSED, endorsed_by=both, endorsed_hash=report.content_hash
        )


def test_an_edit_while_it_is_being_endorsed_is_not_endorsed_unread_nor_does_the_database_let_it(desk: Desk) -> None:
    report = hand_in(desk, now=NOW)
    seen = report.content_hash
    services.withdraw_report(report.obligation.uid, actor=desk.clerk, now=NOW + HOUR)
    with pytest.raises(errors.ContentChanged):
        services.endorse_report(
            reporting.submitted(desk, reached="9.999", now=NOW + 2 * HOUR).uid, seen_hash=seen, actor=desk.district,
            now=NOW + 2 * HOUR,
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        PeriodicReport.objects.filter(pk=report.pk).update(state=State.ENDORSED, endorsed_hash=seen)


def test_a_unit_reads_that_its_report_was_sent_back_and_which_answers_to_mend(desk: Desk) -> None:
    report = hand_in(desk, now=NOW)
    services.return_report(report.uid, reasons={"reached": "Cao gấp đôi tuần trước."}, actor=desk.district, now=NOW)
    events.deliver_owed()
    items = InboxItem.objects.filter(kind="rollout.returned")
    assert set(items.values_list("account_id", flat=True)) == {desk.clerk.account_id, desk.head.account_id}
    assert items[0].title == "Báo cáo tuần 15/2024 bị trả lại, sửa và gửi lại trước 17 giờ thứ Sáu 12/4"
    assert "Số lượt người được tuyên truyền" in items[0].body
