"""The ladder of reminders: each step once, to the right people, quiet at night, stopped by a report."""

from __future__ import annotations

import copy
from datetime import date, timedelta

import pytest

from smarthd.agencies.rules.calendar import WorkingCalendar
from smarthd.kernel import clock
from smarthd.kernel.errors import NotAllowed
from smarthd.rollout import services
from smarthd.rollout.models import Obligation, Reminder, UrgingLetter
from smarthd.rollout.rules import reminders
from smarthd.rollout.rules.reminders import Step
from smarthd.rollout.tests import reporting
from smarthd.rollout.tests.reporting import DUE, Desk
from tests.planting import planted_once

PLAIN = WorkingCalendar(special={})


_desk = planted_once(lambda _folder: reporting.desk())


@pytest.fixture
def desk(_desk: Desk, db: None) -> Desk:
    return copy.deepcopy(_desk)


def steps(desk: Desk, agency_id: int) -> list[str]:
    rows = Reminder.objects.filter(obligation__agency_id=agency_id).order_by("fell_at")
    return list(rows.values_list("step", flat=True))


@pytest.mark.parametrize(
    ("step", "day", "hour"),
    [
        (Step.THREE_DAYS_BEFORE, date(2024, 4, 9), 17),
        (Step.ONE_DAY_BEFORE, date(2024, 4, 11), 17),
        (Step.FOUR_HOURS_BEFORE, date(2024, 4, 12), 13),
        (Step.AT_TERM, date(2024, 4, 12), 17),
        (Step.ONE_DAY_AFTER, date(2024, 4, 15), 17),
        (Step.THREE_DAYS_AFTER, date(2024, 4, 17), 17),
        (Step.FIVE_DAYS_AFTER, date(2024, 4, 19), 17),
    ],
)
def test_steps_fall_on_working_days_at_the_hour_of_the_term(step: Step, day: date, hour: int) -> None:
    assert reminders.falls_at(step, DUE, PLAIN) == clock.at_local(day, hour)


@pytest.mark.parametrize(("hour", "quiet"), [(6, True), (7, False), (12, False), (20, False), (21, True), (23, True)])
def test_people_are_left_in_peace_from_nine_to_seven(hour: int, quiet: bool) -> None:
    assert reminders.is_quiet(clock.at_local(date(2024, 4, 12), hour)) is quiet


def test_a_step_is_taken_once_however_often_the_worker_runs(desk: Desk) -> None:
    now = clock.at_local(date(2024, 4, 11), 17)
    assert services.take_steps(now=now) == 6  # two steps for each of three units
    assert services.take_steps(now=now + timedelta(minutes=5)) == 0
    assert steps(desk, desk.world.commune_a) == [Step.THREE_DAYS_BEFORE, Step.ONE_DAY_BEFORE]


def test_a_unit_that_was_asleep_is_told_once_about_where_it_stands_now(desk: Desk) -> None:
    services.take_steps(now=clock.at_local(date(2024, 4, 11), 17))
    told = [row.told for row in Reminder.objects.filter(obligation__agency_id=desk.world.commune_a).order_by("fell_at")]
    assert told == [[], [desk.clerk.account_id, desk.head.account_id]]


def test_nothing_is_told_at_night_and_nothing_is_lost(desk: Desk) -> None:
    assert services.take_steps(now=clock.at_local(date(2024, 4, 9), 22)) == 0
    assert services.take_steps(now=clock.at_local(date(2024, 4, 10), 7)) == 3


def test_reminders_stop_when_the_report_is_in(desk: Desk) -> None:
    reporting.submitted(desk)
    services.take_steps(now=clock.at_local(date(2024, 4, 12), 18))
    assert steps(desk, desk.world.commune_a) == []
    assert Step.AT_TERM in steps(desk, desk.world.commune_b)


def test_nobody_hears_more_than_twice_a_day(desk: Desk) -> None:
    for number, title in enumerate(("Tuần A", "Tuần B", "Tuần C")):
        reporting.open_period(due_at=DUE + timedelta(minutes=number), title=title)
    services.take_steps(now=clock.at_local(date(2024, 4, 11), 18))
    told = [person for row in Reminder.objects.all() for person in row.told]
    assert max(told.count(person) for person in set(told)) == reminders.MOST_A_DAY


def test_three_days_late_drafts_one_letter_that_is_signed_with_who_is_still_late(desk: Desk) -> None:
    services.take_steps(now=clock.at_local(date(2024, 4, 17), 18))
    letter = UrgingLetter.objects.get()
    assert {one["agency_id"] for one in letter.late} == {
        desk.world.commune_a,
        desk.world.commune_b,
        desk.world.district,
    }
    reporting.submitted(desk, now=clock.at_local(date(2024, 4, 18), 8))
    with pytest.raises(NotAllowed):
        services.sign_letter(letter.uid, number="12", actor=desk.department, now=clock.at_local(date(2024, 4, 18), 9))
    signed = services.sign_letter(
        letter.uid, number="12", actor=desk.department_chief, now=clock.at_local(date(2024, 4, 18), 9)
    )
    assert {one["agency_id"] for one in signed.late} == {desk.world.commune_b, desk.world.district}
    services.take_steps(now=clock.at_local(date(2024, 4, 18), 10))
    assert UrgingLetter.objects.filter(signed_at=None).count() == 0


def test_who_was_urged_by_a_signed_letter_is_not_urged_again_for_the_same_term(desk: Desk) -> None:
    after = clock.at_local(date(2024, 4, 18), 9)
    letter = services.draft_letter(desk.period, now=after)
    assert letter is not None
    services.sign_letter(letter.uid, number="12", actor=desk.department_chief, now=after)
    assert services.draft_letter(desk.period, now=after + timedelta(days=1)) is None
    Obligation.objects.filter(uid=desk.owed_by(desk.world.commune_a)).update(
        due_at=after
    )  # a term of its own, missed as well
    again = services.draft_letter(desk.period, now=after + timedelta(days=1))
    assert again is not None
    assert again.pk != letter.pk
