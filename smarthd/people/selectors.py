"""Reads. Facts about accounts carry no personal data; a person's own view is asked for by that person's own id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from smarthd.kernel import clock, policies, sealing
from smarthd.kernel.actor import Actor
from smarthd.people import policies as people_policies
from smarthd.people import rules
from smarthd.people.models import DETAILS, PHONE, Account, Assistance, Binding, Consent, DataRequest, Install


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


def erased_since(instant: datetime) -> list[UUID]:
    """Return the public identifiers of accounts erased since an instant, oldest first."""
    return list(Account.objects.filter(erased_at__gte=instant).order_by("erased_at").values_list("uid", flat=True))


def restricted_ids() -> list[int]:
    """Return the accounts whose processing is restricted now: few, and told nothing but what saves lives."""
    return list(Account.objects.filter(restricted_at__isnull=False, erased_at=None).values_list("pk", flat=True))


def account_id_by_phone_index(index: bytes) -> int | None:
    """Return the id of the account that proved a number."""
    return Account.objects.filter(phone_index=index).values_list("pk", flat=True).first()


def account_ids_by_phone_index(indexes: Iterable[bytes]) -> dict[bytes, int]:
    """Return account ids by the blind index of their number; for whole rosters."""
    rows = Account.objects.filter(phone_index__in=list(indexes)).values_list("phone_index", "pk")
    return {bytes(index): pk for index, pk in rows if index is not None}


def phone_indexes(account_ids: Iterable[int]) -> dict[int, bytes | None]:
    """Return the blind index of each account's number, None where it has none; unknown ids are left out."""
    rows = Account.objects.filter(pk__in=set(account_ids)).values_list("pk", "phone_index")
    return {pk: bytes(index) if index is not None else None for pk, index in rows}


def verified_phone(account_id: int) -> str:
    """Return an account's own telephone number (+84…), proved by a code, or nothing. For messaging alone; it is never shown or logged."""
    sealed = (
        Account.objects.filter(pk=account_id, erased_at=None, is_active=True)
        .exclude(verified_at=None)
        .values_list("phone_sealed", flat=True)
        .first()
    )
    return "" if sealed is None else sealing.unseal(bytes(sealed), purpose=PHONE)


def accounts_living_in(unit_ids: Iterable[int]) -> list[int]:
    """Return the ids of living accounts whose home is one of the units, oldest first: for warnings, which no consent stands before."""
    rows = Account.objects.filter(home_id__in=set(unit_ids), erased_at=None, is_active=True).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def count_living_in(unit_ids: Iterable[int]) -> int:
    """Return how many living accounts have their home in one of the units."""
    return Account.objects.filter(home_id__in=set(unit_ids), erased_at=None, is_active=True).count()


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


def passkeys_given(session: Mapping[str, Any], account_id: int) -> int:
    """Return how often this session has proved a passkey: one more than before means that it was given in between."""
    if str(session.get("account_authentication_methods_user")) != str(account_id):
        return 0
    records = session.get("account_authentication_methods") or []
    return sum(isinstance(record, dict) and record.get("type") == "webauthn" for record in records)


# --- a person's own view ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccount:
    """An account as its own person sees it."""

    id: int
    full_name: str
    phone: str
    masked_phone: str
    home_id: int | None
    restricted: bool
    linked: bool
    second_factor: bool


def own_account(account_id: int) -> OwnAccount:
    """Return an account for its own person's page."""
    account = Account.objects.get(pk=account_id, erased_at=None)
    phone = account.phone
    return OwnAccount(
        id=account.pk,
        full_name=account.full_name,
        phone=phone,
        masked_phone=rules.masked_phone(phone) if phone else "",
        home_id=account.home_id,
        restricted=account.restricted_at is not None,
        linked=SocialAccount.objects.filter(user_id=account.pk).exists(),
        second_factor=Authenticator.objects.filter(user_id=account.pk)
        .exclude(type=Authenticator.Type.RECOVERY_CODES)
        .exists(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentView:
    """One purpose as the person decides it: the words in force, and since when they agree (None: they do not)."""

    wording: rules.Wording
    given_at: datetime | None
    withdrawn_at: datetime | None
    means: str


def consents_of(account_id: int, on: date) -> list[ConsentView]:
    """Return every purpose with where the person stands on it."""
    latest: dict[str, Consent] = {}
    for consent in Consent.objects.filter(account_id=account_id).order_by("given_at", "pk"):
        latest[consent.purpose] = consent
    views = []
    for purpose in rules.Purpose:
        last = latest.get(purpose)
        standing = last if last is not None and last.withdrawn_at is None else None
        views.append(
            ConsentView(
                wording=rules.wording_in_force(purpose, on),
                given_at=None if standing is None else standing.given_at,
                withdrawn_at=None if last is None else last.withdrawn_at,
                means="" if standing is None else rules.MEANS_WORDS[rules.Means(standing.means)],
            )
        )
    return views


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """A request about personal data with its clock: the last days on which it is answered and carried out in time.

    ``late`` says that one of them has passed.
    """

    code: str
    kind: rules.RequestKind
    state: rules.RequestState
    kind_words: str
    state_words: str
    received_at: datetime
    acknowledge_on: date
    acknowledged_at: datetime | None
    due_on: date
    closed_at: datetime | None
    outcome: str
    late: bool


def _request_view(request: DataRequest, now: datetime) -> RequestView:
    unacknowledged = request.acknowledged_at is None and now >= request.acknowledge_by
    return RequestView(
        code=request.code,
        kind=rules.RequestKind(request.kind),
        state=rules.RequestState(request.state),
        kind_words=rules.KIND_WORDS[rules.RequestKind(request.kind)],
        state_words=rules.STATE_WORDS[rules.RequestState(request.state)],
        received_at=request.received_at,
        acknowledge_on=_last_day(request.acknowledge_by),
        acknowledged_at=request.acknowledged_at,
        due_on=_last_day(request.due_at),
        closed_at=request.closed_at,
        outcome=request.outcome,
        late=unacknowledged or (request.closed_at or now) >= request.due_at,
    )


def _last_day(limit: datetime) -> date:
    """Return the day that a limit at midnight ends."""
    return clock.day_of(limit - timedelta(seconds=1))


def data_requests_of(account_id: int, now: datetime) -> list[RequestView]:
    """Return a person's own requests, newest first."""
    rows = DataRequest.objects.filter(account_id=account_id).order_by("-received_at", "-pk")
    return [_request_view(request, now) for request in rows]


def open_requests_for(actor: Actor, now: datetime) -> list[RequestView]:
    """Return what waits for an official to carry out, the most urgent first."""
    policies.require(people_policies.can_handle_requests(actor))
    return [_request_view(request, now) for request in DataRequest.objects.filter(closed_at=None).order_by("due_at")]


def request_details_for(actor: Actor, code: str) -> str:
    """Return what a person wrote in a request, for the official who carries it out."""
    policies.require(people_policies.can_handle_requests(actor))
    sealed = DataRequest.objects.filter(code=code).values_list("details_sealed", flat=True).first()
    return "" if sealed is None else sealing.unseal(sealed, purpose=DETAILS)


# --- helping ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class AssistanceView:
    """One act of help: all its helper ever sees. The number shows only in part, and only while the help is open."""

    uid: UUID
    masked_phone: str
    state: rules.AssistanceState
    means: rules.Means
    agreed_at: datetime
    ends_at: datetime
    closed_at: datetime | None


def assistances_of(actor: Actor, *, limit: int = 20) -> list[AssistanceView]:
    """Return the latest acts of help of the asking helper."""
    rows = Assistance.objects.filter(helper_id=actor.account_id).order_by("-agreed_at")[:limit]
    return [_assistance_view(row) for row in rows]


def assistance_waiting_for(account_id: int, now: datetime) -> AssistanceView | None:
    """Return the help that waits for this person's own yes or no."""
    row = Assistance.objects.filter(account_id=account_id, state=rules.AssistanceState.OPEN, ends_at__gt=now).first()
    return None if row is None else _assistance_view(row)


def _assistance_view(row: Assistance) -> AssistanceView:
    sealed = row.phone_sealed
    return AssistanceView(
        uid=row.uid,
        masked_phone="" if sealed is None else rules.masked_phone(sealing.unseal(sealed, purpose=PHONE)),
        state=rules.AssistanceState(row.state),
        means=rules.Means(row.means),
        agreed_at=row.agreed_at,
        ends_at=row.ends_at,
        closed_at=row.closed_at,
    )
