"""What a team does besides visits: events declared beforehand, lessons with their materials, money spent and approved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from smarthd.kernel import audit, clock
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.kernel.text import nfc
from smarthd.rollout import errors, policies
from smarthd.rollout.models import TeamEvent, TeamExpense, TeamMember, TrainingSession
from smarthd.rollout.rules import teams
from smarthd.rollout.services.teams_setup import leader_of, locked_team

LONGEST_EVENT = timedelta(hours=24)
DEAREST = 100_000_000


@transaction.atomic
def declare_event(
    team_uid: UUID,
    *,
    kind: teams.EventKind,
    place: str,
    starts_at: datetime,
    ends_at: datetime,
    actor: Actor,
    now: datetime,
) -> TeamEvent:
    """Declare a market day or meeting before it begins; many activations in an hour are then no surprise."""
    team = locked_team(team_uid)
    leader = leader_of(team)
    require(policies.can_lead_team(actor, team.agency_id, leader.account_id if leader else None))
    problems: dict[str, str] = {}
    if not nfc(place):
        problems["place"] = "Chưa ghi địa điểm."
    if starts_at < now:
        problems["starts_at"] = "Sự kiện phải khai báo trước khi bắt đầu."
    elif not starts_at < ends_at <= starts_at + LONGEST_EVENT:
        problems["ends_at"] = "Giờ kết thúc phải sau giờ bắt đầu, trong vòng một ngày."
    if problems:
        raise errors.BadTeamEvent(fields=problems)
    event = TeamEvent.objects.create(
        team=team, kind=kind, place=nfc(place)[:160], starts_at=starts_at, ends_at=ends_at, declared_at=now,
        declared_by=actor.account_id,
    )  # fmt: skip
    audit.record(actor, "rollout.team_event_declared", event, at=now, kind=kind.value)
    return event


@transaction.atomic
def cancel_event(event_uid: UUID, *, actor: Actor, now: datetime) -> TeamEvent:
    """Call off an event that has not begun."""
    event = TeamEvent.objects.select_for_update(of=("self",)).select_related("team").filter(uid=event_uid).first()
    if event is None:
        raise errors.TeamEventUnknown
    leader = leader_of(event.team)
    require(policies.can_lead_team(actor, event.team.agency_id, leader.account_id if leader else None))
    if event.cancelled_at is None and event.starts_at <= now:
        raise errors.BadTeamEvent(fields={"": "Sự kiện đã bắt đầu nên không hủy được nữa."})
    if event.cancelled_at is None:
        event.cancelled_at = now
        event.save(update_fields=["cancelled_at"])
        audit.record(actor, "rollout.team_event_cancelled", event, at=now)
    return event


@transaction.atomic
def hold_lesson(
    agency_id: int,
    *,
    title: str,
    place: str,
    starts_at: datetime,
    minutes: int,
    materials: Sequence[str],
    attendees: Iterable[UUID] = (),
    actor: Actor,
    now: datetime,
) -> TrainingSession:
    """Enter a lesson for the teams of a commune: what was taught, with which materials, who came."""
    require(policies.can_set_up_teams(actor, agency_id))
    if not nfc(title) or not 0 < minutes <= 600:
        raise errors.BadLesson(fields={"title": "Chưa ghi nội dung hoặc thời lượng buổi tập huấn."})
    lesson = TrainingSession.objects.create(
        agency_id=agency_id, title=nfc(title)[:160], place=nfc(place)[:160], starts_at=starts_at, minutes=minutes,
        materials=[nfc(line)[:300] for line in materials if nfc(line)], made_by=actor.account_id,
    )  # fmt: skip
    came = TeamMember.objects.filter(uid__in=list(attendees), team__agency_id=agency_id)
    lesson.attendees.set(came)
    audit.record(actor, "rollout.lesson_held", lesson, at=now, attendees=came.count())
    return lesson


@transaction.atomic
def note_expense(
    *, kind: teams.ExpenseKind, spent_on: date, amount: int, note: str, actor: Actor, now: datetime
) -> TeamExpense:
    """Note money the actor spent for their team."""
    member = (
        TeamMember.objects.select_related("team")
        .filter(account_id=actor.account_id, valid_to=None, account_id__isnull=False)
        .first()
    )
    if member is None:
        raise errors.NotInTeam
    problems: dict[str, str] = {}
    if not 0 < amount <= DEAREST:
        problems["amount"] = "Số tiền chưa đúng."
    if spent_on > clock.day_of(now):
        problems["spent_on"] = "Ngày chi ở tương lai."
    if problems:
        raise errors.BadExpense(fields=problems)
    expense = TeamExpense.objects.create(
        team=member.team, member=member, kind=kind, spent_on=spent_on, amount=amount,
        note=nfc(note)[: teams.LONGEST_NOTE], noted_at=now,
    )  # fmt: skip
    audit.record(actor, "rollout.team_expense_noted", expense, at=now, amount=amount)
    return expense


@transaction.atomic
def decide_expense(expense_uid: UUID, *, approved: bool, actor: Actor, now: datetime) -> TeamExpense:
    """Approve or refuse a noted expense; whoever noted it does not."""
    expense = (
        TeamExpense.objects.select_for_update(of=("self",))
        .select_related("team", "member")
        .filter(uid=expense_uid, state=teams.ExpenseState.NOTED)
        .first()
    )
    if expense is None:
        raise errors.ExpenseUnknown
    require(policies.can_judge_teams(actor, expense.team.agency_id))
    if actor.account_id is not None and actor.account_id == expense.member.account_id:
        raise errors.OwnExpense
    expense.state = teams.ExpenseState.APPROVED if approved else teams.ExpenseState.REFUSED
    expense.decided_at, expense.decided_by = now, actor.account_id
    expense.save(update_fields=["state", "decided_at", "decided_by"])
    audit.record(actor, "rollout.team_expense_decided", expense, at=now, state=expense.state.value)
    return expense
