"""A second factor given for one act: six figures from an authenticator, checked by allauth's own code, each once for all processes."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator

from smarthd.kernel import sealing
from smarthd.kernel.limits import TooManyAttempts, count_attempt

__all__ = ["confirm_totp"]

_TRIES = (8, timedelta(minutes=15))
_ONCE = timedelta(minutes=2)  # longer than any code is taken


def confirm_totp(account_id: int, code: str, *, now: datetime) -> bool:
    """Say whether the figures are the account's present code. A code that was used is none any more, whichever process took it.

    Raises TooManyAttempts after eight tries in a quarter of an hour.
    """
    given = "".join(letter for letter in code if letter.isdigit())
    count_attempt(f"totp-try:{account_id}", limit=_TRIES[0], window=_TRIES[1], now=now)
    found = Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.TOTP).first()
    if found is None or len(given) != 6 or not found.wrap().validate_code(given):
        return False
    mark = sealing.blind_index(f"{account_id} {given}", purpose="people.totp").hex()[:32]
    try:
        count_attempt(f"totp-used:{mark}", limit=1, window=_ONCE, now=now)
    except TooManyAttempts:
        return False
    found.record_usage()
    return True
