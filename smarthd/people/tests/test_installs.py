"""Installs: replays, reorders, swaps and wrong clocks change nothing that counts; an activation is told once."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from smarthd.kernel.ids import uuid7
from smarthd.people import rules, selectors, services
from smarthd.people.models import Account, Binding, Install
from smarthd.people.services import installs as installs_module
from smarthd.people.tests import make

INSTANTS = st.integers(0, 200_000).map(lambda seconds: make.NOW + timedelta(seconds=seconds))
STATES = st.builds(
    rules.FirstOpen,
    install_uid=st.just(UUID(int=1)),
    platform=st.sampled_from(rules.Platform),
    standalone=st.booleans(),
    received_at=INSTANTS,
    claimed_at=INSTANTS,
    atom_id=st.none() | st.integers(1, 5),
    team_code=st.sampled_from(["", "NS-01", "TK-07"]),
).map(rules.state_of)


def _joined(states: list[rules.InstallState]) -> rules.InstallState:
    whole = states[0]
    for state in states[1:]:
        whole = whole.join(state)
    return whole


@given(st.lists(STATES, min_size=1, max_size=6), st.randoms())
def test_reports_join_to_the_same_in_any_order_and_however_often(states, random) -> None:
    shuffled = states + [random.choice(states) for _ in range(3)]
    random.shuffle(shuffled)
    assert _joined(shuffled) == _joined(states)


@given(INSTANTS, st.integers(-400, 400))
def test_a_wrong_clock_is_kept_within_a_week_before_the_receipt(received: datetime, hours: int) -> None:
    bounded = rules.bound_claim(received + timedelta(hours=hours), received_at=received)
    assert received - rules.CLAIM_BOUND <= bounded <= received


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    heard: list[object] = []
    monkeypatch.setattr(installs_module.events, "announce", heard.append)
    return heard


def _named(told: list[object], name: str) -> list[object]:
    return [event for event in told if type(event).__name__ == name]


@pytest.mark.django_db
class TestOneInstall:
    def test_a_replayed_first_open_is_told_once(self, told: list[object]) -> None:
        uid = make.install()
        for minutes in (1, 2, 3):
            services.record_first_open(
                uid,
                platform="android",
                standalone=True,
                atom_id=None,
                opened_at=make.NOW,
                team_code="",
                now=make.later(minutes=minutes),
            )
        assert len(_named(told, "InstallOpened")) == 1
        assert Install.objects.get(uid=uid).first_opened_at == make.NOW

    def test_browsing_first_and_installing_later_is_told_twice_and_counts_from_the_second(
        self, told: list[object]
    ) -> None:
        uid = make.install(standalone=False)
        services.record_first_open(
            uid,
            platform="android",
            standalone=True,
            atom_id=None,
            opened_at=None,
            team_code="",
            now=make.later(days=2),
        )
        assert [(e.standalone, e.at) for e in _named(told, "InstallOpened")] == [
            (False, make.NOW),
            (True, make.later(days=2)),
        ]

    @pytest.mark.parametrize("hours", [-2, 2, -900, 900])
    def test_a_phone_with_a_wrong_clock_counts_at_the_servers_receipt(self, hours: int) -> None:
        uid = uuid7()
        services.record_first_open(
            uid,
            platform="ios",
            standalone=True,
            atom_id=None,
            opened_at=make.later(hours=hours),
            team_code="",
            now=make.NOW,
        )
        install = Install.objects.get(uid=uid)
        assert install.first_opened_at == make.NOW
        assert make.NOW - rules.CLAIM_BOUND <= install.claimed_at <= make.NOW

    def test_an_unknown_platform_is_refused_and_nothing_is_kept(self) -> None:
        with pytest.raises(rules.BadInstall):
            services.record_first_open(
                uuid7(), platform="nokia", standalone=True, atom_id=None, opened_at=None, team_code="", now=make.NOW
            )
        assert not Install.objects.exists()

    @pytest.mark.parametrize(
        ("typed", "kept"), [(" ns-01 ", "NS-01"), ("", ""), ("<b>", ""), ("a" * 30, ""), ("tổ 1", "")]
    )
    def test_a_team_code_is_kept_clean_or_not_at_all(self, typed: str, kept: str) -> None:
        assert rules.clean_team_code(typed) == kept


@pytest.mark.django_db
class TestActivation:
    def test_an_account_on_an_installed_app_is_activated_once(self, told: list[object]) -> None:
        account, uid = make.account(), make.install(team_code="NS-01")
        for minutes in (1, 2):
            services.bind_install(account.pk, install_uid=uid, now=make.later(minutes=minutes))
        (activated,) = _named(told, "AccountActivated")
        assert (activated.account_id, activated.install_uid, activated.team_code) == (account.pk, uid, "NS-01")
        assert bytes.fromhex(activated.phone_index_hex) == bytes(account.phone_index)

    def test_an_account_in_a_browser_is_not_activated(self, told: list[object]) -> None:
        services.bind_install(make.account().pk, install_uid=make.install(standalone=False), now=make.NOW)
        assert _named(told, "AccountActivated") == []

    def test_a_first_open_that_arrives_after_signing_in_activates_then(self, told: list[object]) -> None:
        account, uid = make.account(), uuid7()
        services.bind_install(account.pk, install_uid=uid, now=make.NOW)
        assert _named(told, "AccountActivated") == []
        services.record_first_open(
            uid,
            platform="ios",
            standalone=True,
            atom_id=None,
            opened_at=None,
            team_code="",
            now=make.later(minutes=3),
        )
        assert [e.at for e in _named(told, "AccountActivated")] == [make.later(minutes=3)]
        assert Install.objects.get(uid=uid).platform == "ios"

    def test_a_person_with_two_phones_is_activated_once(self, told: list[object]) -> None:
        account = make.account()
        for uid in (make.install(), make.install()):
            services.bind_install(account.pk, install_uid=uid, now=make.NOW)
        assert len(_named(told, "AccountActivated")) == 1
        assert Binding.objects.filter(account=account, ended_at=None).count() == 2

    def test_a_phone_handed_on_belongs_to_the_new_person_and_activates_them(self, told: list[object]) -> None:
        giver, taker, uid = make.account(), make.account(), make.install()
        services.bind_install(giver.pk, install_uid=uid, now=make.NOW)
        services.bind_install(taker.pk, install_uid=uid, now=make.later(days=1))
        assert selectors.account_id_on_install(uid) == taker.pk
        assert [e.account_id for e in _named(told, "AccountActivated")] == [giver.pk, taker.pk]

    def test_signing_out_takes_the_account_off_the_phone(self) -> None:
        account, uid = make.account(), make.install()
        services.bind_install(account.pk, install_uid=uid, now=make.NOW)
        services.release_install(uid, account_id=account.pk, now=make.later(minutes=1))
        assert selectors.account_id_on_install(uid) is None


class TestAnyOrderInTheDatabase(TestCase):
    """The whole: opens and sign-ins of two people on two phones, in every order, with replays, end the same."""

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.permutations(list(range(6))), st.lists(st.integers(0, 5), max_size=4))
    def test_the_end_is_the_same(self, order: list[int], replays: list[int]) -> None:
        one, two = make.account(), make.account()
        phones = (uuid7(), uuid7())
        acts = [
            lambda at, n=n, standalone=standalone: services.record_first_open(
                phones[n],
                platform="android",
                standalone=standalone,
                atom_id=None,
                opened_at=None,
                team_code="NS-01",
                now=at,
            )
            for n, standalone in itertools.product((0, 1), (False, True))
        ] + [
            lambda at: services.bind_install(one.pk, install_uid=phones[0], now=at),
            lambda at: services.bind_install(two.pk, install_uid=phones[1], now=at),
        ]
        for step, act in enumerate([*order, *replays]):
            acts[act](make.later(seconds=step))
        for n, account in enumerate((one, two)):
            install = Install.objects.get(uid=phones[n])
            first = min(step for step, act in enumerate(order) if act in {2 * n, 2 * n + 1, 4 + n})
            standalone = order.index(2 * n + 1)
            account.refresh_from_db()
            assert install.first_opened_at == make.later(seconds=first)
            assert install.standalone_at == make.later(seconds=standalone)
            assert (install.team_code, install.platform) == ("NS-01", "android")
            assert account.activated_at == make.later(seconds=max(standalone, order.index(4 + n)))
            assert selectors.account_id_on_install(phones[n]) == account.pk
        assert Account.objects.filter(activated_at=None, pk__in=[one.pk, two.pk]).count() == 0


def test_a_provisional_install_gives_way_to_what_the_phone_says() -> None:
    report = rules.FirstOpen(
        install_uid=UUID(int=1),
        platform=rules.Platform.IOS,
        standalone=True,
        received_at=make.later(minutes=1),
        claimed_at=make.NOW,
    )
    provisional = replace(report, platform=rules.Platform.OTHER, standalone=False, received_at=make.NOW)
    whole = rules.state_of(provisional).join(rules.state_of(report))
    assert (whole.platform, whole.first_opened_at) == (rules.Platform.IOS, make.NOW)
