"""Signed codes and the credit they bring: forged, expired, revoked, typed, rushed."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.agencies.rules import Role
from smarthd.kernel import clock, sealing
from smarthd.kernel.events import deliver_owed
from smarthd.kernel.ids import SPOKEN_ALPHABET
from smarthd.people import services as people
from smarthd.people.rules.installs import clean_team_code
from smarthd.people.tests import make as people_make
from smarthd.rollout import errors
from smarthd.rollout.models import Participant, TeamCredit
from smarthd.rollout.rules import team_codes, teams
from smarthd.rollout.rules.team_codes import Standing, Token
from smarthd.rollout.selectors import scanning, team_results
from smarthd.rollout.services import teams_codes, teams_setup, teams_work
from smarthd.rollout.tests import team_make as make
from tests.planting import planted_once


def sign(body: bytes) -> bytes:
    return sealing.blind_index(body.hex(), purpose="rollout.team_code")


tokens = st.builds(
    Token,
    team_id=st.integers(0, (1 << 20) - 1),
    number=st.integers(0, 63),
    serial=st.integers(0, (1 << 22) - 1),
    valid_until=st.dates(date(2024, 1, 1), date(2150, 1, 1)),
)


@given(token=tokens)
def test_a_code_says_what_was_written_into_it_however_it_is_typed(token: Token) -> None:
    code = team_codes.write(token, sign)
    assert len(code) == team_codes.LENGTH
    assert clean_team_code(team_codes.printed(code)) == code
    assert team_codes.read(team_codes.printed(code).lower(), sign) == token


@given(token=tokens, place=st.integers(0, 23), letter=st.sampled_from(SPOKEN_ALPHABET))
def test_a_code_with_one_letter_changed_is_nobodys(token: Token, place: int, letter: str) -> None:
    code = team_codes.write(token, sign)
    forged = code[:place] + letter + code[place + 1 :]
    assert team_codes.read(forged, sign) == (token if forged == code else None)


def test_a_code_of_another_installation_is_nobodys() -> None:
    code = team_codes.write(Token(1, 1, 1, date(2026, 12, 1)), lambda body: b"another key" + body)
    assert team_codes.read(code, sign) is None


@pytest.mark.parametrize("count", [12, 13])
def test_over_twelve_in_an_hour_is_a_rush(count: int) -> None:
    hour = [make.NOW + timedelta(minutes=4 * number) for number in range(count)]
    assert len(teams.rushed(hour)) == (0 if count == 12 else 13)
    assert teams.rushed([*hour[:12], make.NOW + timedelta(hours=2)]) == frozenset()


_world = planted_once(make.world)


@pytest.fixture
def world(_world: make.World, db: None) -> Iterator[make.World]:
    clock.set_now(make.NOW)
    yield copy.deepcopy(_world)
    clock.set_now(None)


def activated(text: str, *, now=make.NOW) -> int:
    """A new person opens the app carrying a code and signs in on it."""
    install = people_make.install(team_code=text, now=now)
    account = people_make.account(now=now)
    people.bind_install(account.pk, install_uid=install, now=now)
    deliver_owed()
    return account.pk


@pytest.mark.django_db
def test_a_scanned_code_brings_one_exact_credit_to_team_and_member(world: make.World) -> None:
    account = activated(scanning.written(make.code(world)))
    credit = TeamCredit.objects.get()
    assert (credit.account_id, credit.team_id, credit.member_id) == (account, world.team.pk, world.leader.pk)
    assert credit.certainty == "exact"
    assert Participant.objects.get(pk=account).team_code == world.team.code
    teams_codes.credit_person(account, text=world.team.code, at=make.NOW)
    assert TeamCredit.objects.count() == 1


@pytest.mark.django_db
def test_a_team_code_typed_by_hand_is_probable(world: make.World) -> None:
    activated(world.team.code)
    assert TeamCredit.objects.get().certainty == "probable"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["forged", "expired", "revoked", "left", "ended", "own", "unknown"])
def test_a_code_that_does_not_hold_brings_no_credit_and_harms_nobody(world: make.World, kind: str) -> None:
    issued = make.code(world)
    text, at = scanning.written(issued), make.NOW
    if kind == "forged":
        text = ("3" if text[0] == "2" else "2") + text[1:]
    elif kind == "expired":
        at = make.NOW + timedelta(days=120)
    elif kind == "revoked":
        teams_codes.revoke_code(issued.uid, actor=make.SYSTEM, now=make.NOW)
    elif kind == "left":
        teams_setup.end_member(world.leader.uid, on=make.TODAY, actor=make.SYSTEM, now=make.NOW)
    elif kind == "ended":
        teams_setup.end_team(world.team.uid, on=make.TODAY, actor=make.SYSTEM, now=make.NOW)
    elif kind == "unknown":
        text = "KHONGCO"
    if kind == "own":
        assert teams_codes.credit_person(world.leader.account_id or 0, text=text, at=at) == ""
    else:
        account = activated(text, now=at)
        assert Participant.objects.get(pk=account).team_code == ""
    assert TeamCredit.objects.count() == 0


@pytest.mark.django_db
def test_a_code_scanned_on_its_last_day_is_credited_a_week_later(world: make.World) -> None:
    text = scanning.written(make.code(world, until=make.TODAY))
    assert scanning.scan(text, make.NOW).standing is Standing.GOOD
    activated(text, now=make.NOW + timedelta(days=7))
    activated(text, now=make.NOW + timedelta(days=8))
    assert TeamCredit.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("declared", [True, False])
def test_thirteen_in_an_hour_wait_for_the_head_unless_the_market_day_was_declared(
    world: make.World,
    declared: bool,
) -> None:
    if declared:
        teams_work.declare_event(
            world.team.uid, kind=teams.EventKind.MARKET, place="Chợ Mát", starts_at=make.NOW,
            ends_at=make.NOW + timedelta(hours=3), actor=world.leader_actor, now=make.NOW,
        )  # fmt: skip
    text = scanning.written(make.code(world))
    for number in range(13):
        account = people_make.account()
        teams_codes.credit_person(account.pk, text=text, at=make.NOW + timedelta(minutes=4 * number))
    results = team_results.results_of([world.team.pk], make.START, make.TODAY)
    assert (results.exact, results.rushed) == ((13, 0) if declared else (0, 13))
    if not declared:
        assert team_results.rushed_days(world.team.pk) == [(make.TODAY, 13)]
        head = make.officer(world.agency, Role.HEAD)
        with pytest.raises(errors.BadTeam):
            teams_codes.clear_rush(world.team.uid, on=make.TODAY, reason="ok", actor=head, now=make.NOW)
        teams_codes.clear_rush(
            world.team.uid, on=make.TODAY, reason="Đã gọi mười hộ, đều tự cài.", actor=head, now=make.NOW
        )
        assert team_results.results_of([world.team.pk], make.START, make.TODAY).exact == 13


@pytest.mark.django_db
def test_an_erased_person_leaves_the_count_and_no_name(world: make.World) -> None:
    account = activated(scanning.written(make.code(world)))
    people.erase_account(account, now=make.NOW)
    deliver_owed()
    credit = TeamCredit.objects.get()
    assert credit.account_id is None
    assert team_results.results_of([world.team.pk], make.START, make.TODAY).exact == 1
