"""Signed codes: issued for a time, taken back at once, and the credit one brings: one a person, with how sure it is."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from smarthd.kernel import audit, clock, events
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.rollout import errors, policies
from smarthd.rollout.events import TeamCodeRushed, TeamCredited
from smarthd.rollout.models import Team, TeamCode, TeamCredit, TeamEvent, TeamMember
from smarthd.rollout.rules import team_codes, teams
from smarthd.rollout.rules.teams import Certainty
from smarthd.rollout.selectors import scanning
from smarthd.rollout.services.teams_setup import leader_of, locked_team


@transaction.atomic
def issue_code(team_uid: UUID, *, member_uid: UUID | None, valid_until: date, actor: Actor, now: datetime) -> TeamCode:
    """Issue a code to a member, or to the team for its posters (``member_uid`` empty), for a year at most."""
    team = locked_team(team_uid)
    leader = leader_of(team)
    require(policies.can_lead_team(actor, team.agency_id, leader.account_id if leader else None))
    day = clock.day_of(now)
    if not day <= valid_until <= day + team_codes.LONGEST_LIFE:
        raise errors.BadCodeLife(fields={"valid_until": "Mã có hiệu lực từ hôm nay và nhiều nhất một năm."})
    member = None
    if member_uid is not None:
        member = TeamMember.objects.filter(team=team, uid=member_uid, valid_to=None).first()
        if member is None:
            raise errors.MemberUnknown
    code = TeamCode.objects.create(
        team=team, member=member, valid_from=day, valid_until=valid_until, issued_at=now, issued_by=actor.account_id
    )
    audit.record(actor, "rollout.team_code_issued", code, at=now, until=valid_until.isoformat())
    return code


@transaction.atomic
def revoke_code(code_uid: UUID, *, actor: Actor, now: datetime) -> TeamCode:
    """Take a code back from now on: who scans it afterwards brings no credit."""
    code = TeamCode.objects.select_for_update(of=("self",)).select_related("team").filter(uid=code_uid).first()
    if code is None:
        raise errors.CodeUnknown
    leader = leader_of(code.team)
    require(policies.can_lead_team(actor, code.team.agency_id, leader.account_id if leader else None))
    if code.revoked_at is None:
        code.revoked_at = now
        code.save(update_fields=["revoked_at"])
        audit.record(actor, "rollout.team_code_revoked", code, at=now)
    return code


@transaction.atomic
def credit_person(account_id: int, *, text: str, at: datetime) -> str:
    """Credit a team for a person who reached the second rung carrying a code; return the team's short code, or nothing.

    The first credit of a person stays. Nobody brings credit to themselves. More than twelve an hour on one code, outside a declared
    event, are kept and marked, and count when the commune's head has cleared them.
    """
    held = TeamCredit.objects.select_related("team").filter(account_id=account_id).first()
    if held is not None:
        return held.team.code
    if not text:
        return ""
    scanned = scanning.scan(text, at)
    certainty = team_codes.certainty_of(scanned.standing, ended_on=scanned.ended_on, day=clock.day_of(at))
    if certainty is Certainty.NONE or scanned.team_id is None or scanned.member_account_id == account_id:
        return ""
    team = Team.objects.select_for_update().get(pk=scanned.team_id)
    credit, made = TeamCredit.objects.get_or_create(
        account_id=account_id,
        defaults={
            "team": team,
            "member_id": scanned.member_id,
            "code_id": scanned.code_id,
            "certainty": certainty,
            "at": at,
            "on": clock.day_of(at),
        },
    )
    if made:
        _mark_rush(credit)
        events.announce(TeamCredited(team_uid=team.uid, account_id=account_id, certainty=certainty, at=at))
    return team.code


def _mark_rush(credit: TeamCredit) -> None:
    near = TeamCredit.objects.select_for_update().filter(
        team_id=credit.team_id,
        code_id=credit.code_id,
        at__gt=credit.at - teams.RUSH_WINDOW,
        at__lt=credit.at + teams.RUSH_WINDOW,
    )
    spans = list(
        TeamEvent.objects.filter(team_id=credit.team_id, cancelled_at=None)
        .filter(starts_at__lt=credit.at + teams.RUSH_WINDOW, ends_at__gt=credit.at - teams.RUSH_WINDOW)
        .values_list("starts_at", "ends_at")
    )
    alone = [one for one in near if not any(start <= one.at <= end for start, end in spans)]
    rushed = teams.rushed([one.at for one in alone])
    fresh = [one.pk for one in alone if one.at in rushed and not one.rushed]
    if not fresh:
        return
    TeamCredit.objects.filter(pk__in=fresh).update(rushed=True)
    code_uid = credit.code.uid if credit.code is not None else None
    events.announce(TeamCodeRushed(team_uid=credit.team.uid, code_uid=code_uid, count=len(rushed), at=credit.at))


@transaction.atomic
def clear_rush(team_uid: UUID, *, on: date, reason: str, actor: Actor, now: datetime) -> int:
    """Count the credits of a day that came too fast, with a reason: what was looked into and found honest. Returns how many."""
    team = locked_team(team_uid)
    require(policies.can_judge_teams(actor, team.agency_id))
    if len(reason.strip()) < 10:
        raise errors.BadTeam(fields={"reason": "Ghi rõ đã kiểm tra thế nào, ít nhất một câu."})
    waiting = TeamCredit.objects.select_for_update().filter(team=team, on=on, rushed=True, cleared_at=None)
    count = waiting.update(cleared_at=now, cleared_by=actor.account_id)
    audit.record(
        actor, "rollout.team_credits_cleared", team, at=now, on=on.isoformat(), count=count, reason=reason.strip()
    )
    return count


@transaction.atomic
def forget_credited(account_id: int, *, now: datetime) -> None:
    """Take an erased person's name off the credit; the count stays true."""
    TeamCredit.objects.filter(account_id=account_id).update(account_id=None)
