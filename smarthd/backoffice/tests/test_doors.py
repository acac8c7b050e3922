"""Every address of the desk × every role: one table. A new address without a line here fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from smarthd.agencies.rules import Role
from smarthd.agencies.tests import make as agencies_make
from smarthd.backoffice import urls
from smarthd.backoffice.tests import make
from smarthd.kernel import clock
from smarthd.kernel.tests.make import kept

pytestmark = pytest.mark.django_db

ROLES = tuple(Role)
# What an official of the agency itself gets, by role in the order of ``Role``: opened 200, done 302, no such page 404, seen but not
# theirs to do 403, wrong input 422.
MATRIX = """
                       head delegate clerk dispatcher editor author approver leader auditor administrator
GET  work               200      200   200        200    200    200      200    200     200           200
GET  guides             200      200   200        200    200    200      200    200     200           200
GET  guide              200      200   200        200    200    200      200    200     200           200
GET  units              200      200   200        404    404    404      404    404     404           200
GET  unit               200      200   200        404    404    404      404    404     404           200
POST remind             302      302   403        404    404    404      404    404     404           403
POST exemption_request  302      302   302        404    404    404      404    404     404           403
POST exemption_decide   302      302   403        404    404    404      404    404     404           403
GET  rosters            200      200   200        404    404    404      404    404     404           200
GET  roster_upload      200      200   200        404    404    404      404    404     404           200
POST roster_upload      302      302   302        404    404    404      404    404     404           302
GET  roster             200      200   200        404    404    404      404    404     404           200
POST roster_confirm     302      302   302        404    404    404      404    404     404           302
POST roster_withdraw    302      302   302        404    404    404      404    404     404           302
GET  roster_faulty      200      200   200        404    404    404      404    404     404           200
GET  province           200      200   200        200    200    404      404    404     200           200
GET  province_export    200      200   200        200    200    404      404    404     200           200
GET  province_unit      200      200   200        200    200    404      404    404     200           200
GET  reports            200      200   200        404    404    404      404    404     200           200
POST reports            302      302   302        404    404    404      404    404     422           302
GET  report             200      200   200        404    404    404      404    404     200           200
GET  report_edit        200      200   200        404    404    404      404    404     403           200
POST report_edit        302      302   302        404    404    404      404    404     403           302
POST report_check       302      302   302        404    404    404      404    404     302           302
POST report_sign        302      302   403        404    404    404      404    404     403           403
GET  report_file        200      200   200        404    404    404      404    404     200           200
GET  agencies           404      404   404        404    404    404      404    404     404           200
GET  agency             404      404   404        404    404    404      404    404     404           200
POST agency             404      404   404        404    404    404      404    404     404           302
POST role_revoke        404      404   404        404    404    404      404    404     404           302
GET  audit              404      404   404        404    404    404      404    404     200           200
"""
TABLE = {
    (line.split()[0], line.split()[1]): dict(zip(ROLES, map(int, line.split()[2:]), strict=True))
    for line in MATRIX.strip().splitlines()[1:]
}
BOTH = {"roster_upload", "reports", "report_edit", "agency"}
UNGUARDED = {"second_factor"}
"""The door itself: it asks for the second factor, and lets nobody see anything."""
PHONE = "0912345678"


@pytest.fixture(scope="module")
def officials(planted: make.Desk, django_db_blocker: Any) -> Iterator[dict[str, Client]]:
    """A browser for each role at the agency, one for a stranger to it holding every role that may be held together."""
    with django_db_blocker.unblock(), transaction.atomic():
        clock.set_now(make.NOW)
        made = {str(role): make.signed_in(make.official(planted.at, role)) for role in ROLES}
        made |= {f"far {role}": make.signed_in(make.official(planted.world.commune_b, role)) for role in ROLES}
        made["lock"] = make.signed_in(make.official(planted.at, Role.HEAD, Role.ADMINISTRATOR), second_factor=False)
        made["nobody"] = make.signed_in(make.official(planted.at))
        account_with(PHONE)
        clock.set_now(None)
    return made


def account_with(phone: str) -> int:
    """Return the id of an account that this number opens."""
    from smarthd.people import services as people

    ticket = people.request_code("+84" + phone[1:], address="127.0.0.1", now=make.NOW)
    account = people.verify_code(
        "+84" + phone[1:], code=ticket.shown_code, install_uid=None, address="127.0.0.1", now=make.NOW
    )
    return int(account.pk)


def typed(desk: make.Desk, view: str) -> dict[str, object]:
    """Return a right answer to the form behind a view."""
    from smarthd.agencies import selectors as agencies

    if view == "roster_upload":
        rows = [agencies_make.HEADINGS, (1, "Ngô Thị Mới", "Công chức", "0912999777")]
        return {"file": named(agencies_make.workbook(rows), "ds.xlsx")}
    other = next(one for one in agencies.roster_on([desk.at], make.TODAY) if one.id == desk.staff[1])
    forms: dict[str, dict[str, object]] = {
        "remind": {"staff": [str(desk.staff[0])]},
        "exemption_request": {"staff": str(other.uid), "reason": "long_leave", "evidence": "QĐ 16/QĐ-UBND"},
        "exemption_decide": {"approve": "1"},
        "reports": {"campaign": "thu", "cut_off": "18/4/2024", "scope": f"{desk.at}:", "boundaries": "18/4/2024"},
        "report_edit": {"mo_dau": "Lời mở đầu khác."},
        "report_sign": {"number": "128"},
        "agency": {"phone": PHONE, "role_name": "editor"},
    }
    return forms.get(view, {})


def named(content: bytes, name: str) -> object:
    """Return a file as a browser sends it."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content)


def send(client: Client, method: str, address: str, form: dict[str, object]) -> Any:
    """Ask for an address, and take all of a file."""
    answer = client.get(address) if method == "GET" else client.post(address, form)
    assert answer.getvalue() is not None
    return answer


def kept_behind(method: str) -> dict[str, str]:
    """Return the fingerprint of what an act could change; a look changes nothing but the trail."""
    return kept() if method == "POST" else {}


def address_of(desk: make.Desk, view: str) -> str:
    return reverse(f"backoffice:{view}", kwargs=desk.address_parts(view))


def test_every_address_has_its_line_in_the_table():
    names = {str(pattern.name) for pattern in urls.urlpatterns}
    assert names - UNGUARDED - make.told_elsewhere().keys() == {view for _method, view in TABLE}
    assert {view for method, view in TABLE if method == "GET" and ("POST", view) in TABLE} == BOTH


@pytest.mark.parametrize(("view", "modules"), make.told_elsewhere().items())
def test_an_address_told_elsewhere_is_told_there(view, modules):
    beside = Path(__file__).parent
    assert any(re.search(rf"\b{view}\b", (beside / module).read_text(encoding="utf-8")) for module in modules)


@pytest.mark.parametrize(("method", "view"), TABLE)
def test_each_role_gets_through_the_doors_of_its_line_and_leaves_the_others_as_they_were(desk, officials, method, view):
    address, before, found = address_of(desk, view), kept_behind(method), {}
    for role in ROLES:
        with make.undone():
            found[role] = send(officials[role], method, address, typed(desk, view)).status_code
            assert found[role] == 302 or kept_behind(method) == before, f"{role} was refused and changed something"
    assert found == TABLE[method, view]


@pytest.mark.parametrize(("method", "view"), TABLE)
def test_nobody_comes_in_unsigned_without_a_role_or_without_the_second_factor(desk, officials, method, view):
    address, before = address_of(desk, view), kept_behind(method)
    unsigned = send(Client(), method, address, typed(desk, view))
    assert unsigned.status_code == 302
    assert unsigned["location"].startswith("/dang-nhap/")
    halfway = send(officials["lock"], method, address, typed(desk, view))
    assert halfway.status_code == 302
    assert halfway["location"].startswith(reverse("backoffice:second_factor"))
    assert send(officials["nobody"], method, address, typed(desk, view)).status_code == 403
    assert kept_behind(method) == before


@pytest.mark.parametrize(
    ("method", "view"), [door for door in TABLE if make.belongs_to_an_agency(door[1])], ids=lambda part: part
)
def test_what_belongs_to_another_agency_is_not_found_whatever_role_one_holds_elsewhere(desk, officials, method, view):
    address, before = address_of(desk, view), kept_behind(method)
    found = {role: send(officials[f"far {role}"], method, address, typed(desk, view)).status_code for role in ROLES}
    assert found == dict.fromkeys(ROLES, 404)
    assert kept_behind(method) == before


@pytest.mark.parametrize("view", sorted({view for _method, view in TABLE if make.belongs_to_an_agency(view)}))
def test_what_is_not_there_is_not_found(desk, officials, view):
    method = "GET" if ("GET", view) in TABLE else "POST"
    parts = {
        name: uuid4() if name in {"uid", "exemption", "grant"} else part
        for name, part in desk.address_parts(view).items()
    }
    client = officials[Role.ADMINISTRATOR if TABLE[method, view][Role.HEAD] == 404 else Role.HEAD]
    answer = send(client, method, reverse(f"backoffice:{view}", kwargs=parts), typed(desk, view))
    assert answer.status_code == 404
    assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize("view", ["exemption_decide", "role_revoke"])
def test_a_thing_is_not_reached_through_the_address_of_another_agency(desk, officials, view):
    from smarthd.agencies import selectors as agencies

    other = agencies.agency_view(desk.world.commune_a, make.TODAY).uid
    address = reverse(f"backoffice:{view}", kwargs=desk.address_parts(view) | {"uid": other})
    client, before = officials[Role.HEAD if view == "exemption_decide" else Role.ADMINISTRATOR], kept()
    assert send(client, "POST", address, typed(desk, view)).status_code == 404
    assert kept() == before


@pytest.mark.parametrize(("method", "view"), [door for door in TABLE if door[1] not in BOTH])
def test_a_door_opens_one_way_only(desk, officials, method, view):
    other = "POST" if method == "GET" else "GET"
    assert send(officials[Role.ADMINISTRATOR], other, address_of(desk, view), {}).status_code == 405
