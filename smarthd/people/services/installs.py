"""Installs and the accounts on them. Reports come twice, late and out of order; the result is the same."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from smarthd.kernel import audit, events
from smarthd.people import rules
from smarthd.people.events import AccountActivated, InstallBound, InstallOpened
from smarthd.people.models import Account, Binding, Consent, Install
from smarthd.people.services.accounts import lock_account, lock_key, phone_index, self_of
from smarthd.people.services.consents import tell_given

__all__ = ["bind_install", "record_first_open", "release_install", "touch_install"]


@transaction.atomic
def record_first_open(
    install_uid: UUID,
    *,
    platform: str,
    standalone: bool,
    atom_id: int | None,
    opened_at: datetime | None,
    team_code: str,
    now: datetime,
) -> None:
    """Take in one report of a first open; a replay changes nothing but when the install was last seen.

    ``opened_at`` is the phone's own clock, kept within a week before ``now``: the server's receipt decides. Announces InstallOpened
    at the first report, and once more when the app is first opened from the home screen (``standalone``).
    """
    report = rules.FirstOpen(
        install_uid=install_uid,
        platform=_platform(platform),
        standalone=standalone,
        received_at=now,
        claimed_at=rules.bound_claim(opened_at, received_at=now),
        atom_id=atom_id,
        team_code=rules.clean_team_code(team_code),
    )
    install, was_new, was_standalone = _join(install_uid, rules.state_of(report))
    if was_new or (install.standalone_at is not None and not was_standalone):
        events.announce(
            InstallOpened(
                install_uid=install_uid,
                platform=install.platform,
                standalone=install.standalone_at is not None,
                atom_id=install.atom_id,
                at=install.standalone_at or install.first_opened_at,
            )
        )
    binding = install.bindings.filter(ended_at=None).first()
    if binding is not None:
        _activate(binding.account_id, install, now=now)


@transaction.atomic
def bind_install(account_id: int, *, install_uid: UUID, now: datetime) -> None:
    """Put an account on an install; whoever was on it before leaves it. Binding again changes nothing.

    An install that has not reported its first open yet is taken in as a plain one: its report may still be on the way.
    """
    account = lock_account(account_id)
    provisional = rules.FirstOpen(
        install_uid=install_uid,
        platform=rules.Platform.OTHER,
        standalone=False,
        received_at=now,
        claimed_at=now,
    )
    install, _, _ = _join(install_uid, rules.state_of(provisional))
    current = install.bindings.filter(ended_at=None).first()
    if current is None or current.account_id != account.pk:
        if current is not None:
            current.ended_at = max(now, current.bound_at)
            current.save(update_fields=["ended_at"])
        Binding.objects.create(install=install, account=account, bound_at=now)
        _adopt_consents(install, account, now=now)
        audit.record(self_of(account), "people.install_bound", account, at=now)
        events.announce(InstallBound(account_id=account.pk, install_uid=install_uid, at=now))
    _activate(account.pk, install, now=now)


@transaction.atomic
def release_install(install_uid: UUID, *, account_id: int, now: datetime) -> None:
    """Take an account off an install: the person signed out there, or handed the phone on."""
    binding = (
        Binding.objects.select_for_update()
        .filter(install__uid=install_uid, account_id=account_id, ended_at=None)
        .select_related("account")
        .first()
    )
    if binding is None:
        return  # signed out of a browser that never was an install: nothing was bound
    binding.ended_at = max(now, binding.bound_at)
    binding.save(update_fields=["ended_at"])
    audit.record(self_of(binding.account), "people.install_released", binding.account, at=now)


def touch_install(install_uid: UUID, *, now: datetime) -> bool:
    """Note that an install was alive now; False when the install is unknown. Time never runs backward."""
    return bool(
        Install.objects.filter(uid=install_uid, last_seen_at__lt=now).update(last_seen_at=now)
        or Install.objects.filter(uid=install_uid).exists()
    )


def _platform(text: str) -> rules.Platform:
    try:
        return rules.Platform(text)
    except ValueError:
        raise rules.BadInstall(field="platform") from None


def _join(install_uid: UUID, state: rules.InstallState) -> tuple[Install, bool, bool]:
    """Join what is known of an install with one more state; return it locked, whether it is new, whether it was standalone."""
    lock_key(b"install:" + install_uid.bytes)
    row = Install.objects.select_for_update().filter(uid=install_uid).first()
    known = None if row is None else _state_of_row(row)
    joined = state if known is None else known.join(state)
    if row is None:
        row = Install(uid=install_uid)
    row.platform = joined.platform
    row.first_opened_at = joined.first_opened_at
    row.standalone_at = joined.standalone_at
    row.claimed_at = joined.claimed_at
    row.atom_at, row.atom_id = joined.atom or (None, None)
    row.team_code_at, row.team_code = joined.team or (None, "")
    row.last_seen_at = joined.last_seen_at
    if joined != known:
        row.save()
    return row, known is None, known is not None and known.standalone_at is not None


def _state_of_row(row: Install) -> rules.InstallState:
    return rules.InstallState(
        platform=rules.Platform(row.platform),
        first_opened_at=row.first_opened_at,
        standalone_at=row.standalone_at,
        claimed_at=row.claimed_at,
        atom=None if row.atom_at is None or row.atom_id is None else (row.atom_at, row.atom_id),
        team=None if row.team_code_at is None else (row.team_code_at, row.team_code),
        last_seen_at=row.last_seen_at,
    )


def _activate(account_id: int, install: Install, *, now: datetime) -> None:
    """Announce L2 once an account: it is verified and stands on an app opened from the home screen."""
    if install.standalone_at is None:
        return
    account = Account.objects.select_for_update().get(pk=account_id)
    if account.activated_at is not None or account.verified_at is None or account.erased_at is not None:
        return
    account.activated_at = now
    account.save(update_fields=["activated_at"])
    audit.record(self_of(account), "people.account_activated", account, at=now)
    events.announce(
        AccountActivated(
            account_id=account.pk,
            account_uid=account.uid,
            install_uid=install.uid,
            home_id=account.home_id,
            phone_index_hex=bytes(account.phone_index or b"").hex(),
            team_code=account.team_code or install.team_code,
            at=now,
            opened_at=install.first_opened_at,
            neighbour=_beside_one_just_activated(account, now=now),
        )
    )


def _beside_one_just_activated(account: Account, *, now: datetime) -> bool:
    """Say whether a number three up or down from this one was activated within the last 24 hours (coarse, and never kept here)."""
    number = account.phone
    if not number:
        return False
    beside = [phone_index(text) for text in rules.numbers_beside(number)]
    since = now - rules.BESIDE_WITHIN
    return Account.objects.filter(phone_index__in=beside, activated_at__gte=since).exclude(pk=account.pk).exists()


def _adopt_consents(install: Install, account: Account, *, now: datetime) -> None:
    """Move what was agreed to on this phone before anybody signed in to the account that now does.

    Only agreements younger than the last person's leaving: what the former owner agreed to is not the new one's word.
    """
    left = (
        Binding.objects.filter(install=install, ended_at__isnull=False)
        .order_by("-ended_at")
        .values_list("ended_at", flat=True)
        .first()
    )
    for consent in Consent.objects.select_for_update().filter(install=install, account=None, withdrawn_at=None):
        stale = left is not None and consent.given_at < left
        held = Consent.objects.filter(account=account, purpose=consent.purpose, withdrawn_at=None).exists()
        if stale or held:
            consent.withdrawn_at = max(now, consent.given_at)
            consent.save(update_fields=["withdrawn_at"])
            continue
        consent.account = account
        consent.save(update_fields=["account"])
        tell_given(consent, now=now)
