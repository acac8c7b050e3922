"""The command line of people: retention, emergencies, erasures after a restore."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner, Result
from django.contrib.sessions.models import Session

from smarthd.kernel import clock
from smarthd.kernel.actor import ANONYMOUS, Actor, system
from smarthd.kernel.errors import NotAllowed
from smarthd.people import commands, rules, services
from smarthd.people.models import Account
from smarthd.people.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    clock.set_now(make.NOW)
    yield
    clock.set_now(None)


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(commands.group, list(arguments), catch_exceptions=False)


def test_retention_says_what_went() -> None:
    services.request_code(make.phone(), address=make.ADDRESS, now=make.later(days=-30))
    assert json.loads(_run("retention", "--json").output)["codes"] == 1
    assert "mã đăng nhập" in _run("retention").output


def test_waiting_requests_are_listed_with_their_limits() -> None:
    assert "Không có yêu cầu" in _run("requests").output
    services.submit_request(
        make.account().pk, kind=rules.RequestKind.OBJECT, details="Không gửi tin nữa", now=make.later(days=-20)
    )
    assert "QUÁ HẠN" in _run("requests").output
    (row,) = json.loads(_run("requests", "--json").output)
    assert (row["late"], row["due_on"]) == (True, "2026-11-19")


def test_everyone_can_be_signed_out_at_once_by_the_system_only() -> None:
    Session.objects.create(session_key="x", session_data="", expire_date=make.later(days=1))
    with pytest.raises(NotAllowed):
        services.end_everyones_sessions(actor=ANONYMOUS, now=make.NOW)
    assert "1 phiên" in _run("end-sessions", "--all").output
    assert not Session.objects.exists()


@pytest.mark.parametrize("arguments", [("end-sessions",), ("end-sessions", "--all", "--phone", "0912345678")])
def test_an_unclear_order_is_refused(arguments: tuple[str, ...]) -> None:
    assert _run(*arguments).exit_code == 2


@pytest.mark.parametrize(("phone", "words"), [("113", "số ngắn"), ("0912 000 999", "Không có tài khoản")])
def test_a_number_without_an_account_is_said(phone: str, words: str) -> None:
    done = _run("mark-test", phone)
    assert done.exit_code == 1
    assert words in done.output


def test_a_test_account_is_marked_and_unmarked() -> None:
    account = make.account("0912 000 998")
    _run("mark-test", "0912000998")
    assert Account.objects.get(pk=account.pk).is_test
    _run("mark-test", "0912000998", "--undo")
    assert not Account.objects.get(pk=account.pk).is_test


def test_what_a_restore_brought_back_is_erased_again(tmp_path: Path) -> None:
    gone, back = make.account(), make.account()
    services.erase_account(gone.pk, now=make.NOW)
    listed = _run("erased", "--since", "2026-11-24").output
    assert listed.split() == [str(gone.uid)]
    kept = tmp_path / "erased.txt"
    kept.write_text(f"{gone.uid}\n{back.uid}\n", encoding="utf-8")  # as if `back` had come back with the backup
    assert "Đã xóa lại 1 tài khoản; 1 mã" in _run("erase-again", str(kept)).output
    assert Account.objects.get(pk=back.pk).erased_at is not None


def test_a_broken_list_erases_nobody(tmp_path: Path) -> None:
    account = make.account()
    kept = tmp_path / "erased.txt"
    kept.write_text(f"{account.uid}\nnot-an-id\n", encoding="utf-8")
    assert _run("erase-again", str(kept)).exit_code == 1
    assert Account.objects.get(pk=account.pk).erased_at is None


def test_only_the_system_plants_an_authenticator() -> None:
    account = make.account()
    with pytest.raises(NotAllowed):
        services.enrol_authenticator(
            account.pk, secret="A" * 32, actor=Actor(account_id=account.pk, second_factor=True), now=make.NOW
        )
    services.enrol_authenticator(account.pk, secret="A" * 32, actor=system("seed"), now=make.NOW)
    stored = Authenticator.objects.get(user_id=account.pk)
    assert "AAAA" not in str(stored.data)
