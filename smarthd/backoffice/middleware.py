"""Who asks: ``request.actor``, built once a request and only when somebody looks at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import cast

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.kernel import clock
from smarthd.kernel.actor import ANONYMOUS, Actor
from smarthd.people import policies as people_policies
from smarthd.people import rules as people_rules
from smarthd.people import selectors as people


class DeskRequest(HttpRequest):
    """A request that knows its actor."""

    actor: Actor


class ActorMiddleware:
    """Put the actor on the request. A page that never asks who reads it costs no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        cast("DeskRequest", request).actor = cast("Actor", SimpleLazyObject(lambda: actor_of(request)))
        return self.get_response(request)


def actor_of(request: HttpRequest) -> Actor:
    """Return the actor of a request: the account signed in, its roles now, and whether this session gave a second factor."""
    account = request.user
    if not account.is_authenticated:
        return ANONYMOUS
    now = clock.now()
    actor = agencies.actor_for(
        account.pk,
        now,
        second_factor=people.passed_second_factor(request.session, account.pk),
        account_uid=account.uid,
    )
    return replace(actor, facts={**actor.facts, **_team_of(actor, now)})


def _team_of(actor: Actor, now: datetime) -> dict[str, str]:
    """Return the code under which a team leader helps people: that of the committee whose team it is."""
    led = next((grant.agency_id for grant in actor.grants if grant.role == Role.TEAM_LEADER), None)
    if led is None or not actor.second_factor:
        return {}
    code = people_rules.clean_team_code(f"TO-{agencies.agency_view(led, clock.day_of(now)).code}")
    return {people_policies.TEAM_CODE: code} if code else {}
