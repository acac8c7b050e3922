"""Who may post to the API from a browser: our own pages only.

The app's background calls carry the session's cookie and no token of their own (a beacon cannot). Two things keep other sites out:
the body must be declared as JSON, which a form of another site cannot do and a script of another site may not do without a
preflight we never grant; and where the browser says which site asks (Fetch Metadata, Origin), it must be ours.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest

from smarthd.kernel.errors import Invalid, NotAllowed

_OURS = frozenset({"same-origin", "none"})


class CrossOrigin(NotAllowed):
    """The request was made by a page of another site."""


class NotJson(Invalid):
    """The body is not declared as JSON."""


def require_own_page(request: HttpRequest) -> None:
    """Raise CrossOrigin or NotJson unless the request comes from our own pages, or from a program that is no browser."""
    if request.content_type != "application/json":
        raise NotJson
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in _OURS:
        raise CrossOrigin
    origin = request.headers.get("origin")
    if origin is not None and site is None and urlsplit(origin).netloc != request.get_host():
        raise CrossOrigin
