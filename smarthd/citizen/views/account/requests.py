"""What the account pages share about a request: who asks, from where, and where to go next."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache

from smarthd.kernel import errors

View = Callable[..., HttpResponse]


def address_of(request: HttpRequest) -> str:
    """Return the network address behind a request, as the trusted proxy tells it."""
    return str(get_adapter(request).get_client_ip(request))


def next_of(request: HttpRequest, default: str = "/") -> str:
    """Return where to go afterwards: an address of our own, or the default."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=settings.PRODUCTION)
    return wanted if ours else default


def account_page(view: View) -> View:
    """Let only someone signed in see a page, and let no cache keep it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('citizen:signin')}?{query}")
        return view(request, *args, **kwargs)

    return never_cache(guarded)


def account_id_of(request: HttpRequest) -> int:
    """Return the account signed in; pages call it behind :func:`account_page`."""
    pk = request.user.pk
    if pk is None:
        raise errors.NotAllowed
    return pk
