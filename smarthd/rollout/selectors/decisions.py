"""Decisions for reading: what waits for approval, one with the difficulties it answers, who may draft for whom."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.db.models import Q, QuerySet

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind
from smarthd.kernel import clock, files
from smarthd.kernel.actor import Actor
from smarthd.rollout import policies
from smarthd.rollout.errors import DecisionUnknown
from smarthd.rollout.models import Decision, DecisionItem, Difficulty
from smarthd.rollout.rules import difficulties as rules
from smarthd.rollout.rules.difficulties import OPEN, DecisionState, State, Tier
from smarthd.rollout.selectors import difficulties


def content_hash(decision: Decision) -> str:
    """Return the SHA-256 an approval binds: title, words, document and the difficulties answered."""
    uids = decision.items.order_by("difficulty_id").values_list("difficulty__uid", flat=True)
    content = "\x1f".join([decision.title, decision.text, decision.file_sha256, *(str(uid) for uid in uids)])
    return hashlib.sha256(content.encode()).hexdigest()


def departments_reporting_to(actor: Actor, now: datetime) -> dict[int, set[int]]:
    """Return, by committee of the province, the departments at which the actor drafts and which report to it. One query."""
    views = agencies.agency_views(policies.works_at(actor), clock.day_of(now))
    found: dict[int, set[int]] = {}
    for view in views.values():
        if view.parent_id is not None and rules.tier_of(view.kind) is Tier.DEPARTMENT:
            found.setdefault(view.parent_id, set()).add(view.id)
    above = agencies.agency_views(found, clock.day_of(now))
    return {
        agency: ids
        for agency, ids in found.items()
        if agency in above and above[agency].kind == Kind.PROVINCE_COMMITTEE
    }


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision as a list shows it; ``answers`` counts units, merged ones too."""

    uid: UUID
    title: str
    agency_id: int
    agency: str
    state: DecisionState
    number: str
    decided_on: date | None
    made_at: datetime
    answers: int
    affected: int
    returned_with: str


@dataclass(frozen=True, slots=True)
class DecisionSeen:
    """A whole decision: what it says, whom it answers, what the actor may do with it."""

    row: DecisionRow
    text: str
    items: tuple[difficulties.Row, ...]
    moved_on: tuple[str, ...]
    content_hash: str
    has_file: bool
    file_size: int
    approved_at: datetime | None
    own: bool
    may_approve: bool
    may_change: bool


def visible(actor: Actor, *, now: datetime) -> QuerySet[Decision]:
    """Return the decisions an actor may read: drafts to who drafts and approves; those in force also to every unit they answer."""
    if actor.system:
        return Decision.objects.all()
    above = set(departments_reporting_to(actor, now))
    inside = policies.drafts_at(actor) | policies.approves_at(actor) | above
    reached = Difficulty.objects.filter(
        Q(agency_id__in=list(policies.sees_difficulties_of(actor)))
        | Q(campaign__coordinator__in=policies.coordinates_at(actor))
    )
    answered = reached.filter(decision__isnull=False).values_list("decision_id", flat=True)
    return Decision.objects.filter(
        Q(agency_id__in=list(inside)) | Q(state=DecisionState.APPROVED, pk__in=answered),
    )


def decisions(actor: Actor, *, now: datetime, limit: int = 100) -> list[DecisionRow]:
    """Return decisions, those that wait first, then the newest."""
    found = list(visible(actor, now=now).exclude(state=DecisionState.DROPPED).order_by("-made_at")[:limit])
    rank = {DecisionState.PROPOSED: 0, DecisionState.RETURNED: 1}
    return sorted(_rows(found, now), key=lambda row: rank.get(row.state, 2))


def waiting(actor: Actor, *, now: datetime) -> tuple[list[DecisionRow], list[DecisionRow]]:
    """Return the drafts of others that wait for the actor's approval, the oldest first, and the actor's own that were sent back."""
    mine = Q(state=DecisionState.RETURNED, made_by=actor.account_id) if actor.account_id is not None else Q(pk__in=[])
    rows = _rows(Decision.objects.filter(_to_approve(actor) | mine).order_by("made_at"), now)
    return (
        [row for row in rows if row.state is DecisionState.PROPOSED],
        [row for row in rows if row.state is DecisionState.RETURNED],
    )


def _to_approve(actor: Actor) -> Q:
    proposed = Q(state=DecisionState.PROPOSED, agency_id__in=policies.approves_at(actor))
    return proposed if actor.account_id is None else proposed & (Q(made_by=None) | ~Q(made_by=actor.account_id))


def to_approve(actor: Actor, *, now: datetime) -> list[DecisionRow]:
    """Return the drafts of others that wait for the actor's approval, the oldest first."""
    return _rows(Decision.objects.filter(_to_approve(actor)).order_by("made_at"), now)


def decision_for(actor: Actor, uid: UUID, *, now: datetime) -> DecisionSeen:
    """Return one decision whole, or raise DecisionUnknown when there is none or the actor may not see it."""
    decision = visible(actor, now=now).filter(uid=uid).first()
    if decision is None:
        raise DecisionUnknown
    [row] = _rows([decision], now)
    state = DecisionState(decision.state)
    items = list(decision.items.values_list("difficulty_id", "applied", "difficulty__code", "difficulty__uid"))
    if state is DecisionState.APPROVED:
        answered = Difficulty.objects.filter(decision=decision)
        shown = difficulties.of_ids(answered.values_list("pk", flat=True), now=now)
        inside = decision.agency_id in policies.works_at(actor) | policies.approves_at(actor)
        coordinates = decision.campaign.coordinator_id in policies.coordinates_at(actor)
        if not (actor.system or inside or coordinates):
            reach = policies.sees_difficulties_of(actor)
            shown = [one for one in shown if one.agency_id in reach]
        moved_on = tuple(code for _, applied, code, _uid in items if applied is False)
    else:
        heads = [pk for pk, *_rest in items]
        merged = Difficulty.objects.filter(merged_into__in=heads, state=State.MERGED).values_list("pk", flat=True)
        shown = difficulties.of_ids([*heads, *merged], now=now)
        moved_on = tuple(one.code for one in shown if one.state not in OPEN | {State.MERGED})
    drafts = policies.can_draft_decision(
        actor,
        decision.agency_id,
        departments=departments_reporting_to(actor, now).get(decision.agency_id, set()),
    )
    own = actor.account_id is not None and decision.made_by == actor.account_id
    proposed = state is DecisionState.PROPOSED
    return DecisionSeen(
        row=row,
        text=decision.text,
        items=tuple(shown),
        moved_on=moved_on,
        content_hash=content_hash(decision),
        has_file=bool(decision.file_sha256),
        file_size=decision.file_size,
        approved_at=decision.approved_at,
        own=own,
        may_approve=proposed and policies.can_approve_decision(actor, decision) and not own,
        may_change=drafts and state in {DecisionState.PROPOSED, DecisionState.RETURNED},
    )


def document_for(actor: Actor, uid: UUID, *, now: datetime) -> Path:
    """Return where the attached document lies, or raise DecisionUnknown."""
    decision = visible(actor, now=now).filter(uid=uid).exclude(file_sha256="").first()
    if decision is None:
        raise DecisionUnknown
    return files.kept_path(decision.file_sha256)


def deciding_agencies(actor: Actor, *, now: datetime) -> list[tuple[int, str]]:
    """Return the agencies in whose name the actor may draft, the highest first: the committee one's department reports to, then one's own."""
    above = list(departments_reporting_to(actor, now))
    own = [one for one in sorted(policies.drafts_at(actor)) if one not in above]
    views = agencies.agency_views([*above, *own], clock.day_of(now))
    return [(one, views[one].name) for one in [*above, *own] if one in views]


def _rows(found: Iterable[Decision], now: datetime) -> list[DecisionRow]:
    rows = list(found)
    views = agencies.agency_views({row.agency_id for row in rows}, clock.day_of(now))
    counts = _counts(rows)
    return [
        DecisionRow(
            uid=row.uid,
            title=row.title,
            agency_id=row.agency_id,
            agency=views[row.agency_id].name if row.agency_id in views else "",
            state=DecisionState(row.state),
            number=row.number,
            decided_on=row.decided_on,
            made_at=row.made_at,
            answers=counts[row.pk][0],
            affected=counts[row.pk][1],
            returned_with=row.returned_with,
        )
        for row in rows
    ]


def _counts(rows: list[Decision]) -> dict[int, tuple[int, int]]:
    """Return, by decision, how many difficulties it answers (or would), merged ones too, and how many persons they name."""
    approved = [row.pk for row in rows if row.state == DecisionState.APPROVED]
    found: dict[int, list[int]] = {row.pk: [0, 0] for row in rows}
    done = Difficulty.objects.filter(decision_id__in=approved).values_list("decision_id", "affected")
    proposed = DecisionItem.objects.filter(decision__in=rows).exclude(decision_id__in=approved)
    named = list(proposed.values_list("decision_id", "difficulty_id", "difficulty__affected"))
    merged: dict[int | None, list[int | None]] = {}
    for head, affected in Difficulty.objects.filter(
        merged_into_id__in={pk for _, pk, _ in named}, state=State.MERGED
    ).values_list("merged_into_id", "affected"):
        merged.setdefault(head, []).append(affected)
    pairs = [*done, *((one, each) for one, pk, own in named for each in (own, *merged.get(pk, ())))]
    for decision_id, affected in pairs:
        if decision_id is not None:
            found[decision_id][0] += 1
            found[decision_id][1] += affected or 0
    return {pk: (count, persons) for pk, (count, persons) in found.items()}
