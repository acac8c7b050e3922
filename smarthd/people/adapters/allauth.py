"""How allauth sees our accounts.

allauth keeps the pipeline every sign-in goes through (second factor, session list), the second factors themselves and the OIDC client.
Accounts, numbers and codes are ours: services.signin. Nothing of an identity provider's claims is kept but a keyed hash of who it is.
"""

from __future__ import annotations

import base64
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from smarthd.kernel import clock, sealing
from smarthd.people import services
from smarthd.people.models import Account
from smarthd.people.rules.sessions import BOUND_INSTALL, HOME_TOLD, INSTALL_FACTS, LINK_AGREED

LINK_WINDOW_S = 600
_TOTP_SEAL = "people.totp"
_IDENTITY = "people.identity"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by our own sign-in; allauth asks for the second factor and keeps the session."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("Tài khoản này đã khóa."),
        "too_many_login_attempts": _("Nhập sai quá nhiều lần. Xin chờ ít phút rồi thử lại."),
        "rate_limited": _("Thử quá nhiều lần. Xin chờ ít phút rồi thử lại."),
        "incorrect_code": _("Mã chưa đúng."),
    }

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse:
        """Once the whole sign-in is through, second factor included: take over where the person lives, bind the install."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        home_id = request.session.pop(HOME_TOLD, None)
        if home_id is not None and user.home_id is None:
            services.set_home(user.pk, home_id=int(home_id), now=clock.now())
        facts = request.session.pop(INSTALL_FACTS, None)
        if isinstance(facts, dict):
            _bind(request, user, facts)
        return response


def _bind(request: HttpRequest, user: Account, facts: dict[str, Any]) -> None:
    now = clock.now()
    uid = UUID(str(facts["uid"]))
    services.record_first_open(
        uid,
        platform=str(facts["platform"]),
        standalone=bool(facts["standalone"]),
        atom_id=None,
        opened_at=None,
        team_code="",
        now=now,
    )
    services.bind_install(user.pk, install_uid=uid, now=now)
    request.session[BOUND_INSTALL] = str(uid)


class SealedOpenIDConnectProvider(OpenIDConnectProvider):
    """Knows a person of a provider by a keyed hash of (issuer, subject), and asks for no more than a name."""

    def get_default_scope(self) -> list[str]:
        return ["openid", "profile"]

    def extract_uid(self, data: dict[str, Any]) -> str:
        subject = super().extract_uid(data)
        return sealing.blind_index(f"{self.app.settings['server_url']} {subject}", purpose=_IDENTITY).hex()

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"name": super().extract_common_fields(data).get("name")}


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """A national identity signs in, opens an account, or is linked to one by its person's explicit word."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "connected_other": _("Tài khoản định danh này đã liên kết với một tài khoản khác."),
        "invalid_token": _("Nhà cung cấp định danh trả lời không đúng."),
    }

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        found = super().get_provider(request, provider, client_id=client_id)
        if isinstance(found, OpenIDConnectProvider):
            return SealedOpenIDConnectProvider(request, app=found.app)
        return found

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return True

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Account:
        account: Account = sociallogin.user
        services.identity_account(account, full_name=str(data.get("name") or ""), now=clock.now())
        return account

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Refuse a link that its person did not agree to a moment ago: a provider's answer alone links nothing."""
        if sociallogin.state.get("process") != AuthProcess.CONNECT:
            return
        agreed = request.session.pop(LINK_AGREED, None)
        if not _is_fresh(agreed, clock.now()):
            raise ImmediateHttpResponse(redirect("citizen:account_identity"))

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return redirect("citizen:account_identity").url

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Accounts have no e-mail address: their person sees the link on their own page."""


def _is_fresh(agreed: object, now: datetime) -> bool:
    return isinstance(agreed, float | int) and 0 <= now.timestamp() - agreed < LINK_WINDOW_S


class MFAAdapter(DefaultMFAAdapter):
    """Second factors of officials; their secrets are sealed."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("Mã chưa đúng. Xin xem lại mã mới nhất trong ứng dụng xác thực."),
        "cannot_delete_authenticator": _("Không tắt được xác thực hai bước."),
        "cannot_generate_recovery_codes": _("Cần bật xác thực hai bước trước khi tạo mã dự phòng."),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(sealing.seal(text, purpose=_TOTP_SEAL)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(base64.b64decode(encrypted_text), purpose=_TOTP_SEAL)

    def build_totp_svg(self, url: str) -> str:
        picture = BytesIO()
        segno.make(url, error="m").save(picture, kind="svg", scale=5, border=4, light="#fff", xmldecl=False)
        return picture.getvalue().decode()

    def generate_authenticator_name(self, user: Account, type: Any) -> str:
        return str(_("Khóa của tôi"))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Accounts have no e-mail address: changes show on their person's security page."""


class ActivateTOTPForm(AllauthActivateTOTPForm):
    """Turning the authenticator on proves it: this session has passed a second factor from now on, and may see its recovery codes."""

    def clean_code(self) -> str:
        code: str = super().clean_code()
        record_authentication(context.request, self.user, method="mfa", type="totp", reauthenticated=True)
        return code


class _OnceForm(BaseAuthenticateForm):
    """allauth remembers used codes in each process by itself; here a code is taken once by all of them."""

    def clean_code(self) -> str:
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP and not services.take_totp(
            self.user.pk, code, now=clock.now()
        ):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_OnceForm, AllauthAuthenticateForm):
    """The second step of signing in."""


class ReauthenticateForm(_OnceForm, AllauthReauthenticateForm):
    """The second factor asked again, before something that matters."""
