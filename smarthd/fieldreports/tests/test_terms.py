"""The clocks: reminded before, told upward after, in steps and once; pauses and closings as functions of values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.agencies.rules.calendar import WorkingCalendar
from smarthd.fieldreports.rules import deadlines
from smarthd.fieldreports.rules.deadlines import Hours, Level
from smarthd.fieldreports.rules.states import State
from smarthd.fieldreports.services import terms
from smarthd.fieldreports.tests import make
from smarthd.fieldreports.tests.make import NOW, hours
from smarthd.kernel import events
from smarthd.kernel.actor import system
from smarthd.messaging import selectors as messaging

PLAIN = WorkingCalendar(special={})
instants = st.integers(0, 480_000).map(lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))


@given(instants, st.floats(1, 80), st.integers(0, 20_000), st.integers(0, 20_000))
def test_a_pause_moves_the_term_by_the_working_time_it_lasted(start, length, before, lasted):
    due = deadlines.terms(start, Hours(8, length), PLAIN).due_at
    paused = start + timedelta(minutes=before)
    now = paused + timedelta(minutes=lasted)
    moved, minutes = deadlines.moved_by_pause(due, paused, now, PLAIN)
    if due <= paused:
        assert moved == due
    else:
        assert moved >= due
        left_before = PLAIN.working_time_between(paused, due)
        assert abs(PLAIN.working_time_between(now, moved) - left_before) <= timedelta(minutes=1)
    assert minutes == PLAIN.working_time_between(paused, now) // timedelta(minutes=1)


@given(instants, st.floats(1, 80), st.lists(st.integers(0, 30_000), min_size=2, max_size=6))
def test_reminders_and_steps_upward_only_ever_rise(start, length, minutes):
    due = deadlines.terms(start, Hours(8, length), PLAIN).due_at
    moments = [start + timedelta(minutes=one) for one in sorted(minutes)]
    warned = [deadlines.warnings_due(start, due, at, PLAIN) for at in moments]
    levels = [deadlines.level_due(due, at, PLAIN) for at in moments]
    assert warned == sorted(warned)
    assert levels == sorted(levels)
    assert all(level == Level.NONE for at, level in zip(moments, levels, strict=True) if at < due)


def watch(now):
    return terms.watch(actor=system("test"), now=now)


def inbox(caller):
    events.deliver_owed()
    return [item.title for item in messaging.inbox_for(caller.actor.account_id, limit=50).items]


def test_who_has_to_look_is_reminded_before_the_term_once_for_each_step(land):
    report = make.sent(land)
    assert watch(NOW + hours(1)) == (0, 0)
    assert watch(NOW + hours(6)) == (1, 0)  # 16:00: four and a half of eight working hours
    assert watch(NOW + hours(6)) == (0, 0)
    assert any(f"{report.code}: sắp đến hạn xem và tiếp nhận" in title for title in inbox(land.clerk))


@pytest.mark.parametrize("state", [State.RECEIVED, State.IN_PROGRESS])
def test_a_missed_term_goes_up_in_three_steps(land, state):
    report, _who = make.brought_to(land, state)
    due = report.intake_due_at if state is State.RECEIVED else report.due_at
    working = make.calendar_of(report)
    watch(due + timedelta(minutes=1))
    report.refresh_from_db()
    assert report.escalation == Level.CHIEF
    assert any("quá hạn" in title for title in inbox(land.chief))
    assert not any("quá hạn" in title for title in inbox(land.leader))
    watch(working.add_working_hours(due, 8.1))
    watch(working.add_working_hours(due, 8.1))
    report.refresh_from_db()
    assert report.escalation == Level.SUPERIOR
    assert any("quá hạn" in title for title in inbox(land.leader))
    watch(working.add_working_hours(due, 30))
    report.refresh_from_db()
    assert report.escalation == Level.TOP
    assert report.steps.filter(act="escalated").count() == 3


def test_a_clock_that_stands_is_never_late(land):
    make.brought_to(land, State.WAITING)
    assert watch(NOW + timedelta(days=90)) == (0, 0)
