"""An agency's official e-mail address: one in force, the ones before kept, set by who may."""

from __future__ import annotations

from datetime import timedelta

import pytest

from smarthd.agencies import policies, selectors, services
from smarthd.agencies.errors import BadMailbox
from smarthd.agencies.models import AgencyMailbox
from smarthd.agencies.rules import Role, mailboxes
from smarthd.agencies.tests import make
from smarthd.kernel.errors import NotAllowed

LATER = make.NOW + timedelta(days=1)


@pytest.mark.parametrize("text", ["STTTT@haiduong.gov.vn ", "van-thu.hoptien@namsach.haiduong.gov.vn", "a+b@x.vn"])
def test_an_address_is_kept_in_one_form(text: str) -> None:
    assert mailboxes.clean_address(text) == text.strip().lower()


@pytest.mark.parametrize(
    "text", ["", "không phải", "a@b", "a b@x.vn", "a@x.vn, b@x.vn", "a@x.vn\nBcc: b@x.vn", "a..b@x.vn", "@x.vn"]
)
def test_what_is_no_address_is_none(text: str) -> None:
    assert mailboxes.clean_address(text) == ""


@pytest.mark.django_db
def test_one_address_is_in_force_and_the_one_before_stays_as_history() -> None:
    world = make.world()
    for address, now in (
        ("cu@haiduong.gov.vn", make.NOW),
        ("moi@haiduong.gov.vn", LATER),
        ("moi@haiduong.gov.vn", LATER),
    ):
        services.set_mailbox(world.department, address=address, actor=make.SYSTEM, now=now)
    assert selectors.mailboxes_of([world.department, world.district]) == {world.department: "moi@haiduong.gov.vn"}
    assert AgencyMailbox.objects.count() == 2
    services.end_mailbox(world.department, actor=make.SYSTEM, now=LATER)
    assert selectors.mailboxes_of([world.department]) == {}


@pytest.mark.django_db
def test_what_is_no_address_is_refused_beside_its_field() -> None:
    with pytest.raises(BadMailbox) as refused:
        services.set_mailbox(make.world().department, address="so-tttt", actor=make.SYSTEM, now=make.NOW)
    assert set(refused.value.facts["fields"]) == {"address"}


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_head_and_delegate_there_and_administrators_above_may_set_it(role: Role) -> None:
    world = make.world()
    there, above = make.officer(world.district, role), make.officer(world.province, role)
    assert policies.can_set_mailbox(there, world.district) == (role in {Role.HEAD, Role.DELEGATE, Role.ADMINISTRATOR})
    assert policies.can_set_mailbox(above, world.district) == (role is Role.ADMINISTRATOR)
    without = make.officer(world.district, role, second_factor=False)
    with pytest.raises(NotAllowed):
        services.set_mailbox(world.district, address="a@x.vn", actor=without, now=make.NOW)
