"""Signing in by a code sent to one's telephone.

Asking for a code and proving it look the same whether or not the number has an account: proving it opens one. Nothing here can be
used to learn who has an account.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from smarthd.kernel import audit, events, limits, sealing
from smarthd.people import rules
from smarthd.people.events import CodeRequested
from smarthd.people.models import Account, SignInCode
from smarthd.people.services.accounts import account_of_phone, lock_key, phone_index, self_of
from smarthd.people.services.assistance import meet_assistance
from smarthd.people.services.installs import bind_install

__all__ = ["CODE_SEAL", "CodeTicket", "prove_code", "request_code", "verify_code"]

CODE_SEAL = "people.code"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTicket:
    """What the asker may know: when the code ends and when another may be asked for.

    ``shown_code`` is empty except in demonstration and tests, where no message leaves the house.
    """

    uid: UUID
    phone: str
    expires_at: datetime
    resend_at: datetime
    shown_code: str = field(default="", repr=False)


@transaction.atomic
def request_code(phone: str, *, address: str, now: datetime) -> CodeTicket:
    """Make a code for a number and announce it for delivery.

    Raises NotAPhone, CodeAskedTooSoon (a minute between codes) or TooManyAttempts (by number and by address).
    """
    e164 = rules.normalise_phone(phone)
    index = phone_index(e164)
    lock_key(index)
    waiting = SignInCode.objects.select_for_update().filter(phone_index=index, state=rules.CodeState.PENDING).first()
    if waiting is not None and now < waiting.requested_at + rules.RESEND_AFTER:
        raise rules.CodeAskedTooSoon(retry_at=waiting.requested_at + rules.RESEND_AFTER)
    _count("ask", number=index, address=address, now=now)
    if waiting is not None:
        _close(waiting, rules.REPLACE.apply(rules.CodeState(waiting.state)), now=now)
    code = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}d}"
    row = SignInCode(phone_index=index, address_index=_address_index(address), requested_at=now)
    row.code_hash = _hash(row.uid, code)
    row.expires_at = now + rules.CODE_LIFE
    row.save(force_insert=True)
    events.announce(
        CodeRequested(
            phone_sealed_hex=sealing.seal(e164, purpose=CODE_SEAL).hex(),
            code_sealed_hex=sealing.seal(code, purpose=CODE_SEAL).hex(),
            at=now,
            request_uid=row.uid,
            expires_at=row.expires_at,
        )
    )
    return CodeTicket(
        uid=row.uid,
        phone=e164,
        expires_at=row.expires_at,
        resend_at=now + rules.RESEND_AFTER,
        shown_code=code if settings.DEMO or settings.TESTING else "",
    )


def prove_code(phone: str, *, code: str, address: str, now: datetime) -> str:
    """Use a code up and return the number it proves (E.164).

    Raises WrongCode with the tries left, CodeUnusable (none waits, or it expired, was used, replaced or locked) or
    TooManyAttempts. A wrong try is kept even though the call fails.
    """
    e164 = rules.normalise_phone(phone)
    index = phone_index(e164)
    digits = rules.clean_code(code)
    _count("try", number=index, address=address, now=now)
    with transaction.atomic():
        row = SignInCode.objects.select_for_update().filter(phone_index=index, state=rules.CodeState.PENDING).first()
        if row is None:
            raise rules.CodeUnusable
        outcome = rules.judge(
            expected=bytes(row.code_hash),
            given=_hash(row.uid, digits),
            tries=row.tries,
            expires_at=row.expires_at,
            now=now,
        )
        if outcome in {rules.CodeState.PENDING, rules.CodeState.LOCKED}:
            row.tries += 1
        if outcome is not rules.CodeState.PENDING:
            row.closed_at = now
        row.state = outcome
        row.save(update_fields=["tries", "state", "closed_at"])
    if outcome is rules.CodeState.USED:
        return e164
    if outcome is rules.CodeState.PENDING:
        raise rules.WrongCode(tries_left=rules.CODE_TRIES - row.tries)
    raise rules.CodeUnusable(state=outcome)


def verify_code(phone: str, *, code: str, install_uid: UUID | None, address: str, now: datetime) -> Account:
    """Prove a code and return its number's account, opened if need be; bind the install when one is named.

    Pages leave ``install_uid`` out and bind after the whole sign-in (second factor included) is through.
    """
    e164 = prove_code(phone, code=code, address=address, now=now)
    with transaction.atomic():
        account = account_of_phone(e164, now=now)
        audit.record(self_of(account), "people.number_proved", account, at=now)
        meet_assistance(account, now=now)
        if install_uid is not None:
            bind_install(account.pk, install_uid=install_uid, now=now)
    account.refresh_from_db()
    return account


def _hash(uid: UUID, code: str) -> bytes:
    return sealing.blind_index(f"{uid}:{code}", purpose=CODE_SEAL)


def _address_index(address: str) -> bytes:
    return sealing.blind_index(address, purpose="people.address")


def _close(row: SignInCode, state: rules.CodeState, *, now: datetime) -> None:
    row.state = state
    row.closed_at = now
    row.save(update_fields=["state", "closed_at"])


_LIMITS: dict[str, tuple[tuple[tuple[int, timedelta], ...], tuple[tuple[int, timedelta], ...]]] = {
    "ask": (rules.ASKS_BY_NUMBER, rules.ASKS_BY_ADDRESS),
    "try": (rules.TRIES_BY_NUMBER, rules.TRIES_BY_ADDRESS),
}


def _count(act: str, *, number: bytes, address: str, now: datetime) -> None:
    """Count one act against the number's and the address's windows; keys hold no number and no address."""
    by_number, by_address = _LIMITS[act]
    limits.count_attempts(
        [
            (f"people.{act}.{int(window.total_seconds())}.{key.hex()}", limit, window)
            for key, windows in ((number, by_number), (_address_index(address), by_address))
            for limit, window in windows
        ],
        now=now,
    )
