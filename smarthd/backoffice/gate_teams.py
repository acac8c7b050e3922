"""The door of a team's own pages: its members, and a leader by role; an official's session has passed its second factor."""

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

from smarthd.agencies.rules import Role
from smarthd.backoffice.gate import PageNotFound
from smarthd.backoffice.middleware import DeskRequest
from smarthd.kernel import clock
from smarthd.rollout.selectors import teams

View = Callable[..., HttpResponseBase]


class TeamRequest(DeskRequest):
    """A request of somebody in a team; ``membership`` is None for a leader by role whom no team names yet."""

    membership: teams.Membership | None


def in_team(view: View) -> View:
    """Let in who is in a team now, and who holds the leader's role; keep the page out of caches."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = cast("DeskRequest", request).actor
        if not actor.signed_in:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        if actor.grants and not actor.second_factor:
            return redirect(f"{reverse('backoffice:second_factor')}?{urlencode({'next': request.get_full_path()})}")
        membership = teams.membership_of(actor.account_id, clock.today())
        if membership is None and not actor.has_role(Role.TEAM_LEADER):
            raise PageNotFound
        cast("TeamRequest", request).membership = membership
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return guarded


def member_or_official(view: View) -> View:
    """Let in who is in a team now and any official past the second factor; what they may see is for the selector to say."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = cast("DeskRequest", request).actor
        if not actor.signed_in:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        if actor.grants and not actor.second_factor:
            return redirect(f"{reverse('backoffice:second_factor')}?{urlencode({'next': request.get_full_path()})}")
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return guarded
