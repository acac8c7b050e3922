"""The second lock: six figures from an authenticator, or a passkey. allauth keeps and checks the secrets."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.views import ReauthenticateView
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse


class SecondFactorView(ReauthenticateView):
    """Ask for the second factor once a session; who has none yet sets one up first."""

    template_name = "backoffice/second_factor.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not is_mfa_enabled(request.user):
            return redirect(f"{reverse('mfa_activate_totp')}?next={request.path}")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def _check_reauthentication_method_available(self, request: HttpRequest) -> None:
        """Every account with a second factor may give it here."""

    def get_default_success_url(self) -> str:
        return reverse("backoffice:work")
