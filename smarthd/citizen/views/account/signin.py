"""Signing in: a number, a code, the second factor where the account has one; signing out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from smarthd.citizen import commune, order
from smarthd.citizen.forms import account as forms
from smarthd.citizen.views.account import ordered
from smarthd.citizen.views.account.requests import address_of, next_of
from smarthd.kernel import clock, sealing
from smarthd.kernel.limits import TooManyAttempts
from smarthd.messaging import selectors as messaging
from smarthd.messaging.rules import DeliveryState
from smarthd.people import rules
from smarthd.people import services as people
from smarthd.people.rules.sessions import BOUND_INSTALL, HOME_TOLD, INSTALL_FACTS
from smarthd.ui.forms import Form

PENDING = "citizen_signin"
SEAL = "citizen.signin"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the number and send a code to it."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(next_of(request))
    form = forms.SignInForm(request.POST or None)
    if sends_code(request, form, PENDING, next=next_of(request)):
        request.session[INSTALL_FACTS] = form.install()
        _tell_home(request)
        return HttpResponseRedirect(reverse("citizen:signin_code"))
    context = {
        "form": form,
        "next": next_of(request, ""),
        "passkey_next": ordered.on_the_way_to(next_of(request)),
        "identity": identity_name(),
    }
    return render(request, "citizen/account/signin.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code and, when it is right, hand over to the rest of the sign-in."""
    pending = read_pending(request, PENDING)
    if pending is None or request.user.is_authenticated:
        return HttpResponseRedirect(reverse("citizen:signin"))
    form = forms.CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = people.verify_code(
                pending["phone"],
                code=form.cleaned_data["code"],
                install_uid=None,
                address=address_of(request),
                now=clock.now(),
            )
        except (rules.WrongCode, rules.CodeUnusable, TooManyAttempts) as refusal:
            form.add_error("code", code_words(refusal))
        else:
            del request.session[PENDING]
            return _hand_over(request, account, pending["next"])
    context = {"form": form, "pending": pending, "unsent": _unsent(pending)}
    return render(request, "citizen/account/code.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def resend(request: HttpRequest) -> HttpResponse:
    """Send another code to the same number."""
    pending = read_pending(request, PENDING)
    if pending is None:
        return HttpResponseRedirect(reverse("citizen:signin"))
    try:
        sent = send_code(request, pending["phone"])
    except TooManyAttempts as refusal:
        messages.error(request, code_words(refusal))
    else:
        keep_pending(request, PENDING, sent | {"next": pending["next"]})
    return HttpResponseRedirect(reverse("citizen:signin_code"))


@never_cache
@require_POST
def identity(request: HttpRequest) -> HttpResponse:
    """Go to the national identity provider to sign in."""
    if not identity_name() or request.user.is_authenticated:
        return HttpResponseRedirect(reverse("citizen:signin"))
    _tell_home(request)
    provider = get_social_adapter(request).get_provider(request, IDENTITY_PROVIDER)
    response: HttpResponse = provider.redirect(
        request, process="login", next_url=ordered.on_the_way_to(next_of(request))
    )
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out of this browser, and take the account off this phone."""
    if request.method != "POST":
        return render(request, "citizen/account/signout.html", {"here": "toi"})
    bound = request.session.get(BOUND_INSTALL)
    if request.user.is_authenticated and bound:
        people.release_install(UUID(str(bound)), account_id=int(request.user.pk), now=clock.now())
    target = next_of(request)
    get_adapter(request).logout(request)
    request.session.flush()
    return order.end(HttpResponseRedirect(target))


@never_cache
def inactive(request: HttpRequest) -> HttpResponse:
    """Say that an account is locked."""
    return render(request, "account/account_inactive.html", status=403)


def _tell_home(request: HttpRequest) -> None:
    """Carry the commune chosen on this phone through the sign-in: an account that names none yet lives there."""
    chosen = commune.of(request)
    request.session[HOME_TOLD] = chosen.id if chosen is not None else None


def _hand_over(request: HttpRequest, account: Any, target: str) -> HttpResponse:
    """Let allauth finish: it asks for the second factor, opens the session and keeps it in the list of sessions.

    A member of staff an order asks about is told so before they go on.
    """
    if order.must_be_told(request, account.pk):
        target = ordered.on_the_way_to(target)
    record_authentication(request, account, method="phone_code")
    response: HttpResponse = perform_login(request, Login(user=account, redirect_url=target))
    return response


# --- shared with changing one's number and with answering by number alone -------------------------------------------
def sends_code(request: HttpRequest, form: Form, key: str, **more: str) -> bool:
    """Send a code to the number of a form that was sent, and keep it pending with ``more``; False where that is not done, the form says why."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        sent = send_code(request, form.cleaned_data["phone"])
    except TooManyAttempts as refusal:
        form.add_error(None, code_words(refusal))
        return False
    keep_pending(request, key, sent | more)
    return True


def send_code(request: HttpRequest, phone: str) -> dict[str, Any]:
    """Send a code and return what the next page needs; raises TooManyAttempts."""
    try:
        ticket = people.request_code(phone, address=address_of(request), now=clock.now())
    except rules.CodeAskedTooSoon as refusal:
        return _sent_a_moment_ago(phone, refusal)
    return {
        "phone": phone,
        "uid": str(ticket.uid),
        "expires_at": ticket.expires_at.isoformat(),
        "resend_at": ticket.resend_at.isoformat(),
        "shown_code": ticket.shown_code,
    }


def _sent_a_moment_ago(phone: str, refusal: rules.CodeAskedTooSoon) -> dict[str, Any]:
    """A code is on its way already (a second tap, another tab): go on to ask for it."""
    retry_at = refusal.facts["retry_at"]
    assert isinstance(retry_at, datetime)  # noqa: S101 - the refusal's own fact
    sent_at = retry_at - rules.RESEND_AFTER
    return {
        "phone": phone,
        "uid": "",
        "expires_at": (sent_at + rules.CODE_LIFE).isoformat(),
        "resend_at": retry_at.isoformat(),
        "shown_code": "",
    }


def keep_pending(request: HttpRequest, key: str, pending: dict[str, Any]) -> None:
    """Keep what was sent in the session; the number only sealed, the shown code only outside production."""
    sealed = sealing.seal(pending["phone"], purpose=SEAL).hex()
    request.session[key] = pending | {"phone": sealed}


def read_pending(request: HttpRequest, key: str) -> dict[str, Any] | None:
    """Return what was sent, or None when nothing was or its code has died."""
    kept = request.session.get(key)
    if not isinstance(kept, dict):
        return None
    expires_at = datetime.fromisoformat(kept["expires_at"])
    if clock.now() >= expires_at:
        return None
    return kept | {
        "phone": sealing.unseal(bytes.fromhex(kept["phone"]), purpose=SEAL),
        "expires_at": expires_at,
        "resend_at": datetime.fromisoformat(kept["resend_at"]),
        "may_resend": clock.now() >= datetime.fromisoformat(kept["resend_at"]),
    }


def code_words(refusal: Exception) -> str:
    """Say what is wrong with a code and what to do."""
    if isinstance(refusal, rules.WrongCode):
        left = refusal.facts.get("tries_left")
        return _("Mã chưa đúng. Còn %(left)s lần thử với mã này.") % {"left": left}
    if isinstance(refusal, rules.CodeUnusable):
        return _("Mã này không dùng được nữa: đã hết hạn, đã dùng hoặc nhập sai nhiều lần. Xin lấy mã mới.")
    return _("Số này hoặc mạng này đã thử quá nhiều lần. Xin chờ một lúc rồi thử lại.")


def _unsent(pending: dict[str, Any]) -> bool:
    return bool(pending["uid"]) and messaging.code_delivery_state(UUID(pending["uid"])) in {
        DeliveryState.FAILED,
        DeliveryState.EXPIRED,
    }


IDENTITY_PROVIDER = "dinh-danh"


def identity_name() -> str:
    """Return the name of the national identity provider, or nothing where none is configured."""
    providers: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS
    apps = providers.get("openid_connect", {}).get("APPS", [])
    return str(apps[0]["name"]) if apps else ""
