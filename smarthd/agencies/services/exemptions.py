"""Exemptions: asked for by one person, decided by another."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from smarthd.agencies import errors, policies
from smarthd.agencies.events import ExemptionDecided
from smarthd.agencies.models import Exemption, Staff
from smarthd.agencies.rules import exemptions as rules
from smarthd.kernel import audit, clock, events
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import NotFound
from smarthd.kernel.moves import Move


class StaffUnknown(NotFound):
    """No person of a roster answers to this identifier."""


class ExemptionUnknown(NotFound):
    """No request answers to this identifier."""


@transaction.atomic
def request_exemption(
    *,
    staff_uid: UUID,
    reason: rules.Reason,
    evidence: str,
    actor: Actor,
    now: datetime,
    note: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Exemption:
    """Ask that a person be counted apart from a day (default today) on, to a day (exclusive) if one is given.

    Raises StaffUnknown, NotAllowed, ExemptionIncomplete (fields), ExemptionOpen when one is asked for or holds already.
    """
    staff = Staff.objects.select_for_update().filter(uid=staff_uid).first()
    if staff is None:
        raise StaffUnknown(uid=str(staff_uid))
    policies.require(policies.can_request_exemption(actor, staff.agency_id), act="request_exemption")
    start = valid_from or clock.day_of(now)
    wrong = rules.faults(reason=reason, note=note, evidence=evidence)
    if valid_to is not None and valid_to <= start:
        wrong["valid_to"] = "Ngày kết thúc phải sau ngày bắt đầu"
    if staff.valid_to is not None and staff.valid_to <= start:
        wrong["valid_from"] = "Người này không còn trong danh sách của đơn vị từ ngày đó"
    if wrong:
        raise errors.ExemptionIncomplete(fields=wrong)
    request = Exemption(
        staff=staff,
        status=rules.Status.REQUESTED,
        reason=reason,
        note=note.strip(),
        evidence=evidence.strip(),
        valid_from=start,
        valid_to=valid_to,
        requested_by_id=actor.account_id,
        requested_at=now,
    )
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as error:
        raise errors.ExemptionOpen(staff_uid=str(staff_uid)) from error
    audit.record(actor, "agencies.exemption_requested", request, at=now, reason=reason.value)
    return request


@transaction.atomic
def approve_exemption(*, exemption_uid: UUID, actor: Actor, now: datetime, note: str = "") -> Exemption:
    """Count the person apart. Raises ExemptionUnknown, NotAllowed (also to whoever asked), IllegalMove."""
    return _decide(rules.APPROVE, exemption_uid, actor, now, note)


@transaction.atomic
def refuse_exemption(*, exemption_uid: UUID, actor: Actor, now: datetime, note: str) -> Exemption:
    """Refuse, saying why. Raises ExemptionUnknown, NotAllowed, IllegalMove, ExemptionIncomplete."""
    if not note.strip():
        raise errors.ExemptionIncomplete(fields={"note": "Ghi lý do không duyệt"})
    return _decide(rules.REFUSE, exemption_uid, actor, now, note)


@transaction.atomic
def end_exemption(*, exemption_uid: UUID, actor: Actor, now: datetime) -> Exemption:
    """Count the person like everybody else from today on; the days before keep the exemption."""
    exemption = _locked(exemption_uid)
    allowed = policies.can_request_exemption(actor, exemption.staff.agency_id)
    policies.require(allowed, act="end_exemption")
    today = clock.day_of(now)
    exemption.status = rules.END.apply(rules.Status(exemption.status))
    if exemption.valid_to is None or exemption.valid_to > today:
        exemption.valid_to = max(today, exemption.valid_from)
    exemption.save(update_fields=["status", "valid_to"])
    _tell(exemption, actor, now, from_day=today)
    return exemption


def _decide(move: Move[rules.Status], uid: UUID, actor: Actor, now: datetime, note: str) -> Exemption:
    exemption = _locked(uid)
    allowed = policies.can_decide_exemption(actor, exemption.staff.agency_id, requested_by_id=exemption.requested_by_id)
    policies.require(allowed, act=f"{move.name}_exemption")
    exemption.status = move.apply(rules.Status(exemption.status))
    exemption.decided_by_id, exemption.decided_at, exemption.decision_note = actor.account_id, now, note.strip()[:500]
    exemption.save(update_fields=["status", "decided_by", "decided_at", "decision_note"])
    _tell(exemption, actor, now, from_day=exemption.valid_from)
    return exemption


def _locked(uid: UUID) -> Exemption:
    found = Exemption.objects.select_for_update(of=("self",)).select_related("staff").filter(uid=uid).first()
    if found is None:
        raise ExemptionUnknown(uid=str(uid))
    return found


def _tell(exemption: Exemption, actor: Actor, now: datetime, *, from_day: date) -> None:
    audit.record(actor, f"agencies.exemption_{exemption.status}", exemption, at=now)
    events.announce(
        ExemptionDecided(
            staff_id=exemption.staff_id,
            agency_id=exemption.staff.agency_id,
            status=exemption.status,
            valid_from=from_day,
            at=now,
        )
    )
