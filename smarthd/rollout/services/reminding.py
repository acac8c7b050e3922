"""The ladder of reminders: each step once for each obligation, told to the right people, quiet at night, never three a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from smarthd.agencies import calendar
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.kernel import clock, events
from smarthd.rollout.events import ReminderTaken
from smarthd.rollout.models import Obligation, Reminder
from smarthd.rollout.rules import reminders
from smarthd.rollout.rules.reminders import Audience, Step
from smarthd.rollout.rules.reports import HANDED_IN
from smarthd.rollout.services import urging

LOOK_AHEAD = timedelta(days=12)  # three working days before a term, over the longest holiday
LOOK_BACK = timedelta(days=30)
BATCH = 200


def take_steps(*, now: datetime) -> int:
    """Take every step of the ladder that has fallen and was not taken. Return how many.

    At night nothing is told and nothing is lost: what fell waits for the morning. Work goes in batches, each in a transaction of its
    own; a worker that dies in the middle leaves whole batches behind, and the next run goes on from there. A term that was moved
    (an extension, an outage, a return) has a ladder of its own.
    """
    if reminders.is_quiet(now):
        return 0
    taken = 0
    waiting = list(
        Obligation.objects.filter(
            exempt_at=None, due_at__lte=now + LOOK_AHEAD, due_at__gte=now - LOOK_BACK, period__opens_at__lte=now
        )
        .exclude(report__state__in=HANDED_IN)
        .order_by("due_at", "id")
        .values_list("id", flat=True)
    )
    for start in range(0, len(waiting), BATCH):
        taken += _take_batch(waiting[start : start + BATCH], now=now)
    return taken


@transaction.atomic
def _take_batch(obligation_ids: Sequence[int], *, now: datetime) -> int:
    rows = list(
        Obligation.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("period__campaign")
        .filter(id__in=obligation_ids)
        .exclude(report__state__in=HANDED_IN)
        .order_by("id")
    )
    done: dict[int, set[Step]] = {}
    told = Reminder.objects.filter(obligation__in=rows, due_at=F("obligation__due_at"))
    for obligation_id, step in told.values_list("obligation_id", "step"):
        done.setdefault(obligation_id, set()).add(Step(step))
    working = calendar.working_calendar()
    holders = _holders({row.held_by_id for row in rows}, now)
    told_today = _told_today(now)
    taken = 0
    for row in rows:
        fallen = reminders.steps_due(due_at=row.due_at, now=now, calendar=working, done=done.get(row.pk, set()))
        for place, (step, fell_at) in enumerate(fallen):
            newest = place == len(fallen) - 1  # a unit that was asleep is told once, about where it stands now
            persons = _persons(step, row, holders, told_today) if newest else []
            Reminder.objects.create(
                obligation=row, step=step, due_at=row.due_at, fell_at=fell_at, taken_at=now, told=persons
            )
            for person in persons:
                told_today[person] = told_today.get(person, 0) + 1
            if newest:
                events.announce(ReminderTaken(obligation_uid=row.uid, step=step, account_ids=tuple(persons), at=now))
            taken += 1
        if any(step is Step.THREE_DAYS_AFTER for step, _ in fallen):
            urging.draft_letter(row.period, now=now)
    return taken


def _persons(
    step: Step, row: Obligation, holders: dict[tuple[int, str], list[int]], told_today: dict[int, int]
) -> list[int]:
    roles = {
        Audience.UNIT: (Role.CLERK, Role.DELEGATE, Role.HEAD),
        Audience.HEAD: (Role.HEAD, Role.DELEGATE),
    }.get(reminders.AUDIENCE[step], ())
    found = [person for role in roles for person in holders.get((row.held_by_id, role), ())]
    return [person for person in dict.fromkeys(found) if not reminders.Budget(told_today.get(person, 0)).spent]


def _holders(agency_ids: Iterable[int], now: datetime) -> dict[tuple[int, str], list[int]]:
    ids = sorted(agency_ids)
    return {
        (agency_id, role): accounts
        for role in (Role.CLERK, Role.DELEGATE, Role.HEAD)
        for agency_id, accounts in agencies.holders_of(role, ids, now).items()
    }


def _told_today(now: datetime) -> dict[int, int]:
    since = clock.start_of(clock.day_of(now))
    told: dict[int, int] = {}
    for persons in Reminder.objects.filter(taken_at__gte=since).values_list("told", flat=True):
        for person in persons:
            told[person] = told.get(person, 0) + 1
    return told


def steps_of(obligation_id: int) -> list[Reminder]:
    """Return the steps taken for an obligation, the newest last."""
    return list(Reminder.objects.filter(obligation_id=obligation_id).order_by(F("fell_at")))
