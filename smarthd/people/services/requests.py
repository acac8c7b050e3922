"""What a person asks about their own data: recorded, clocked, carried out at once where the app can, by an official where not."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from smarthd.kernel import audit, ids, policies, sealing
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import NotFound
from smarthd.kernel.moves import Move
from smarthd.kernel.text import nfc
from smarthd.people import calendars, exports, rules
from smarthd.people import policies as people_policies
from smarthd.people.models import DETAILS, Account, DataRequest
from smarthd.people.services.accounts import lock_account, self_of

__all__ = [
    "NoSuchRequest",
    "acknowledge_request",
    "cancel_request",
    "complete_request",
    "extend_request",
    "lift_restriction",
    "provide_data",
    "refuse_request",
    "restrict_processing",
    "submit_request",
]

BY_OFFICIALS = frozenset({rules.RequestKind.RECTIFY, rules.RequestKind.OBJECT})
DETAILS_LENGTH = 2000


class NoSuchRequest(NotFound):
    """There is no such request, or none this actor may see."""


@transaction.atomic
def submit_request(account_id: int, *, kind: rules.RequestKind, details: str, now: datetime) -> str:
    """Record a request that an official must carry out (correct something else, object) and return its code."""
    words = nfc(details)[:DETAILS_LENGTH]
    if kind not in BY_OFFICIALS or len(words) < 5:
        raise rules.RequestReasonMissing(fields={"details": "Xin viết rõ điều cần sửa hoặc phản đối, ít nhất 5 chữ"})
    account = lock_account(account_id)
    standing = DataRequest.objects.filter(account=account, kind=kind, closed_at=None).first()
    if standing is not None:
        raise rules.RequestOpenAlready(code=standing.code)
    request = _new(account, kind, state=rules.RequestState.RECEIVED, now=now)
    request.details_sealed = sealing.seal(words, purpose=DETAILS)
    request.save(force_insert=True)
    audit.record(self_of(account), "people.request_received", request, at=now, kind=kind)
    return request.code


@transaction.atomic
def acknowledge_request(code: str, *, actor: Actor, now: datetime) -> None:
    """Tell the person that their request is being carried out: the first legal clock stops."""
    request = _lock_for(actor, code)
    request.state = rules.ACKNOWLEDGE.apply(rules.RequestState(request.state))
    request.acknowledged_at = now
    request.save(update_fields=["state", "acknowledged_at"])
    audit.record(actor, "people.request_acknowledged", request, at=now)


@transaction.atomic
def extend_request(code: str, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take the one extension the law allows, with a reason the person reads."""
    request = _lock_for(actor, code)
    state = rules.EXTEND.apply(rules.RequestState(request.state))
    request.outcome = _reason(reason)
    request.due_at = rules.extended_due(rules.RequestKind(request.kind), request.due_at)
    request.state = state
    request.extended_at = now
    request.save(update_fields=["state", "outcome", "due_at", "extended_at"])
    audit.record(actor, "people.request_extended", request, at=now)


@transaction.atomic
def complete_request(code: str, *, outcome: str, actor: Actor, now: datetime) -> None:
    """Say what was done; the person reads it."""
    request = _lock_for(actor, code)
    _close(request, rules.COMPLETE, outcome=_reason(outcome), now=now)
    audit.record(actor, "people.request_completed", request, at=now)


@transaction.atomic
def refuse_request(code: str, *, reason: str, actor: Actor, now: datetime) -> None:
    """Refuse with a reason the person reads (and may complain about)."""
    request = _lock_for(actor, code)
    _close(request, rules.REFUSE, outcome=_reason(reason), now=now)
    audit.record(actor, "people.request_refused", request, at=now)


@transaction.atomic
def cancel_request(account_id: int, *, code: str, now: datetime) -> None:
    """Take a request back, as the person who made it."""
    account = lock_account(account_id)
    request = DataRequest.objects.select_for_update().filter(code=code, account=account).first()
    if request is None:
        raise NoSuchRequest
    _close(request, rules.CANCEL, outcome="", now=now)
    audit.record(self_of(account), "people.request_cancelled", request, at=now)


@transaction.atomic
def provide_data(account_id: int, *, kind: rules.RequestKind, now: datetime) -> list[exports.Section]:
    """Gather everything every context keeps about a person; recorded as carried out at once (ACCESS or PROVIDE)."""
    account = lock_account(account_id)
    sections = exports.gather(account.pk)
    record_done(account, kind, outcome="", now=now)
    return sections


@transaction.atomic
def restrict_processing(account_id: int, *, now: datetime) -> None:
    """Stop processing beyond keeping and signing in: no measuring, no notices, until the person lifts it."""
    account = lock_account(account_id)
    if account.restricted_at is not None:
        return
    account.restricted_at = now
    account.save(update_fields=["restricted_at"])
    record_done(account, rules.RequestKind.RESTRICT, outcome="", now=now)
    audit.record(self_of(account), "people.processing_restricted", account, at=now)


@transaction.atomic
def lift_restriction(account_id: int, *, now: datetime) -> None:
    """Allow again what was agreed to before."""
    account = lock_account(account_id)
    account.restricted_at = None
    account.save(update_fields=["restricted_at"])
    audit.record(self_of(account), "people.restriction_lifted", account, at=now)


def record_done(account: Account, kind: rules.RequestKind, *, outcome: str, now: datetime) -> DataRequest:
    """Record a request that the app carried out the moment it was made: acknowledged and done at once."""
    request = _new(account, kind, state=rules.RequestState.DONE, now=now)
    request.acknowledged_at = now
    request.closed_at = now
    request.outcome = outcome
    request.save(force_insert=True)
    return request


def _new(account: Account, kind: rules.RequestKind, *, state: rules.RequestState, now: datetime) -> DataRequest:
    return DataRequest(
        code=ids.spoken_code(),
        account=account,
        kind=kind,
        state=state,
        received_at=now,
        acknowledge_by=rules.acknowledge_by(now, is_working_day=calendars.is_working_day),
        due_at=rules.due_by(kind, now),
    )


def _lock_for(actor: Actor, code: str) -> DataRequest:
    policies.require(people_policies.can_handle_requests(actor))
    request = DataRequest.objects.select_for_update().filter(code=code).first()
    if request is None:
        raise NoSuchRequest
    return request


def _close(request: DataRequest, move: Move[rules.RequestState], *, outcome: str, now: datetime) -> None:
    request.state = move.apply(rules.RequestState(request.state))
    request.outcome = outcome
    request.closed_at = now
    if request.acknowledged_at is None:
        request.acknowledged_at = now
    request.save(update_fields=["state", "outcome", "closed_at", "acknowledged_at"])


def _reason(text: str) -> str:
    words = nfc(text)[:500]
    if len(words) < 5:
        raise rules.RequestReasonMissing(
            fields={"reason": "Xin ghi rõ lý do hoặc kết quả để người dân đọc, ít nhất 5 chữ"}
        )
    return words
