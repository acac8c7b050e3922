"""Popular names of the search at the desk: who may, added, refused in words, ended."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from smarthd.agencies.rules import Role
from smarthd.backoffice.tests import make
from smarthd.finding.models import PopularName
from smarthd.finding.selectors import names as kept
from smarthd.finding.services import names
from smarthd.kernel import audit, clock
from smarthd.kernel.actor import system

pytestmark = pytest.mark.django_db
PAGE = reverse("backoffice:popular_names")


@pytest.fixture(autouse=True)
def _at_ten_on_a_saturday():
    clock.set_now(make.NOW)
    yield
    clock.set_now(None)


@pytest.fixture
def world():
    return make.world()


def as_role(agency: int, role: Role) -> Client:
    return make.signed_in(make.official(agency, role))


@pytest.mark.parametrize("role", list(Role))
def test_only_editors_and_administrators_with_agencies_below_keep_names(world, role: Role) -> None:
    uid = names.add_name("sổ đỏ", "quyền sử dụng đất", actor=system("test"), now=make.NOW)
    may = role in {Role.EDITOR, Role.ADMINISTRATOR}
    for agency, opens in ((world.department, False), (world.province, may)):
        client = as_role(agency, role)
        assert client.get(PAGE).status_code == (200 if opens else 404)
        answer = client.post(PAGE, {"said": "bằng lái", "meant": "giấy phép lái xe"})
        assert answer.status_code == (302 if opens else 404)
        ended = client.post(reverse("backoffice:popular_name_end", args=[uid]))
        assert ended.status_code == (302 if opens else 404)
    assert PopularName.objects.filter(ended_at=None).count() == 1


def test_a_name_is_added_shown_and_ended_and_the_trail_says_so(world) -> None:
    client = as_role(world.province, Role.EDITOR)
    assert client.post(PAGE, {"said": " Sổ   đỏ ", "meant": "quyền sử dụng đất"}).status_code == 302
    page = client.get(PAGE).content.decode()
    assert "Sổ đỏ" in page
    assert "quyền sử dụng đất" in page
    assert kept.meant_by("so do") == "quyền sử dụng đất"
    name = PopularName.objects.get()
    end = reverse("backoffice:popular_name_end", args=[name.uid])
    assert client.get(end).status_code == 405
    assert client.post(end).status_code == 302
    assert kept.meant_by("so do") == ""
    assert client.post(end).status_code == 404
    assert {entry.act for entry in audit.trail(act="finding.")} == {"finding.name_added", "finding.name_ended"}


@pytest.mark.parametrize(
    ("said", "meant", "told"),
    [
        ("?", "quyền sử dụng đất", "Ghi tên bà con hay gọi"),
        ("sổ đỏ", "…", "Ghi những chữ có trong tên chính thức"),
        ("SO DO", "quyền sử dụng đất", "đã dẫn tới đúng những chữ ấy"),
        ("x" * 81, "quyền sử dụng đất", "80"),
    ],
)
def test_what_is_typed_wrong_is_said_beside_the_field(world, said: str, meant: str, told: str) -> None:
    names.add_name("sổ đỏ", "quyền sử dụng đất", actor=system("test"), now=make.NOW)
    answer = as_role(world.province, Role.EDITOR).post(PAGE, {"said": said, "meant": meant})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert PopularName.objects.count() == 1


def test_the_list_costs_the_same_however_many_names(world) -> None:
    client = as_role(world.province, Role.EDITOR)

    def asked() -> int:
        with CaptureQueriesContext(connection) as told:
            assert client.get(PAGE).status_code == 200
        return len(told)

    asked()
    few = asked()
    for number in range(5):
        names.add_name(f"tên {number}", "quyền sử dụng đất", actor=system("test"), now=make.NOW)
    assert asked() == few
