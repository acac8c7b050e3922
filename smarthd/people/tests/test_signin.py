"""Codes: used once, few tries, short life, and nothing learnt about who has an account."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection

from smarthd.kernel import events
from smarthd.kernel.limits import TooManyAttempts
from smarthd.kernel.models import OutboxDelivery
from smarthd.people import rules, selectors, services
from smarthd.people.models import Account, SignInCode
from smarthd.people.rules import CodeState
from smarthd.people.tests import make

pytestmark = pytest.mark.django_db


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def _verify(number: str, code: str, at=make.NOW, address: str = make.ADDRESS) -> Account:
    return services.verify_code(number, code=code, install_uid=None, address=address, now=at)


def test_the_right_code_opens_an_account_and_the_next_one_finds_it() -> None:
    number = make.phone()
    first = make.account(number)
    second = make.account("+84" + number.replace(" ", "")[1:], now=make.later(hours=1))
    assert first.pk == second.pk
    assert selectors.account_id_by_phone_index(services.phone_index(rules.normalise_phone(number))) == first.pk


def test_a_code_is_used_once() -> None:
    number = make.phone()
    code = services.request_code(number, address=make.ADDRESS, now=make.NOW).shown_code
    _verify(number, code)
    with pytest.raises(rules.CodeUnusable):
        _verify(number, code)


def test_a_code_typed_with_spaces_is_the_code() -> None:
    number = make.phone()
    code = services.request_code(number, address=make.ADDRESS, now=make.NOW).shown_code
    assert _verify(number, f" {code[:3]} {code[3:]} ").pk


def test_wrong_tries_are_counted_down_and_the_fifth_locks_even_the_right_code() -> None:
    number = make.phone()
    code = services.request_code(number, address=make.ADDRESS, now=make.NOW).shown_code
    left = []
    for _ in range(rules.CODE_TRIES - 1):
        with pytest.raises(rules.WrongCode) as refusal:
            _verify(number, _wrong(code))
        left.append(refusal.value.facts["tries_left"])
    with pytest.raises(rules.CodeUnusable):
        _verify(number, _wrong(code))
    with pytest.raises(rules.CodeUnusable):
        _verify(number, code)
    assert left == [4, 3, 2, 1]
    assert SignInCode.objects.get().state == CodeState.LOCKED


def test_a_code_dies_after_five_minutes() -> None:
    number = make.phone()
    code = services.request_code(number, address=make.ADDRESS, now=make.NOW).shown_code
    with pytest.raises(rules.CodeUnusable):
        _verify(number, code, at=make.NOW + rules.CODE_LIFE)


def test_a_newer_code_replaces_the_older() -> None:
    number = make.phone()
    old = services.request_code(number, address=make.ADDRESS, now=make.NOW).shown_code
    new = services.request_code(number, address=make.ADDRESS, now=make.later(seconds=61)).shown_code
    if old != new:
        with pytest.raises(rules.WrongCode):
            _verify(number, old, at=make.later(seconds=62))
    assert _verify(number, new, at=make.later(seconds=63)).pk


def test_a_second_code_waits_a_minute() -> None:
    number = make.phone()
    services.request_code(number, address=make.ADDRESS, now=make.NOW)
    with pytest.raises(rules.CodeAskedTooSoon) as refusal:
        services.request_code(number, address="203.0.113.9", now=make.later(seconds=59))
    assert refusal.value.facts["retry_at"] == make.later(seconds=60)


def test_one_number_may_be_asked_for_few_times() -> None:
    number, at = make.phone(), make.NOW
    limit, _ = rules.ASKS_BY_NUMBER[0]
    for _ in range(limit):
        services.request_code(number, address=make.ADDRESS, now=at)
        at += timedelta(seconds=61)
    with pytest.raises(TooManyAttempts):
        services.request_code(number, address="203.0.113.9", now=at)


def test_one_address_may_ask_for_many_numbers_but_not_for_all() -> None:
    limit, _ = rules.ASKS_BY_ADDRESS[0]
    for _ in range(limit):
        services.request_code(make.phone(), address="198.51.100.4", now=make.NOW)
    with pytest.raises(TooManyAttempts):
        services.request_code(make.phone(), address="198.51.100.4", now=make.NOW)
    assert services.request_code(make.phone(), address="198.51.100.5", now=make.NOW).shown_code


def test_asking_looks_the_same_with_and_without_an_account() -> None:
    known, unknown = make.phone(), make.phone()
    make.account(known)
    tickets = [services.request_code(n, address=make.ADDRESS, now=make.later(hours=1)) for n in (known, unknown)]
    assert {(t.expires_at, t.resend_at, len(t.shown_code)) for t in tickets} == {
        (tickets[0].expires_at, tickets[0].resend_at, 6)
    }
    refusals = []
    for number, ticket in zip((known, unknown), tickets, strict=True):
        with pytest.raises(rules.WrongCode) as refusal:
            _verify(number, _wrong(ticket.shown_code), at=make.later(hours=1))
        refusals.append((refusal.value.name, refusal.value.facts))
    assert refusals[0] == refusals[1]


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "12345a", "١٢٣٤٥٦"])
def test_what_cannot_be_a_code_costs_no_try(typed: str) -> None:
    number = make.phone()
    services.request_code(number, address=make.ADDRESS, now=make.NOW)
    with pytest.raises(rules.WrongCode):
        _verify(number, typed)
    assert SignInCode.objects.get().tries == 0


def test_the_database_holds_neither_number_nor_code_nor_address() -> None:
    number = make.phone()
    code = services.request_code(number, address=make.ADDRESS, now=make.NOW).shown_code
    make.account(make.phone())
    with connection.cursor() as cursor:
        seen = ""
        for table in (
            "people_signincode",
            "people_account",
            "kernel_attempt",
            "kernel_auditentry",
            "kernel_outboxdelivery",
        ):
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t")  # noqa: S608
            seen += "".join(row[0] for row in cursor.fetchall())
    bare = re.sub(r"\D", "", number)
    assert bare not in seen
    assert bare[1:] not in seen
    assert f'"{code}"' not in seen
    assert make.ADDRESS not in seen


def test_a_request_is_announced_for_delivery_and_only_sealed() -> None:
    number = make.phone()
    services.request_code(number, address=make.ADDRESS, now=make.NOW)
    owed = OutboxDelivery.objects.filter(event=events.name_of(rules_event()))
    assert all(number.replace(" ", "") not in str(delivery.payload) for delivery in owed)


def rules_event() -> type:
    from smarthd.people.events import CodeRequested

    return CodeRequested


@pytest.mark.parametrize("state", list(CodeState))
@pytest.mark.parametrize("move", rules.CODE_MOVES, ids=lambda move: move.name)
def test_only_a_waiting_code_moves(move, state: CodeState) -> None:
    assert move.may_start(state) == (state is CodeState.PENDING)
