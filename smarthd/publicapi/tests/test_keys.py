"""Keys of programs: shown once, kept as a hash, counted, ended; and the commands that do it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner

from smarthd.fieldreports.tests.make import NOW
from smarthd.kernel import clock
from smarthd.kernel.actor import ANONYMOUS
from smarthd.kernel.errors import NotAllowed
from smarthd.programs import errors
from smarthd.programs import services as keys
from smarthd.programs.models import ApiKey
from smarthd.publicapi.commands import group
from smarthd.publicapi.tests.open311_make import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _then():
    clock.set_now(NOW)
    yield
    clock.set_now(None)


def said(*arguments: str):
    return CliRunner().invoke(group, list(arguments))


def test_a_key_is_stored_nowhere_in_clear():
    row, secret = keys.issue("Ứng dụng Đô thị", actor=SYSTEM, now=NOW)
    kept = {str(value) for value in ApiKey.objects.values().get().values()}
    assert all(secret not in value for value in kept)
    assert secret.startswith(row.hint)
    assert len(secret) - len(row.hint) >= 28
    assert keys.program_of(secret, now=NOW).pk == row.pk


def test_no_key_and_a_wrong_key_are_told_apart():
    with pytest.raises(errors.KeyMissing):
        keys.program_of("", now=NOW)
    with pytest.raises(errors.KeyInvalid):
        keys.program_of("shd_x", now=NOW)


def test_an_ended_key_is_no_key_from_then_on():
    row, secret = keys.issue("Phần mềm", actor=SYSTEM, now=NOW)
    keys.end(row.hint, actor=SYSTEM, now=NOW + timedelta(hours=1))
    with pytest.raises(errors.KeyInvalid):
        keys.program_of(secret, now=NOW + timedelta(hours=2))
    with pytest.raises(errors.KeyUnknown):
        keys.end(row.hint, actor=SYSTEM, now=NOW + timedelta(hours=2))


def test_a_key_is_counted_by_the_hour():
    _row, secret = keys.issue("Phần mềm", actor=SYSTEM, now=NOW, per_hour=1)
    keys.program_of(secret, now=NOW)
    with pytest.raises(errors.TooManyCalls) as full:
        keys.program_of(secret, now=NOW)
    assert full.value.facts["limit"] == 1
    keys.program_of(secret, now=NOW + timedelta(hours=1))


def test_only_the_command_line_issues_and_ends_keys():
    with pytest.raises(NotAllowed):
        keys.issue("Phần mềm", actor=ANONYMOUS, now=NOW)
    row, _secret = keys.issue("Phần mềm", actor=SYSTEM, now=NOW)
    with pytest.raises(NotAllowed):
        keys.end(row.hint, actor=ANONYMOUS, now=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "x"},
        {"per_hour": 0},
        {"media_hosts": ["10.0.0.1"]},
        {"media_hosts": ["https://a.vn/x"]},
        {"media_hosts": ["localhost"]},
    ],
)
def test_a_key_described_wrong_is_not_issued(wrong):
    with pytest.raises(errors.KeyFaulty):
        keys.issue(**{"name": "Phần mềm", "actor": SYSTEM, "now": NOW} | wrong)
    assert ApiKey.objects.count() == 0


def test_the_commands_issue_list_and_end():
    assert "Chưa cấp khóa nào." in said("key", "list").output
    issued = said("key", "issue", "--name", "Ứng dụng Đô thị", "--media-host", "Anh.Example.vn", "--per-hour", "50")
    assert issued.exit_code == 0
    secret = issued.output.strip().splitlines()[-1]
    keys.program_of(secret, now=NOW)
    listed = said("key", "list").output
    assert all(
        part in listed for part in ("Ứng dụng Đô thị", "50 lần/giờ", "đang dùng", "08/04/2024", "anh.example.vn")
    )
    assert secret not in listed
    assert "Đã thu khóa của Ứng dụng Đô thị." in said("key", "end", secret[:8]).output
    assert "thu ngày 08/04/2024" in said("key", "list").output


def test_the_commands_say_what_is_wrong():
    unknown = said("key", "end", "shd_none")
    assert (unknown.exit_code, "Không có đúng một khóa" in unknown.output) == (1, True)
    faulty = said("key", "issue", "--name", "x")
    assert (faulty.exit_code, "từ 2 đến 100 chữ" in faulty.output) == (1, True)
