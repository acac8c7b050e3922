"""The second pair of eyes: approve what was read, send back with reasons, break the glass when nobody else is awake, review after it.

Approval and going out are two transactions: an approval is never lost because the key or the disk failed; the sweep sends what is owed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from smarthd.alerts import policies
from smarthd.alerts.errors import (
    AlertFaulty,
    AlertMovedOn,
    ContentMoved,
    FreshFactorNeeded,
    OwnAlertApproval,
    ReturnReasonMissing,
    ReviewNotOwed,
    SecondPersonNeeded,
)
from smarthd.alerts.events import AlertApproved, AlertEnded, AlertReturned
from smarthd.alerts.models import Alert
from smarthd.alerts.rules import states
from smarthd.alerts.rules.messages import Severity, Urgency, is_life
from smarthd.alerts.rules.states import State
from smarthd.alerts.services import content, issuing, steps
from smarthd.kernel import events
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require

FACTORS = frozenset({"totp", "passkey"})
PROOF = "alerts_proof"
"""The actor's fact that names the factor given for this very approval."""


def needs_fresh_factor(alert: Alert) -> bool:
    """Say whether lives hang on it, so that the approver gives a code or passkey now; drills practise that too."""
    return is_life(Severity(alert.severity), Urgency(alert.urgency))


def approve_alert(uid: UUID, *, content_hash: str, actor: Actor, now: datetime) -> Alert:
    """Approve what was read and send it out; clicked twice, on however many nodes, it goes out once.

    ``content_hash`` is that of the page the approver read. Past its time it is not sent: its state is then ``lapsed``. Raises
    NotAllowed, OwnAlertApproval, FreshFactorNeeded, ContentMoved, AlertMovedOn, IllegalMove.
    """
    alert = _approve(uid, content_hash=content_hash, actor=actor, now=now)
    return alert if alert.state == State.LAPSED else issuing.issue_alert(uid, now=now)


@transaction.atomic
def _approve(uid: UUID, *, content_hash: str, actor: Actor, now: datetime) -> Alert:
    alert = steps.lock(uid)
    require(policies.may_approve_here(actor, alert.agency_id), act="approve")
    if policies.wrote(actor, alert):
        raise OwnAlertApproval
    if _again(alert, actor, content_hash):
        return alert
    state = states.APPROVE.apply(State(alert.state))
    if alert.content_hash != content_hash or content.hash_of(alert) != content_hash:
        raise ContentMoved
    factor = actor.facts.get(PROOF, "")
    if needs_fresh_factor(alert) and factor not in FACTORS:
        raise FreshFactorNeeded
    if alert.expires_at <= now:
        return _lapse(alert, actor, now)
    _check_still_right(alert, now)
    alert.state, alert.approver, alert.approved_at = state, actor.account_id, now
    alert.approved_hash, alert.approved_by_factor = content_hash, factor or "session"
    steps.write(alert, "approved", actor=actor, at=now, content=content_hash, factor=alert.approved_by_factor)
    events.announce(AlertApproved(alert_uid=alert.uid, at=now))
    return alert


def _again(alert: Alert, actor: Actor, content_hash: str) -> bool:
    """Say whether this very approval was given before: the second click is an echo, not a conflict."""
    given = alert.state in {State.APPROVED, *states.OUT}
    return given and alert.approver == actor.account_id and alert.approved_hash == content_hash


def _check_still_right(alert: Alert, now: datetime) -> None:
    if wrong := content.problems(alert, now=now):
        raise AlertFaulty(fields=wrong)
    if alert.replaces is not None and alert.replaces.state != State.ISSUED:
        raise AlertMovedOn


def _lapse(alert: Alert, actor: Actor, now: datetime) -> Alert:
    alert.state, alert.ended_at = states.LAPSE.apply(State(alert.state)), now
    steps.write(alert, "lapsed", actor=actor, at=now)
    events.announce(AlertEnded(alert_uid=alert.uid, state=State.LAPSED, at=now))
    return alert


@transaction.atomic
def return_alert(uid: UUID, *, reasons: Mapping[str, str], actor: Actor, now: datetime) -> Alert:
    """Send a warning back with a reason at each field concerned (``all`` for the whole)."""
    alert = steps.lock(uid)
    require(policies.may_approve_here(actor, alert.agency_id), act="return")
    if policies.wrote(actor, alert):
        raise OwnAlertApproval
    kept = {name[:40]: " ".join(words.split())[:500] for name, words in reasons.items() if words.strip()}
    if not kept:
        raise ReturnReasonMissing
    alert.state = states.RETURN.apply(State(alert.state))
    alert.version += 1
    alert.returned_fields = kept
    steps.write(alert, "returned", actor=actor, at=now, fields=kept)
    events.announce(AlertReturned(alert_uid=alert.uid, at=now))
    return alert


def break_glass(uid: UUID, *, content_hash: str, second: Actor, reason: str, actor: Actor, now: datetime) -> Alert:
    """Send a warning out with a second official's code where no approver can come to the desk; reviewed afterwards.

    ``second`` gave a code of their own authenticator (the fact PROOF says so) and may approve warnings here. The writer acts, both
    names are kept, and the review is owed until somebody who was neither has given it.
    """
    alert = _break_glass(uid, content_hash=content_hash, second=second, reason=reason, actor=actor, now=now)
    return alert if alert.state == State.LAPSED else issuing.issue_alert(uid, now=now)


@transaction.atomic
def _break_glass(uid: UUID, *, content_hash: str, second: Actor, reason: str, actor: Actor, now: datetime) -> Alert:
    alert = steps.lock(uid)
    require(policies.can_write(actor, alert.agency_id), act="break_glass")
    steps.put_hand(alert, actor)
    known = second.account_id is not None and second.facts.get(PROOF) in FACTORS
    if not known or not policies.may_approve_here(second, alert.agency_id) or policies.wrote(second, alert):
        raise SecondPersonNeeded
    if _again(alert, second, content_hash):
        return alert
    state = states.BREAK_GLASS.apply(State(alert.state))
    if alert.content_hash != content_hash or content.hash_of(alert) != content_hash:
        raise ContentMoved
    if len(reason.split()) < 3:
        raise AlertFaulty(fields={"reason": "Ghi rõ vì sao không chờ được người duyệt, ít nhất một câu."})
    if alert.expires_at <= now and alert.state == State.PENDING:
        return _lapse(alert, actor, now)
    _check_still_right(alert, now)
    alert.state, alert.approver, alert.approved_at, alert.break_glass = state, second.account_id, now, True
    alert.submitted_at = alert.submitted_at or now
    alert.approved_hash, alert.approved_by_factor = content_hash, second.facts[PROOF]
    alert.break_reason = " ".join(reason.split())[:500]
    steps.write(alert, "break_glass", actor=actor, at=now, words=alert.break_reason, second=second.account_id)
    events.announce(AlertApproved(alert_uid=alert.uid, at=now))
    return alert


@transaction.atomic
def review(uid: UUID, *, words: str, actor: Actor, now: datetime) -> Alert:
    """Judge afterwards a warning that went out by break-glass; somebody who was neither of the two, in their own words."""
    alert = steps.lock(uid)
    if not alert.break_glass or alert.reviewed_at is not None or not policies.can_review(actor, alert):
        raise ReviewNotOwed
    if len(words.split()) < 3:
        raise AlertFaulty(fields={"words": "Ghi nhận xét, ít nhất một câu."})
    alert.reviewed_at, alert.reviewer, alert.review_words = now, actor.account_id, words.strip()[:2000]
    steps.write(alert, "reviewed", actor=actor, at=now, words=alert.review_words)
    return alert
