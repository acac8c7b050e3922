"""Accounts and persons of rosters find each other by telephone number, whichever came first."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model

from smarthd.agencies import phones, selectors, services
from smarthd.agencies.events import StaffLinked
from smarthd.agencies.handlers import link_staff, unlink_staff
from smarthd.agencies.models import Staff
from smarthd.agencies.tests import make
from smarthd.people.events import AccountActivated, AccountErased

pytestmark = pytest.mark.django_db
NUMBER = "+84912000001"


def with_phone(e164: str) -> int:
    return (
        get_user_model()
        .objects.create(phone_sealed=b"sealed elsewhere", phone_index=phones.index_of(e164), created_at=make.NOW)
        .pk
    )


def activated(account_id: int, e164: str) -> AccountActivated:
    return AccountActivated(
        account_id=account_id, account_uid=uuid4(), install_uid=uuid4(), home_id=None,
        phone_index_hex=phones.index_of(e164).hex(), team_code="", at=make.NOW,
    )  # fmt: skip


def roster_with(number: object) -> make.World:
    world = make.world()
    make.imported(make.workbook([make.HEADINGS, (1, "Nguyễn Văn An", "", number)]), world.commune_a)
    return world


def test_an_activation_links_the_person_of_the_roster_once(heard: list[object]) -> None:
    world = roster_with("0912.000.001")
    heard.clear()
    account_id = with_phone(NUMBER)
    for _ in range(2):
        link_staff(activated(account_id, NUMBER))
    (person,) = selectors.roster_on([world.commune_a], make.TODAY)
    assert person.account_id == account_id
    assert heard == [StaffLinked(staff_id=person.id, account_id=account_id, agency_id=world.commune_a, at=make.NOW)]


def test_a_roster_finds_accounts_that_were_there_before_it() -> None:
    account_id = with_phone(NUMBER)
    world = roster_with(912000001)
    assert [person.account_id for person in selectors.roster_on([world.commune_a], make.TODAY)] == [account_id]


def test_an_activation_with_another_number_links_nobody() -> None:
    world = roster_with("0912000002")
    link_staff(activated(with_phone(NUMBER), NUMBER))
    assert [person.account_id for person in selectors.roster_on([world.commune_a], make.TODAY)] == [None]


def test_a_corrected_number_leaves_the_old_account_and_finds_the_new_one() -> None:
    wrong, right = with_phone(NUMBER), with_phone("+84912000009")
    world = roster_with("0912000001")
    assert Staff.objects.get().account_id == wrong
    make.imported(make.workbook([make.HEADINGS, (1, "Nguyễn Văn An", "", "0912000009")]), world.commune_a)
    assert Staff.objects.get().account_id == right


def test_erasing_an_account_unlinks_the_person_and_keeps_the_roster() -> None:
    account_id = with_phone(NUMBER)
    world = roster_with("0912000001")
    unlink_staff(AccountErased(account_id=account_id, at=make.NOW))
    (person,) = selectors.roster_on([world.commune_a], make.TODAY)
    assert (person.full_name, person.account_id) == ("Nguyễn Văn An", None)


def test_a_transferred_person_keeps_the_link() -> None:
    account_id = with_phone(NUMBER)
    world = roster_with("0912000001")
    make.imported(make.workbook([make.HEADINGS, (1, "Nguyễn Văn An", "", "0912000001")]), world.commune_b)
    assert [person.account_id for person in selectors.roster_on([world.commune_b], make.TODAY)] == [account_id]
    assert services.link_account(account_id=account_id, phone_index=phones.index_of(NUMBER), now=make.NOW) == []
