"""Every address of citizens' reports × every role at the agency that holds the report: one table; what is not theirs changes nothing."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from smarthd.agencies.rules import Role
from smarthd.backoffice import saved, urls_fieldreports
from smarthd.backoffice.tests import make as desk
from smarthd.backoffice.tests.fieldreports import SAID, browser, url
from smarthd.fieldreports.models import Report
from smarthd.fieldreports.rules.routing import Target
from smarthd.fieldreports.services import handling, photos, routing, templates
from smarthd.fieldreports.services.routing import NewRule
from smarthd.fieldreports.tests import make
from smarthd.kernel import clock
from smarthd.kernel.tests.make import kept

pytestmark = pytest.mark.django_db
ROLES = tuple(Role)
MATRIX = """
                               head delegate clerk dispatcher editor author approver leader auditor administrator
GET  fieldreports                200      200   200        200    404    404      404    404     200           200
GET  fieldreports_export         200      200   200        200    404    404      404    404     200           200
POST fieldreports_many           200      200   200        200    404    404      404    404     404           404
POST fieldreport_filter_save     302      302   302        302    404    404      404    404     302           302
POST fieldreport_filter_drop     404      404   404        404    404    404      404    404     404           404
GET  fieldreport_handover        200      200   200        200    404    404      404    404     404           404
GET  fieldreport_take            200      200   200        200    404    404      404    404     404           404
POST fieldreport_take            302      302   302        302    404    404      404    404     404           404
GET  fieldreport_alike           200      200   200        200    404    404      404    404     404           404
GET  fieldreport_agencies        200      200   200        200    404    404      404    404     200           200
GET  fieldreport_figures         200      200   200        200    404    404      404    404     200           200
GET  fieldreport_agency          200      200   200        200    404    404      404    404     200           200
GET  fieldreport_rules           200      200   200        200    404    404      404    404     200           200
POST fieldreport_rules           403      403   403        403    404    404      404    404     403           302
GET  fieldreport_bench           200      200   200        200    404    404      404    404     200           200
POST fieldreport_rule_end        403      403   403        403    404    404      404    404     403           302
GET  fieldreport_categories      200      200   200        200    404    404      404    404     200           200
POST fieldreport_categories      403      403   403        403    404    404      404    404     403           302
GET  fieldreport_category        200      200   200        200    404    404      404    404     200           200
POST fieldreport_category        403      403   403        403    404    404      404    404     403           302
GET  fieldreport_frames          200      200   200        200    404    404      404    404     200           200
POST fieldreport_frames          302      302   302        302    404    404      404    404     422           302
POST fieldreport_frame_end       302      302   302        302    404    404      404    404     403           302
GET  fieldreport_file            200      200   200        200    404    404      404    404     200           200
GET  fieldreport_thumb           200      200   200        200    404    404      404    404     200           200
POST fieldreport_original        200      200   200        200    404    404      404    404     403           403
GET  fieldreport                 200      200   200        200    404    404      404    404     200           200
POST fieldreport_act             302      302   302        302    404    404      404    404     403           403
POST fieldreport_sender          200      200   200        200    404    404      404    404     403           403
GET  fieldreport_answer          200      200   200        200    404    404      404    404     404           404
POST fieldreport_answer          302      302   302        302    404    404      404    404     404           404
GET  fieldreport_merge           200      200   302        200    404    404      404    404     404           404
POST fieldreport_merge           302      302   403        302    404    404      404    404     404           404
GET  fieldreport_split           200      200   302        200    404    404      404    404     404           404
POST fieldreport_split           302      302   403        302    404    404      404    404     404           404
GET  fieldreport_moderate        200      200   404        200    404    404      404    404     404           200
POST fieldreport_moderate        302      302   404        302    404    404      404    404     404           302
GET  fieldreport_sheet           200      200   200        200    404    404      404    404     200           200
"""
TABLE = {
    (line.split()[0], line.split()[1]): dict(zip(ROLES, map(int, line.split()[2:]), strict=True))
    for line in MATRIX.strip().splitlines()[1:]
}
CHANGING = {"fieldreport_original", "fieldreport_sender", "fieldreports_export", "fieldreport_figures"}
"""Looks that leave a line in the trail."""


BY_LINK = {"fieldreport_by_mail", "fieldreport_by_mail_photo"}
"""Doors that open to a signed link and to no role: test_fieldreport_by_mail.py."""


class Place:
    """A report at work with a photo, another like it, a rule, a frame; how each address is made and what is typed."""

    def __init__(self, land: make.Land) -> None:
        self.land = land
        who = make.citizen()
        self.photo = make.upload(make.picture(), who)
        photos.process(self.photo, now=make.NOW)
        self.report = make.sent(land, who, attachment_uids=[self.photo])
        handling.accept(self.report.code, caller=land.clerk, now=make.NOW)
        handling.start(self.report.code, caller=land.clerk, now=make.NOW)
        self.other = make.sent(land)
        system = make.SYSTEM.actor
        self.rule = routing.add_rule(
            NewRule("Mặc định", make.TODAY, target=Target.COMMUNE), actor=system, now=make.NOW
        ).uid
        self.frame = templates.add_template(
            agency_id=land.commune, title="Đã xong", body="Ngày [ngày], đơn vị đã [việc đã làm].", actor=system, now=make.NOW
        ).uid  # fmt: skip
        from smarthd.agencies import selectors as agencies

        self.agency = agencies.agency_view(land.commune, make.TODAY).uid

    def address(self, view: str) -> str:
        parts: dict[str, dict[str, object]] = {
            "fieldreports_export": {"suffix": "csv"},
            "fieldreport_figures": {"suffix": "xlsx"},
            "fieldreport_filter_drop": {"uid": uuid4()},
            "fieldreport_agency": {"uid": self.agency},
            "fieldreport_rule_end": {"uid": self.rule},
            "fieldreport_category": {"key": "den-duong"},
            "fieldreport_frame_end": {"uid": self.frame},
        }
        if view in {"fieldreport_file", "fieldreport_thumb", "fieldreport_original"}:
            return url(view, uid=self.photo)
        names = next(one for one in urls_fieldreports.urlpatterns if one.name == view).pattern.regex.groupindex
        if "code" in names:
            return url(view, code=self.report.code)
        return url(view, **parts.get(view, {}))

    def typed(self, view: str) -> dict[str, object]:
        commune = str(self.land.place.uid)
        forms: dict[str, dict[str, object]] = {
            "fieldreports_many": {"viec": "tiep-nhan", "pa": self.other.code},
            "fieldreport_filter_save": {"ten": "Của tôi", "dia-chi": "xem=moi"},
            "fieldreport_take": {
                "channel": "phone", "words": "Đèn đường trước nhà văn hóa tắt mấy hôm nay", "commune": commune,
                "category": "den-duong", "client_id": str(uuid4()),
            },
            "fieldreport_rules": {
                "name": "Đèn về Sở", "category": "den-duong", "hours": "always", "target": "agency",
                "agency": self.land.department, "valid_from": "2024-04-08",
            },
            "fieldreport_rule_end": {"valid_to": "2024-05-01"},
            "fieldreport_categories": {"name": "Cây cổ thụ"},
            "fieldreport_category": {
                "name": "Đèn đường", "intake_hours": 8, "working_hours": 24, "urgent_intake_hours": 2, "urgent_hours": 8, "radius_m": 60,
            },
            "fieldreport_frames": {"agency": self.land.commune, "title": "Đang làm", "body": "Đơn vị đang [việc đang làm], xong ngày [ngày]."},
            "fieldreport_original": {"reason": SAID},
            "fieldreport_act": {"viec": "note", "words": SAID},
            "fieldreport_answer": {"outcome": "explained", "words": make.ANSWER},
            "fieldreport_merge": {"pa": self.other.code},
            "fieldreport_split": {
                "words": ["Đèn tắt trước chợ", "Dây điện chùng xuống đường"], "category": ["den-duong", "den-duong"], "agency": ["", ""],
            },
            "fieldreport_moderate": {"viec": "redact", "public_text": "Đèn đường tắt", "words": SAID},
        }  # fmt: skip
        form = forms.get(view, {})
        if view == "fieldreport_frames":
            form = dict(form)
        return form


@pytest.fixture
def place(land):
    return Place(land)


def send(client: Client, method: str, address: str, form: dict[str, object]) -> int:
    """Ask for an address, take all of a file, and return how it was answered."""
    answer = client.get(address) if method == "GET" else client.post(address, form)
    assert answer.getvalue() is not None
    return int(answer.status_code)


def test_every_address_has_its_line():
    names = {str(pattern.name) for pattern in urls_fieldreports.urlpatterns}
    assert names - BY_LINK == {view for _method, view in TABLE}


def test_each_role_gets_through_the_doors_of_its_line_and_leaves_the_others_as_they_were(place):
    officials = {role: browser(make.officer(place.land.commune, role)) for role in ROLES}
    wrong = []
    for (method, view), line in TABLE.items():
        address, form = place.address(view), place.typed(view)
        before = kept() if method == "POST" and view not in CHANGING else {}
        for role in ROLES:
            typed = dict(form)
            if view == "fieldreport_frames" and role in {Role.ADMINISTRATOR}:
                typed["agency"] = ""
            with desk.undone():
                found = send(officials[role], method, address, typed)
                if found != line[role]:
                    wrong.append((method, view, str(role), found, line[role]))
                if before and found not in {200, 302} and kept() != before:
                    wrong.append((method, view, str(role), "changed something"))
    assert wrong == []


def test_nobody_comes_in_unsigned_without_a_role_or_without_the_second_factor(place):
    lock, nobody = browser(place.land.chief, second_factor=False), browser(make.citizen())
    for method, view in TABLE:
        address, form = place.address(view), place.typed(view)
        for client, status, where in ((Client(), 302, "/dang-nhap/"), (lock, 302, reverse("backoffice:second_factor")), (nobody, 403, "")):  # fmt: skip
            answer = client.get(address) if method == "GET" else client.post(address, form)
            assert answer.status_code == status, view
            assert answer.headers.get("location", "").startswith(where)


def test_what_another_agency_holds_is_not_found_whatever_role_one_has_elsewhere(place):
    own = re.compile(
        r"fieldreport(_(act|sender|answer|merge|split|moderate|sheet|original|agency))?$"
    )  # its photo is public
    for role in (Role.HEAD, Role.DELEGATE, Role.CLERK, Role.DISPATCHER, Role.AUDITOR, Role.ADMINISTRATOR):
        client = browser(make.officer(place.land.other, role))
        for method, view in TABLE:
            if own.match(view):
                before = Report.objects.values().get(pk=place.report.pk)
                assert send(client, method, place.address(view), place.typed(view)) == 404, (view, role)
                assert Report.objects.values().get(pk=place.report.pk) == before


def test_a_filter_is_its_owners_alone(land):
    mine, theirs = browser(land.clerk), browser(land.chief)
    mine.post(
        url("fieldreport_filter_save"), {"ten": "Việc khẩn", "dia-chi": "xem=moi&loc=khan&cursor=abc&tu=2024-01-01"}
    )
    [row] = saved.filters_of(land.clerk.actor.account_id)
    assert row.address == "xem=moi&loc=khan"
    assert "Việc khẩn" in mine.get(url("fieldreports")).content.decode()
    assert "Việc khẩn" not in theirs.get(url("fieldreports")).content.decode()
    assert theirs.post(url("fieldreport_filter_drop", uid=row.uid)).status_code == 404
    assert mine.post(url("fieldreport_filter_drop", uid=row.uid)).status_code == 302
    assert saved.filters_of(land.clerk.actor.account_id) == []


def test_a_filter_goes_with_its_account(land):
    account_id = land.clerk.actor.account_id
    saved.save_filter(account_id=account_id, name="Tạm", address="xem=moi", now=clock.now())
    assert [section.key for section in saved.sections(account_id)] == ["backoffice_filters"]
    saved.forget(account_id)
    assert saved.filters_of(account_id) == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_filter_needs_a_name(land, name):
    answer = browser(land.clerk).post(url("fieldreport_filter_save"), {"ten": name, "dia-chi": "xem=moi"})
    assert answer.status_code == 422


def test_twenty_filters_are_enough(land):
    for number in range(saved.MOST):
        saved.save_filter(account_id=1, name=f"Lọc {number}", address="", now=make.NOW)
    saved.save_filter(account_id=1, name="Lọc 3", address="xem=moi", now=make.NOW)
    with pytest.raises(saved.TooManyFilters):
        saved.save_filter(account_id=1, name="Một cái nữa", address="", now=make.NOW)
