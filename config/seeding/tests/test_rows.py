"""Rows planted in bulk are the rows the services would have written for the same acts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.apps import apps

from config.seeding import adoption, persons, phones, usage
from smarthd.kernel import clock, events
from smarthd.kernel.ids import uuid7
from smarthd.people import rules as people_rules
from smarthd.people import services as people
from smarthd.rollout import rules
from smarthd.rollout import services as rollout

pytestmark = pytest.mark.django_db

DAY = date(2024, 4, 2)
USE = [(0, 1), (3, 0), (5, 65), (27, 8), (40, 2)]  # day after activation, value actions
TEAM = "TO10507"


@pytest.fixture(autouse=True)
def _everyone_is_helped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(persons, "ASSISTED", 1.0)


@pytest.fixture
def commune() -> int:
    return int(apps.get_model("places.Unit").objects.create(level="commune", key="thu/xa-thu").pk)


def _planted(commune: int) -> tuple[persons.Rows, adoption.DaysOfUse]:
    start = np.array([DAY.toordinal()])
    who = adoption.Persons(np.array([0]), start, start, np.array([0.5]))
    use = adoption.DaysOfUse(
        np.zeros(len(USE), dtype=np.int64),
        np.array([DAY.toordinal() + after for after, _ in USE]),
        np.array([actions for _, actions in USE]),
    )
    rows = persons.plant_persons(
        np.random.default_rng(5),
        who,
        np.array([commune]),
        telephones=[phones.scattered_phone(7)],
        names=["Nguyễn Thị Thử"],
        team_codes=[TEAM],
        all_counted=True,
    )
    usage.plant_usage(np.random.default_rng(6), rows, use)
    return rows, use


def _instant(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1_000_000, UTC)


def _acted(commune: int, opened_at: datetime, activated_at: datetime, team_code: str) -> int:
    """Do by services what the planted person is said to have done; returns the account's id."""
    install, phone = uuid7(), phones.scattered_phone(8)
    people.record_first_open(
        install,
        platform="android",
        standalone=True,
        atom_id=commune,
        opened_at=opened_at,
        team_code=team_code,
        now=opened_at,
    )
    ticket = people.request_code(phone, address="203.0.113.9", now=activated_at - timedelta(seconds=20))
    account = people.verify_code(
        phone, code=ticket.shown_code, install_uid=None, address="203.0.113.9", now=activated_at
    )
    people.rename_account(account.pk, full_name="Nguyễn Thị Thử", now=activated_at)
    people.set_home(account.pk, home_id=commune, now=activated_at)
    people.bind_install(account.pk, install_uid=install, now=activated_at)
    people.give_consent(account.pk, purpose=people_rules.Purpose.USAGE, wording_version=1, now=activated_at)
    events.deliver_owed()
    for after, actions in USE:
        at = clock.at_local(DAY + timedelta(days=after), 21, 50)
        said = [one for one in rules.ValueAction if one & actions] or [rules.ValueAction(0)]
        rollout.record_activity([rules.Activity(at=at, action=one) for one in said], now=at, account_id=account.pk)
    events.deliver_owed()
    rollout.settle()
    return account.pk


def _rows(label: str, account_id: int, *, but: set[str]) -> list[dict[str, Any]]:
    """Return an account's rows of one model without what must differ between any two persons."""
    model = apps.get_model(label)
    where = {
        "people.Account": {"pk": account_id},
        "people.Install": {"bindings__account": account_id},
        "rollout.InstallState": {"account_id": account_id},
    }.get(label, {"account_id": account_id})
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in but]
    return list(model.objects.filter(**where).order_by(*names).values(*names))


ALWAYS_DIFFERENT = {"id", "uid", "account_id", "install_id", "install_uid"}


@pytest.mark.parametrize(
    ("label", "but"),
    [
        ("people.Account", {"password", "phone_sealed", "phone_index", "full_name_sealed"}),
        ("people.Install", {"platform", "last_seen_at"}),
        ("people.Binding", set()),
        ("people.Consent", set()),
        ("rollout.Participant", {"team_code"}),  # credited by the teams that stand, which this land has none of
        ("rollout.Residence", set()),
        ("rollout.InstallState", set()),
        ("rollout.ActivityDay", set()),
    ],
)
def test_a_planted_row_is_the_row_of_the_services(label: str, but: set[str], commune: int) -> None:
    planted, _ = _planted(commune)
    by_services = _acted(
        commune, _instant(int(planted.opened_at[0])), _instant(int(planted.activated_at[0])), planted.team_code[0]
    )
    expected = _rows(label, by_services, but=but | ALWAYS_DIFFERENT)
    assert expected
    assert _rows(label, int(planted.account_id[0]), but=but | ALWAYS_DIFFERENT) == expected


def test_a_planted_person_signs_in_with_their_number_and_is_called_by_their_name(commune: int) -> None:
    planted, _ = _planted(commune)
    now = datetime(2024, 6, 1, tzinfo=UTC)
    ticket = people.request_code(phones.scattered_phone(7), address="203.0.113.9", now=now)
    account = people.verify_code(
        phones.scattered_phone(7), code=ticket.shown_code, install_uid=None, address="203.0.113.9", now=now
    )
    assert account.pk == int(planted.account_id[0])
    assert account.full_name == "Nguyễn Thị Thử"
    assert not account.has_usable_password()
