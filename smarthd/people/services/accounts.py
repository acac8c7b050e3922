"""Accounts: opening, names, homes, test accounts."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import connection, transaction

from smarthd.kernel import audit, events, policies, sealing
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import Invalid, NotFound
from smarthd.kernel.text import nfc
from smarthd.people import policies as people_policies
from smarthd.people.events import AccountMarkedTest, HomeChanged
from smarthd.people.models import PHONE, Account

__all__ = [
    "BadName",
    "NoSuchAccount",
    "identity_account",
    "mark_test_account",
    "phone_index",
    "rename_account",
    "set_home",
]

NAME_LENGTH = 80


class NoSuchAccount(NotFound):
    """There is no such account, or its person had it erased."""


class BadName(Invalid):
    """A name is empty, too long, or holds figures or marks no name has."""


def phone_index(e164: str) -> bytes:
    """Return the 32 bytes by which a normalised number is found without being stored."""
    return sealing.blind_index(e164, purpose=PHONE)


def self_of(account: Account) -> Actor:
    """Return the actor of a person acting on their own account."""
    return Actor(account_id=account.pk, account_uid=account.uid)


def lock_account(account_id: int) -> Account:
    """Return a living account, locked, or raise NoSuchAccount."""
    account = Account.objects.select_for_update().filter(pk=account_id, erased_at=None).first()
    if account is None:
        raise NoSuchAccount
    return account


def lock_key(key: bytes) -> None:
    """Hold, until the transaction ends, the right to act on something that may have no row yet."""
    number = int.from_bytes(hashlib.sha256(key).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def account_of_phone(e164: str, *, now: datetime) -> Account:
    """Return the account of a proven number, locked; open one where there is none."""
    index = phone_index(e164)
    account = Account.objects.select_for_update().filter(phone_index=index).first()
    if account is None:
        account = Account(
            phone_sealed=sealing.seal(e164, purpose=PHONE), phone_index=index, verified_at=now, created_at=now
        )
        account.set_unusable_password()
        account.save(force_insert=True)
        audit.record(self_of(account), "people.account_opened", account, at=now)
    elif account.verified_at is None:
        account.verified_at = now
        account.save(update_fields=["verified_at"])
    return account


def identity_account(account: Account, *, full_name: str, now: datetime) -> None:
    """Fill in an account that a national identity provider opens: verified by it, without a number yet."""
    account.created_at = now
    account.verified_at = now
    account.full_name = nfc(full_name)[:NAME_LENGTH]
    account.set_unusable_password()


@transaction.atomic
def rename_account(account_id: int, *, full_name: str, now: datetime) -> None:
    """Set the name a person gives themselves; empty takes it away."""
    name = nfc(full_name)
    if len(name) > NAME_LENGTH or not all(char.isalpha() or char in " .'’-" for char in name):
        raise BadName(fields={"full_name": "Họ và tên chỉ gồm chữ, tối đa 80 ký tự"})
    account = lock_account(account_id)
    account.full_name = name
    account.save(update_fields=["full_name_sealed"])
    audit.record(self_of(account), "people.account_renamed", account, at=now)


@transaction.atomic
def set_home(account_id: int, *, home_id: int | None, now: datetime) -> None:
    """Set where a person lives: a commune or village, as the id of a places unit."""
    account = lock_account(account_id)
    if account.home_id == home_id:
        return
    account.home_id = home_id
    account.save(update_fields=["home"])
    audit.record(self_of(account), "people.home_set", account, at=now)
    events.announce(HomeChanged(account_id=account.pk, home_id=home_id, at=now))


@transaction.atomic
def mark_test_account(account_id: int, *, is_test: bool, actor: Actor, now: datetime) -> None:
    """Declare that an account is for tests, or no longer: figures show such accounts apart."""
    policies.require(people_policies.can_mark_test(actor))
    account = lock_account(account_id)
    if account.is_test == is_test:
        return
    account.is_test = is_test
    account.save(update_fields=["is_test"])
    audit.record(actor, "people.account_marked_test", account, at=now, is_test=is_test)
    events.announce(AccountMarkedTest(account_id=account.pk, is_test=is_test, at=now))
