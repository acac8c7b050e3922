"""Helping someone: with their word on record, without seeing their code or their data, and only for a while."""

from __future__ import annotations

from uuid import UUID

import pytest

from smarthd.kernel.actor import ANONYMOUS, Actor
from smarthd.kernel.errors import NotAllowed
from smarthd.kernel.limits import TooManyAttempts
from smarthd.people import rules, selectors, services
from smarthd.people.models import Account, Assistance, Consent
from smarthd.people.rules import AssistanceState, Means
from smarthd.people.services import installs as installs_module
from smarthd.people.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def helper() -> Actor:
    account = make.account("0988 000 111")
    return Actor(account_id=account.pk, account_uid=account.uid, facts={"team_code": "NS-01"})


def _start(helper: Actor, number: str, means: Means = Means.SPOKEN, **other: object) -> UUID:
    given = {"team_code": "NS-01", "agreed": True, "wording_version": 1, "now": make.NOW} | other
    return services.start_assistance(helper, phone=number, means=means, **given).uid  # type: ignore[arg-type]


def test_a_spoken_yes_and_the_persons_own_code_complete_the_help(helper: Actor) -> None:
    number = make.phone()
    uid = _start(helper, number)
    person = make.account(number, now=make.later(minutes=2))
    consent = Consent.objects.get(account=person, purpose="assisted")
    assert (consent.means, consent.evidence["assistance"]) == (Means.SPOKEN, str(uid))
    assert Assistance.objects.get(uid=uid).state == AssistanceState.COMPLETED


def test_the_team_is_credited_when_the_person_is_activated(helper: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    number, heard = make.phone(), []
    _start(helper, number)
    person = make.account(number, now=make.later(minutes=2))
    monkeypatch.setattr(installs_module.events, "announce", heard.append)
    services.bind_install(person.pk, install_uid=make.install(team_code="XX-99"), now=make.later(minutes=3))
    assert [e.team_code for e in heard if type(e).__name__ == "AccountActivated"] == ["NS-01"]


def test_a_yes_on_ones_own_phone_is_waited_for(helper: Actor) -> None:
    number = make.phone()
    uid = _start(helper, number, Means.OWN_PHONE, agreed=False)
    person = make.account(number, now=make.later(minutes=2))
    assert not Consent.objects.exists()
    waiting = selectors.assistance_waiting_for(person.pk, make.later(minutes=2))
    assert waiting is not None
    services.answer_assistance(person.pk, uid=uid, agreed=True, wording_version=1, now=make.later(minutes=3))
    assert Consent.objects.get(account=person).means == Means.OWN_PHONE


def test_a_no_ends_the_help_without_a_trace_on_the_account(helper: Actor) -> None:
    number = make.phone()
    uid = _start(helper, number, Means.OWN_PHONE, agreed=False)
    person = make.account(number, now=make.later(minutes=2))
    services.answer_assistance(person.pk, uid=uid, agreed=False, wording_version=1, now=make.later(minutes=3))
    assert Assistance.objects.get(uid=uid).state == AssistanceState.ENDED
    assert not Consent.objects.exists()
    assert Account.objects.get(pk=person.pk).team_code == ""


def test_without_a_spoken_yes_there_is_no_help(helper: Actor) -> None:
    with pytest.raises(rules.AgreementMissing):
        _start(helper, make.phone(), agreed=False)
    assert not Assistance.objects.exists()


def test_the_helper_sees_part_of_the_number_and_only_while_helping(helper: Actor) -> None:
    number = make.phone()
    _start(helper, number)
    (open_view,) = selectors.assistances_of(helper)
    assert open_view.masked_phone.endswith(number[-3:])
    assert number not in str(open_view)
    make.account(number, now=make.later(minutes=2))
    (closed_view,) = selectors.assistances_of(helper)
    assert closed_view.masked_phone == ""
    assert closed_view.state is AssistanceState.COMPLETED


def test_the_help_ends_by_itself_and_forgets_the_number(helper: Actor) -> None:
    number = make.phone()
    uid = _start(helper, number)
    assert services.lapse_assistances(now=make.later(minutes=29)) == 0
    assert services.lapse_assistances(now=make.later(minutes=30)) == 1
    ended = Assistance.objects.get(uid=uid)
    assert (ended.state, ended.phone_sealed, ended.phone_index) == (AssistanceState.EXPIRED, None, None)


def test_a_late_sign_in_owes_the_helper_nothing(helper: Actor) -> None:
    number = make.phone()
    _start(helper, number)
    person = make.account(number, now=make.later(minutes=31))
    assert person.team_code == ""
    assert not Consent.objects.exists()


def test_nobody_helps_themselves(helper: Actor) -> None:
    with pytest.raises(rules.OwnAssistance):
        _start(helper, "0988000111")


def test_a_second_helper_takes_over(helper: Actor) -> None:
    number = make.phone()
    first = _start(helper, number)
    other = make.account()
    _start(Actor(account_id=other.pk, facts={"team_code": "TK-07"}), number, team_code="TK-07")
    make.account(number, now=make.later(minutes=2))
    assert Assistance.objects.get(uid=first).state == AssistanceState.ENDED
    assert Consent.objects.get().evidence["team_code"] == "TK-07"


def test_one_helper_cannot_help_a_crowd_in_an_hour(helper: Actor) -> None:
    for _ in range(rules.HELPS_AN_HOUR):
        _start(helper, make.phone())
    with pytest.raises(TooManyAttempts):
        _start(helper, make.phone())


@pytest.mark.parametrize(
    ("who", "actor"),
    [
        ("nobody", ANONYMOUS),
        ("a citizen", Actor(account_id=1)),
        ("a member of another team", Actor(account_id=1, facts={"team_code": "TK-07"})),
    ],
)
def test_only_a_member_of_the_team_helps_under_its_code(who: str, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        _start(actor, make.phone())


def test_a_stranger_can_neither_answer_nor_end_a_help(helper: Actor) -> None:
    uid, stranger = _start(helper, make.phone()), make.account()
    with pytest.raises(rules.NoAssistanceWaiting):
        services.answer_assistance(stranger.pk, uid=uid, agreed=True, wording_version=1, now=make.NOW)
    with pytest.raises(rules.NoAssistanceWaiting):
        services.end_assistance(Actor(account_id=stranger.pk), uid=uid, now=make.NOW)


@pytest.mark.parametrize("state", list(AssistanceState))
@pytest.mark.parametrize("move", rules.ASSISTANCE_MOVES, ids=lambda move: move.name)
def test_only_an_open_help_moves(move, state: AssistanceState) -> None:
    assert move.may_start(state) == (state is AssistanceState.OPEN)
