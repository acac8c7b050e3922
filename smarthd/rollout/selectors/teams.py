"""Reads of community teams: who is in them, what they cover, their codes, events, lessons, expenses, and visits that disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db.models import Q

from smarthd.agencies import selectors as agencies
from smarthd.kernel import clock, files, sealing
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
from smarthd.places.values import UnitView
from smarthd.rollout import errors, policies
from smarthd.rollout.models import LessonMaterial, Team, TeamCode, TeamEvent, TeamExpense, TeamMember, TrainingSession
from smarthd.rollout.models.teams import MEMBER_NAME
from smarthd.rollout.rules import team_codes, teams
from smarthd.rollout.selectors import scanning


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team as it stands."""

    id: int
    uid: UUID
    code: str
    name: str
    agency_id: int
    agency_name: str
    decision_number: str
    decision_on: date
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member as the team's own and its commune see them."""

    id: int
    uid: UUID
    number: int
    full_name: str
    position: str
    is_leader: bool
    linked: bool
    account_id: int | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class CodeView:
    """An issued code; ``standing`` says whether a scan still brings credit."""

    uid: UUID
    text: str
    printed: str
    member_id: int | None
    who: str
    valid_from: date
    valid_until: date
    standing: team_codes.Standing


@dataclass(frozen=True, slots=True)
class EventView:
    """A declared event."""

    uid: UUID
    words: str
    place: str
    starts_at: datetime
    ends_at: datetime
    cancelled: bool


@dataclass(frozen=True, slots=True)
class MaterialView:
    """A file of a lesson."""

    uid: UUID
    name: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class LessonView:
    """A lesson, how many came, and whether the asking member did."""

    uid: UUID
    title: str
    place: str
    starts_at: datetime
    minutes: int
    materials: tuple[str, ...]
    attendees: int
    came: bool = False
    files: tuple[MaterialView, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpenseView:
    """Money noted."""

    uid: UUID
    words: str
    who: str
    spent_on: date
    amount: int
    note: str
    state: teams.ExpenseState


@dataclass(frozen=True, slots=True)
class Membership:
    """Where an account stands in a team now."""

    member: MemberView
    team: TeamView


def membership_of(account_id: int | None, day: date) -> Membership | None:
    """Return the team an account is in on a day."""
    if account_id is None:
        return None
    member = (
        TeamMember.objects.select_related("team")
        .filter(account_id=account_id, valid_from__lte=day)
        .filter(Q(valid_to=None) | Q(valid_to__gt=day))
        .order_by("-valid_from")
        .first()
    )
    return None if member is None else Membership(_member(member), _team(member.team, day))


def code_of_member(account_id: int | None, now: datetime) -> str:
    """Return the code in force that an account helps under, or nothing: one query, asked once a request at most."""
    if account_id is None:
        return ""
    day = clock.day_of(now)
    code = (
        TeamCode.objects.select_related("member")
        .filter(member__account_id=account_id, member__valid_to=None, revoked_at=None)
        .filter(valid_from__lte=day, valid_until__gte=day)
        .order_by("-valid_until", "-id")
        .first()
    )
    return "" if code is None else scanning.written(code)


def team_for(actor: Actor, team_uid: UUID, day: date) -> TeamView:
    """Return a team the actor may see: its own members, its commune, those above it. Unseen is not found."""
    team = Team.objects.filter(uid=team_uid).first()
    if team is None or not (policies.can_watch_teams(actor, team.agency_id) or _is_member(actor, team)):
        raise errors.TeamUnknown
    return _team(team, day)


def teams_for(actor: Actor, day: date, *, agency_id: int | None = None) -> list[TeamView]:
    """Return the standing teams of the communes within the actor's reach, by commune and name."""
    reach = policies.watched_agencies(actor)
    rows = Team.objects.filter(agency_id__in=reach, valid_to=None)
    if agency_id is not None:
        rows = rows.filter(agency_id=agency_id)
    teams = list(rows)
    views = agencies.agency_views({team.agency_id for team in teams}, day)
    found = [_team_named(team, views[team.agency_id].name if team.agency_id in views else "") for team in teams]
    return sorted(found, key=lambda team: (team.agency_name, team.name))


def _is_member(actor: Actor, team: Team) -> bool:
    return actor.account_id is not None and TeamMember.objects.filter(team=team, account_id=actor.account_id).exists()


def members_of(team_id: int, *, former: bool = False) -> list[MemberView]:
    """Return a team's members, the leader first; with ``former`` those who left too."""
    rows = TeamMember.objects.filter(team_id=team_id).order_by("-is_leader", "number")
    return [_member(row) for row in (rows if former else rows.filter(valid_to=None))]


def villages_of(team_id: int, day: date) -> list[UnitView]:
    """Return the villages a team covers on a day, by name."""
    rows = (
        Team.objects.get(pk=team_id).villages.filter(valid_from__lte=day).filter(Q(valid_to=None) | Q(valid_to__gt=day))
    )
    return sorted((places.unit_view(row.unit_id, day) for row in rows), key=lambda view: view.name)


def roster_by_village(commune_id: int, day: date) -> list[tuple[UnitView, TeamView | None]]:
    """Return every village of a commune with the team that covers it, or None where nobody does."""
    from smarthd.rollout.models import TeamVillage

    held = {
        row.unit_id: row.team
        for row in TeamVillage.objects.select_related("team")
        .filter(valid_from__lte=day)
        .filter(Q(valid_to=None) | Q(valid_to__gt=day))
    }
    return [
        (village, _team_named(held[village.id], "") if village.id in held else None)
        for village in places.units_on(day, "village", under=commune_id)
    ]


def codes_of(team_id: int, now: datetime, *, member_id: int | None = None) -> list[CodeView]:
    """Return a team's codes, those in force first; of one member where named."""
    rows = TeamCode.objects.select_related("member", "team").filter(team_id=team_id)
    if member_id is not None:
        rows = rows.filter(member_id=member_id)
    views = [_code(row, clock.day_of(now)) for row in rows.order_by("-id")[:200]]
    return sorted(views, key=lambda view: view.standing is not team_codes.Standing.GOOD)


def code_for(actor: Actor, code_uid: UUID, now: datetime) -> tuple[CodeView, TeamView]:
    """Return one code of a team the actor may see."""
    row = TeamCode.objects.select_related("member", "team").filter(uid=code_uid).first()
    if row is None:
        raise errors.CodeUnknown
    return _code(row, clock.day_of(now)), team_for(actor, row.team.uid, clock.day_of(now))


def events_of(team_id: int, *, since: datetime, limit: int = 20) -> list[EventView]:
    """Return events that were not over at an instant, the nearest first."""
    rows = TeamEvent.objects.filter(team_id=team_id, ends_at__gt=since).order_by("starts_at")[:limit]
    return [
        EventView(
            row.uid, teams.EVENT_WORDS[teams.EventKind(row.kind)], row.place, row.starts_at, row.ends_at,
            row.cancelled_at is not None,
        )
        for row in rows
    ]  # fmt: skip


def lessons_of(agency_id: int, *, member_id: int | None = None, limit: int = 20) -> list[LessonView]:
    """Return the lessons of a commune, newest first."""
    rows = (
        TrainingSession.objects.filter(agency_id=agency_id)
        .order_by("-starts_at")
        .prefetch_related("attendees", "files")
    )
    lessons = []
    for row in rows[:limit]:
        came = {member.pk for member in row.attendees.all()}
        lessons.append(
            LessonView(
                row.uid, row.title, row.place, row.starts_at, row.minutes, tuple(row.materials), len(came),
                member_id in came,
                tuple(MaterialView(one.uid, one.name, one.content_type, one.size) for one in row.files.all()),
            )
        )  # fmt: skip
    return lessons


def material_for(actor: Actor, uid: UUID, day: date) -> tuple[Path, MaterialView]:
    """Return where a lesson's file lies: for members of the commune's teams, the commune and those above it. Unseen is not found."""
    row = LessonMaterial.objects.select_related("lesson").filter(uid=uid).first()
    if row is None:
        raise errors.MaterialUnknown
    stays = TeamMember.objects.filter(account_id=actor.account_id, team__agency_id=row.lesson.agency_id)
    member = actor.account_id is not None and stays.filter(Q(valid_to=None) | Q(valid_to__gt=day)).exists()
    if not (member or policies.can_watch_teams(actor, row.lesson.agency_id)):
        raise errors.MaterialUnknown
    return files.kept_path(row.sha256), MaterialView(row.uid, row.name, row.content_type, row.size)


def expenses_of(team_id: int, *, limit: int = 50) -> list[ExpenseView]:
    """Return what a team noted, newest first."""
    rows = TeamExpense.objects.filter(team_id=team_id).select_related("member").order_by("-spent_on", "-id")[:limit]
    return [
        ExpenseView(
            row.uid, teams.EXPENSE_WORDS[teams.ExpenseKind(row.kind)], _name(row.member), row.spent_on, row.amount,
            row.note, teams.ExpenseState(row.state),
        )
        for row in rows
    ]  # fmt: skip


def calendar_days(day: date, count: int) -> Sequence[date]:
    """Return the last ``count`` days, the present one last."""
    return [day - timedelta(days=back) for back in range(count - 1, -1, -1)]


def _name(member: TeamMember) -> str:
    return sealing.unseal(member.full_name_sealed, purpose=MEMBER_NAME)


def _member(row: TeamMember) -> MemberView:
    return MemberView(
        row.pk, row.uid, row.number, _name(row), row.position, row.is_leader, row.account_id is not None,
        row.account_id, row.valid_from, row.valid_to,
    )  # fmt: skip


def _team(row: Team, day: date) -> TeamView:
    views = agencies.agency_views([row.agency_id], day)
    return _team_named(row, views[row.agency_id].name if row.agency_id in views else "")


def _team_named(row: Team, agency_name: str) -> TeamView:
    return TeamView(
        row.pk, row.uid, row.code, row.name, row.agency_id, agency_name, row.decision_number, row.decision_on,
        row.valid_from, row.valid_to,
    )  # fmt: skip


def _code(row: TeamCode, day: date) -> CodeView:
    text = scanning.written(row)
    standing = (
        team_codes.Standing.REVOKED if row.revoked_at is not None
        else team_codes.Standing.EXPIRED if row.valid_until < day
        else team_codes.Standing.GOOD
    )  # fmt: skip
    who = _name(row.member) if row.member is not None else "Áp phích của tổ"
    return CodeView(
        row.uid, text, team_codes.printed(text), row.member_id, who, row.valid_from, row.valid_until, standing
    )
