"""Phones that do not exist, for a rehearsal: only ever in an installation made for one, whose senders reach this machine alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import connection

from smarthd.messaging.services import vapid

KEYS = 500
"""Key pairs that many phones share in turn: making one is slow, and what a message costs does not depend on it."""

BATCH = 100_000

_PLANT = """
WITH made AS (
    INSERT INTO messaging_pushsubscription (uid, endpoint, endpoint_hash, origin, p256dh, auth, vapid_key, language,
        platform, muted, wording_version, agreed_at, last_seen_at)
    SELECT gen_random_uuid(), url, sha256(url::bytea), %(origin)s, (%(keys)s::bytea[])[1 + n %% %(many_keys)s],
        decode(md5(random()::text || n), 'hex'), %(vapid)s, 'vi', 'android', 0, 1, %(now)s, %(now)s
    FROM (SELECT n, %(origin)s || '/p/ok/' || md5(n::text) || n AS url FROM generate_series(%(first)s, %(last)s) n) urls
    RETURNING id
)
INSERT INTO messaging_pushplace (subscription_id, commune_id, home, muted)
SELECT id, (%(communes)s::bigint[])[1 + id %% %(places)s], true, 0 FROM made
"""


class NotARehearsal(RuntimeError):
    """This installation was not made for a rehearsal: phones that do not exist would stand among real ones."""


def plant_phones(communes: Sequence[int], many: int, *, origin: str, now: datetime) -> int:
    """Plant phones of a push service on this machine, spread over communes (unit ids); return how many. Raises NotARehearsal.

    Every phone has an address, a secret and prepared keys of its own, as real ones have.
    """
    if not (settings.PUSH_REHEARSAL and settings.PUSH_LOOPBACK) or not origin.startswith("https://127.0.0.1:"):
        raise NotARehearsal
    keys = [vapid.point(ec.generate_private_key(ec.SECP256R1()).public_key()) for _ in range(KEYS)]
    shared: dict[str, Any] = {"origin": origin, "keys": keys, "many_keys": KEYS, "vapid": vapid.current(now=now).key_id, "now": now,
              "communes": list(communes), "places": len(communes)}  # fmt: skip
    with connection.cursor() as cursor:
        for first in range(1, many + 1, BATCH):
            cursor.execute(_PLANT, shared | {"first": first, "last": min(first + BATCH - 1, many)})
        for table in ("messaging_pushsubscription", "messaging_pushplace"):
            cursor.execute(f"ANALYZE {table}" if connection.in_atomic_block else f"VACUUM ANALYZE {table}")
    return many
