"""Keys of other programs at the desk: who may, shown once, limited, ended; and what a dataset's owner sees of its use."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from smarthd.agencies.rules import Role
from smarthd.backoffice.tests import make
from smarthd.connectors.tests import make as connectors
from smarthd.kernel import audit, clock
from smarthd.kernel.actor import system
from smarthd.programs import errors, services
from smarthd.programs.models import ApiKey

pytestmark = pytest.mark.django_db
PAGE = "/can-bo/phan-mem-khac/"


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
def test_only_an_administrator_with_agencies_below_manages_keys(world, role: Role) -> None:
    row, _secret = services.issue("Phần mềm", actor=system("test"), now=make.NOW)
    doors = {reverse("backoffice:program", args=[row.uid]), PAGE}
    for agency, opens in ((world.province, role is Role.ADMINISTRATOR), (world.department, False)):
        client = as_role(agency, role)
        assert {client.get(door).status_code for door in doors} == ({200} if opens else {404})
        answer = client.post(PAGE, {"name": "Khác", "per_hour": "5"})
        assert answer.status_code == (200 if opens else 404)
    assert ApiKey.objects.count() == (2 if role is Role.ADMINISTRATOR else 1)


def test_a_key_is_shown_once_limited_and_ended(world) -> None:
    client = as_role(world.province, Role.ADMINISTRATOR)
    page = client.post(PAGE, {"name": "Ứng dụng Đô thị", "per_hour": "2"}).content.decode()
    [secret] = set(re.findall(r"shd_[\w-]{20,}", page))
    row = ApiKey.objects.get()
    assert secret not in client.get(PAGE).content.decode()
    assert "Ứng dụng Đô thị" in client.get(PAGE).content.decode()
    own = reverse("backoffice:program", args=[row.uid])
    assert client.post(own, {"per_hour": "0"}).status_code == 422
    assert client.post(own, {"per_hour": "9"}).status_code == 302
    assert services.program_of(secret, now=make.NOW).per_hour == 9
    assert client.post(reverse("backoffice:program_end", args=[row.uid])).status_code == 302
    with pytest.raises(errors.KeyInvalid):
        services.program_of(secret, now=make.NOW)
    assert client.post(reverse("backoffice:program_end", args=[row.uid])).status_code == 404
    acts = {entry.act for entry in audit.trail()}
    assert {"publicapi.key_issued", "programs.key_limited", "publicapi.key_ended"} <= acts


def test_what_is_typed_wrong_is_said_beside_the_field(world) -> None:
    client = as_role(world.province, Role.ADMINISTRATOR)
    answer = client.post(PAGE, {"name": "x", "per_hour": "5"})
    assert answer.status_code == 422
    assert "từ 2 đến 100 chữ" in answer.content.decode()
    assert ApiKey.objects.count() == 0


def test_the_list_costs_the_same_however_many_keys(world) -> None:
    client = as_role(world.province, Role.ADMINISTRATOR)

    def asked() -> int:
        with CaptureQueriesContext(connection) as told:
            assert client.get(PAGE).status_code == 200
        return len(told)

    asked()
    few = asked()
    for number in range(5):
        services.issue(f"Phần mềm {number}", actor=system("test"), now=make.NOW)
    assert asked() == few <= 6


def test_the_owner_sees_how_much_a_dataset_is_taken(world) -> None:
    source = connectors.mapped(connectors.source(world.department))
    connectors.published(source, connectors.table(connectors.rows(3)), now=make.NOW)
    page = reverse("backoffice:source", args=[source.uid])
    client = as_role(world.department, Role.CLERK)
    assert "Chưa ai lấy dữ liệu này" in client.get(page).content.decode()
    for kind in ("csv", "csv", "ogc"):
        services.count_call(services.Asker("x", 9), now=make.NOW, dataset=source.key, kind=kind)
    text = client.get(page).content.decode()
    assert "3 lượt" in text
    assert text.index(">CSV<") < text.index(">OGC API<")


def test_the_owner_sees_the_use_day_by_day_and_takes_it_as_a_file(world) -> None:
    source = connectors.mapped(connectors.source(world.department))
    connectors.published(source, connectors.table(connectors.rows(3)), now=make.NOW)
    for day, kinds in ((1, ("csv", "csv", "ogc")), (0, ("csv",)), (40, ("json",))):
        for kind in kinds:
            at = make.NOW - timedelta(days=day)
            services.count_call(services.Asker("x", 9), now=at, dataset=source.key, kind=kind)
    page = reverse("backoffice:source_use", args=[source.uid])
    client = as_role(world.department, Role.CLERK)
    assert page in client.get(reverse("backoffice:source", args=[source.uid])).content.decode()
    month = client.get(page).context
    assert (month["calls"], month["kinds"]) == (4, ["CSV", "OGC API"])
    assert [(line[1], [count for _word, count in line[3]]) for line in month["lines"]] == [(1, [1, 0]), (3, [2, 1])]
    assert client.get(f"{page}?ngay=90").context["calls"] == 5
    assert client.get(f"{page}?ngay=x").context["period"] == 30
    file = client.get(reverse("backoffice:source_use_file", args=[source.uid, "csv"]))
    lines = file.content.decode("utf-8-sig").splitlines()
    assert len([line for line in lines if line.startswith("20")]) == 30, "a day without calls is a day"
    assert lines[-2].endswith(",3,2,1")
    assert client.get(reverse("backoffice:source_use_file", args=[source.uid, "xlsx"])).content[:2] == b"PK"
    assert (
        client.get(reverse("backoffice:source_use_file", args=[source.uid, "csv"]).replace(".csv", ".exe")).status_code
        == 404
    )


def test_the_use_of_a_dataset_is_its_owners(world) -> None:
    source = connectors.mapped(connectors.source(world.department))
    for stranger in (as_role(world.commune_a, Role.CLERK), Client()):
        for name, more in (("source_use", []), ("source_use_file", ["csv"])):
            answer = stranger.get(reverse(f"backoffice:{name}", args=[source.uid, *more]))
            assert answer.status_code in {302, 404}
