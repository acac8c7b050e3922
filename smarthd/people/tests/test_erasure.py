"""Erasure: what was personal is gone for good, what was counted stays counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from smarthd.kernel import events
from smarthd.people import rules, selectors, services
from smarthd.people.models import Account, Binding, Consent, DataRequest, Install, SignInCode
from smarthd.people.services import erasure, retention
from smarthd.people.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lived_in() -> Account:
    account = make.account("0912 999 888")
    services.rename_account(account.pk, full_name="Phạm Thị Mận", now=make.NOW)
    services.give_consent(
        account.pk, purpose=rules.Purpose.USAGE, wording_version=1, now=make.NOW, evidence={"screen": "first-run"}
    )
    services.bind_install(account.pk, install_uid=make.install(), now=make.NOW)
    services.submit_request(account.pk, kind=rules.RequestKind.OBJECT, details="Tôi là Mận, đừng gửi nữa", now=make.NOW)
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={"secret": "x"})
    SocialAccount.objects.create(user=account, provider="dinh-danh", uid="abc")
    return account


def test_nothing_personal_is_left_and_the_row_stays(lived_in: Account) -> None:
    services.erase_account(lived_in.pk, now=make.later(days=1))
    lived_in.refresh_from_db()
    assert (lived_in.phone, lived_in.full_name, lived_in.home_id, lived_in.phone_index) == ("", "", None, None)
    assert lived_in.activated_at == make.NOW
    assert not lived_in.is_active
    assert not Authenticator.objects.exists()
    assert not SocialAccount.objects.exists()
    assert not Binding.objects.exists()
    assert Install.objects.count() == 1
    assert not SignInCode.objects.exists()
    assert all(request.details_sealed is None for request in DataRequest.objects.all())
    assert all(consent.evidence == {} and consent.withdrawn_at for consent in Consent.objects.all())


def test_the_name_and_number_are_nowhere_in_the_database(lived_in: Account) -> None:
    index = bytes(lived_in.phone_index or b"").hex()
    services.erase_account(lived_in.pk, now=make.NOW)
    events.deliver_owed()
    services.apply_retention(now=make.later(days=30))
    seen = _everything()
    assert "Mận" not in seen
    assert "912999888" not in seen
    assert index not in seen


def _everything() -> str:
    texts = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.managed:
                cursor.execute(f'SELECT row_to_json(t)::text FROM "{model._meta.db_table}" t')  # noqa: S608
                texts += [row[0] for row in cursor.fetchall()]
    return "\n".join(texts)


def test_erasing_is_announced_and_recorded(lived_in: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[object] = []
    monkeypatch.setattr(erasure.events, "announce", heard.append)
    code = services.erase_account(lived_in.pk, now=make.NOW)
    assert [(type(e).__name__, e.account_id) for e in heard] == [("AccountErased", lived_in.pk)]
    assert DataRequest.objects.get(code=code).state == rules.RequestState.DONE
    assert DataRequest.objects.get(kind="object").state == rules.RequestState.CANCELLED


def test_an_erased_account_can_do_nothing_more(lived_in: Account) -> None:
    services.erase_account(lived_in.pk, now=make.NOW)
    for act in (
        lambda: services.erase_account(lived_in.pk, now=make.NOW),
        lambda: services.rename_account(lived_in.pk, full_name="Lan", now=make.NOW),
        lambda: services.give_consent(lived_in.pk, purpose=rules.Purpose.PUSH, wording_version=1, now=make.NOW),
        lambda: services.bind_install(lived_in.pk, install_uid=make.install(), now=make.NOW),
    ):
        with pytest.raises(services.NoSuchAccount):
            act()


def test_the_same_number_begins_anew(lived_in: Account) -> None:
    services.erase_account(lived_in.pk, now=make.NOW)
    again = make.account("0912 999 888", now=make.later(days=1))
    assert again.pk != lived_in.pk
    assert again.full_name == ""
    facts = selectors.account_facts([lived_in.pk, again.pk])
    assert (facts[lived_in.pk].erased, facts[again.pk].erased) == (True, False)


def test_the_database_refuses_an_erased_account_that_is_not_empty(lived_in: Account) -> None:
    with pytest.raises(IntegrityError, match="account_erased_is_empty"), transaction.atomic():
        Account.objects.filter(pk=lived_in.pk).update(erased_at=make.NOW)


# --- retention -------------------------------------------------------------------------------------------------------
def test_codes_and_their_counters_are_forgotten_after_their_time() -> None:
    services.request_code(make.phone(), address=make.ADDRESS, now=make.NOW)
    kept = services.apply_retention(now=make.NOW + retention.CODES)
    assert kept.codes == 0
    assert kept.attempts > 0
    assert services.apply_retention(now=make.NOW + retention.CODES + timedelta(seconds=1)).codes == 1


def test_an_install_unseen_for_two_years_is_forgotten_unless_someone_is_on_it() -> None:
    lonely, bound, account = make.install(), make.install(), make.account()
    services.bind_install(account.pk, install_uid=bound, now=make.NOW)
    services.apply_retention(now=make.NOW + retention.INSTALLS + timedelta(days=1))
    assert not selectors.install_known(lonely)
    assert selectors.install_known(bound)


def test_retention_twice_deletes_nothing_more() -> None:
    services.request_code(make.phone(), address=make.ADDRESS, now=make.NOW)
    make.install()
    at = make.later(days=900)
    services.apply_retention(now=at)
    again = services.apply_retention(now=at)
    assert (again.codes, again.installs, again.attempts, again.deliveries) == (0, 0, 0, 0)
