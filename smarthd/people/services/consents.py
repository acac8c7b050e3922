"""Consent by purpose: given, evidenced, withdrawn."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction

from smarthd.kernel import audit, clock, events
from smarthd.kernel.actor import system
from smarthd.kernel.errors import NotFound
from smarthd.people import rules
from smarthd.people.events import ConsentGiven, ConsentWithdrawn
from smarthd.people.models import Consent, Install
from smarthd.people.services.accounts import lock_account, self_of
from smarthd.people.services.requests import record_done

__all__ = [
    "UnknownInstall",
    "give_consent",
    "give_install_consent",
    "withdraw_consent",
    "withdraw_install_consent",
]


class UnknownInstall(NotFound):
    """No install has reported itself under this identifier."""


@transaction.atomic
def give_consent(
    account_id: int,
    *,
    purpose: rules.Purpose,
    wording_version: int,
    now: datetime,
    means: rules.Means = rules.Means.OWN_PHONE,
    evidence: dict[str, str] | None = None,
) -> Consent:
    """Record that a person agreed to one purpose in the words now in force. Agreeing again changes nothing."""
    words = rules.require_wording(purpose, wording_version, clock.day_of(now))
    account = lock_account(account_id)
    standing = Consent.objects.filter(account=account, purpose=purpose, withdrawn_at=None).first()
    if standing is not None and standing.wording_version == words.version:
        return standing
    if standing is not None:
        standing.withdrawn_at = max(now, standing.given_at)  # superseded by newer words
        standing.save(update_fields=["withdrawn_at"])
    consent = Consent.objects.create(
        account=account,
        purpose=purpose,
        wording_version=words.version,
        wording_sha256=fingerprint(words),
        means=means,
        evidence=evidence or {},
        given_at=now,
    )
    tell_given(consent, now=now)
    return consent


@transaction.atomic
def withdraw_consent(account_id: int, *, purpose: rules.Purpose, now: datetime) -> None:
    """Take an agreement back at once, or raise NoConsentToWithdraw."""
    account = lock_account(account_id)
    consent = Consent.objects.select_for_update().filter(account=account, purpose=purpose, withdrawn_at=None).first()
    if consent is None:
        raise rules.NoConsentToWithdraw(purpose=purpose)
    consent.withdrawn_at = max(now, consent.given_at)
    consent.save(update_fields=["withdrawn_at"])
    record_done(account, rules.RequestKind.WITHDRAW, outcome=purpose, now=now)
    audit.record(self_of(account), "people.consent_withdrawn", consent, at=now, purpose=purpose)
    events.announce(ConsentWithdrawn(account_id=account.pk, purpose=purpose, at=now))


@transaction.atomic
def give_install_consent(install_uid: UUID, *, purpose: rules.Purpose, wording_version: int, now: datetime) -> Consent:
    """Record what was agreed to at the first run, before anybody signed in on this phone."""
    words = rules.require_wording(purpose, wording_version, clock.day_of(now))
    install = Install.objects.select_for_update().filter(uid=install_uid).first()
    if install is None:
        raise UnknownInstall
    consent, made = Consent.objects.get_or_create(
        install=install,
        account=None,
        purpose=purpose,
        withdrawn_at=None,
        defaults={
            "wording_version": words.version,
            "wording_sha256": fingerprint(words),
            "means": rules.Means.OWN_PHONE,
            "given_at": now,
        },
    )
    if made:
        audit.record(system("install"), "people.consent_given", consent, at=now, purpose=purpose)
    return consent


@transaction.atomic
def withdraw_install_consent(install_uid: UUID, *, purpose: rules.Purpose, now: datetime) -> None:
    """Take back what was agreed to on a phone nobody signed in on, or raise NoConsentToWithdraw."""
    consent = (
        Consent.objects.select_for_update()
        .filter(install__uid=install_uid, account=None, purpose=purpose, withdrawn_at=None)
        .first()
    )
    if consent is None:
        raise rules.NoConsentToWithdraw(purpose=purpose)
    consent.withdrawn_at = max(now, consent.given_at)
    consent.save(update_fields=["withdrawn_at"])
    audit.record(system("install"), "people.consent_withdrawn", consent, at=now, purpose=purpose)


def fingerprint(words: rules.Wording) -> str:
    """Return the SHA-256 of a wording's title and text: evidence of the very words."""
    return hashlib.sha256(f"{words.title}\n{words.text}".encode()).hexdigest()


def tell_given(consent: Consent, *, now: datetime) -> None:
    """Audit and announce that an account agreed."""
    if consent.account is None:
        return
    audit.record(self_of(consent.account), "people.consent_given", consent, at=now, purpose=consent.purpose)
    events.announce(ConsentGiven(account_id=consent.account.pk, purpose=consent.purpose, at=now))
