"""The order on this phone: one cookie says that its person, a member of staff, was told what is kept of them for an order.

The phone reads it (``measure.js``) and then tells launches and value actions though its person did not agree to being counted. Set
only with the words, taken away by signing out; what it says is asked of the rosters anew with everything the phone tells.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from smarthd.kernel import clock
from smarthd.people import rules as people_rules
from smarthd.people import selectors as people
from smarthd.rollout import selectors as rollout

COOKIE = "smarthd_lenh"


def must_be_told(request: HttpRequest, account_id: int) -> bool:
    """Say whether an order asks for this person's level, they did not agree to more, and nobody told them on this phone."""
    return (
        COOKIE not in request.COOKIES
        and not people.has_consent(account_id, people_rules.Purpose.USAGE)
        and rollout.order_on(account_id, clock.today()) is not None
    )


def keep(response: HttpResponse) -> None:
    """Let the phone know that its person was told; for as long as a session lasts at most."""
    response.set_cookie(
        COOKIE,
        "1",
        max_age=settings.SESSION_COOKIE_AGE,
        samesite="Lax",
        secure=settings.PRODUCTION,
    )


def end(response: HttpResponse) -> HttpResponse:
    """Let the phone know that nothing is told by order any more."""
    response.delete_cookie(COOKIE, samesite="Lax")
    return response
