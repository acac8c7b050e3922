"""Helping someone in front of you to open an account.

The helper records that the person agreed; the person signs in on their own phone with a code only they receive. The two meet by the
number. The helper sees whether it worked and nothing else; after half an hour, or when it is over, the number is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from smarthd.kernel import audit, clock, limits, policies, sealing
from smarthd.kernel.actor import Actor, system
from smarthd.kernel.moves import Move
from smarthd.people import policies as people_policies
from smarthd.people import rules
from smarthd.people.models import PHONE, Account, Assistance
from smarthd.people.services.accounts import lock_account, lock_key, phone_index, self_of
from smarthd.people.services.consents import fingerprint, give_consent

__all__ = ["AssistanceTicket", "answer_assistance", "end_assistance", "lapse_assistances", "start_assistance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistanceTicket:
    """What the helper may know of the help just begun."""

    uid: UUID
    masked_phone: str
    ends_at: datetime


@transaction.atomic
def start_assistance(
    actor: Actor,
    *,
    phone: str,
    team_code: str,
    means: rules.Means,
    agreed: bool,
    wording_version: int,
    now: datetime,
) -> AssistanceTicket:
    """Begin to help the person in front, who agreed aloud (SPOKEN) or will tick it on their own phone (OWN_PHONE)."""
    code = rules.clean_team_code(team_code)
    policies.require(people_policies.can_assist(actor, code))
    if means is rules.Means.SPOKEN and not agreed:
        raise rules.AgreementMissing(
            fields={"agreed": "Xin đọc to lời đồng ý và chỉ đánh dấu khi người dân nói đồng ý"}
        )
    words = rules.require_wording(rules.Purpose.ASSISTED, wording_version, clock.day_of(now))
    e164 = rules.normalise_phone(phone)
    index = phone_index(e164)
    helper = lock_account(actor.account_id or 0)
    if helper.phone_index is not None and bytes(helper.phone_index) == index:
        raise rules.OwnAssistance
    limits.count_attempt(f"people.assist.{helper.pk}", limit=rules.HELPS_AN_HOUR, window=timedelta(hours=1), now=now)
    lock_key(b"assist:" + index)
    for earlier in Assistance.objects.select_for_update().filter(phone_index=index, state=rules.AssistanceState.OPEN):
        _close(earlier, rules.END, now=now)  # the person turned to another helper
    assistance = Assistance.objects.create(
        helper=helper,
        team_code=code,
        phone_sealed=sealing.seal(e164, purpose=PHONE),
        phone_index=index,
        wording_version=words.version,
        wording_sha256=fingerprint(words),
        means=means,
        state=rules.AssistanceState.OPEN,
        agreed_at=now,
        ends_at=now + rules.ASSISTANCE_LIFE,
    )
    audit.record(actor, "people.assistance_started", assistance, at=now, team_code=code, means=means)
    return AssistanceTicket(uid=assistance.uid, masked_phone=rules.masked_phone(e164), ends_at=assistance.ends_at)


def meet_assistance(account: Account, *, now: datetime) -> None:
    """Join a number just proved with the help that waits for it: finish it, or let the person say yes first."""
    if account.phone_index is None:
        return
    assistance = (
        Assistance.objects.select_for_update()
        .filter(phone_index=bytes(account.phone_index), state=rules.AssistanceState.OPEN, ends_at__gt=now)
        .first()
    )
    if assistance is None:
        return
    assistance.account = account
    assistance.save(update_fields=["account"])
    if assistance.means == rules.Means.SPOKEN:
        _finish(assistance, account, now=now)


@transaction.atomic
def answer_assistance(account_id: int, *, uid: UUID, agreed: bool, wording_version: int, now: datetime) -> None:
    """Take the person's own yes or no to being helped, given on their own phone."""
    account = lock_account(account_id)
    assistance = (
        Assistance.objects.select_for_update()
        .filter(uid=uid, account=account, state=rules.AssistanceState.OPEN, ends_at__gt=now)
        .first()
    )
    if assistance is None:
        raise rules.NoAssistanceWaiting
    if not agreed:
        _close(assistance, rules.END, now=now)
        audit.record(self_of(account), "people.assistance_declined", assistance, at=now)
        return
    rules.require_wording(rules.Purpose.ASSISTED, wording_version, clock.day_of(now))
    _finish(assistance, account, now=now)


@transaction.atomic
def end_assistance(actor: Actor, *, uid: UUID, now: datetime) -> None:
    """Stop helping, as the helper."""
    assistance = Assistance.objects.select_for_update().filter(uid=uid, helper_id=actor.account_id).first()
    if assistance is None:
        raise rules.NoAssistanceWaiting
    _close(assistance, rules.END, now=now)
    audit.record(actor, "people.assistance_ended", assistance, at=now)


@transaction.atomic
def lapse_assistances(*, now: datetime) -> int:
    """End every help whose half hour is over; returns how many."""
    over = list(
        Assistance.objects.select_for_update(skip_locked=True).filter(
            state=rules.AssistanceState.OPEN, ends_at__lte=now
        )
    )
    for assistance in over:
        _close(assistance, rules.LAPSE, now=now)
        audit.record(system("people.retention"), "people.assistance_lapsed", assistance, at=now)
    return len(over)


def _finish(assistance: Assistance, account: Account, *, now: datetime) -> None:
    give_consent(
        account.pk,
        purpose=rules.Purpose.ASSISTED,
        wording_version=rules.wording_in_force(rules.Purpose.ASSISTED, clock.day_of(now)).version,
        means=rules.Means(assistance.means),
        evidence={"assistance": str(assistance.uid), "team_code": assistance.team_code},
        now=now,
    )
    if account.activated_at is None and not account.team_code:
        account.team_code = assistance.team_code
        account.save(update_fields=["team_code"])
    _close(assistance, rules.FINISH, now=now)
    audit.record(self_of(account), "people.assistance_completed", assistance, at=now)


def _close(assistance: Assistance, move: Move[rules.AssistanceState], *, now: datetime) -> None:
    assistance.state = move.apply(rules.AssistanceState(assistance.state))
    assistance.closed_at = now
    assistance.phone_sealed = None
    assistance.phone_index = None
    assistance.account = None
    assistance.save()
