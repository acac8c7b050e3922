"""The files of an urging letter through the desk: for those who work with the reports of the agency that sends it."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from smarthd.agencies.rules import Role
from smarthd.backoffice.tests import make
from smarthd.kernel import clock
from smarthd.rollout import services as rollout
from smarthd.rollout.models import UrgingLetter
from smarthd.rollout.tests import reporting

pytestmark = pytest.mark.django_db
ALLOWED = {Role.HEAD, Role.DELEGATE, Role.CLERK, Role.ADMINISTRATOR, Role.AUDITOR}


@pytest.fixture(autouse=True)
def _at_ten_on_a_saturday():
    clock.set_now(make.NOW)
    yield
    clock.set_now(None)


@pytest.fixture
def desk():
    made = reporting.desk()
    rollout.take_steps(now=clock.at_local(date(2024, 4, 17), 18))
    return made


def address(suffix: str) -> str:
    uid = UrgingLetter.objects.get().uid
    name = {"docx": "backoffice:letter_docx", "xlsx": "backoffice:letter_xlsx"}[suffix]
    assert reverse(name, kwargs={"uid": uid}) == f"/can-bo/bao-cao-ky/cong-van/{uid}.{suffix}"
    return reverse(name, kwargs={"uid": uid})


@pytest.mark.parametrize("role", list(Role))
def test_who_works_with_reports_there_takes_the_files_and_nobody_else_finds_them(desk, role):
    there = make.signed_in(make.official(desk.world.department, role))
    elsewhere = make.signed_in(make.official(desk.world.commune_a, role))
    for suffix in ("docx", "xlsx"):
        assert there.get(address(suffix)).status_code == (200 if role in ALLOWED else 404)
        assert elsewhere.get(address(suffix)).status_code == 404


def test_a_file_is_a_zip_with_a_name_and_no_cache_keeps_it(desk):
    answer = make.signed_in(make.official(desk.world.department, Role.HEAD)).get(address("docx"))
    assert answer.content.startswith(b"PK")
    assert "cong-van-don-doc_lenh_2024-04-17_du-thao.docx" in answer["content-disposition"]
    assert "no-store" in answer["cache-control"]


def test_an_unknown_letter_is_not_found(desk):
    client = make.signed_in(make.official(desk.world.department, Role.HEAD))
    assert client.get(reverse("backoffice:letter_docx", kwargs={"uid": uuid4()})).status_code == 404
    assert client.get(reverse("backoffice:letter_xlsx", kwargs={"uid": uuid4()})).status_code == 404
