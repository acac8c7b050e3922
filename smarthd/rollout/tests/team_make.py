"""Builders: a commune on the map with its committee, a team of two with a village each, visits as a phone tells them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model

from smarthd.agencies import selectors as agencies
from smarthd.agencies import services as agency_services
from smarthd.agencies.rules import Kind, Role
from smarthd.kernel import actor as actors
from smarthd.kernel.actor import Actor
from smarthd.kernel.ids import uuid7
from smarthd.people.tests import make as people_make
from smarthd.places import services as places
from smarthd.places.tests import make as land
from smarthd.rollout.models import Team, TeamCode, TeamMember
from smarthd.rollout.services import teams_codes, teams_setup, teams_visits

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)  # Tuesday 24/11/2026, 10:00 in Hải Dương
TODAY = date(2026, 11, 24)
START = date(2026, 11, 2)
SYSTEM = actors.system("test")
_numbers = count(1)


@dataclass(frozen=True)
class World:
    """A commune, its committee, two villages, a team with a leader and a member on accounts of their own."""

    commune: int
    agency: int
    villages: tuple[int, int]
    village_uids: tuple[str, str]
    team: Team
    leader: TeamMember
    member: TeamMember
    phones: tuple[str, str]

    @property
    def leader_actor(self) -> Actor:
        return actor_of(self.leader)

    @property
    def member_actor(self) -> Actor:
        return actor_of(self.member)


def actor_of(member: TeamMember, now: datetime = NOW) -> Actor:
    """Return the actor of a member's account, past the second factor."""
    member.refresh_from_db()
    assert member.account_id is not None
    return agencies.actor_for(member.account_id, now, second_factor=True)


def officer(agency_id: int, *roles: Role) -> Actor:
    """Return the actor of a new account with roles at an agency."""
    account_id = int(get_user_model().objects.create(full_name="Người thử", created_at=NOW).pk)
    for role in roles:
        agency_services.grant_role(account_id=account_id, agency_id=agency_id, role=role, actor=SYSTEM, now=NOW)
    return agencies.actor_for(account_id, NOW, second_factor=True)


def world(tmp_path: Path) -> World:
    """Return a commune with a team that has stood for three weeks."""
    units = land.small_land(tmp_path, communes=2)
    commune = units["c0"].id
    agency = agency_services.found_agency(
        agency_services.NewAgency(
            kind=Kind.COMMUNE_COMMITTEE, name="Ủy ban nhân dân xã c0", code="ubnd-100", place_id=commune
        ),
        valid_from=date(2026, 1, 1),
    ).pk
    names = ("An Xá", "Đông Thôn")
    villages = tuple(places.add_village(commune, name, START, actor=SYSTEM, now=NOW) for name in names)
    from smarthd.places import selectors

    uids = tuple(str(selectors.unit_view(village, TODAY).uid) for village in villages)
    team = teams_setup.establish_team(
        agency, name="Tổ công nghệ số cộng đồng thôn An Xá", decision_number="12/QĐ-UBND", decision_on=START,
        actor=SYSTEM, now=NOW,
    )  # fmt: skip
    teams_setup.cover_villages(team.uid, villages, on=START, actor=SYSTEM, now=NOW)
    phones = (people_make.phone(), people_make.phone())
    accounts = [people_make.account(phone, now=NOW - timedelta(days=30)) for phone in phones]
    leader = teams_setup.join_member(
        team.uid, full_name="Phạm Văn Tổ", phone=phones[0], position="Trưởng thôn", on=START, actor=SYSTEM, now=NOW
    )
    member = teams_setup.join_member(
        team.uid, full_name="Lê Thị Viên", phone=phones[1], on=START, actor=SYSTEM, now=NOW
    )
    assert (leader.account_id, member.account_id) == (accounts[0].pk, accounts[1].pk)
    teams_setup.appoint_leader(leader.uid, actor=SYSTEM, now=NOW)
    leader.refresh_from_db()
    return World(commune, agency, villages, uids, team, leader, member, phones)  # type: ignore[arg-type]


def code(world: World, *, member: TeamMember | None = None, until: date | None = None) -> TeamCode:
    """Issue a code to the leader, or to another member."""
    return teams_codes.issue_code(
        world.team.uid, member_uid=(member or world.leader).uid, valid_until=until or TODAY + timedelta(days=90),
        actor=SYSTEM, now=NOW,
    )  # fmt: skip


def visit(world: World, *, uid: UUID | None = None, **said: Any) -> dict[str, Any]:
    """Return a visit as a phone tells it."""
    return {
        "uid": str(uid or uuid7()),
        "village_uid": world.village_uids[0],
        "household": f"Số {next(_numbers)}",
        "outcome": "helped",
        "consent": True,
        "adults": 3,
        "without_phone": 1,
        "helped": 1,
        "minutes": 15,
        "at": (NOW - timedelta(hours=2)).isoformat(),
    } | said


DEVICES = (UUID(int=1), UUID(int=2))


def send(
    world: World,
    *visits: dict[str, Any],
    device: UUID = DEVICES[0],
    actor: Actor | None = None,
    sent_at: datetime | None = NOW,
    now: datetime = NOW,
) -> list[str]:
    """Send visits as one batch; return what became of each."""
    answers = teams_visits.receive_visits(
        list(visits), device_uid=device, sent_at=sent_at, actor=actor or world.leader_actor, now=now
    )
    return [answer.receipt.value for answer in answers]
