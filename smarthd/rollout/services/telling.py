"""Reminders and digests on their way to people: into inboxes and official mailboxes, once each, whatever dies in between.

Every message bears a key made of what it is about (obligation and step; superior and day), so that doing it again tells nobody twice.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from smarthd.agencies import calendar
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.agencies.rules.calendar import WorkingCalendar
from smarthd.kernel import clock
from smarthd.messaging import services as messaging
from smarthd.rollout.models import Obligation
from smarthd.rollout.rules import forms, reminders, telling
from smarthd.rollout.rules.reminders import Audience, Step
from smarthd.rollout.rules.reports import HANDED_IN, State

DESK = "/can-bo/"
REMINDER, DIGEST, RETURN = "rollout.reminder", "rollout.digest", "rollout.returned"
TO_MAILBOX = frozenset({Audience.UNIT, Audience.HEAD})
DIGEST_ROLES = (Role.HEAD, Role.DELEGATE, Role.ADMINISTRATOR)


@transaction.atomic
def tell_reminder(obligation_uid: UUID, *, step: Step, account_ids: tuple[int, ...], now: datetime) -> int:
    """Tell a unit's people and its official mailbox that a report is owed; nobody once it is in. Return how many were told."""
    row = Obligation.objects.select_related("period", "report__form").get(uid=obligation_uid)
    if row.exempt_at is not None or row.report.state in HANDED_IN:
        return 0  # it came in while the word was on its way
    told = telling.reminder(
        form=row.report.form.title,
        period=row.period.title,
        agency=row.name,
        due_at=row.due_at,
        now=now,
        calendar=calendar.working_calendar(),
    )
    key = f"{REMINDER}.{row.uid}.{step}.{row.due_at:%Y%m%d%H%M}"
    reached = messaging.tell(account_ids, kind=REMINDER, title=told.title, body=told.body, href=DESK, key=key, now=now)
    address = agencies.mailboxes_of([row.held_by_id]).get(row.held_by_id)
    if address is not None and reminders.AUDIENCE[step] in TO_MAILBOX:
        reached += _mail(told, address=address, key=key, now=now)
    return reached


@transaction.atomic
def tell_return(obligation_uid: UUID, *, at: datetime) -> int:
    """Tell a unit's people that their report was sent back, and until when; nobody once it came in again. Return how many were told."""
    row = Obligation.objects.select_related("period", "report__form").get(uid=obligation_uid)
    if row.exempt_at is not None or row.report.state != State.RETURNED:
        return 0
    told = telling.sent_back(
        form=row.report.form.title,
        period=row.period.title,
        due_at=row.due_at,
        fields=_labels(row, list(row.report.return_reasons)),
    )
    people = [
        account
        for role in (Role.CLERK, Role.DELEGATE, Role.HEAD)
        for account in agencies.holders_of(role, [row.held_by_id], at).get(row.held_by_id, [])
    ]
    key = f"{RETURN}.{row.uid}.{row.report.returns}"
    href = f"{DESK}bao-cao-ky/{row.uid}/"
    return messaging.tell(dict.fromkeys(people), kind=RETURN, title=told.title, body=told.body, href=href, key=key, now=at)  # fmt: skip


def _labels(row: Obligation, keys: list[str]) -> list[str]:
    labels = {one.key: one.label for one in forms.from_json(row.report.form.plan).fields}
    return [labels[key] for key in keys if key in labels]


def send_digests(*, now: datetime) -> int:
    """Tell every superior once a day, from 07:30 of a working day, what waits for it and who is late below it. Return how many.

    Each superior is a transaction of its own: a worker that dies in the middle leaves the others for the next run.
    """
    local = now.astimezone(clock.ZONE)
    if local.time() < reminders.DIGEST_AT or reminders.is_quiet(now):
        return 0
    working = calendar.working_calendar()
    if not working.is_working_day(local.date()):
        return 0
    waits = _waiting(now, working)
    boxes = agencies.mailboxes_of(waits)
    people = _readers(list(waits), now)
    return sum(
        _tell_digest(agency_id, waiting, people.get(agency_id, []), boxes.get(agency_id), now)
        for agency_id, waiting in sorted(waits.items())
    )


@transaction.atomic
def _tell_digest(
    agency_id: int, waiting: telling.Waiting, account_ids: list[int], address: str | None, now: datetime
) -> int:
    told = telling.digest(waiting, now=now)
    key = f"{DIGEST}.{agency_id}.{clock.day_of(now).isoformat()}"
    reached = messaging.tell(account_ids, kind=DIGEST, title=told.title, body=told.body, href=DESK, key=key, now=now)
    if address is not None:
        reached += _mail(told, address=address, key=key, now=now)
    return int(reached > 0)


def _mail(told: telling.Told, *, address: str, key: str, now: datetime) -> int:
    body = telling.mail_body(told, origin=settings.ORIGIN, href=DESK)
    return int(messaging.queue_mail(recipient=address, subject=told.title, body=body, reference=key, now=now))


def _waiting(now: datetime, working: WorkingCalendar) -> dict[int, telling.Waiting]:
    """Return, by agency, what waits: reports handed in to it, endorsed ones for the coordinator, late ones for both. One query."""
    rows = (
        Obligation.objects.filter(exempt_at=None, period__opens_at__lte=now)
        .filter(
            Q(report__state__in=[State.SUBMITTED, State.ENDORSED])
            | (Q(due_at__lt=now, due_at__gte=now - reminders.DIGEST_LOOKS_BACK) & ~Q(report__state__in=HANDED_IN))
        )
        .order_by("due_at", "name", "id")
        .values_list(
            "superior_id", "period__campaign__coordinator_id", "name", "report__form__title", "period__title",
            "due_at", "report__state",
        )
    )  # fmt: skip
    review: dict[int, list[str]] = defaultdict(list)
    accept: dict[int, list[str]] = defaultdict(list)
    late: dict[int, list[str]] = defaultdict(list)
    for superior, coordinator, name, form, period, due_at, state in rows:
        unit = f"{name}: {telling.report_name(form, period)}"
        if state == State.SUBMITTED and superior is not None:
            review[superior].append(unit)
        elif state == State.ENDORSED and coordinator is not None:
            accept[coordinator].append(unit)
        elif state not in HANDED_IN:
            over = telling.time_left(due_at=due_at, now=now, calendar=working)
            for agency_id in {superior, coordinator} - {None}:
                late[agency_id].append(f"{unit}, {over}")
    return {
        agency_id: telling.Waiting(tuple(review[agency_id]), tuple(accept[agency_id]), tuple(late[agency_id]))
        for agency_id in {*review, *accept, *late}
    }


def _readers(agency_ids: list[int], now: datetime) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for role in DIGEST_ROLES:
        for agency_id, accounts in agencies.holders_of(role, agency_ids, now).items():
            found[agency_id] += [account for account in accounts if account not in found[agency_id]]
    return found
