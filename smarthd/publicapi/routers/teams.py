"""The log of household visits of a community team's phone: read what it covers, send what was written offline.

A batch may be sent again, split and in any order. Each visit is answered by itself; an answer ``kept``, ``duplicate`` or ``conflict``
says that the server has it and the phone may let go of its copy; ``refused`` says why not, and the phone keeps it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from smarthd.kernel import clock, limits
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import NotAllowed
from smarthd.people import selectors as people
from smarthd.publicapi import guards
from smarthd.rollout import errors
from smarthd.rollout.rules import teams as rules
from smarthd.rollout.selectors import team_results
from smarthd.rollout.selectors import teams as selectors
from smarthd.rollout.services import teams_visits
from smarthd.ui import refusals

router = Router(tags=["teams"])

WINDOW = timedelta(minutes=10)
PER_ACCOUNT = 120
"""Batches of one account in ten minutes; a week offline is one."""

refusals.say("NotSignedIn", "Cần đăng nhập lại", "Sổ trên máy vẫn còn nguyên; đăng nhập xong sẽ tự gửi.", status=401)
refusals.say(
    "NotInTeam", "Tài khoản chưa ở trong tổ nào", "Sổ trên máy vẫn còn nguyên. Xin hỏi Ủy ban nhân dân xã, phường."
)
refusals.say("TooManyVisits", "Gửi quá nhiều một lượt", "Mỗi lượt gửi nhiều nhất %(most)s lần thăm.")


class NotSignedIn(NotAllowed):
    """Nobody is signed in on this phone any more."""


class Village(Schema):
    """A village the team covers."""

    uid: UUID
    name: str


class Mine(Schema):
    """What the log on a phone needs to work without a network; nothing in it is about a citizen."""

    member_uid: UUID
    team_uid: UUID
    team: str
    villages: list[Village]
    outcomes: dict[str, str]
    reasons: dict[str, str]
    conflicts: int
    now: datetime


class VisitBatch(Schema):
    """What one phone has written. ``sent_at`` is its own clock at sending: by it a wrong clock is known and put right."""

    device_uid: UUID
    sent_at: AwareDatetime | None = None
    visits: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=rules.MOST_VISITS)]


class VisitAnswer(Schema):
    """What became of one visit."""

    uid: str
    state: str
    why: str
    words: str
    clock_off: bool
    fields: dict[str, str]


class VisitAnswers(Schema):
    """What became of a batch, in the order sent."""

    answers: list[VisitAnswer]


def _actor(request: HttpRequest) -> Actor:
    """Return the asking account; an official's session must have given its second factor, as at the desk."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or not actor.signed_in:
        raise NotSignedIn
    if actor.grants and not people.passed_second_factor(request.session, actor.account_id or 0):
        raise NotSignedIn
    return actor


@router.get("/teams/mine", response=Mine, summary="Địa bàn của tổ, cho sổ thăm hộ")
def mine(request: HttpRequest) -> Mine:
    """Return the villages a member's team covers, and the words of the log."""
    actor = _actor(request)
    now = clock.now()
    day = clock.day_of(now)
    membership = selectors.membership_of(actor.account_id, day)
    if membership is None:
        raise errors.NotInTeam
    return Mine(
        member_uid=membership.member.uid,
        team_uid=membership.team.uid,
        team=membership.team.name,
        villages=[
            Village(uid=view.uid, name=view.full_name) for view in selectors.villages_of(membership.team.id, day)
        ],
        outcomes={key.value: words for key, words in rules.OUTCOME_WORDS.items()},
        reasons={key.value: words for key, words in rules.WHY_NOT_WORDS.items()},
        conflicts=len(team_results.disagreements(membership.team.id)),
        now=now,
    )


@router.post("/teams/visits", response=VisitAnswers, summary="Gửi sổ thăm hộ")
def visits(request: HttpRequest, batch: VisitBatch) -> VisitAnswers:
    """Take in what a phone wrote while it had no network."""
    guards.require_own_page(request)
    actor = _actor(request)
    now = clock.now()
    limits.count_attempt(f"visits:{actor.account_id}", limit=PER_ACCOUNT, window=WINDOW, now=now)
    answers = teams_visits.receive_visits(
        batch.visits, device_uid=batch.device_uid, sent_at=batch.sent_at, actor=actor, now=now
    )
    return VisitAnswers(
        answers=[
            VisitAnswer(
                uid=one.uid,
                state=one.receipt.value,
                why=one.why,
                words=one.words,
                clock_off=one.clock_off,
                fields=dict(one.fields),
            )
            for one in answers
        ]
    )
