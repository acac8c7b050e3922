"""A national identity: a real OpenID provider on loopback, PKCE, first sign-in, linking by one's own word."""

from __future__ import annotations

import base64
import hashlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from smarthd.citizen.tests.account_make import account_of, sign_in, totp
from smarthd.people.models import Account, SignInCode

pytestmark = pytest.mark.django_db
NUMBER = "0912 345 678"
CLAIMS = '{"sub": "030000000001", "name": "Trần Văn Bình", "email": "binh@example.vn"}'


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--user-claims", CLAIMS]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None
        try:
            if httpx.get(f"{address}/.well-known/openid-configuration").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("the identity provider did not come up")


@pytest.fixture
def provider(issuer: str, settings: Any) -> str:
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "dinh-danh",
                    "name": "tài khoản định danh",
                    "client_id": "smarthd",
                    "secret": "secret",
                    "settings": {"server_url": issuer, "oauth_pkce_enabled": True},
                }
            ],
        }
    }
    return issuer


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Listen to what goes to the provider's token endpoint."""
    bodies: list[dict[str, Any]] = []
    whole = requests.Session.request

    def listen(self: requests.Session, method: str, url: str, **options: Any) -> Any:
        if url.endswith("/token"):
            bodies.append(dict(options.get("data") or {}))
        return whole(self, method, url, **options)

    monkeypatch.setattr(requests.Session, "request", listen)
    return bodies


def _at_the_provider(client: Client, answer: Any, sub: str = "030000000001", **form: str) -> Any:
    """Play the person at the provider's page and come back with its answer."""
    assert answer.status_code == 302, answer.content.decode()
    back = httpx.post(answer["Location"], data={"sub": sub, **form})
    assert back.status_code == 302, back.text
    parts = urlsplit(back.headers["Location"])
    return client.get(f"{parts.path}?{parts.query}")


def test_a_first_sign_in_opens_an_account_and_the_next_finds_it(client: Client, provider: str) -> None:
    _at_the_provider(client, client.post("/dang-nhap/dinh-danh/"))
    account = Account.objects.get()
    assert account.full_name == "Trần Văn Bình"
    assert account.verified_at is not None
    assert client.get("/toi/tai-khoan/").status_code == 200
    again = Client()
    _at_the_provider(again, again.post("/dang-nhap/dinh-danh/"))
    assert again.get("/toi/tai-khoan/").status_code == 200
    assert Account.objects.count() == 1


def test_the_code_is_bound_to_this_browser_by_pkce(client: Client, provider: str, told: list[dict[str, Any]]) -> None:
    answer = client.post("/dang-nhap/dinh-danh/")
    query = parse_qs(urlsplit(answer["Location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    _at_the_provider(client, answer)
    verifier = str(told[0]["code_verifier"])
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    assert query["code_challenge"] == [challenge]


def test_nothing_of_the_claims_is_kept_but_a_keyed_hash_and_the_name(client: Client, provider: str) -> None:
    answer = client.post("/dang-nhap/dinh-danh/")
    (scope,) = parse_qs(urlsplit(answer["Location"]).query)["scope"]
    assert set(scope.split()) == {"openid", "profile"}
    _at_the_provider(client, answer)
    social = SocialAccount.objects.get()
    assert len(social.uid) == 64
    assert "030000000001" not in social.uid
    assert social.extra_data == {}
    assert not EmailAddress.objects.exists()
    assert not SocialToken.objects.exists()


def test_an_answer_for_another_browser_signs_nobody_in(client: Client, provider: str) -> None:
    answer = client.post("/dang-nhap/dinh-danh/")
    stranger = Client()
    back = _at_the_provider(stranger, answer)
    assert "Chưa đăng nhập được" in back.content.decode()
    assert not Account.objects.exists()


def test_a_refusal_at_the_provider_changes_nothing(client: Client, provider: str) -> None:
    answer = client.post("/dang-nhap/dinh-danh/")
    back = _at_the_provider(client, answer, action="deny")
    page = client.get(back["Location"]) if back.status_code == 302 else back
    assert "Chưa có gì thay đổi" in page.content.decode()
    assert not Account.objects.exists()


def test_linking_needs_ones_own_word_and_then_both_ways_lead_to_one_account(client: Client, provider: str) -> None:
    sign_in(client, NUMBER)
    unticked = client.post("/toi/tai-khoan/dinh-danh/", {"wording_version": "1"})
    assert unticked.status_code == 422
    _at_the_provider(client, client.post("/toi/tai-khoan/dinh-danh/", {"wording_version": "1", "agreed": "on"}))
    assert SocialAccount.objects.get().user_id == account_of(NUMBER).pk
    other = Client()
    _at_the_provider(other, other.post("/dang-nhap/dinh-danh/"))
    assert other.session["_auth_user_id"] == str(account_of(NUMBER).pk)


def test_a_link_nobody_agreed_to_is_refused_even_when_the_provider_answers(client: Client, provider: str) -> None:
    sign_in(client, NUMBER)
    answer = client.post("/toi/tai-khoan/dinh-danh/", {"wording_version": "1", "agreed": "on"})
    session = client.session
    del session["people_link_agreed"]
    session.save()
    back = _at_the_provider(client, answer)
    assert back["Location"] == "/toi/tai-khoan/dinh-danh/"
    assert not SocialAccount.objects.exists()


def test_an_identity_linked_elsewhere_cannot_be_linked_again(client: Client, provider: str) -> None:
    first = Client()
    _at_the_provider(first, first.post("/dang-nhap/dinh-danh/"))
    sign_in(client, NUMBER)
    _at_the_provider(client, client.post("/toi/tai-khoan/dinh-danh/", {"wording_version": "1", "agreed": "on"}))
    assert "tài khoản khác" in client.get("/toi/tai-khoan/dinh-danh/").content.decode()
    assert not SocialAccount.objects.filter(user=account_of(NUMBER)).exists()


def test_the_last_way_in_is_not_taken_off(client: Client, provider: str) -> None:
    _at_the_provider(client, client.post("/dang-nhap/dinh-danh/"))
    client.post("/toi/tai-khoan/dinh-danh/", {"unlink": "1"})
    assert SocialAccount.objects.count() == 1
    client.post("/toi/tai-khoan/so-dien-thoai/", {"phone": NUMBER})
    code = client.session["citizen_new_phone"]["shown_code"]
    client.post("/toi/tai-khoan/so-dien-thoai/ma/", {"code": code})
    client.post("/toi/tai-khoan/dinh-danh/", {"unlink": "1"})
    assert not SocialAccount.objects.exists()


def test_an_identity_does_not_go_round_the_second_factor(client: Client, provider: str) -> None:
    import re

    sign_in(client, NUMBER)
    _at_the_provider(client, client.post("/toi/tai-khoan/dinh-danh/", {"wording_version": "1", "agreed": "on"}))
    page = client.get("/tai-khoan/bao-mat/hai-buoc/totp/activate/").content.decode()
    secret = re.search(r"data-totp-secret>([A-Z2-7]+)<", page).group(1)  # type: ignore[union-attr]
    client.post("/tai-khoan/bao-mat/hai-buoc/totp/activate/", {"code": totp(secret)})
    client.post("/dang-xuat/")
    SignInCode.objects.all().delete()
    back = _at_the_provider(client, client.post("/dang-nhap/dinh-danh/"))
    assert back["Location"] == "/tai-khoan/bao-mat/hai-buoc/authenticate/"
    assert "_auth_user_id" not in client.session


def test_without_a_provider_there_is_no_button_and_no_page(client: Client) -> None:
    assert "định danh" not in client.get("/dang-nhap/").content.decode()
    sign_in(client, NUMBER)
    assert client.get("/toi/tai-khoan/dinh-danh/").status_code == 404
