"""What phones tell of a warning's notification: shown, pressed. Counted once a phone and warning; nothing leads to a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from smarthd.alerts.errors import AlertUnknown, TooManyAnswers
from smarthd.alerts.models import Alert, Echo
from smarthd.alerts.rules import codes, echoes
from smarthd.alerts.rules.messages import Status
from smarthd.alerts.rules.states import OUT, Echoed
from smarthd.kernel.limits import TooManyAttempts, count_attempts
from smarthd.messaging import selectors as messaging

_AN_ADDRESS = (20_000, timedelta(hours=1))
"""A mobile network hides many phones behind one address."""


def tell_of() -> int:
    """Return one phone in how many is to tell."""
    return echoes.one_in(messaging.phone_count())


def note_echo(
    code: str, *, what: Echoed, mark: UUID, weight: int, commune_id: int | None, address: str, now: datetime
) -> bool:
    """Note that a phone showed a warning's notification, or that it was pressed; return whether it was news.

    ``mark`` is the random number this phone made for this warning; ``commune_id`` the commune chosen on the phone.
    Raises AlertUnknown (also of a test, which is nobody's figure) and TooManyAnswers.
    """
    alert = Alert.objects.filter(code=codes.as_code(code), state__in=list(OUT)).only("id", "status").first()
    if alert is None or alert.status == Status.TEST:
        raise AlertUnknown
    try:
        count_attempts([(f"echo:{address}", *_AN_ADDRESS)], now=now)
    except TooManyAttempts as refusal:
        raise TooManyAnswers(retry_at=refusal.facts["retry_at"]) from None
    believed = 1 if weight <= 1 else echoes.believed(weight, messaging.phone_count())
    _row, fresh = Echo.objects.get_or_create(
        alert=alert,
        what=what,
        mark=mark,
        defaults={"weight": believed, "commune_id": commune_id, "at": now},
    )
    return fresh
