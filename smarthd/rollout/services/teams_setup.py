"""Teams: set up by a decision, covering villages, with members who come and go by day. Nothing is deleted: everything ends."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from smarthd.agencies import errors as agency_errors
from smarthd.agencies import selectors as agencies
from smarthd.agencies import services as agency_services
from smarthd.agencies.rules import Role
from smarthd.kernel import audit, clock, events, ids, sealing
from smarthd.kernel.actor import Actor, system
from smarthd.kernel.errors import NotFound
from smarthd.kernel.policies import require
from smarthd.kernel.text import nfc
from smarthd.people import rules as people_rules
from smarthd.people import selectors as people
from smarthd.people import services as people_services
from smarthd.places import selectors as places
from smarthd.rollout import errors, policies
from smarthd.rollout.events import TeamEstablished
from smarthd.rollout.models import Team, TeamCode, TeamMember, TeamVillage
from smarthd.rollout.models.teams import MEMBER_NAME
from smarthd.rollout.rules import team_codes

MOST_MEMBERS = 63
SYSTEM = system("rollout.teams")


@transaction.atomic
def establish_team(
    agency_id: int,
    *,
    name: str,
    decision_number: str,
    decision_on: date,
    actor: Actor,
    now: datetime,
    valid_from: date | None = None,
) -> Team:
    """Set up a team of a commune by its chairman's decision; it stands from the decision's day unless said otherwise."""
    require(policies.can_set_up_teams(actor, agency_id))
    day = clock.day_of(now)
    problems: dict[str, str] = {}
    if agencies.agency_view(agency_id, day).place_id is None:
        problems["agency"] = "Tổ thuộc Ủy ban nhân dân xã, phường."
    if not nfc(name):
        problems["name"] = "Chưa ghi tên tổ."
    if not nfc(decision_number):
        problems["decision_number"] = "Chưa ghi số quyết định thành lập."
    if decision_on > day:
        problems["decision_on"] = "Ngày quyết định ở tương lai."
    if problems:
        raise errors.BadTeam(fields=problems)
    if Team.objects.filter(agency_id=agency_id, name=nfc(name), valid_to=None).exists():
        raise errors.TeamNameTaken(team=nfc(name))
    team = Team.objects.create(
        code=_fresh_code(),
        agency_id=agency_id,
        name=nfc(name),
        decision_number=nfc(decision_number),
        decision_on=decision_on,
        valid_from=valid_from or decision_on,
        made_by=actor.account_id,
        made_at=now,
    )
    audit.record(actor, "rollout.team_established", team, at=now, decision=team.decision_number)
    events.announce(TeamEstablished(team_uid=team.uid, agency_id=agency_id, at=now))
    return team


def _fresh_code() -> str:
    for _attempt in range(20):
        code = ids.spoken_code(team_codes.SHORT_LENGTH)
        if not Team.objects.filter(code=code).exists():
            return code
    msg = "no free team code in twenty draws"
    raise RuntimeError(msg)


@transaction.atomic
def end_team(team_uid: UUID, *, on: date, actor: Actor, now: datetime) -> Team:
    """End a team: members, villages and codes end with it; what it did stays its own."""
    team = locked_team(team_uid)
    require(policies.can_set_up_teams(actor, team.agency_id))
    on = max(on, team.valid_from + timedelta(days=1))
    team.valid_to = on
    team.save(update_fields=["valid_to"])
    for member in team.members.select_for_update().filter(valid_to=None):
        _end_stay(member, on=on, now=now)
    for village in team.villages.select_for_update().filter(valid_to=None):
        village.valid_to = max(on, village.valid_from)
        village.save(update_fields=["valid_to"])
    TeamCode.objects.filter(team=team, revoked_at=None).update(revoked_at=now)
    audit.record(actor, "rollout.team_ended", team, at=now, on=on.isoformat())
    return team


@transaction.atomic
def cover_villages(team_uid: UUID, unit_ids: Iterable[int], *, on: date, actor: Actor, now: datetime) -> None:
    """Say which villages a team covers from a day on; those no longer named end on that day."""
    team = locked_team(team_uid)
    require(policies.can_set_up_teams(actor, team.agency_id))
    wanted = set(unit_ids)
    home = agencies.agency_view(team.agency_id, on).place_id
    for unit_id in wanted:
        if home not in {view.id for view in places.path(unit_id, on)}:
            raise errors.VillageElsewhere(unit=unit_id)
    held = {row.unit_id: row for row in team.villages.select_for_update().filter(valid_to=None)}
    for unit_id, row in held.items():
        if unit_id not in wanted:
            row.valid_to = max(on, row.valid_from)
            row.save(update_fields=["valid_to"])
    taken = TeamVillage.objects.filter(unit_id__in=wanted - held.keys(), valid_to=None).first()
    if taken is not None:
        raise errors.VillageTaken(village=places.unit_view(taken.unit_id, on).full_name)
    TeamVillage.objects.bulk_create(
        TeamVillage(team=team, unit_id=unit_id, valid_from=on) for unit_id in sorted(wanted - held.keys())
    )
    audit.record(actor, "rollout.team_villages_set", team, at=now, villages=sorted(wanted))


@transaction.atomic
def join_member(
    team_uid: UUID, *, full_name: str, phone: str, position: str = "", on: date, actor: Actor, now: datetime
) -> TeamMember:
    """Enter a person into a team by telephone; the account that proves the number, now or later, is theirs."""
    team = locked_team(team_uid)
    require(policies.can_set_up_teams(actor, team.agency_id))
    if not nfc(full_name):
        raise errors.BadTeam(fields={"full_name": "Chưa ghi họ tên."})
    index = people_services.phone_index(people_rules.normalise_phone(phone))
    if TeamMember.objects.filter(phone_index=index, valid_to=None).exists():
        raise errors.AlreadyInTeam
    number = (team.members.aggregate(last=Max("number"))["last"] or 0) + 1
    if number > MOST_MEMBERS:
        raise errors.TeamFull
    member = TeamMember.objects.create(
        team=team,
        number=number,
        full_name_sealed=sealing.seal(nfc(full_name), purpose=MEMBER_NAME),
        position=nfc(position),
        phone_index=index,
        account_id=people.account_id_by_phone_index(index),
        valid_from=on,
    )
    audit.record(actor, "rollout.team_member_joined", member, at=now, team=str(team.uid), number=number)
    return member


@transaction.atomic
def end_member(member_uid: UUID, *, on: date, actor: Actor, now: datetime) -> TeamMember:
    """End a person's stay in a team: codes are void at once, a leader's role is taken back."""
    member = locked_member(member_uid)
    require(policies.can_set_up_teams(actor, member.team.agency_id))
    _end_stay(member, on=on, now=now)
    TeamCode.objects.filter(member=member, revoked_at=None).update(revoked_at=now)
    audit.record(actor, "rollout.team_member_left", member, at=now, team=str(member.team.uid))
    return member


@transaction.atomic
def appoint_leader(member_uid: UUID, *, actor: Actor, now: datetime) -> TeamMember:
    """Make a member the team's leader: the former one steps back; the role at the commune's committee follows the appointment."""
    member = locked_member(member_uid)
    require(policies.can_set_up_teams(actor, member.team.agency_id))
    if member.valid_to is not None:
        raise errors.MemberUnknown
    if member.is_leader:
        return member
    for former in TeamMember.objects.select_for_update().filter(team=member.team, is_leader=True, valid_to=None):
        _take_role(former, now=now)
        former.is_leader = False
        former.save(update_fields=["is_leader", "grant_uid"])
    member.is_leader = True
    _give_role(member, now=now)
    member.save(update_fields=["is_leader", "grant_uid"])
    audit.record(actor, "rollout.team_leader_appointed", member, at=now, team=str(member.team.uid))
    return member


@transaction.atomic
def link_member(account_id: int, *, phone_index: bytes, now: datetime) -> None:
    """Give the account that proved a member's number its place in the team; twice is once."""
    member = (
        TeamMember.objects.select_for_update(of=("self",))
        .select_related("team")
        .filter(phone_index=phone_index, valid_to=None)
        .first()
    )
    if not phone_index or member is None or member.account_id == account_id:
        return
    TeamMember.objects.filter(account_id=account_id, valid_to=None).update(account_id=None)
    member.account_id = account_id
    if member.is_leader:
        _give_role(member, now=now)
    member.save(update_fields=["account_id", "grant_uid"])
    audit.record(SYSTEM, "rollout.team_member_linked", member, at=now)


@transaction.atomic
def forget_helper(account_id: int, *, now: datetime) -> None:
    """Forget that an erased account was in a team; the team's own record of who was in it stays, like a roster."""
    for member in TeamMember.objects.select_for_update().filter(account_id=account_id):
        member.account_id = None
        member.save(update_fields=["account_id"])


def locked_team(team_uid: UUID) -> Team:
    """Return a team that stands, locked."""
    team = Team.objects.select_for_update().filter(uid=team_uid, valid_to=None).first()
    if team is None:
        raise errors.TeamUnknown
    return team


def locked_member(member_uid: UUID) -> TeamMember:
    """Return a member with the team, locked."""
    member = TeamMember.objects.select_for_update(of=("self",)).select_related("team").filter(uid=member_uid).first()
    if member is None:
        raise errors.MemberUnknown
    return member


def leader_of(team: Team) -> TeamMember | None:
    """Return who leads a team now."""
    return team.members.filter(Q(is_leader=True), valid_to=None).first()


def _end_stay(member: TeamMember, *, on: date, now: datetime) -> None:
    _take_role(member, now=now)
    member.is_leader = False
    member.valid_to = max(on, member.valid_from)
    member.save(update_fields=["is_leader", "grant_uid", "valid_to"])


def _give_role(member: TeamMember, *, now: datetime) -> None:
    """Let the role follow the appointment; one held already, by whomever it was granted, is left as it is."""
    if member.account_id is None:
        return
    try:
        with transaction.atomic():
            grant = agency_services.grant_role(
                account_id=member.account_id,
                agency_id=member.team.agency_id,
                role=Role.TEAM_LEADER,
                actor=SYSTEM,
                now=now,
            )
    except (agency_errors.RoleAlreadyHeld, IntegrityError):
        return
    member.grant_uid = grant.uid


def _take_role(member: TeamMember, *, now: datetime) -> None:
    if member.grant_uid is None:
        return
    with contextlib.suppress(NotFound):  # an administrator took it back before
        agency_services.revoke_role(grant_uid=member.grant_uid, actor=SYSTEM, now=now)
    member.grant_uid = None
