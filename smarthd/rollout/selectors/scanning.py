"""What a team's code is worth: read, checked against its signature, its days, its member and its team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from smarthd.kernel import clock, sealing
from smarthd.rollout.models import Team, TeamCode
from smarthd.rollout.rules import team_codes
from smarthd.rollout.rules.team_codes import Standing, Token


@dataclass(frozen=True, slots=True)
class Scanned:
    """A code as it stands now: ``ended_on`` where it is over; ids where a team is behind it."""

    standing: Standing
    team_id: int | None = None
    team_name: str = ""
    team_code: str = ""
    agency_id: int | None = None
    member_id: int | None = None
    member_account_id: int | None = None
    code_id: int | None = None
    ended_on: date | None = None


def sign(body: bytes) -> bytes:
    """Sign with this installation's key; codes of one installation are no codes of another."""
    return sealing.blind_index(body.hex(), purpose="rollout.team_code")


def written(code: TeamCode) -> str:
    """Return the 24 letters of an issued code."""
    number = code.member.number if code.member is not None else 0
    return team_codes.write(Token(code.team_id, number, code.pk, code.valid_until), sign)


def scan(text: str, now: datetime) -> Scanned:
    """Say what a code is worth now. A forged one is as unknown as one that never was."""
    token = team_codes.read(text, sign)
    if token is None:
        return _typed(team_codes.clean(text), clock.day_of(now))
    code = (
        TeamCode.objects.select_related("team", "member")
        .filter(pk=token.serial, team_id=token.team_id, valid_until=token.valid_until)
        .first()
    )
    if code is None or (code.member.number if code.member else 0) != token.number:
        return Scanned(Standing.UNKNOWN)
    standing, ended_on = _standing(code, clock.day_of(now))
    return Scanned(
        standing,
        team_id=code.team_id,
        team_name=code.team.name,
        team_code=code.team.code,
        agency_id=code.team.agency_id,
        member_id=code.member_id,
        member_account_id=code.member.account_id if code.member else None,
        code_id=code.pk,
        ended_on=ended_on,
    )


def _standing(code: TeamCode, day: date) -> tuple[Standing, date | None]:
    if code.revoked_at is not None:
        return Standing.REVOKED, clock.day_of(code.revoked_at)
    if code.valid_until < day:
        return Standing.EXPIRED, code.valid_until
    return Standing.GOOD, None


def _typed(text: str, day: date) -> Scanned:
    team = Team.objects.filter(code=text, valid_from__lte=day).first() if text else None
    if team is None or (team.valid_to is not None and team.valid_to <= day):
        return Scanned(Standing.UNKNOWN)
    return Scanned(Standing.TYPED, team_id=team.pk, team_name=team.name, team_code=team.code, agency_id=team.agency_id)
