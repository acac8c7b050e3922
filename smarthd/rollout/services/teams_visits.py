"""The log of household visits, received from phones that were offline for days.

A batch may come twice, late, split and in any order: rows end the same. Each visit carries the identifier its phone made for it. The
same identifier with another content is kept beside the first, and what stands does not depend on which came first. Two visits to one
household on one day by two phones are both kept. Both kinds are shown until somebody of the team decides; nothing is dropped silently.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from smarthd.kernel import audit, clock, events
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.places import selectors as places
from smarthd.rollout import errors, policies
from smarthd.rollout.events import VisitsReceived
from smarthd.rollout.models import Team, TeamMember, TeamVillage, Visit, VisitVersion
from smarthd.rollout.rules import teams
from smarthd.rollout.rules.teams import Receipt, VisitContent, VisitState
from smarthd.rollout.services.teams_setup import leader_of

WORDS = {
    "foreign": "Lần thăm này thuộc tổ khác.",
    "not_then": "Ngày này chưa ở trong tổ, hoặc đã rời tổ.",
    "elsewhere": "Thôn, khu này không thuộc địa bàn của tổ.",
    "no_id": "Thiếu mã của lần thăm.",
    "same_id": "Có hai nội dung khác nhau cho cùng một lần thăm.",
    "same_household": "Một máy khác cũng ghi hộ này trong cùng ngày.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one visit. ``clock_off``: the phone's clock was wrong and the server's receipt put it right."""

    uid: str
    receipt: Receipt
    why: str = ""
    words: str = ""
    clock_off: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Told:
    uid: UUID
    content: VisitContent
    unit_id: int
    visited_at: datetime
    clock_off: bool


@transaction.atomic
def receive_visits(
    batch: Sequence[Mapping[str, Any]],
    *,
    device_uid: UUID,
    sent_at: datetime | None,
    actor: Actor,
    now: datetime,
) -> list[Answer]:
    """Take in one phone's batch; one answer for each visit, in the order sent. Raises NotInTeam or TooManyVisits only."""
    if len(batch) > teams.MOST_VISITS:
        raise errors.TooManyVisits(most=teams.MOST_VISITS)
    stays = list(TeamMember.objects.select_related("team").filter(account_id=actor.account_id).order_by("-valid_from"))
    if actor.account_id is None or not stays:
        raise errors.NotInTeam
    _lock_teams({stay.team_id for stay in stays})
    day = clock.day_of(now)
    covered = _covered({stay.team_id for stay in stays})
    known = {str(view.uid): view.id for view in places.views({unit for _, unit in covered}, day).values()}
    pending = _Pending(_held_already(batch))
    answers = [
        _receive(raw, stays, covered, known, pending, device_uid=device_uid, sent_at=sent_at, now=now) for raw in batch
    ]
    twice = _visited_twice(pending.written())
    answers = [_as_conflict(one) if one.uid in twice and one.receipt is Receipt.KEPT else one for one in answers]
    kept = sum(one.receipt in {Receipt.KEPT, Receipt.CONFLICT} for one in answers)
    conflicts = sum(one.receipt is Receipt.CONFLICT for one in answers)
    if kept:
        team = stays[0].team
        audit.record(actor, "rollout.visits_received", team, at=now, kept=kept, conflicts=conflicts, sent=len(batch))
        events.announce(VisitsReceived(team_uid=team.uid, kept=kept, conflicts=conflicts, at=now))
    return answers


class _Pending:
    """What is held of a batch's visits, and the new ones, written together: one statement a batch."""

    def __init__(self, held: dict[UUID, Visit]) -> None:
        self.held = held
        self.fresh: list[Visit] = []
        self.made: list[Visit] = []

    def add(self, visit: Visit) -> None:
        self.held[visit.uid] = visit
        self.fresh.append(visit)

    def written(self) -> list[Visit]:
        """Write what is new so far; return all that was."""
        self.made += Visit.objects.bulk_create(self.fresh)
        self.fresh = []
        return self.made


def _held_already(batch: Sequence[Mapping[str, Any]]) -> dict[UUID, Visit]:
    uids = []
    for raw in batch:
        with contextlib.suppress(ValueError):  # answered by name when its turn comes
            uids.append(UUID(str(raw.get("uid") or "")))
    return Visit.objects.in_bulk(uids)


def _visited_twice(visits: Sequence[Visit]) -> frozenset[str]:
    """Return which of the visits are to households that another phone visited on the same day; one query."""
    marked = [visit for visit in visits if visit.household_key]
    devices: dict[tuple[int, str, date], set[UUID]] = {}
    rows = Visit.objects.filter(
        unit_id__in={visit.unit_id for visit in marked},
        household_key__in={visit.household_key for visit in marked},
        visited_on__in={visit.visited_on for visit in marked},
        state=VisitState.STANDING,
    ).values_list("unit_id", "household_key", "visited_on", "device_uid")
    for unit_id, key, on, device in rows:
        devices.setdefault((unit_id, key, on), set()).add(device)
    return frozenset(
        str(visit.uid)
        for visit in marked
        if len(devices.get((visit.unit_id, visit.household_key, visit.visited_on), ())) > 1
    )


def _as_conflict(answer: Answer) -> Answer:
    return replace(answer, receipt=Receipt.CONFLICT, why="same_household", words=WORDS["same_household"])


def _lock_teams(team_ids: set[int]) -> None:
    """Let one phone of a team in at a time, for the length of a batch."""
    with connection.cursor() as cursor:
        for team_id in sorted(team_ids):
            cursor.execute("SELECT pg_advisory_xact_lock(610402, %s)", [team_id])


def _covered(team_ids: set[int]) -> frozenset[tuple[int, int]]:
    return frozenset(TeamVillage.objects.filter(team_id__in=team_ids).values_list("team_id", "unit_id"))


class _Refused(Exception):
    """One visit cannot be kept; the others of the batch can."""

    def __init__(self, why: str, words: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.why, self.words, self.fields = why, words, fields or {}


def _receive(
    raw: Mapping[str, Any],
    stays: Sequence[TeamMember],
    covered: frozenset[tuple[int, int]],
    known: Mapping[str, int],
    pending: _Pending,
    *,
    device_uid: UUID,
    sent_at: datetime | None,
    now: datetime,
) -> Answer:
    said = str(raw.get("uid") or "").lower()
    try:
        uid, content = _read(raw)
        held = _held(uid, stays, pending)
        if held is not None and _told_before(held, content.content_hash()):
            return Answer(said, Receipt.DUPLICATE, clock_off=held.clock_off)
        visited_at, clock_off = teams.believed_at(content.at, sent_at=sent_at, received_at=now)
        stay, unit_id = _placed(stays, held=held, content=content, covered=covered, known=known, at=visited_at)
    except _Refused as refused:
        return Answer(said, Receipt.REFUSED, refused.why, refused.words, fields=refused.fields)
    told = _Told(uid, content, unit_id, visited_at, clock_off)
    if held is None:
        pending.add(_made(told, stay, device_uid=device_uid, now=now))
        return Answer(said, Receipt.KEPT, clock_off=clock_off)
    pending.written()  # what lies beside it must be there first
    _keep_beside(held, told, stay, device_uid=device_uid, now=now)
    return Answer(said, Receipt.CONFLICT, "same_id", WORDS["same_id"], clock_off)


def _read(raw: Mapping[str, Any]) -> tuple[UUID, VisitContent]:
    try:
        uid = UUID(str(raw.get("uid") or ""))
    except ValueError:
        raise _Refused("no_id", WORDS["no_id"]) from None
    try:
        return uid, teams.read_visit(raw)
    except teams.BadVisit as bad:
        raise _Refused("unreadable", " ".join(bad.problems.values()), bad.problems) from bad


def _held(uid: UUID, stays: Sequence[TeamMember], pending: _Pending) -> Visit | None:
    held = pending.held.get(uid)
    if held is not None and held.team_id not in {one.team_id for one in stays}:
        raise _Refused("foreign", WORDS["foreign"])
    return held


def _placed(
    stays: Sequence[TeamMember],
    *,
    held: Visit | None,
    content: VisitContent,
    covered: frozenset[tuple[int, int]],
    known: Mapping[str, int],
    at: datetime,
) -> tuple[TeamMember, int]:
    """Return the stay in a team and the village a visit belongs to."""
    stay = _stay(stays, held, at)
    if stay is None:
        raise _Refused("not_then", WORDS["not_then"])
    unit_id = known.get(content.village)
    if unit_id is None or (stay.team_id, unit_id) not in covered:
        raise _Refused("elsewhere", WORDS["elsewhere"])
    return stay, unit_id


def _made(told: _Told, stay: TeamMember, *, device_uid: UUID, now: datetime) -> Visit:
    visit = Visit(uid=told.uid, team_id=stay.team_id, member=stay, device_uid=device_uid, received_at=now)
    _fill(visit, told)
    return visit


def _stay(stays: Sequence[TeamMember], held: Visit | None, at: datetime) -> TeamMember | None:
    """Return the stay in a team that covers the day of the visit; of what is held already, the stay in that team."""
    day = clock.day_of(at)
    for stay in stays:
        if held is not None and stay.team_id != held.team_id:
            continue
        if stay.valid_from <= day and (stay.valid_to is None or day < stay.valid_to):
            return stay
    return None


def _told_before(held: Visit, content_hash: str) -> bool:
    return (
        held.content_hash == content_hash or VisitVersion.objects.filter(visit=held, content_hash=content_hash).exists()
    )


def _fill(visit: Visit, told: _Told) -> None:
    content = told.content
    visit.unit_id = told.unit_id
    visit.household, visit.household_key = content.household, content.household_key
    visit.outcome, visit.reason, visit.consent = content.outcome, content.reason, content.consent
    visit.adults, visit.without_phone = content.adults, content.without_phone
    visit.helped, visit.minutes = content.helped, content.minutes
    visit.said_at, visit.visited_on, visit.clock_off = content.at, clock.day_of(told.visited_at), told.clock_off
    visit.content_hash = content.content_hash()


def _keep_beside(held: Visit, told: _Told, stay: TeamMember, *, device_uid: UUID, now: datetime) -> None:
    """Keep another content of the same visit; what stands is what was said first, until somebody has decided."""
    if not VisitVersion.objects.filter(visit=held).exists():
        VisitVersion.objects.create(
            visit=held,
            content_hash=held.content_hash,
            content=_content_of(held),
            visited_on=held.visited_on,
            clock_off=held.clock_off,
            member_id=held.member_id,
            device_uid=held.device_uid,
            received_at=held.received_at,
        )
    VisitVersion.objects.create(
        visit=held,
        content_hash=told.content.content_hash(),
        content={**_as_json(told.content), "unit_id": told.unit_id},
        visited_on=clock.day_of(told.visited_at),
        clock_off=told.clock_off,
        member=stay,
        device_uid=device_uid,
        received_at=now,
    )
    held.decided_at, held.decided_by = None, None  # a decision was about fewer tellings than there are now
    best = teams.standing_of(
        [
            teams.Telling(version.content_hash, datetime.fromisoformat(version.content["said_at"]))
            for version in VisitVersion.objects.filter(visit=held)
        ]
    )
    _put_in_force(held, VisitVersion.objects.get(visit=held, content_hash=best.content_hash))


def _put_in_force(visit: Visit, version: VisitVersion) -> None:
    said = dict(version.content)
    unit_id = said.pop("unit_id")
    content = VisitContent(**said)
    visit.unit_id = unit_id
    visit.household, visit.household_key = content.household, content.household_key
    visit.outcome, visit.reason, visit.consent = content.outcome, content.reason, content.consent
    visit.adults, visit.without_phone = content.adults, content.without_phone
    visit.helped, visit.minutes = content.helped, content.minutes
    visit.said_at, visit.visited_on, visit.clock_off = content.at, version.visited_on, version.clock_off
    visit.content_hash = version.content_hash
    visit.member_id, visit.device_uid, visit.received_at = version.member_id, version.device_uid, version.received_at
    visit.save()


def _content_of(visit: Visit) -> dict[str, Any]:
    village = str(places.unit_view(visit.unit_id, visit.visited_on).uid)
    content = VisitContent(
        village, visit.household, visit.outcome, visit.reason, visit.consent, visit.adults, visit.without_phone,
        visit.helped, visit.minutes, visit.said_at.isoformat(),
    )  # fmt: skip
    return {**_as_json(content), "unit_id": visit.unit_id}


def _as_json(content: VisitContent) -> dict[str, Any]:
    return {name: getattr(content, name) for name in VisitContent.__slots__}


def _others_that_day(visit: Visit) -> Any:
    """Return standing visits to the same household on the same day from other phones."""
    if not visit.household_key:
        return Visit.objects.none()
    return Visit.objects.filter(
        unit_id=visit.unit_id,
        household_key=visit.household_key,
        visited_on=visit.visited_on,
        state=VisitState.STANDING,
    ).exclude(device_uid=visit.device_uid)


# --- deciding --------------------------------------------------------------------------------------------------------
@transaction.atomic
def choose_content(visit_uid: UUID, *, content_hash: str, actor: Actor, now: datetime) -> Visit:
    """Say which of several contents of one visit is right; the others stay in the record."""
    visit = _locked_visit(visit_uid, actor)
    version = VisitVersion.objects.filter(visit=visit, content_hash=content_hash).first()
    if version is None:
        raise errors.NothingToSettle
    visit.decided_at, visit.decided_by = now, actor.account_id
    _put_in_force(visit, version)
    audit.record(actor, "rollout.visit_content_chosen", visit.team, at=now, visit=str(visit.uid))
    return visit


@transaction.atomic
def settle_household(visit_uid: UUID, *, keep_all: bool, actor: Actor, now: datetime) -> int:
    """Say of several visits to a household on a day that all took place, or that this one alone did. Returns how many were dropped."""
    visit = _locked_visit(visit_uid, actor)
    others = list(_others_that_day(visit).filter(team_id=visit.team_id).select_for_update())
    if not others:
        raise errors.NothingToSettle
    for one in [visit, *others]:
        one.decided_at, one.decided_by = now, actor.account_id
        if not keep_all and one is not visit:
            one.state = VisitState.DROPPED
        one.save(update_fields=["decided_at", "decided_by", "state"])
    dropped = 0 if keep_all else len(others)
    audit.record(actor, "rollout.visits_settled", visit.team, at=now, visit=str(visit.uid), dropped=dropped)
    return dropped


def _locked_visit(visit_uid: UUID, actor: Actor) -> Visit:
    visit = Visit.objects.select_for_update(of=("self",)).select_related("team").filter(pk=visit_uid).first()
    if visit is None:
        raise errors.VisitUnknown
    leader = leader_of(Team.objects.get(pk=visit.team_id))
    require(policies.can_lead_team(actor, visit.team.agency_id, leader.account_id if leader else None))
    return visit
