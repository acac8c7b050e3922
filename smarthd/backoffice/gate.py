"""The door of the officials' desk: signed in, holding a role, with a second factor; a page not meant for the role is not found."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from smarthd.backoffice.middleware import DeskRequest
from smarthd.kernel.errors import NotAllowed, NotFound

View = Callable[..., HttpResponseBase]


class NoRoleHere(NotAllowed):
    """The account holds no role at any agency."""


class PageNotFound(NotFound):
    """There is no such page for this actor."""


def official(*roles: str) -> Callable[[View], View]:
    """Let in who holds one of ``roles`` (any role when none is named), after a second factor; keep the page out of caches."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = cast("DeskRequest", request).actor
            if not actor.signed_in:
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            if not actor.grants:
                raise NoRoleHere
            if not actor.second_factor:
                return redirect(f"{reverse('backoffice:second_factor')}?{urlencode({'next': request.get_full_path()})}")
            if roles and not actor.has_role(*roles):
                raise PageNotFound
            response = view(request, *args, **kwargs)
            response.headers["Cache-Control"] = "private, no-store"
            return response

        guarded.roles = roles  # type: ignore[attr-defined]  # read by the permission matrix
        return guarded

    return wrap
