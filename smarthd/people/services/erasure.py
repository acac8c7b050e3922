"""Erasing a person. What was personal is destroyed and cannot come back; what was counted stays counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from smarthd.kernel import audit, events
from smarthd.people import rules
from smarthd.people.events import AccountErased
from smarthd.people.models import Account, Assistance, Binding, Consent, DataRequest, SignInCode
from smarthd.people.services.accounts import lock_account, self_of
from smarthd.people.services.identity import end_all_sessions
from smarthd.people.services.requests import record_done

__all__ = ["erase_account", "erase_again"]


@transaction.atomic
def erase_account(account_id: int, *, now: datetime) -> str:
    """Destroy an account's personal data at once and for good; return the code of the recorded request.

    Number, name, home, sealed details and evidence are nulled; second factors, national identity, sessions, codes and the link to phones
    are deleted; open requests are cancelled. The emptied row stays as a pseudonym. Higher contexts hear AccountErased and
    do the same with theirs.
    """
    account = lock_account(account_id)
    end_all_sessions(account.pk, now=now)
    Authenticator.objects.filter(user_id=account.pk).delete()
    SocialAccount.objects.filter(user_id=account.pk).delete()
    EmailAddress.objects.filter(user_id=account.pk).delete()
    if account.phone_index is not None:
        SignInCode.objects.filter(phone_index=bytes(account.phone_index)).delete()
        _end_help(account, now=now)
    Binding.objects.filter(account=account).delete()
    Consent.objects.filter(account=account, withdrawn_at=None).update(withdrawn_at=now)
    Consent.objects.filter(account=account).update(evidence={}, install=None)
    DataRequest.objects.filter(account=account, closed_at=None).update(
        state=rules.RequestState.CANCELLED, closed_at=now
    )
    DataRequest.objects.filter(account=account).update(details_sealed=None, outcome="")
    request = record_done(account, rules.RequestKind.ERASE, outcome="", now=now)
    _empty(account, now=now)
    audit.record(self_of(account), "people.account_erased", account, at=now)
    events.announce(AccountErased(account_id=account.pk, at=now))
    return request.code


def erase_again(uids: Iterable[UUID], *, now: datetime) -> int:
    """Erase once more, after a backup was restored, those of the accounts that came back; returns how many did."""
    back = Account.objects.filter(uid__in=list(uids), erased_at=None).values_list("pk", flat=True)
    count = 0
    for account_id in back:
        erase_account(account_id, now=now)
        count += 1
    return count


def _end_help(account: Account, *, now: datetime) -> None:
    waiting = Assistance.objects.filter(state=rules.AssistanceState.OPEN)
    (waiting.filter(phone_index=bytes(account.phone_index or b"")) | waiting.filter(helper=account)).update(
        state=rules.AssistanceState.ENDED, closed_at=now, phone_sealed=None, phone_index=None, account=None
    )


def _empty(account: Account, *, now: datetime) -> None:
    account.groups.clear()
    account.user_permissions.clear()
    account.phone_sealed = None
    account.phone_index = None
    account.full_name_sealed = None
    account.home_id = None
    account.is_active = False
    account.is_staff = False
    account.is_superuser = False
    account.last_login = None
    account.erased_at = now
    account.set_unusable_password()  # every session that is left fails its check
    account.save()
