"""Who asks: ``request.actor``, built once a request and only when somebody looks at it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from smarthd.agencies import selectors as agencies
from smarthd.kernel import clock
from smarthd.kernel.actor import ANONYMOUS, Actor
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
    return agencies.actor_for(
        account.pk,
        clock.now(),
        second_factor=people.passed_second_factor(request.session, account.pk),
        account_uid=account.uid,
    )
