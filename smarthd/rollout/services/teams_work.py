"""What a team does besides visits: events declared beforehand, lessons with their materials, money spent and approved."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from smarthd.kernel import audit, clock, files, pictures
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.kernel.text import nfc
from smarthd.rollout import errors, policies
from smarthd.rollout.models import (
    LessonMaterial,
    TeamEvent,
    TeamExpense,
    TeamMember,
    TrainingSession,
    VillageHouseholds,
)
from smarthd.rollout.rules import teams
from smarthd.rollout.services.teams_setup import leader_of, locked_team

LONGEST_EVENT = timedelta(hours=24)
DEAREST = 100_000_000
MATERIALS_EACH, MATERIAL_MB = 5, 20
MOST_HOUSEHOLDS = 20_000


@dataclass(frozen=True, slots=True)
class NewMaterial:
    """A file to hand out: what it is called for members, and its bytes."""

    name: str
    content: BinaryIO


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
    handed_out: Sequence[NewMaterial] = (),
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
    if len(handed_out) > MATERIALS_EACH:
        raise errors.BadLesson(fields={"handed_out": f"Mỗi buổi nhiều nhất {MATERIALS_EACH} tệp."})
    for material in handed_out:
        _hand_out(lesson, material, actor=actor, now=now)
    audit.record(actor, "rollout.lesson_held", lesson, at=now, attendees=came.count())
    return lesson


def _hand_out(lesson: TrainingSession, material: NewMaterial, *, actor: Actor, now: datetime) -> None:
    """Keep a file known by its first bytes, never by its name; a picture is encoded anew, so that no place or telephone stays in it."""
    head = material.content.read(5)
    material.content.seek(0)
    if head == b"%PDF-":
        kept, kind = files.keep(material.content, limit_mb=MATERIAL_MB), "application/pdf"
    else:
        try:
            encoded, suffix = pictures.reencode(material.content)
        except pictures.NotAPicture as refusal:
            raise errors.NotAMaterial(
                fields={"handed_out": f"“{nfc(material.name)[:60]}” không phải tệp PDF hay ảnh."}
            ) from refusal
        kept = files.keep(io.BytesIO(encoded), limit_mb=MATERIAL_MB * 2)
        kind = "image/png" if suffix == ".png" else "image/jpeg"
    LessonMaterial.objects.get_or_create(
        lesson=lesson, sha256=kept.sha256,
        defaults={
            "name": nfc(material.name)[:160], "content_type": kind, "size": kept.size, "added_by": actor.account_id, "added_at": now,
        },
    )  # fmt: skip


@transaction.atomic
def count_households(
    team_uid: UUID, counts: Mapping[int, int], *, source: str, as_of: date, actor: Actor, now: datetime
) -> int:
    """Write down how many households the villages of a team have, who counted and when; a new count supersedes. Returns how many changed."""
    team = locked_team(team_uid)
    require(policies.can_set_up_teams(actor, team.agency_id))
    problems: dict[str, str] = {}
    if not nfc(source):
        problems["source"] = "Ghi ai đếm, ví dụ: danh sách hộ của trưởng khu."
    if as_of > clock.day_of(now):
        problems["as_of"] = "Ngày đếm ở tương lai."
    covered = set(team.villages.filter(valid_to=None).values_list("unit_id", flat=True))
    if not counts or set(counts) - covered or any(not 0 < value <= MOST_HOUSEHOLDS for value in counts.values()):
        problems[""] = f"Ghi số hộ của ít nhất một thôn, khu tổ phụ trách, từ 1 đến {MOST_HOUSEHOLDS}."
    if problems:
        raise errors.BadHouseholds(fields=problems)
    standing = {
        row.unit_id: row
        for row in VillageHouseholds.objects.select_for_update().filter(
            unit_id__in=counts, as_of=as_of, superseded_at=None
        )
    }
    told = (nfc(source)[:160], as_of)
    changed = {
        unit_id: value for unit_id, value in counts.items()
        if unit_id not in standing or (standing[unit_id].value, standing[unit_id].source, as_of) != (value, *told)
    }  # fmt: skip
    VillageHouseholds.objects.filter(pk__in=[standing[one].pk for one in changed if one in standing]).update(
        superseded_at=now
    )
    VillageHouseholds.objects.bulk_create(
        VillageHouseholds(
            unit_id=unit_id, value=value, source=told[0], as_of=as_of, entered_by=actor.account_id, entered_at=now
        )
        for unit_id, value in changed.items()
    )
    if changed:
        audit.record(actor, "rollout.village_households_counted", team, at=now, villages=len(changed))
    return len(changed)


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
