"""A difficulty from raising to confirmation: answered, passed up, taken over, merged, solved; silence sends it up by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from smarthd.agencies import calendar
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules.calendar import WorkingCalendar
from smarthd.agencies.selectors import AgencyView
from smarthd.kernel import audit, clock, events, ids, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.rollout import policies
from smarthd.rollout.errors import BadMerge, CampaignUnknown, DifficultyFaulty, DifficultyUnknown, NoSuperior
from smarthd.rollout.events import (
    DifficultiesMerged,
    DifficultyAnswered,
    DifficultyClosed,
    DifficultyMoved,
    DifficultyRaised,
    DifficultyReopened,
    DifficultySolved,
)
from smarthd.rollout.models import Campaign, Difficulty, DifficultyStep
from smarthd.rollout.rules import difficulties as rules
from smarthd.rollout.rules.difficulties import Category, Severity, State, Tier

SHORTEST_WORDS, LONGEST_WORDS = 10, 3000


@transaction.atomic
def raise_difficulty(
    campaign_key: str,
    *,
    agency_id: int,
    category: Category,
    severity: Severity,
    words: str,
    affected: int | None,
    place_id: int | None,
    actor: Actor,
    now: datetime,
) -> Difficulty:
    """Raise a difficulty of an agency before its superior and start the clocks. The same words of the same day are one."""
    campaign = Campaign.objects.filter(key=campaign_key).first()
    if campaign is None:
        raise CampaignUnknown(key=campaign_key)
    require(policies.can_raise(actor, agency_id))
    kept = _checked(words, affected)
    today = clock.day_of(now)
    own = agencies.agency_view(agency_id, today)
    chain = agencies.chain_of(agency_id, today)
    holder = chain[1] if len(chain) > 1 else chain[0]
    folded = rules.folded(kept)
    again = Difficulty.objects.filter(
        campaign=campaign, agency_id=agency_id, category=category, folded=folded, raised_at__gte=clock.start_of(today)
    ).first()
    if again is not None:
        return again  # the same phone sent it again
    tier, working = rules.tier_of(holder.kind), calendar.working_calendar()
    row = Difficulty.objects.create(
        code=f"KK-{ids.spoken_code(6)}",
        campaign=campaign,
        agency_id=agency_id,
        place_id=place_id or own.place_id,
        category=category,
        severity=severity,
        affected=affected,
        text=kept,
        folded=folded,
        raised_by=actor.account_id,
        raised_at=now,
        holder_id=holder.id,
        tier=tier,
        held_since=now,
        due_at=_term(now, rules.ANSWER_DAYS[tier], working),
        first_answer_due_at=_term(now, rules.FIRST_ANSWER_DAYS[severity], working),
        solve_due_at=_term(now, rules.SOLVE_DAYS[severity], working),
    )
    _write(row, "raised", actor=actor, at=now, by_agency=agency_id, words=kept)
    events.announce(DifficultyRaised(difficulty_uid=row.uid, agency_id=agency_id, holder_id=holder.id, at=now))
    return row


def _checked(words: str, affected: int | None) -> str:
    kept, problems = text.nfc(words), {}
    if len(kept) < rules.SHORTEST:
        problems["words"] = "Nói rõ hơn một chút: vướng ở đâu, từ khi nào, đã thử cách nào."
    if len(kept) > rules.LONGEST:
        problems["words"] = f"Dài quá {rules.LONGEST} chữ. Xin nêu gọn trong một đoạn."
    if affected is not None and not 0 <= affected <= rules.MOST_AFFECTED:
        problems["affected"] = "Số người bị ảnh hưởng chưa đúng."
    if problems:
        raise DifficultyFaulty(fields=problems)
    return kept


@transaction.atomic
def answer(uid: UUID, *, words: str, actor: Actor, now: datetime) -> Difficulty:
    """Say something to who raised it. The first word moves the holder's term to the time for doing it; later ones give no more time."""
    row = locked(uid, actor)
    require(policies.can_answer(actor, row))
    kept = said(words)
    waited = State(row.state) in rules.UNANSWERED
    row.state = rules.ANSWER.apply(State(row.state))
    row.answered_at = row.answered_at or now
    if waited:
        row.due_at = _term(now, rules.WORK_DAYS[Tier(row.tier)], calendar.working_calendar())
    row.save()
    _write(row, "answered", actor=actor, at=now, by_agency=row.holder_id, words=kept)
    events.announce(
        DifficultyAnswered(difficulty_uid=row.uid, agency_id=row.agency_id, holder_id=row.holder_id, at=now)
    )
    return row


@transaction.atomic
def escalate(uid: UUID, *, words: str, actor: Actor, now: datetime) -> Difficulty:
    """Pass it up the chain with the reason why it cannot be solved here; that is a first word too."""
    row = locked(uid, actor)
    require(policies.can_settle(actor, row))
    kept = said(words)
    row.answered_at = row.answered_at or now
    return _move_up(row, above(row, now), act="escalated", words=kept, actor=actor, now=now)


@transaction.atomic
def take_over(uid: UUID, *, words: str, actor: Actor, now: datetime) -> Difficulty:
    """Let a superior of the holder take it into its own hands, saying so."""
    row = locked(uid, actor)
    agency_id = policies.takes_over_as(actor, row)
    require(agency_id is not None)
    kept = said(words)
    view = agencies.agency_view(agency_id or 0, clock.day_of(now))
    row.state = rules.TAKE_OVER.apply(State(row.state))
    before, row.answered_at = row.holder_id, row.answered_at or now
    tier = rules.tier_of(view.kind)
    row.holder_id, row.tier, row.held_since = view.id, tier, now
    row.due_at = _term(now, rules.WORK_DAYS[tier], calendar.working_calendar())
    row.save()
    _write(row, "taken_over", actor=actor, at=now, by_agency=view.id, words=kept)
    events.announce(_moved(row, before, now, by_silence=False))
    return row


@transaction.atomic
def solve(uid: UUID, *, words: str, actor: Actor, now: datetime) -> Difficulty:
    """Call it solved, saying how; those merged into it are solved with it, and each one's raiser is asked to confirm."""
    row = locked(uid, actor)
    require(policies.can_settle(actor, row))
    settle_one(row, act="solved", words=said(words), actor=actor, by_agency=row.holder_id, now=now)
    return row


def settle_one(
    row: Difficulty,
    *,
    act: str,
    words: str,
    actor: Actor,
    by_agency: int,
    now: datetime,
    decision_id: int | None = None,
    number: str = "",
) -> None:
    """Bring a locked difficulty and all merged into it to "solved"; the caller has asked who may."""
    followers = Difficulty.objects.select_for_update().filter(merged_into=row, state=State.MERGED).order_by("id")
    working = calendar.working_calendar()
    for one, move, what in ((row, rules.SOLVE, act), *((other, rules.FOLLOW, "followed") for other in followers)):
        one.state = move.apply(State(one.state))
        one.solved_at, one.solution, one.decision_id = now, words, decision_id
        one.answered_at, one.due_at = one.answered_at or now, None
        one.confirm_due_at = _term(now, rules.CONFIRM_DAYS, working)
        one.save()
        _write(
            one, what, actor=actor, at=now, by_agency=by_agency, words=words, note={"number": number} if number else {}
        )
        events.announce(
            DifficultySolved(difficulty_uid=one.uid, agency_id=one.agency_id, decision_number=number, at=now)
        )


@transaction.atomic
def confirm(uid: UUID, *, words: str = "", actor: Actor, now: datetime) -> Difficulty:
    """Let who raised it confirm that it is solved: only this closes it."""
    row = locked(uid, actor)
    require(policies.can_speak_for_raiser(actor, row))
    row.state = rules.CONFIRM.apply(State(row.state))
    row.confirmed_at = now
    row.save()
    _write(row, "confirmed", actor=actor, at=now, by_agency=row.agency_id, words=words.strip()[:LONGEST_WORDS])
    events.announce(DifficultyClosed(difficulty_uid=row.uid, agency_id=row.agency_id, confirmed=True, at=now))
    return row


@transaction.atomic
def reopen(uid: UUID, *, words: str, actor: Actor, now: datetime) -> Difficulty:
    """Let who raised it say that it is not solved, and why; the promise to it goes on running from the first day."""
    row = locked(uid, actor)
    require(policies.can_speak_for_raiser(actor, row))
    kept = said(words)
    row.state = rules.REOPEN.apply(State(row.state))
    row.solved_at, row.confirm_due_at, row.decision = None, None, None
    row.reopenings += 1
    row.held_since = now
    row.due_at = _term(now, rules.ANSWER_DAYS[Tier(row.tier)], calendar.working_calendar())
    row.save()
    _write(row, "reopened", actor=actor, at=now, by_agency=row.agency_id, words=kept)
    events.announce(
        DifficultyReopened(difficulty_uid=row.uid, agency_id=row.agency_id, holder_id=row.holder_id, at=now)
    )
    return row


@transaction.atomic
def withdraw(uid: UUID, *, words: str, actor: Actor, now: datetime) -> Difficulty:
    """Let who raised it take it back, with the reason."""
    row = locked(uid, actor)
    require(policies.can_speak_for_raiser(actor, row))
    kept = said(words)
    row.state = rules.WITHDRAW.apply(State(row.state))
    row.due_at = None
    row.save()
    _write(row, "withdrawn", actor=actor, at=now, by_agency=row.agency_id, words=kept)
    events.announce(DifficultyClosed(difficulty_uid=row.uid, agency_id=row.agency_id, confirmed=False, at=now))
    return row


@transaction.atomic
def merge(uids: Sequence[UUID], *, into: UUID, words: str, actor: Actor, now: datetime) -> Difficulty:
    """Handle several as one. What was merged into them comes along; every raiser is told where theirs is handled from now on."""
    wanted = {into, *uids}
    rows = {row.uid: row for row in _locked_many(wanted, actor)}
    head = rows[into]
    require(policies.can_answer(actor, head) or policies.takes_over_as(actor, head) is not None)
    others = [rows[uid] for uid in dict.fromkeys(uids) if uid != into]
    if not others or State(head.state) not in rules.OPEN or any(row.campaign_id != head.campaign_id for row in others):
        raise BadMerge
    for row in others:
        require(policies.can_answer(actor, row) or policies.takes_over_as(actor, row) is not None)
        row.state = rules.MERGE.apply(State(row.state))
        row.merged_into, row.due_at, row.answered_at = head, None, row.answered_at or now
        row.save()
        _write(
            row, "merged", actor=actor, at=now, by_agency=head.holder_id, words=words.strip(), note={"into": head.code}
        )
    Difficulty.objects.filter(merged_into__in=others, state=State.MERGED).update(merged_into=head)
    codes = [row.code for row in others]
    _write(
        head,
        "received_merged",
        actor=actor,
        at=now,
        by_agency=head.holder_id,
        words=words.strip(),
        note={"codes": codes},
    )
    events.announce(
        DifficultiesMerged(
            into_uid=head.uid,
            difficulty_uids=tuple(row.uid for row in others),
            agency_ids=tuple(sorted({head.agency_id, *(row.agency_id for row in others)})),
            at=now,
        )
    )
    return head


@transaction.atomic
def part(uid: UUID, *, words: str, actor: Actor, now: datetime) -> Difficulty:
    """Take a difficulty out of the one it was merged into: it waits for an answer of its own again."""
    row = locked(uid, actor)
    head = row.merged_into
    if head is None:
        raise BadMerge
    require(policies.can_answer(actor, head) or policies.takes_over_as(actor, head) is not None)
    kept = said(words)
    row.state = rules.PART.apply(State(row.state))
    row.merged_into, row.holder_id, row.tier, row.held_since = None, head.holder_id, head.tier, now
    row.due_at = _term(now, rules.ANSWER_DAYS[Tier(row.tier)], calendar.working_calendar())
    row.save()
    _write(row, "parted", actor=actor, at=now, by_agency=head.holder_id, words=kept, note={"from": head.code})
    return row


def escalate_overdue(*, actor: Actor, now: datetime) -> int:
    """Send up what its holder has been silent about for a working day past its term. Return how many went up."""
    working = calendar.working_calendar()
    late = Difficulty.objects.filter(state__in=rules.OPEN, due_at__lt=now).order_by("due_at", "id")
    silent = [uid for uid, due in late.values_list("uid", "due_at") if due and rules.falls_silent(due, now, working)]
    return sum(_escalate_silent(uid, actor=actor, now=now, working=working) for uid in silent)


@transaction.atomic
def _escalate_silent(uid: UUID, *, actor: Actor, now: datetime, working: WorkingCalendar) -> int:
    row = Difficulty.objects.select_for_update().get(uid=uid)
    if State(row.state) not in rules.OPEN or row.due_at is None or not rules.falls_silent(row.due_at, now, working):
        return 0
    try:
        superior = above(row, now)
    except NoSuperior:
        return 0  # at the top it stays, shown as overdue
    _move_up(row, superior, act="escalated_by_silence", words="", actor=actor, now=now)
    return 1


def above(row: Difficulty, now: datetime) -> AgencyView:
    """Return who stands above the holder today; if the holder is gone, the nearest standing superior of who raised it."""
    today = clock.day_of(now)
    chain = agencies.chain_of(row.holder_id, today)[1:]
    if not chain:
        chain = [view for view in agencies.chain_of(row.agency_id, today)[1:] if view.id != row.holder_id]
        known = [view for view in chain if rules.tier_of(view.kind) != Tier(row.tier)]
        chain = known if agencies.agency_views([row.holder_id], today) == {} else []
    if not chain:
        raise NoSuperior
    return chain[0]


def _move_up(row: Difficulty, superior: AgencyView, *, act: str, words: str, actor: Actor, now: datetime) -> Difficulty:
    row.state = rules.ESCALATE.apply(State(row.state))
    before, tier = row.holder_id, rules.tier_of(superior.kind)
    row.holder_id, row.tier, row.held_since = superior.id, tier, now
    row.due_at = _term(now, rules.ANSWER_DAYS[tier], calendar.working_calendar())
    row.escalations += 1
    row.save()
    _write(row, act, actor=actor, at=now, by_agency=before, words=words)
    events.announce(_moved(row, before, now, by_silence=act == "escalated_by_silence"))
    return row


def _moved(row: Difficulty, before: int, now: datetime, *, by_silence: bool) -> DifficultyMoved:
    return DifficultyMoved(
        difficulty_uid=row.uid,
        agency_id=row.agency_id,
        from_id=before,
        holder_id=row.holder_id,
        by_silence=by_silence,
        at=now,
    )


def _term(now: datetime, days: int, working: WorkingCalendar) -> datetime:
    """Return 17:00 of the ``days``-th working day after the day of ``now`` (UTC)."""
    return working.closing_of(working.add_working_days(clock.day_of(now), days)).astimezone(now.tzinfo)


def said(words: str) -> str:
    """Return words as kept, or refuse what says nothing."""
    kept = text.nfc(words)
    if len(kept) < SHORTEST_WORDS:
        raise DifficultyFaulty(fields={"words": "Xin ghi rõ, ít nhất một câu: nơi nêu sẽ đọc dòng này."})
    return kept[:LONGEST_WORDS]


def locked(uid: UUID, actor: Actor) -> Difficulty:
    """Return one difficulty locked; what the actor may not see is not found."""
    [row] = _locked_many([uid], actor)
    return row


def _locked_many(uids: Sequence[UUID] | set[UUID], actor: Actor) -> list[Difficulty]:
    found = Difficulty.objects.select_for_update(of=("self",)).select_related("campaign").filter(uid__in=list(uids))
    rows = list(found.order_by("id"))
    seen, coordinates = policies.sees_difficulties_of(actor), policies.coordinates_at(actor)
    if len(rows) != len(set(uids)) or not all(
        actor.system or {row.agency_id, row.holder_id} & seen or row.campaign.coordinator_id in coordinates
        for row in rows
    ):
        raise DifficultyUnknown
    return rows


def _write(
    row: Difficulty,
    act: str,
    *,
    actor: Actor,
    at: datetime,
    by_agency: int,
    words: str,
    note: Mapping[str, Any] | None = None,
) -> None:
    """Append the step and the line of the trail; the caller has locked the row."""
    last = DifficultyStep.objects.filter(difficulty=row).aggregate(last=Max("number"))["last"] or 0
    DifficultyStep.objects.create(
        difficulty=row,
        number=last + 1,
        act=act,
        state=row.state,
        at=at,
        by=actor.account_id,
        by_agency_id=by_agency,
        holder_id=row.holder_id,
        due_at=row.due_at,
        text=words,
        note=dict(note or {}),
    )
    audit.record(actor, f"rollout.difficulty_{act}", row, at=at, state=str(row.state), holder=row.holder_id)
