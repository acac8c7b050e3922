"""Who asks about reports: the account signed in, the phone by the secret it was given, or both (docs/adr/0034-a-phones-secret.md)."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from smarthd.fieldreports.services.intake import new_token
from smarthd.fieldreports.values import Caller
from smarthd.kernel.actor import ANONYMOUS, Actor

COOKIE = "smarthd_pa"
KEPT_S = 60 * 60 * 24 * 400
"""The longest a browser keeps a cookie; each report sent begins it anew."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")


def caller_of(request: HttpRequest) -> Caller:
    """Return who asks, as a citizen: an official who looks at these pages sees what everybody sees, and acts as anybody may."""
    actor = Actor(account_id=request.user.pk) if request.user.is_authenticated else ANONYMOUS
    return Caller(actor, token_of(request))


def token_of(request: HttpRequest) -> str:
    """Return the secret this phone carries; nonsense counts as none."""
    token = request.COOKIES.get(COOKIE, "")
    return token if _TOKEN.fullmatch(token) else ""


def known_caller(request: HttpRequest) -> Caller:
    """Return who asks; a phone without account and secret is given a secret, which :func:`keep` puts on it."""
    caller = caller_of(request)
    return caller if caller.mark else Caller(caller.actor, new_token())


def keep(response: HttpResponseBase, token: str) -> None:
    """Leave the secret with the phone where no script can read it, and no other site can send it along."""
    if token:
        response.set_cookie(COOKIE, token, max_age=KEPT_S, httponly=True, samesite="Lax", secure=settings.PRODUCTION)
