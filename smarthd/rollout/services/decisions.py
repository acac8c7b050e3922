"""Decisions that answer many difficulties: drafted by one person, numbered and approved by another, put through in one stroke."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from smarthd.agencies import selectors as agencies
from smarthd.kernel import audit, clock, files, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.rollout import policies
from smarthd.rollout.errors import (
    CampaignUnknown,
    ContentChanged,
    DecisionFaulty,
    DecisionUnknown,
    DifficultyUnknown,
    NotADocument,
    NothingToDecide,
    OwnDecision,
)
from smarthd.rollout.models import Campaign, Decision, DecisionItem, Difficulty
from smarthd.rollout.rules import difficulties as rules
from smarthd.rollout.rules.difficulties import DecisionState, State
from smarthd.rollout.selectors import decisions as reading
from smarthd.rollout.services import difficulties

FILE_MB = 20
LONGEST_TITLE, SHORTEST_TEXT, LONGEST_TEXT = 200, 20, 5000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an approval did: how many difficulties it answered (merged ones too), and the codes of those that had moved on."""

    decision: Decision
    answered: int
    moved_on: tuple[str, ...]


@transaction.atomic
def draft_decision(
    campaign_key: str,
    *,
    agency_id: int,
    difficulty_uids: Sequence[UUID],
    title: str,
    words: str,
    actor: Actor,
    now: datetime,
    document: BinaryIO | None = None,
) -> Decision:
    """Put a decision before who approves it: what it says, which open difficulties it answers."""
    campaign = Campaign.objects.filter(key=campaign_key).first()
    if campaign is None:
        raise CampaignUnknown(key=campaign_key)
    require(policies.can_draft_decision(actor, agency_id, departments=_departments(actor, agency_id, now)))
    kept_title, kept_words = _checked(title, words)
    rows = _answered_by(agency_id, campaign, difficulty_uids, now)
    decision = Decision(
        campaign=campaign,
        agency_id=agency_id,
        title=kept_title,
        text=kept_words,
        made_by=actor.account_id,
        made_at=now,
    )
    _attach(decision, document)
    decision.save()
    DecisionItem.objects.bulk_create([DecisionItem(decision=decision, difficulty=row) for row in rows])
    audit.record(actor, "rollout.decision_drafted", decision, at=now, difficulties=len(rows))
    return decision


@transaction.atomic
def rewrite_decision(
    uid: UUID,
    *,
    difficulty_uids: Sequence[UUID],
    title: str,
    words: str,
    actor: Actor,
    now: datetime,
    document: BinaryIO | None = None,
) -> Decision:
    """Change a draft, or one that was sent back: it waits for approval again."""
    decision = _locked(uid)
    departments = _departments(actor, decision.agency_id, now)
    require(policies.can_draft_decision(actor, decision.agency_id, departments=departments))
    decision.title, decision.text = _checked(title, words)
    rows = _answered_by(decision.agency_id, decision.campaign, difficulty_uids, now)
    decision.state = rules.REWRITE.apply(DecisionState(decision.state))
    decision.made_by, decision.made_at, decision.returned_with = actor.account_id, now, ""
    _attach(decision, document)
    decision.save()
    DecisionItem.objects.filter(decision=decision).exclude(difficulty__in=rows).delete()
    DecisionItem.objects.bulk_create(
        [DecisionItem(decision=decision, difficulty=row) for row in rows], ignore_conflicts=True
    )
    audit.record(actor, "rollout.decision_rewritten", decision, at=now, difficulties=len(rows))
    return decision


@transaction.atomic
def approve_decision(
    uid: UUID, *, number: str, decided_on: date, seen_hash: str, actor: Actor, now: datetime
) -> Outcome:
    """Approve exactly what was looked at, under its number and date, and answer all its difficulties in one stroke.

    Difficulties that were settled meanwhile are passed over and named; a decision left with none is refused.
    """
    decision = _locked(uid)
    require(policies.can_approve_decision(actor, decision))
    if actor.account_id is not None and actor.account_id == decision.made_by:
        raise OwnDecision
    if reading.content_hash(decision) != seen_hash:
        raise ContentChanged
    kept = _numbered(number, decided_on, now)
    decision.state = rules.APPROVE.apply(DecisionState(decision.state))
    decision.number, decision.decided_on = kept, decided_on
    decision.approved_by, decision.approved_at = actor.account_id, now
    decision.save()
    items = list(DecisionItem.objects.filter(decision=decision).order_by("difficulty_id"))
    rows = {
        row.pk: row
        for row in Difficulty.objects.select_for_update()
        .filter(pk__in=[item.difficulty_id for item in items])
        .order_by("id")
    }
    moved_on, before = [], _solved_by(decision)
    for item in items:
        row = rows[item.difficulty_id]
        item.applied = State(row.state) in rules.OPEN
        item.save(update_fields=["applied"])
        if item.applied:
            difficulties.settle_one(
                row,
                act="decided",
                words=decision.text,
                actor=actor,
                by_agency=decision.agency_id,
                now=now,
                decision_id=decision.pk,
                number=kept,
            )
        else:
            moved_on.append(row.code)
    if len(moved_on) == len(items):
        raise NothingToDecide
    answered = _solved_by(decision) - before
    audit.record(actor, "rollout.decision_approved", decision, at=now, number=kept, answered=answered)
    return Outcome(decision, answered, tuple(moved_on))


@transaction.atomic
def return_decision(uid: UUID, *, words: str, actor: Actor, now: datetime) -> Decision:
    """Send a draft back with what is to be changed."""
    decision = _locked(uid)
    require(policies.can_approve_decision(actor, decision))
    kept = difficulties.said(words)[:500]
    decision.state = rules.SEND_BACK.apply(DecisionState(decision.state))
    decision.returned_with = kept
    decision.save(update_fields=["state", "returned_with"])
    audit.record(actor, "rollout.decision_returned", decision, at=now)
    return decision


@transaction.atomic
def drop_decision(uid: UUID, *, actor: Actor, now: datetime) -> Decision:
    """Give a draft up; its difficulties stay where they are."""
    decision = _locked(uid)
    departments = _departments(actor, decision.agency_id, now)
    require(policies.can_draft_decision(actor, decision.agency_id, departments=departments))
    decision.state = rules.DROP.apply(DecisionState(decision.state))
    decision.save(update_fields=["state"])
    audit.record(actor, "rollout.decision_dropped", decision, at=now)
    return decision


def _departments(actor: Actor, agency_id: int, now: datetime) -> set[int]:
    return reading.departments_reporting_to(actor, now).get(agency_id, set())


def _checked(title: str, words: str) -> tuple[str, str]:
    kept_title, kept_words, problems = text.nfc(title), words.strip(), {}
    if not kept_title or len(kept_title) > LONGEST_TITLE:
        problems["title"] = f"Ghi trích yếu, nhiều nhất {LONGEST_TITLE} chữ."
    if not SHORTEST_TEXT <= len(kept_words) <= LONGEST_TEXT:
        problems["words"] = "Ghi rõ nội dung giải quyết, các đơn vị sẽ đọc đúng đoạn này."
    if problems:
        raise DecisionFaulty(fields=problems)
    return kept_title, kept_words


def _numbered(number: str, decided_on: date, now: datetime) -> str:
    kept, problems = text.nfc(number), {}
    if not any(letter.isdigit() for letter in kept) or len(kept) > 60:
        problems["number"] = "Ghi số, ký hiệu văn bản, ví dụ 128/QĐ-UBND."
    if decided_on > clock.day_of(now):
        problems["decided_on"] = "Ngày ban hành không thể ở sau hôm nay."
    if problems:
        raise DecisionFaulty(fields=problems)
    return kept


def _answered_by(agency_id: int, campaign: Campaign, uids: Sequence[UUID], now: datetime) -> list[Difficulty]:
    """Return the open difficulties of units below the deciding agency, of one campaign; all or none."""
    rows = list(Difficulty.objects.filter(uid__in=list(uids), campaign=campaign).order_by("id"))
    if not rows:
        raise DecisionFaulty(fields={"difficulties": "Chọn ít nhất một khó khăn, vướng mắc để giải quyết."})
    reach = agencies.below([agency_id], clock.day_of(now))
    if len(rows) != len(set(uids)) or any(row.agency_id not in reach and row.holder_id != agency_id for row in rows):
        raise DifficultyUnknown
    closed = [row.code for row in rows if State(row.state) not in rules.OPEN]
    if closed:
        raise DecisionFaulty(fields={"difficulties": f"Đã được giải quyết hoặc gộp: {', '.join(closed)}."})
    return rows


def _attach(decision: Decision, document: BinaryIO | None) -> None:
    if document is None:
        return
    head = document.read(5)
    document.seek(0)
    if head != b"%PDF-":
        raise NotADocument
    kept = files.keep(document, limit_mb=FILE_MB)
    decision.file_sha256, decision.file_size = kept.sha256, kept.size


def _solved_by(decision: Decision) -> int:
    return Difficulty.objects.filter(decision=decision).count()


def _locked(uid: UUID) -> Decision:
    decision = Decision.objects.select_for_update(of=("self",)).select_related("campaign").filter(uid=uid).first()
    if decision is None:
        raise DecisionUnknown
    return decision
