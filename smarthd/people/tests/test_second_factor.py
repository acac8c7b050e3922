"""Figures from an authenticator: one step of drift either way, each taken once, by whichever door they come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from smarthd.kernel import clock
from smarthd.kernel.limits import TooManyAttempts
from smarthd.people import services
from smarthd.people.adapters.allauth import AuthenticateForm, ReauthenticateForm
from smarthd.people.tests import make

pytestmark = pytest.mark.django_db
STEP_S = 30


@pytest.fixture
def secret(monkeypatch):
    """Return the secret of a new account and hold the world's clock still in the middle of a step."""
    still = clock.world_now().replace(second=15, microsecond=0)
    monkeypatch.setattr(clock, "world_now", lambda: still)
    monkeypatch.setattr("time.time", still.timestamp)
    return generate_totp_secret()


@pytest.fixture
def account(secret):
    account = make.account()
    TOTP.activate(account, secret)
    return account


def figures(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(clock.world_now().timestamp()) // STEP_S + steps))


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_of_drift_is_borne(account, secret, steps, taken):
    assert services.confirm_totp(account.pk, figures(secret, steps), now=clock.now()) is taken


@pytest.mark.parametrize("given", ["", "12345", "1234567", "abcdef"])
def test_what_is_no_code_is_refused(account, given):
    assert not services.confirm_totp(account.pk, given, now=clock.now())


def test_a_code_serves_once_and_none_before_it_any_more(account, secret):
    assert services.take_totp(account.pk, figures(secret), now=clock.now())
    assert not services.take_totp(account.pk, figures(secret), now=clock.now())
    assert not services.take_totp(account.pk, figures(secret, -1), now=clock.now())
    assert services.take_totp(account.pk, figures(secret, 1), now=clock.now())


def test_a_used_code_stays_used_when_windows_of_counting_change(account, secret):
    assert services.confirm_totp(account.pk, figures(secret), now=clock.now())
    assert not services.confirm_totp(account.pk, figures(secret), now=clock.now() + timedelta(minutes=2))


def test_whoever_guesses_is_stopped(account):
    for _try in range(8):
        services.confirm_totp(account.pk, "000000", now=clock.now())
    with pytest.raises(TooManyAttempts):
        services.confirm_totp(account.pk, "000000", now=clock.now())


@pytest.mark.parametrize("form", [AuthenticateForm, ReauthenticateForm])
def test_a_code_taken_for_an_act_opens_no_session(account, secret, form, rf, settings):
    from allauth.core import context

    assert services.take_totp(account.pk, figures(secret), now=clock.now())
    with context.request_context(rf.post("/")):
        assert "code" in form(user=account, data={"code": figures(secret)}).errors
        other = form(user=account, data={"code": figures(secret, 1)})
        assert other.is_valid()
        assert other.authenticator.type == Authenticator.Type.TOTP
