"""Answers and proof; what senders and neighbours make of them; ratings."""

from __future__ import annotations

from datetime import timedelta

import pytest

from smarthd.fieldreports.errors import (
    AlreadySaid,
    ChildrenOpen,
    FieldReportFaulty,
    NotEnoughProof,
    NotOverYet,
    TemplateUnedited,
    TooLate,
)
from smarthd.fieldreports.rules.states import Ending, Outcome, State
from smarthd.fieldreports.selectors import gate, templates
from smarthd.fieldreports.services import answering, closing, following, joining
from smarthd.fieldreports.services import templates as keeping
from smarthd.fieldreports.tests import make
from smarthd.fieldreports.tests.make import ANSWER, NOW, hours
from smarthd.fieldreports.values import Caller
from smarthd.kernel.actor import Actor, system
from smarthd.kernel.errors import NotAllowed


def at_work(land):
    return make.brought_to(land, State.IN_PROGRESS)


def answer(land, report, *, outcome=Outcome.EXPLAINED, caller=None, now=make.SOON, **more):
    more = {"words": ANSWER, **more}
    return answering.answer(report.code, outcome=outcome, caller=caller or land.clerk, now=now, **more)


def test_fixed_needs_a_photo_from_after_or_a_document(land):
    report, _who = at_work(land)
    with pytest.raises(NotEnoughProof):
        answer(land, report, outcome=Outcome.FIXED)
    before = make.upload(make.picture(), land.clerk, part=make.FilePart.BEFORE)
    with pytest.raises(NotEnoughProof):
        answer(land, report, outcome=Outcome.FIXED, attachment_uids=[before])
    done = answer(land, report, outcome=Outcome.FIXED, attachment_uids=[before, make.proof(land.clerk)])
    assert done.proofs.count() == 2


def test_a_citizens_photo_proves_nothing(land):
    who = make.citizen()
    uid = make.upload(make.picture(), who, part=make.FilePart.AFTER)
    report, _who = at_work(land)
    with pytest.raises(FieldReportFaulty):
        answer(land, report, outcome=Outcome.FIXED, attachment_uids=[uid])


def test_a_plan_names_its_day(land):
    report, _who = at_work(land)
    with pytest.raises(FieldReportFaulty):
        answer(land, report, outcome=Outcome.PLANNED, promised_on=make.TODAY)
    assert answer(land, report, outcome=Outcome.PLANNED, promised_on=make.TODAY + timedelta(days=9)).promised_on


def test_a_template_as_it_stands_is_no_answer(land):
    frame = "Cảm ơn ý kiến của ông bà. Cơ quan đã [việc đã làm] vào ngày [ngày]."
    kept = keeping.add_template(agency_id=land.commune, title="Đã xử lý", body=frame, actor=land.clerk.actor, now=NOW)
    assert [one.title for one in templates.templates_for(land.clerk.actor)] == ["Đã xử lý"]
    report, _who = at_work(land)
    with pytest.raises(TemplateUnedited):
        answer(land, report, words=frame, template_uid=kept.uid)
    without_gaps = "Cảm ơn ý kiến của ông bà. Cơ quan đã  vào ngày ."
    with pytest.raises(TemplateUnedited):
        answer(land, report, words=without_gaps, template_uid=kept.uid)
    with pytest.raises(FieldReportFaulty):
        keeping.add_template(
            agency_id=land.commune, title="Chung", body="Cảm ơn đã phản ánh nhé.", actor=land.clerk.actor, now=NOW
        )


def test_two_words_are_no_answer(land):
    report, _who = at_work(land)
    with pytest.raises(FieldReportFaulty):
        answer(land, report, words="Đã rõ.")


def test_both_deadlines_are_told_apart(land):
    report, _who = at_work(land)
    from smarthd.fieldreports.services import handling

    handling.extend(
        report.code,
        until=report.due_at + timedelta(days=5),
        words="Chờ vật tư về kho.",
        caller=land.chief,
        now=NOW,
    )
    done = answer(land, report, now=report.original_due_at + hours(3))
    assert (done.in_time_first, done.in_time_extended) == (False, True)


def test_the_senders_word_ends_it_and_then_it_is_rated(land):
    report, who = make.brought_to(land, State.ANSWERED)
    with pytest.raises(NotOverYet):
        answering.rate(report.code, stars=5, caller=who, now=NOW + hours(4))
    answering.confirm(report.code, caller=who, now=NOW + hours(4))
    report.refresh_from_db()
    assert (report.state, report.ending) == (State.CONFIRMED, Ending.REPORTER)
    answering.rate(report.code, stars=4, reason="fast", caller=who, now=NOW + hours(5))
    with pytest.raises(AlreadySaid):
        answering.rate(report.code, stars=1, words="đổi ý rồi", caller=who, now=NOW + hours(6))
    report.refresh_from_db()
    assert report.stars == 4


def test_few_stars_come_with_a_reason_and_from_the_sender_alone(land):
    report, who = make.brought_to(land, State.CONFIRMED)
    with pytest.raises(FieldReportFaulty):
        answering.rate(report.code, stars=1, caller=who, now=NOW + hours(5))
    with pytest.raises(NotAllowed):
        answering.rate(report.code, stars=5, caller=land.clerk, now=NOW + hours(5))


def neighbours(report, count):
    made = [make.citizen() for _ in range(count)]
    for one in made:
        following.follow_report(report.code, caller=one, now=NOW)
    return made


def test_three_neighbours_of_one_mind_speak_for_a_silent_sender(land):
    report, _who = make.brought_to(land, State.ANSWERED)
    for one in neighbours(report, 3):
        answering.confirm(report.code, caller=one, now=NOW + hours(5))
    report.refresh_from_db()
    assert (report.state, report.ending) == (State.CONFIRMED, Ending.NEIGHBOURS)


def test_an_official_does_not_confirm_as_a_neighbour_what_their_own_agency_answered(land):
    """Citizens' pages do not carry roles: the account alone must tell."""
    report, _who = make.brought_to(land, State.ANSWERED)
    at_home = Caller(Actor(account_id=land.clerk.actor.account_id))
    following.follow_report(report.code, caller=at_home, now=NOW)
    with pytest.raises(NotAllowed):
        answering.confirm(report.code, caller=at_home, now=NOW + hours(4))


def test_neighbours_who_differ_decide_nothing(land):
    report, _who = make.brought_to(land, State.ANSWERED)
    one, other, third, fourth = neighbours(report, 4)
    answering.reopen(report.code, words="Đèn vẫn chưa sáng.", caller=one, now=NOW + hours(5))
    for agrees in (other, third, fourth):
        answering.confirm(report.code, caller=agrees, now=NOW + hours(5))
    report.refresh_from_db()
    assert report.state == State.ANSWERED
    [shown] = gate.report_for(make.phone(), report.code, now=NOW).answers
    assert (shown.fixed, shown.not_fixed) == (3, 1)
    with pytest.raises(AlreadySaid):
        answering.confirm(report.code, caller=one, now=NOW + hours(6))


def test_a_phone_without_account_is_no_neighbour(land):
    report, _who = make.brought_to(land, State.ANSWERED)
    phone = make.phone()
    following.follow_report(report.code, caller=phone, now=NOW)
    with pytest.raises(NotAllowed):
        answering.confirm(report.code, caller=phone, now=NOW + hours(5))


def test_a_reopened_report_counts_by_its_last_answer(land):
    report, who = make.brought_to(land, State.ANSWERED)
    promise = report.original_due_at
    answering.reopen(report.code, words="Đèn lại tắt ngay tối hôm ấy.", caller=who, now=NOW + hours(5))
    report.refresh_from_db()
    assert (report.state, report.answered_at, report.original_due_at) == (State.REOPENED, None, promise)
    late = promise + timedelta(days=2)
    done = make.answered(land, report, now=late).answers.get(number=2)
    assert (done.in_time_first, report.answered_at) == (False, late)


def test_silence_ends_it_and_is_said_to_be_silence(land):
    report, who = make.brought_to(land, State.CLOSED)
    assert report.ending == Ending.SILENCE
    answering.reopen(
        report.code, words="Tôi đi vắng, nay về thấy đèn vẫn tắt.", caller=who, now=report.ended_at + timedelta(days=29)
    )
    report.refresh_from_db()
    assert report.state == State.REOPENED


def test_after_thirty_days_a_silent_end_stands(land):
    report, who = make.brought_to(land, State.CLOSED)
    with pytest.raises(TooLate):
        answering.reopen(report.code, words="Đèn vẫn tắt như cũ.", caller=who, now=report.ended_at + timedelta(days=31))


def test_nothing_ends_by_silence_before_five_working_days(land):
    make.brought_to(land, State.ANSWERED)
    assert closing.close_due(actor=system("test"), now=NOW + timedelta(days=6)) == 0
    assert closing.close_due(actor=system("test"), now=NOW + timedelta(days=8)) == 1


def test_the_parts_of_a_split_report_are_answered_first(land):
    report, _who = at_work(land)
    parts = [joining.NewPart("Đèn tắt trước chợ", "den-duong"), joining.NewPart("Ổ gà trước chợ", "o-ga-mat-duong")]
    children = joining.split(report.code, parts=parts, caller=land.dispatcher, now=NOW)
    with pytest.raises(ChildrenOpen) as refused:
        answer(land, report)
    assert set(refused.value.facts["codes"]) == {child.code for child in children}
