"""What a sending process is made of, and the keys it makes while it has nothing else to do."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import cache
from pathlib import Path
from time import monotonic

from django.conf import settings

from smarthd.kernel import clock
from smarthd.messaging.adapters.sink.server import identify
from smarthd.messaging.adapters.webpush import sealing
from smarthd.messaging.adapters.webpush.fake import ConsoleTransport
from smarthd.messaging.adapters.webpush.pool import KeyPool
from smarthd.messaging.adapters.webpush.transport import CurlTransport
from smarthd.messaging.models import PushSubscription
from smarthd.messaging.services import vapid
from smarthd.messaging.services.sending import Sender
from smarthd.messaging.services.steady import Steady

log = logging.getLogger(__name__)

SINK = "push-sink"
BATCH = 500
FILL_S = 0.2
REST_S = 60.0
"""A pool found full is not looked at again for so long."""

_filled: dict[str, float] = {}


@cache
def pool() -> KeyPool:
    """Return this machine's pool of prepared keys."""
    return KeyPool(Path(settings.DATA_DIR) / "keys" / "push-pool")


def transport() -> CurlTransport:
    """Return a transport; loopback services are trusted by the local push service's own certificate, where tests allow them."""
    trust = identify(Path(settings.DATA_DIR) / SINK) if settings.PUSH_LOOPBACK else None
    return CurlTransport(trust=trust, only_here=settings.PUSH_REHEARSAL)


def sender(*, console: bool = False) -> Sender:
    """Return a sender of this process. In production its clock never goes back; in a demonstration it may be set (kernel.clock)."""
    now = Steady(clock.now) if settings.PRODUCTION else clock.now
    return Sender(transport=ConsoleTransport() if console else transport(), pool=_pool_if_any(), now=now)


def _pool_if_any() -> KeyPool | None:
    """Return the pool, or None where its file cannot be made (a full disk): keys are then made as they are needed."""
    try:
        return pool()
    except OSError:
        log.exception("no pool of prepared keys; every message makes its own")
        return None


def fill_pool(*, now: datetime, seconds: float = FILL_S) -> int:
    """Prepare keys for phones that have none, for a moment. Return how many; 0 when the pool is full, or was a minute ago."""
    if monotonic() < _filled.get("rest_until", 0.0) or _pool_if_any() is None:
        return 0
    vapid.current(now=now)
    ends, made = monotonic() + seconds, 0
    while monotonic() < ends:
        after = int(_filled.get("after", 0))
        rows = list(
            PushSubscription.objects.filter(pk__gt=after).order_by("pk").values_list("pk", "p256dh", "auth")[:BATCH]
        )
        if not rows:
            _filled["after"] = 0
            if not _filled.pop("made", 0):
                _filled["rest_until"] = monotonic() + REST_S
            return made
        wanted = set(pool().lacking(pk for pk, *_ in rows))
        fresh = {pk: sealing.prepare(bytes(public), bytes(auth)) for pk, public, auth in rows if pk in wanted}
        try:
            pool().put(fresh)
        except OSError:  # a full disk: sending goes on without keys made beforehand
            log.exception("prepared keys cannot be kept")
            _filled["rest_until"] = monotonic() + REST_S
            return 0
        made += len(fresh)
        _filled["made"] = _filled.get("made", 0) + len(fresh)
        _filled["after"] = rows[-1][0]
    return max(made, 1)


def pool_level() -> tuple[int, int]:
    """Return how many keys are prepared, and how many phones there are."""
    held = _pool_if_any()
    return 0 if held is None else held.level(), PushSubscription.objects.count()
