"""A person's own account through the pages: see, download, correct, withdraw, restrict, erase; helping someone."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from django.test import Client

from smarthd.citizen.tests.account_make import account_of, sign_in
from smarthd.people import rules, selectors
from smarthd.people.models import Account, Consent, DataRequest, SignInCode

pytestmark = pytest.mark.django_db
NUMBER = "0912 345 678"
PAGES = [
    "/toi/tai-khoan/",
    "/toi/tai-khoan/ten/",
    "/toi/tai-khoan/so-dien-thoai/",
    "/toi/tai-khoan/dong-y/",
    "/toi/tai-khoan/thiet-bi/",
    "/toi/tai-khoan/du-lieu/",
    "/toi/tai-khoan/du-lieu/yeu-cau/",
    "/toi/tai-khoan/xoa/",
]


@pytest.fixture
def person(client: Client) -> Client:
    sign_in(client, NUMBER)
    return client


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_sent_to_sign_in_and_comes_back(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/dang-nhap/?next={quote(path, safe='')}")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_and_no_cache_keeps_it(person: Client, path: str) -> None:
    answer = person.get(path)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_a_name_is_kept_and_shown(person: Client) -> None:
    person.post("/toi/tai-khoan/ten/", {"full_name": "  Nguyễn   Thị Hoà "})
    assert account_of(NUMBER).full_name == "Nguyễn Thị Hoà"
    assert "Nguyễn Thị Hoà" in person.get("/toi/tai-khoan/").content.decode()


@pytest.mark.parametrize("name", ["<script>", "Hoà 123", "a@b.c"])
def test_what_is_no_name_is_refused_beside_its_field(person: Client, name: str) -> None:
    answer = person.post("/toi/tai-khoan/ten/", {"full_name": name})
    assert answer.status_code == 422
    assert "chỉ gồm chữ" in answer.content.decode()
    assert account_of(NUMBER).full_name == ""


def test_a_new_number_is_proved_before_it_counts(person: Client) -> None:
    account = account_of(NUMBER)
    person.post("/toi/tai-khoan/so-dien-thoai/", {"phone": "0987 654 321"})
    code = person.session["citizen_new_phone"]["shown_code"]
    assert person.post("/toi/tai-khoan/so-dien-thoai/ma/", {"code": code}).status_code == 302
    assert account_of("0987 654 321").pk == account.pk


def test_anothers_number_cannot_be_taken(person: Client) -> None:
    other = Client()
    sign_in(other, "0987 654 321")
    SignInCode.objects.all().delete()
    person.post("/toi/tai-khoan/so-dien-thoai/", {"phone": "0987 654 321"})
    code = person.session["citizen_new_phone"]["shown_code"]
    answer = person.post("/toi/tai-khoan/so-dien-thoai/ma/", {"code": code})
    assert answer.status_code == 422
    assert "tài khoản khác" in answer.content.decode()


def test_nothing_is_ticked_beforehand(person: Client) -> None:
    page = person.get("/toi/tai-khoan/dong-y/").content.decode()
    assert "checkbox" in page
    assert "checked" not in page


def test_agreeing_needs_the_tick_and_taking_back_is_one_press(person: Client) -> None:
    account = account_of(NUMBER)
    untouched = person.post("/toi/tai-khoan/dong-y/usage/", {"usage-wording_version": "1"})
    assert untouched.status_code == 422
    assert not Consent.objects.exists()
    person.post("/toi/tai-khoan/dong-y/usage/", {"usage-wording_version": "1", "usage-agreed": "on"})
    assert selectors.has_consent(account.pk, rules.Purpose.USAGE)
    person.post("/toi/tai-khoan/dong-y/usage/", {"withdraw": "1"})
    assert not selectors.has_consent(account.pk, rules.Purpose.USAGE)
    assert "Rút lại sự đồng ý" in person.get("/toi/tai-khoan/du-lieu/").content.decode()


def test_what_is_kept_can_be_seen_and_taken_away(person: Client) -> None:
    person.post("/toi/tai-khoan/ten/", {"full_name": "Nguyễn Thị Hoà"})
    assert "Nguyễn Thị Hoà" in person.post("/toi/tai-khoan/du-lieu/xem/").content.decode()
    as_json = person.post("/toi/tai-khoan/du-lieu/tai/", {"form": "json"})
    body = json.loads(as_json.content)
    assert body["sections"][0]["rows"][0]["Họ và tên"] == "Nguyễn Thị Hoà"
    as_csv = person.post("/toi/tai-khoan/du-lieu/tai/", {"form": "csv"})
    assert "Nguyễn Thị Hoà" in as_csv.content.decode("utf-8-sig")
    assert "attachment" in as_csv["Content-Disposition"]
    kinds = list(DataRequest.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["access", "provide", "provide"]


def test_a_request_shows_its_clock_and_can_be_taken_back(person: Client) -> None:
    fields = {"kind": "rectify", "details": "Năm sinh của tôi ghi sai"}
    assert person.post("/toi/tai-khoan/du-lieu/yeu-cau/", fields).status_code == 302
    page = person.get("/toi/tai-khoan/du-lieu/").content.decode()
    code = DataRequest.objects.get().code
    assert code in page
    assert "Thực hiện xong chậm nhất hết thứ Sáu 4/12" in page
    person.post(f"/toi/tai-khoan/du-lieu/yeu-cau/{code}/rut/")
    assert DataRequest.objects.get().state == "cancelled"


def test_restricting_and_lifting_are_one_press_each(person: Client) -> None:
    person.post("/toi/tai-khoan/du-lieu/han-che/")
    assert account_of(NUMBER).restricted_at is not None
    assert "Đang hạn chế" in person.get("/toi/tai-khoan/").content.decode()
    person.post("/toi/tai-khoan/du-lieu/han-che/", {"lift": "1"})
    assert account_of(NUMBER).restricted_at is None


def test_erasing_needs_its_words_and_then_is_final(person: Client) -> None:
    pk = account_of(NUMBER).pk
    assert person.post("/toi/tai-khoan/xoa/", {"words": "xoá"}).status_code == 422
    assert Account.objects.get(pk=pk).erased_at is None
    answer = person.post("/toi/tai-khoan/xoa/", {"words": "Xoá tài khoản"})
    assert answer["Location"].startswith("/toi/tai-khoan/da-xoa/?ma=")
    assert "Đã xóa tài khoản" in person.get(answer["Location"]).content.decode()
    assert Account.objects.get(pk=pk).erased_at is not None
    assert person.get("/toi/tai-khoan/").status_code == 302


def test_only_a_team_member_sees_the_page_for_helping(person: Client) -> None:
    assert person.get("/giup-mo-tai-khoan/").status_code == 403
