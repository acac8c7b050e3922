"""The command line of messaging: what waits, who refuses, keys prepared, sending what is there."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from smarthd.kernel import clock
from smarthd.messaging import commands, selectors
from smarthd.messaging.adapters.webpush.fake import FakeTransport
from smarthd.messaging.adapters.webpush.pool import KeyPool
from smarthd.messaging.services import ledger, pushing
from smarthd.messaging.tests import make

pytestmark = pytest.mark.django_db
APPLE = "https://web.push.apple.com"


@pytest.fixture(autouse=True)
def _ten(monkeypatch, tmp_path):
    clock.set_now(make.NOW)
    pool = KeyPool(tmp_path / "pool")
    monkeypatch.setattr(pushing, "pool", lambda: pool)
    monkeypatch.setattr(pushing, "_filled", {})
    yield
    pool.close()
    clock.set_now(None)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands.group, [*arguments])


def test_status_tells_what_waits_and_who_refuses(c) -> None:
    assert run("status").output == "Đang chờ: 0 máy trong 0 gói\n"
    make.subscribed([c[0]])
    make.begun(c[:1])
    ledger.refuse(APPLE, "HTTP 403", now=make.NOW)
    said = run("status").output
    assert "Đang chờ: 1 máy trong 1 gói, cũ nhất từ 10:00:00 07/09/2024" in said
    assert f"! {APPLE} từ chối ta từ 10:00 07/09/2024: HTTP 403" in said


def test_a_service_is_opened_again_once() -> None:
    ledger.refuse(APPLE, "HTTP 403", now=make.NOW)
    assert run("reopen", APPLE).output == f"Đã mở lại {APPLE}.\n"
    again = run("reopen", APPLE)
    assert (again.exit_code, "không ở trong danh sách" in again.output) == (1, True)


def test_keys_are_prepared_for_phones_that_have_none(c) -> None:
    for _ in range(3):
        make.subscribed([c[0]])
    assert run("pool").output == "Khóa làm sẵn: 0 / 3 máy\n"
    assert run("pool", "--seconds", "5").output == "Khóa làm sẵn: 3 / 3 máy\n"
    assert pushing.fill_pool(now=make.NOW) == 0  # full: not looked at again for a while


def test_send_once_sends_what_is_there_and_says_how_many(c, monkeypatch) -> None:
    transport = FakeTransport()
    monkeypatch.setattr(pushing, "transport", lambda: transport)
    monkeypatch.setattr(commands, "_Stop", type("Stop", (), {"asked": False}))
    make.subscribed([c[0]])
    make.begun(c[:1])
    assert "Máy chủ thông báo đã nhận: 1." in run("send", "--once").output
    assert selectors.fanout("k-1").accepted == len(transport.sent) == 1
