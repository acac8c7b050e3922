"""A second factor by six figures from an authenticator (RFC 6238): computed by allauth's own code, each taken once by all processes.

RFC 6238 asks both of a verifier: one step of clock drift either way (5.2, 6), and no second use of a code. Which step was taken last is
kept with the authenticator under a lock, so whoever looks over a shoulder can use the figures nowhere, in no process.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction

from smarthd.kernel import clock
from smarthd.kernel.limits import count_attempt

__all__ = ["confirm_totp", "take_totp"]

_TRIES = (8, timedelta(minutes=15))
_LAST_STEP = "last_step"


def confirm_totp(account_id: int, code: str, *, now: datetime) -> bool:
    """Say whether the figures are the account's present code, for one act. A code that was used is none any more.

    Raises TooManyAttempts after eight tries in a quarter of an hour.
    """
    count_attempt(f"totp-try:{account_id}", limit=_TRIES[0], window=_TRIES[1], now=now)
    return take_totp(account_id, code, now=now)


def take_totp(account_id: int, code: str, *, now: datetime) -> bool:
    """Take a code: True once for each step of the clock, and never for a step before the last one taken."""
    given = "".join(letter for letter in code if letter.isdigit())
    if len(given) != app_settings.TOTP_DIGITS:
        return False
    here = int(clock.world_now().timestamp()) // app_settings.TOTP_PERIOD  # authenticators go by the world's clock
    drift = app_settings.TOTP_TOLERANCE
    with transaction.atomic():
        found = Authenticator.objects.select_for_update().filter(
            user_id=account_id, type=Authenticator.Type.TOTP
        ).first()  # fmt: skip
        if found is None:
            return False
        secret, taken = decrypt(found.data["secret"]), found.data.get(_LAST_STEP, 0)
        shown = [
            step
            for step in range(here - drift, here + drift + 1)
            if format_hotp_value(hotp_value(secret, step)) == given
        ]
        if not shown or shown[-1] <= taken:
            return False
        found.data[_LAST_STEP] = shown[-1]
        found.last_used_at = now
        found.save(update_fields=["data", "last_used_at"])
    return True
