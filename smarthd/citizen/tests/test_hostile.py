"""Every citizen's form against hostile input: what is wrong, in Vietnamese; nothing breaks, nothing is half-saved."""

from __future__ import annotations

import base64

import pytest
from django.test import Client

from smarthd.citizen.tests.account_make import sign_in
from smarthd.citizen.tests.conftest import unit_named
from smarthd.kernel.tests.make import kept
from smarthd.people.models import Account, DataRequest

pytestmark = pytest.mark.django_db

HOSTILE = {
    "empty": "",
    "spaces": "  \u00a0\u3000",
    "long": "x" * 10_000,
    "script": "<script>alert(1)</script>",
    "bidi": "\u202e\u2066gnửđ\u2069",
    "nul": "a\0b",
    "emoji": "👩‍👩‍👧🎉",
    "percent": "%(x)s {0} {{ x }}",
    "digits": "9" * 400,
    "controls": "\x1b[2J\x07\x0b\uffff",
}
HOSTILES = [pytest.param(key, marks=() if key in {"script", "nul", "empty"} else pytest.mark.slow) for key in HOSTILE]
OPEN_FORMS = {
    "/bat-dau/": ("unit", "name"),
    "/bat-dau/hien-thi/": ("text", "theme"),
    "/cai-dat/": ("text", "theme", "language"),
    "/dang-nhap/": ("phone", "install_uid", "platform", "standalone"),
}
OWN_FORMS = {
    "/toi/tai-khoan/ten/": ("full_name",),
    "/toi/tai-khoan/so-dien-thoai/": ("phone",),
    "/toi/tai-khoan/dong-y/usage/": ("usage-agreed", "usage-wording_version"),
    "/toi/tai-khoan/du-lieu/yeu-cau/": ("kind", "details"),
    "/toi/tai-khoan/xoa/": ("words",),
}
NAMES = {"empty", "spaces", "bidi"}
"""No name, and letters once what cannot be seen is taken off, are answers."""
QUESTIONS = (
    "/tim/?q=",
    "/dia-chi/?q=",
    "/dia-chi/goi-y/?q=",
    "/thong-bao/?cursor=",
    "/dang-nhap/?next=",
    "/thong-bao/?x=",
)
QUESTIONS += ("/toi/tai-khoan/da-xoa/?ma=", "/cai-dat/?da-luu=")


def refused(answer, path: str) -> None:
    """Check that a page says what is wrong, in Vietnamese, and repeats nothing as markup."""
    page = answer.content.decode()
    assert answer.status_code == 422, path
    assert "data-error-summary" in page or "field-error" in page, path
    assert "<script>alert" not in page
    assert not any(
        english in page for english in ("This field", "Enter a valid", "Select a valid", "Ensure this", "Null char")
    )


@pytest.mark.parametrize("hostile", HOSTILES)
@pytest.mark.parametrize("path", OPEN_FORMS)
def test_a_form_anyone_may_send_refuses_nonsense_in_vietnamese(client, province, path, hostile):
    before = kept()
    refused(client.post(path, dict.fromkeys(OPEN_FORMS[path], HOSTILE[hostile])), path)
    assert kept() == before


@pytest.mark.parametrize("hostile", HOSTILES)
def test_a_place_that_is_nonsense_is_asked_for_again(client, province, hostile):
    answer = client.post("/bat-dau/vi-tri/", {"lat": HOSTILE[hostile], "lon": HOSTILE[hostile]})
    assert answer.status_code == 200
    assert "/bat-dau/" in answer.content.decode()
    for lat in ("nan", "inf", "-inf", "1e400", "91"):
        assert client.post("/bat-dau/vi-tri/", {"lat": lat, "lon": "106.3"}).status_code == 200


@pytest.fixture
def person(client: Client) -> Client:
    sign_in(client, "0912 345 678")
    return client


@pytest.mark.parametrize("hostile", HOSTILES)
def test_the_forms_of_an_account_refuse_nonsense_and_the_account_stays_as_it_was(person, hostile):
    before = kept()
    for path, fields in OWN_FORMS.items():
        if path.endswith("/ten/") and hostile in NAMES:
            continue
        refused(person.post(path, dict.fromkeys(fields, HOSTILE[hostile])), path)
    for version in ("0", "-1", "10001", "9" * 30):
        told = {"usage-agreed": "on", "usage-wording_version": version}
        refused(person.post("/toi/tai-khoan/dong-y/usage/", told), version)
    assert kept() == before
    assert Account.objects.get().full_name == ""
    assert not DataRequest.objects.exists()


@pytest.mark.parametrize("hostile", HOSTILES)
def test_a_code_that_is_nonsense_is_refused_and_signs_nobody_in(client, hostile):
    client.post("/dang-nhap/", {"phone": "0912 345 678"})
    refused(client.post("/dang-nhap/ma/", {"code": HOSTILE[hostile], "x": "y"}), "/dang-nhap/ma/")
    assert client.get("/toi/tai-khoan/").status_code == 302
    assert not Account.objects.exists()


CURSORS = (base64.urlsafe_b64encode(raw).decode() for raw in (b"[" * 6000, b"[true,1]", b'["\\u0000",1]', b"[1e400,2]"))


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_in_an_address_breaks_a_page(client, province, question):
    for asked in (*HOSTILE.values(), "31/02/2024", "%' OR 1=1 --", "//evil.example", *CURSORS):
        path, _mark, key = question.partition("?")
        answer = client.get(path, {key.rstrip("="): asked})
        assert answer.status_code in {200, 422}, asked[:40]
        assert "<script>alert" not in answer.content.decode()
        assert "//evil.example" not in answer.content.decode().replace(f'value="{asked}"', "")


@pytest.mark.parametrize("asked", HOSTILE.values())
def test_a_part_of_a_split_unit_that_is_none_is_asked_for_again(client, province, asked):
    answer = client.get(f"/dia-chi/{unit_named('nam sach').uid}/", {"phan": asked})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "path", ["/dia-chi/x/", "/thong-bao/<script>/", "/thong-bao/%00/", "/tep/noi-dung/anh/..%2f..%2fx", "/toi/x%00"]
)
def test_an_address_that_is_none_is_not_found_in_words(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Không có trang này" in answer.content.decode()
