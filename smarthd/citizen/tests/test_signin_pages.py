"""Signing in through the pages: code, second factor, sessions, signing out."""

from __future__ import annotations

import base64
import re
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client, override_settings

from smarthd.citizen.tests.account_make import account_of, sign_in, totp
from smarthd.messaging.models import CodeDelivery
from smarthd.people import selectors
from smarthd.people.models import Account, Install, SignInCode

pytestmark = pytest.mark.django_db
NUMBER = "0912 345 678"


def _signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_number_and_its_code_sign_a_person_in_and_the_session_is_listed(client: Client) -> None:
    answer = sign_in(client, NUMBER)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert _signed_in(client)
    assert UserSession.objects.get().user_id == account_of(NUMBER).pk
    assert "máy này" in client.get("/toi/tai-khoan/thiet-bi/").content.decode()


def test_the_way_back_is_kept_but_never_leads_away(client: Client) -> None:
    assert sign_in(client, NUMBER, next="/toi/tai-khoan/")["Location"] == "/toi/tai-khoan/"
    away = Client()
    assert sign_in(away, "0912 345 679", next="https://evil.example/")["Location"] == "/"


@pytest.mark.parametrize(
    ("typed", "words"),
    [("113", "số ngắn"), ("0220 3852 456", "máy bàn"), ("", "còn trống"), ("abc", "chỉ gồm chữ số")],
)
def test_a_wrong_number_is_answered_in_words_and_nothing_is_sent(client: Client, typed: str, words: str) -> None:
    answer = client.post("/dang-nhap/", {"phone": typed})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not SignInCode.objects.exists()


def test_a_wrong_code_is_answered_with_the_tries_left(client: Client) -> None:
    client.post("/dang-nhap/", {"phone": NUMBER})
    right = client.session["citizen_signin"]["shown_code"]
    answer = client.post("/dang-nhap/ma/", {"code": f"{(int(right) + 1) % 10**6:06d}"})
    assert answer.status_code == 422
    assert "Còn 4 lần thử" in answer.content.decode()
    assert not _signed_in(client)


def test_asking_twice_in_a_minute_goes_on_to_the_code_already_sent(client: Client) -> None:
    client.post("/dang-nhap/", {"phone": NUMBER})
    answer = client.post("/dang-nhap/", {"phone": NUMBER})
    assert answer["Location"] == "/dang-nhap/ma/"
    assert SignInCode.objects.count() == 1


@override_settings(DEMO=False, TESTING=False)
def test_outside_demonstration_the_page_and_the_session_never_hold_the_code(client: Client) -> None:
    client.post("/dang-nhap/", {"phone": NUMBER})
    assert client.session["citizen_signin"]["shown_code"] == ""
    assert "data-demo-code" not in client.get("/dang-nhap/ma/").content.decode()


def test_the_session_holds_the_number_only_sealed(client: Client) -> None:
    client.post("/dang-nhap/", {"phone": NUMBER})
    assert "912345678" not in str(dict(client.session.items()))


def test_a_code_that_could_not_be_delivered_is_said(client: Client) -> None:
    client.post("/dang-nhap/", {"phone": NUMBER})
    code = SignInCode.objects.get()
    CodeDelivery.objects.create(
        request_uid=code.uid,
        state="failed",
        asked_at=code.requested_at,
        expires_at=code.expires_at,
        closed_at=code.requested_at,
    )
    assert "Chưa gửi được tin nhắn" in client.get("/dang-nhap/ma/").content.decode()


def test_the_installed_app_signs_in_and_the_account_is_activated_on_it(client: Client) -> None:
    uid = str(uuid4())
    sign_in(client, NUMBER, install_uid=uid, platform="android", standalone="True")
    account = account_of(NUMBER)
    assert selectors.account_id_on_install(Install.objects.get().uid) == account.pk
    assert account.activated_at is not None
    client.post("/dang-xuat/")
    assert selectors.account_id_on_install(Install.objects.get().uid) is None
    assert not _signed_in(client)


def test_a_browser_signs_in_without_an_install(client: Client) -> None:
    sign_in(client, NUMBER)
    assert not Install.objects.exists()
    assert account_of(NUMBER).activated_at is None


@pytest.mark.parametrize("broken", ["not-a-uuid", "x" * 500])
def test_nonsense_about_the_install_is_refused(client: Client, broken: str) -> None:
    assert client.post("/dang-nhap/", {"phone": NUMBER, "install_uid": broken}).status_code == 422


def test_someone_signed_in_elsewhere_can_end_the_other_sessions_or_all(client: Client) -> None:
    other = Client()
    sign_in(other, NUMBER)
    SignInCode.objects.all().delete()
    sign_in(client, NUMBER)
    assert UserSession.objects.count() == 2
    client.post("/toi/tai-khoan/thiet-bi/", {"others": "1"})
    assert other.get("/toi/tai-khoan/").status_code == 302
    assert client.get("/toi/tai-khoan/").status_code == 200
    client.post("/toi/tai-khoan/thiet-bi/", {"all": "1"})
    assert client.get("/toi/tai-khoan/").status_code == 302
    assert UserSession.objects.count() == 0


def test_a_locked_account_is_told_so(client: Client) -> None:
    sign_in(client, NUMBER)
    client.post("/dang-xuat/")
    Account.objects.update(is_active=False)
    SignInCode.objects.all().delete()
    answer = sign_in(client, NUMBER)
    assert "đã khóa" in client.get(answer["Location"]).content.decode()
    assert not _signed_in(client)


# --- the second factor -----------------------------------------------------------------------------------------------
def _enrol(client: Client) -> str:
    page = client.get("/tai-khoan/bao-mat/hai-buoc/totp/activate/").content.decode()
    secret = re.search(r"data-totp-secret>([A-Z2-7]+)<", page).group(1)  # type: ignore[union-attr]
    answer = client.post("/tai-khoan/bao-mat/hai-buoc/totp/activate/", {"code": totp(secret)})
    assert answer.status_code == 302
    return secret


def test_an_account_with_a_second_factor_is_asked_for_it_and_only_then_is_in(client: Client) -> None:
    sign_in(client, NUMBER)
    secret = _enrol(client)
    client.post("/dang-xuat/")
    SignInCode.objects.all().delete()
    uid = str(uuid4())
    answer = sign_in(client, NUMBER, install_uid=uid, platform="android", standalone="True", next="/can-bo/")
    assert answer["Location"] == "/tai-khoan/bao-mat/hai-buoc/authenticate/"
    assert not _signed_in(client)
    assert not Install.objects.exists()
    assert "Bước thứ hai" in client.get(answer["Location"]).content.decode()
    wrong = client.post(answer["Location"], {"code": "000000"})
    assert "Mã chưa đúng" in wrong.content.decode()
    cache.clear()  # allauth remembers a code just used; a person waits half a minute
    through = client.post(answer["Location"], {"code": totp(secret)})
    assert through["Location"] == "/can-bo/"
    account = account_of(NUMBER)
    assert selectors.passed_second_factor(client.session, account.pk)
    assert selectors.account_id_on_install(Install.objects.get().uid) == account.pk


def test_one_factor_is_not_two_and_anothers_second_factor_is_none(client: Client) -> None:
    sign_in(client, NUMBER)
    account = account_of(NUMBER)
    assert not selectors.passed_second_factor(client.session, account.pk)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 1.0}]
    session.save()
    assert selectors.passed_second_factor(client.session, account.pk)
    assert not selectors.passed_second_factor(client.session, account.pk + 1)


def test_a_recovery_code_lets_in_once(client: Client) -> None:
    sign_in(client, NUMBER)
    _enrol(client)
    page = client.get("/tai-khoan/bao-mat/hai-buoc/recovery-codes/").content.decode()
    assert "Mã dự phòng" in page
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert codes[0] in page
    for expected in (302, 200):
        client.post("/dang-xuat/")
        SignInCode.objects.all().delete()
        answer = sign_in(client, NUMBER)
        assert client.post(answer["Location"], {"code": codes[0]}).status_code == expected


def test_turning_the_authenticator_on_is_itself_a_second_factor(client: Client) -> None:
    sign_in(client, NUMBER)
    account = account_of(NUMBER)
    client.get("/tai-khoan/bao-mat/hai-buoc/totp/activate/")
    client.post("/tai-khoan/bao-mat/hai-buoc/totp/activate/", {"code": "000000"})
    assert not selectors.passed_second_factor(client.session, account.pk)
    _enrol(client)
    assert selectors.passed_second_factor(client.session, account.pk)


def test_the_picture_of_the_secret_can_be_drawn(client: Client) -> None:
    sign_in(client, NUMBER)
    page = client.get("/tai-khoan/bao-mat/hai-buoc/totp/activate/").content.decode()
    picture = base64.b64decode(re.search(r"data:image/svg\+xml;base64,([^\"]+)", page).group(1))  # type: ignore[union-attr]
    assert b'xmlns="http://www.w3.org/2000/svg"' in picture


def test_the_secret_of_a_second_factor_is_sealed(client: Client) -> None:
    sign_in(client, NUMBER)
    secret = _enrol(client)
    stored = str(Authenticator.objects.get(type="totp").data)
    assert secret not in stored


PAGES_OF_SECOND_FACTOR = ["", "totp/activate/", "webauthn/", "webauthn/add/"]


@pytest.mark.parametrize("path", PAGES_OF_SECOND_FACTOR)
def test_no_page_of_the_second_factor_is_in_bare_english(client: Client, path: str) -> None:
    sign_in(client, NUMBER)
    page = client.get(f"/tai-khoan/bao-mat/hai-buoc/{path}").content.decode()
    visible = re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.DOTALL)
    for word in ("Two-Factor", "Authenticator", "Security Key", "Add", "Activate", "Recovery", "Sign"):
        assert word not in visible


def test_nobody_needs_allauths_own_pages(client: Client) -> None:
    for path in ("vao/", "mo/", "lai/", "phien/"):
        answer = client.get(f"/tai-khoan/bao-mat/{path}")
        assert answer.status_code == 302
    assert client.get("/tai-khoan/bao-mat/password/change/").status_code == 404


def test_signing_out_ends_the_session_in_the_database(client: Client) -> None:
    sign_in(client, NUMBER)
    key = client.session.session_key
    client.post("/dang-xuat/")
    assert not Session.objects.filter(session_key=key).exists()
