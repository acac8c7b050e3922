"""Consent is explicit, evidenced, withdrawable; silence is none."""

from __future__ import annotations

from datetime import date

import pytest

from smarthd.people import rules, selectors, services
from smarthd.people.models import Consent, DataRequest
from smarthd.people.rules import Purpose
from smarthd.people.tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("purpose", list(Purpose))
def test_silence_is_no_consent(purpose: Purpose) -> None:
    account, uid = make.account(), make.install()
    services.bind_install(account.pk, install_uid=uid, now=make.NOW)
    assert not selectors.has_consent(account.pk, purpose)
    assert not selectors.install_has_consent(uid, purpose)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_an_agreement_holds_until_withdrawn_and_its_evidence_stays(purpose: Purpose) -> None:
    account = make.account()
    services.give_consent(account.pk, purpose=purpose, wording_version=1, now=make.NOW)
    assert selectors.has_consent(account.pk, purpose)
    services.withdraw_consent(account.pk, purpose=purpose, now=make.later(days=1))
    assert not selectors.has_consent(account.pk, purpose)
    kept = Consent.objects.get(account=account)
    assert (kept.given_at, kept.withdrawn_at, kept.wording_version) == (make.NOW, make.later(days=1), 1)
    assert len(kept.wording_sha256) == 64


def test_agreeing_to_one_purpose_is_not_agreeing_to_another() -> None:
    account = make.account()
    services.give_consent(account.pk, purpose=Purpose.PUSH, wording_version=1, now=make.NOW)
    assert not selectors.has_consent(account.pk, Purpose.USAGE)


def test_old_words_are_refused() -> None:
    with pytest.raises(rules.UnknownWording):
        services.give_consent(make.account().pk, purpose=Purpose.USAGE, wording_version=99, now=make.NOW)
    assert not Consent.objects.exists()


def test_agreeing_twice_keeps_one_agreement() -> None:
    account = make.account()
    for _ in range(2):
        services.give_consent(account.pk, purpose=Purpose.USAGE, wording_version=1, now=make.NOW)
    assert Consent.objects.filter(account=account).count() == 1


def test_there_must_be_something_to_withdraw() -> None:
    with pytest.raises(rules.NoConsentToWithdraw):
        services.withdraw_consent(make.account().pk, purpose=Purpose.USAGE, now=make.NOW)


def test_a_withdrawal_is_recorded_with_its_legal_clock() -> None:
    account = make.account()
    services.give_consent(account.pk, purpose=Purpose.USAGE, wording_version=1, now=make.NOW)
    services.withdraw_consent(account.pk, purpose=Purpose.USAGE, now=make.NOW)
    request = DataRequest.objects.get(account=account)
    assert (request.kind, request.state) == (rules.RequestKind.WITHDRAW, rules.RequestState.DONE)


def test_what_was_agreed_at_the_first_run_follows_the_person_who_signs_in() -> None:
    account, uid = make.account(), make.install()
    services.give_install_consent(uid, purpose=Purpose.USAGE, wording_version=1, now=make.NOW)
    assert selectors.install_has_consent(uid, Purpose.USAGE)
    services.bind_install(account.pk, install_uid=uid, now=make.later(minutes=1))
    assert selectors.has_consent(account.pk, Purpose.USAGE)


def test_the_next_owner_of_a_phone_inherits_no_agreement() -> None:
    giver, taker, uid = make.account(), make.account(), make.install()
    services.give_install_consent(uid, purpose=Purpose.USAGE, wording_version=1, now=make.NOW)
    services.bind_install(giver.pk, install_uid=uid, now=make.later(minutes=1))
    services.bind_install(taker.pk, install_uid=uid, now=make.later(minutes=2))
    assert selectors.has_consent(giver.pk, Purpose.USAGE)
    assert not selectors.has_consent(taker.pk, Purpose.USAGE)
    assert not selectors.install_has_consent(uid, Purpose.USAGE)


def test_an_install_that_never_reported_itself_cannot_agree() -> None:
    from smarthd.kernel.ids import uuid7

    with pytest.raises(services.UnknownInstall):
        services.give_install_consent(uuid7(), purpose=Purpose.USAGE, wording_version=1, now=make.NOW)


def test_what_was_agreed_before_signing_in_can_be_taken_back_there() -> None:
    uid = make.install()
    services.give_install_consent(uid, purpose=Purpose.USAGE, wording_version=1, now=make.NOW)
    services.withdraw_install_consent(uid, purpose=Purpose.USAGE, now=make.later(minutes=1))
    assert not selectors.install_has_consent(uid, Purpose.USAGE)


def test_restricting_processing_silences_every_agreement_until_lifted() -> None:
    account = make.account()
    services.give_consent(account.pk, purpose=Purpose.USAGE, wording_version=1, now=make.NOW)
    services.restrict_processing(account.pk, now=make.NOW)
    assert not selectors.has_consent(account.pk, Purpose.USAGE)
    assert selectors.accounts_with_consent([account.pk], Purpose.USAGE) == frozenset()
    services.lift_restriction(account.pk, now=make.later(days=1))
    assert selectors.accounts_with_consent([account.pk], Purpose.USAGE) == {account.pk}


def test_a_person_sees_every_purpose_and_where_they_stand() -> None:
    account = make.account()
    services.give_consent(account.pk, purpose=Purpose.PUSH, wording_version=1, now=make.NOW)
    views = {view.wording.purpose: view for view in selectors.consents_of(account.pk, date(2026, 11, 24))}
    assert set(views) == set(Purpose)
    assert views[Purpose.PUSH].given_at == make.NOW
    assert views[Purpose.USAGE].given_at is None


@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_purpose_has_plain_words(purpose: Purpose) -> None:
    words = rules.wording_in_force(purpose, date(2026, 11, 24))
    assert words.text.startswith("Tôi đồng ý")
    assert len(words.title) < 80
