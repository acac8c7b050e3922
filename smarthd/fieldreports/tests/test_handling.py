"""The work on a report: promises, pauses, extensions, hand-backs, support, refusals and who looks again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from smarthd.agencies import calendar
from smarthd.fieldreports.errors import (
    AlreadyExtended,
    CompetentBodyMissing,
    FieldReportFaulty,
    NotLonger,
    ReportUnknown,
    TooLate,
)
from smarthd.fieldreports.rules.states import DeclineReason, State
from smarthd.fieldreports.selectors import gate
from smarthd.fieldreports.services import answering, handling, speaking
from smarthd.fieldreports.tests import make
from smarthd.fieldreports.tests.make import NOW, hours
from smarthd.kernel.errors import NotAllowed

WHY = "Cần thêm vật tư, nhà cung cấp hẹn thứ Sáu giao."


def at(land, state):
    return make.brought_to(land, state)[0]


def test_the_promise_is_made_at_acceptance_and_counts_from_receipt(land):
    report = make.sent(land)
    assert report.original_due_at is None
    handling.accept(report.code, caller=land.clerk, now=NOW + hours(4))
    report.refresh_from_db()
    assert report.original_due_at == calendar.deadline(received_at=NOW, working_hours=report.category.working_hours)
    assert report.due_at == report.original_due_at


def test_the_public_reads_the_words_only_once_an_official_has(land):
    report = make.sent(land)
    stranger = make.phone()
    assert gate.report_for(stranger, report.code, now=NOW).full_text == ""
    handling.accept(report.code, caller=land.clerk, now=NOW)
    assert gate.report_for(stranger, report.code, now=NOW).full_text == make.WORDS


def test_an_extension_moves_the_term_and_never_the_promise(land):
    report = at(land, State.IN_PROGRESS)
    promise, until = report.original_due_at, report.due_at + timedelta(days=3)
    handling.extend(report.code, until=until, words=WHY, caller=land.chief, now=NOW + hours(5))
    report.refresh_from_db()
    assert (report.original_due_at, report.due_at, report.extensions) == (promise, until, 1)


def test_a_clerk_gives_no_extension(land):
    report = at(land, State.IN_PROGRESS)
    with pytest.raises(NotAllowed):
        handling.extend(report.code, until=report.due_at + hours(5), words=WHY, caller=land.clerk, now=NOW)


def test_extensions_are_two_and_go_forward_and_come_in_time(land):
    report = at(land, State.IN_PROGRESS)
    with pytest.raises(NotLonger):
        handling.extend(report.code, until=report.due_at, words=WHY, caller=land.chief, now=NOW)
    with pytest.raises(TooLate):
        handling.extend(
            report.code, until=report.due_at + hours(9), words=WHY, caller=land.chief, now=report.due_at + hours(1)
        )
    for number in (1, 2):
        handling.extend(
            report.code, until=report.due_at + timedelta(days=number), words=WHY, caller=land.chief, now=NOW
        )
    with pytest.raises(AlreadyExtended):
        handling.extend(report.code, until=report.due_at + timedelta(days=9), words=WHY, caller=land.chief, now=NOW)


def test_waiting_for_the_sender_stops_the_clock_and_says_so(land):
    report, who = make.brought_to(land, State.WAITING)
    before = report.due_at
    page = gate.report_for(make.phone(), report.code, now=NOW + timedelta(days=1))
    assert page.paused_at == NOW
    assert not page.row.overdue
    speaking.reply(report.code, words="Cột số 12, trước nhà văn hóa", caller=who, now=NOW + timedelta(days=1))
    report.refresh_from_db()
    assert report.paused_minutes == 8 * 60
    assert report.due_at == calendar.add_working_hours(before, 8)
    assert report.paused_at is None


def test_what_the_sender_replies_is_not_for_everybody(land):
    report, who = make.brought_to(land, State.WAITING)
    speaking.reply(report.code, words="Trước nhà tôi, số điện thoại 0912", caller=who, now=NOW)
    public = [step.text for step in gate.report_for(make.phone(), report.code, now=NOW).timeline]
    inside = [step.text for step in gate.report_for(land.clerk, report.code, now=NOW).timeline]
    own = [step.text for step in gate.report_for(who, report.code, now=NOW).timeline]
    assert not any("0912" in text for text in public)
    assert any("0912" in text for text in inside)
    assert any("0912" in text for text in own)


def test_notes_stay_inside(land):
    report, who = make.brought_to(land, State.ACCEPTED)
    handling.note(report.code, words="Hỏi điện lực trước.", caller=land.clerk, now=NOW)
    for outside in (who, make.phone()):
        assert "noted" not in {step.act for step in gate.report_for(outside, report.code, now=NOW).timeline}
    assert "noted" in {step.act for step in gate.report_for(land.clerk, report.code, now=NOW).timeline}


def test_a_report_handed_back_is_counted_and_its_promise_stays(land):
    report = at(land, State.ACCEPTED)
    handling.assign(report.code, to_id=land.department, words="", caller=land.dispatcher, now=NOW)
    handling.hand_back(report.code, words="Đường này phân cấp cho xã.", caller=land.department_clerk, now=NOW)
    promise = report.original_due_at
    report.refresh_from_db()
    assert (report.state, report.holder_id, report.hand_backs) == (State.ACCEPTED, land.commune, 1)
    assert report.original_due_at == promise
    assert gate.report_for(land.department_clerk, report.code, now=NOW).inside


def test_everybody_sees_who_holds_it_now(land):
    report = at(land, State.ACCEPTED)
    handling.assign(report.code, to_id=land.department, words="", caller=land.dispatcher, now=NOW)
    page = gate.report_for(make.phone(), report.code, now=NOW)
    assert page.row.holder == "Sở Xây dựng"
    assert [step.holder for step in page.timeline] == ["Ủy ban nhân dân xã c0"] * 2 + ["Sở Xây dựng"]


def test_several_agencies_work_with_one_in_the_lead(land):
    report = at(land, State.IN_PROGRESS)
    handling.ask_support(
        report.code, agency_id=land.department, words="Nhờ Sở cho mượn xe nâng.", caller=land.dispatcher, now=NOW
    )
    with pytest.raises(NotAllowed):
        answering.answer(
            report.code, words=make.ANSWER, outcome=make.Outcome.EXPLAINED, caller=land.department_clerk, now=NOW
        )
    handling.support_done(report.code, words="Xe đã đến chiều nay.", caller=land.department_clerk, now=NOW)
    [support] = gate.report_for(make.phone(), report.code, now=NOW).supports
    assert (support.agency, support.done) == ("Sở Xây dựng", "Xe đã đến chiều nay.")
    report.refresh_from_db()
    assert report.holder_id == land.commune


def test_a_worker_is_somebody_of_the_holder(land):
    report = at(land, State.IN_PROGRESS)
    handling.give_to(report.code, account_id=land.clerk.actor.account_id, caller=land.dispatcher, now=NOW)
    report.refresh_from_db()
    assert report.worker == land.clerk.actor.account_id
    with pytest.raises(FieldReportFaulty):
        handling.give_to(
            report.code, account_id=land.department_clerk.actor.account_id, caller=land.dispatcher, now=NOW
        )


def test_a_refusal_for_want_of_competence_names_who_is(land):
    report = make.sent(land)
    with pytest.raises(CompetentBodyMissing):
        handling.decline(
            report.code,
            reason=DeclineReason.NOT_COMPETENT,
            words="Không phải việc của xã.",
            caller=land.dispatcher,
            now=NOW,
        )


def test_one_tap_takes_a_refused_report_to_the_competent_body(land):
    report, who = make.brought_to(land, State.DECLINED)
    page = gate.report_for(who, report.code, now=NOW)
    assert page.competent == "Sở Xây dựng"
    assert "reroute" in page.may
    handling.reroute(report.code, caller=who, now=NOW + hours(1))
    report.refresh_from_db()
    assert (report.state, report.holder_id, report.decline_reason) == (State.RECEIVED, land.department, "")


def test_a_sender_reroutes_only_where_the_refusal_pointed(land):
    report, who = make.brought_to(land, State.DECLINED)
    handling.reroute(report.code, to_id=land.other, words="tôi muốn nơi khác", caller=who, now=NOW)
    report.refresh_from_db()
    assert report.holder_id == land.department


def test_a_contested_refusal_goes_to_the_superior_who_can_overturn_it(land):
    report, _who = make.brought_to(land, State.CONTESTED)
    assert report.judge_id == land.province
    speaking.overturn(
        report.code, words="Đường thôn do xã quản lý, xã tiếp nhận.", caller=land.leader, now=NOW + hours(3)
    )
    report.refresh_from_db()
    assert report.state == State.ACCEPTED
    assert report.original_due_at == calendar.deadline(received_at=NOW, working_hours=40)


def test_what_was_upheld_is_not_contested_again(land):
    report, who = make.brought_to(land, State.CONTESTED)
    speaking.uphold(report.code, words="Đúng là việc của Sở Xây dựng.", caller=land.leader, now=NOW + hours(3))
    with pytest.raises(TooLate):
        speaking.contest(report.code, words="Tôi vẫn không đồng ý.", caller=who, now=NOW + hours(4))


def test_a_refusal_is_contested_within_ten_working_days(land):
    report, who = make.brought_to(land, State.DECLINED)
    with pytest.raises(TooLate):
        speaking.contest(report.code, words="Tôi không đồng ý.", caller=who, now=NOW + timedelta(days=30))


def test_a_private_report_is_not_found_by_others(land):
    report = make.sent(land, private=True)
    for outside in (make.phone(), make.citizen(), land.department_clerk):
        with pytest.raises(ReportUnknown):
            gate.report_for(outside, report.code, now=NOW)
    assert gate.report_for(land.clerk, report.code, now=NOW).inside


def test_the_public_learns_that_somebody_spoke_and_not_what_they_said(land):
    report, who = make.brought_to(land, State.REOPENED)
    own, inside, stranger = (
        {step.act: step.text for step in gate.report_for(one, report.code, now=NOW).timeline}
        for one in (who, land.clerk, make.phone())
    )
    assert stranger["reopened"] == ""
    assert own["reopened"] == inside["reopened"] != ""
    assert stranger["answered"] == make.ANSWER
