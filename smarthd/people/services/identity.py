"""Ways into an account besides the first number: another number, a national identity, sessions on other devices."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from smarthd.kernel import audit, events, policies, sealing
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import Conflict
from smarthd.kernel.models import SystemRecord
from smarthd.people import policies as people_policies
from smarthd.people import rules
from smarthd.people.events import PhoneChanged
from smarthd.people.models import PHONE, Account
from smarthd.people.services.accounts import lock_account, lock_key, phone_index, self_of
from smarthd.people.services.requests import record_done
from smarthd.people.services.signin import prove_code

__all__ = [
    "LastWayIn",
    "NumberTaken",
    "change_phone",
    "end_all_sessions",
    "end_everyones_sessions",
    "end_other_sessions",
    "enrol_authenticator",
    "unlink_identity",
]


class NumberTaken(Conflict):
    """The number just proved belongs to another account: sign in with it instead."""


class LastWayIn(Conflict):
    """Without this there would be no way into the account any more."""


def change_phone(account_id: int, *, phone: str, code: str, address: str, now: datetime) -> None:
    """Give an account another number, proved by a code sent to it."""
    e164 = prove_code(phone, code=code, address=address, now=now)
    index = phone_index(e164)
    with transaction.atomic():
        lock_key(index)
        account = lock_account(account_id)
        if Account.objects.filter(phone_index=index).exclude(pk=account.pk).exists():
            raise NumberTaken
        account.phone_sealed = sealing.seal(e164, purpose=PHONE)
        account.phone_index = index
        account.verified_at = account.verified_at or now
        account.save(update_fields=["phone_sealed", "phone_index", "verified_at"])
        record_done(account, rules.RequestKind.RECTIFY, outcome="phone", now=now)
        audit.record(self_of(account), "people.number_changed", account, at=now)
        events.announce(PhoneChanged(account_id=account.pk, phone_index_hex=index.hex(), at=now))


@transaction.atomic
def enrol_authenticator(account_id: int, *, secret: str, actor: Actor, now: datetime) -> None:
    """Give an account a known authenticator secret (base32): for planting demonstrations, by the system only."""
    policies.require(bool(actor.system))
    account = lock_account(account_id)
    Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(account, secret)
    audit.record(actor, "people.authenticator_enrolled", account, at=now)


@transaction.atomic
def unlink_identity(account_id: int, *, now: datetime) -> None:
    """Take the national identity off an account that has a number to sign in with."""
    account = lock_account(account_id)
    if account.phone_index is None:
        raise LastWayIn
    count, _ = SocialAccount.objects.filter(user_id=account.pk).delete()
    if count:
        audit.record(self_of(account), "people.identity_unlinked", account, at=now)


@transaction.atomic
def end_other_sessions(account_id: int, *, keep: str, now: datetime) -> int:
    """Sign an account out everywhere but in the session kept; returns how many sessions ended."""
    account = lock_account(account_id)
    ended = _end(UserSession.objects.filter(user_id=account.pk).exclude(session_key=keep))
    audit.record(self_of(account), "people.sessions_ended", account, at=now, count=ended)
    return ended


@transaction.atomic
def end_all_sessions(account_id: int, *, now: datetime) -> int:
    """Sign an account out everywhere; returns how many sessions ended."""
    return end_other_sessions(account_id, keep="", now=now)


@transaction.atomic
def end_everyones_sessions(*, actor: Actor, now: datetime) -> int:
    """Sign everybody out everywhere: the first act after a breach; returns how many sessions ended."""
    policies.require(people_policies.can_handle_requests(actor))
    ended, _ = Session.objects.all().delete()
    UserSession.objects.all().delete()
    audit.record(actor, "people.everyone_signed_out", SystemRecord(key="people.sessions"), at=now, count=ended)
    return ended


def _end(sessions) -> int:  # type: ignore[no-untyped-def]
    keys = list(sessions.values_list("session_key", flat=True))
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for key in keys:
        store().delete(key)
    sessions.delete()
    return len(keys)
