"""Reads. Facts about accounts carry no personal data; a person's own view is asked for by that person's own id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from smarthd.people import rules
from smarthd.people.models import Account, Binding, Consent, Install


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """What other contexts may know of an account."""

    id: int
    uid: UUID
    home_id: int | None
    is_test: bool
    created_at: datetime
    activated_at: datetime | None
    restricted: bool
    erased: bool


def account_facts(account_ids: Iterable[int]) -> dict[int, AccountFacts]:
    """Return facts by account id; unknown ids are left out."""
    return {
        account.pk: AccountFacts(
            id=account.pk,
            uid=account.uid,
            home_id=account.home_id,
            is_test=account.is_test,
            created_at=account.created_at,
            activated_at=account.activated_at,
            restricted=account.restricted_at is not None,
            erased=account.erased_at is not None,
        )
        for account in Account.objects.filter(pk__in=set(account_ids)).defer("phone_sealed", "full_name_sealed")
    }


def account_id_by_phone_index(index: bytes) -> int | None:
    """Return the id of the account that proved a number."""
    return Account.objects.filter(phone_index=index).values_list("pk", flat=True).first()


def account_ids_by_phone_index(indexes: Iterable[bytes]) -> dict[bytes, int]:
    """Return account ids by the blind index of their number; for whole rosters."""
    rows = Account.objects.filter(phone_index__in=list(indexes)).values_list("phone_index", "pk")
    return {bytes(index): pk for index, pk in rows if index is not None}


def has_consent(account_id: int, purpose: rules.Purpose) -> bool:
    """Say whether a person agrees to a purpose now. Someone who had processing restricted agrees to nothing."""
    return Consent.objects.filter(
        account_id=account_id, purpose=purpose, withdrawn_at=None, account__restricted_at=None
    ).exists()


def accounts_with_consent(account_ids: Iterable[int], purpose: rules.Purpose) -> frozenset[int]:
    """Return those of the accounts that agree to a purpose now."""
    rows = Consent.objects.filter(
        account_id__in=set(account_ids), purpose=purpose, withdrawn_at=None, account__restricted_at=None
    ).values_list("account_id", flat=True)
    return frozenset(pk for pk in rows if pk is not None)


def install_has_consent(install_uid: UUID, purpose: rules.Purpose) -> bool:
    """Say whether a purpose was agreed to on an install: by the account on it, or before anybody signed in."""
    account_id = account_id_on_install(install_uid)
    if account_id is not None:
        return has_consent(account_id, purpose)
    return Consent.objects.filter(install__uid=install_uid, account=None, purpose=purpose, withdrawn_at=None).exists()


def account_id_on_install(install_uid: UUID) -> int | None:
    """Return the id of the account that stands on an install now."""
    return Binding.objects.filter(install__uid=install_uid, ended_at=None).values_list("account_id", flat=True).first()


def install_known(install_uid: UUID) -> bool:
    """Say whether an install has reported itself."""
    return Install.objects.filter(uid=install_uid).exists()


def passed_second_factor(session: Mapping[str, Any], account_id: int) -> bool:
    """Say whether this very session went through a second factor: TOTP, recovery code, or a passkey with user verification.

    Reads allauth's record of how the session was authenticated; records of another account count for nothing.
    """
    if str(session.get("account_authentication_methods_user")) != str(account_id):
        return False
    records = session.get("account_authentication_methods") or []
    return any(isinstance(record, dict) and record.get("method") == "mfa" for record in records)
