"""Builders: phones with keys of their own, a small land they live in, public messages."""

from __future__ import annotations

import itertools
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection

from smarthd.messaging import services
from smarthd.messaging.models import PushSubscription
from smarthd.messaging.rules import Lane, Topic
from smarthd.messaging.services import vapid
from smarthd.messaging.services.vapid import point
from smarthd.messaging.values import FanoutView, PushPayload

NOW = datetime(2024, 9, 7, 3, tzinfo=UTC)  # 10:00 in Hải Dương, the day the storm Yagi came
NIGHT = datetime(2024, 9, 7, 16, tzinfo=UTC)  # 23:00
PUBLIC = "142.250.199.10"

_numbers = itertools.count(1)


class FakeResolver:
    """Says what it was told; a public address by default."""

    def __init__(self, *addresses: str) -> None:
        self.answer = addresses or (PUBLIC,)

    def addresses(self, host: str) -> tuple[str, ...]:
        return self.answer


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(frozen=True)
class Phone:
    """A browser's side of a subscription."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey
    auth: bytes

    @property
    def public(self) -> bytes:
        return point(self.private.public_key())

    def told(self, **more: Any) -> services.Told:
        said = {"wording_version": 1, "endpoint": self.endpoint, "p256dh": b64(self.public), "auth": b64(self.auth)}
        return services.Told(**{**said, **more})


_PRIVATE = ec.generate_private_key(ec.SECP256R1())  # making keys is slow; most tests read nothing


def phone(endpoint: str = "", *, origin: str = "https://fcm.googleapis.com", own_key: bool = False) -> Phone:
    number = next(_numbers)
    private = ec.generate_private_key(ec.SECP256R1()) if own_key else _PRIVATE
    return Phone(endpoint or f"{origin}/fcm/send/{number:08d}", private, number.to_bytes(16, "big"))


def subscribed(
    communes: Sequence[int] = (),
    *,
    account_id: int | None = None,
    now: datetime = NOW,
    of: Phone | None = None,
    **more: Any,
) -> PushSubscription:
    """Bring a phone to the state of being told of some communes, the home first."""
    mine = of or phone()
    services.subscribe(
        mine.told(communes=tuple(communes), **more), account_id=account_id, now=now, resolver=FakeResolver()
    )
    return PushSubscription.objects.get(endpoint=mine.endpoint)


def words(title: str = "Bão số 3", **more: Any) -> dict[str, PushPayload]:
    said = {"title": title, "body": "Không ra khỏi nhà.", "href": "/canh-bao/1/", "tag": "bao-3"}
    return {"vi": PushPayload(**{**said, **more})}


def begun(
    communes: Iterable[int],
    *,
    key: str = "k-1",
    lane: Lane = Lane.LIFE,
    topic: Topic = Topic.ALERTS,
    now: datetime = NOW,
    expires_in: timedelta = timedelta(hours=6),
    replaces: str | None = None,
    test_accounts: Sequence[int] | None = None,
    **more: Any,
) -> FanoutView:
    return services.start_fanout(
        key=key,
        lane=lane,
        communes=list(communes),
        topic=topic,
        payloads=words(**more),
        expires_at=now + expires_in,
        replaces=replaces,
        test_accounts=test_accounts,
        now=now,
    )


def many_phones(communes: Sequence[int], many: int, *, origin: str, path: str = "/p/ok", quiet: bool = False) -> None:
    """Plant phones in bulk, spread over some communes; all have the keys of ``phone()``'s shared private key."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH made AS (
                INSERT INTO messaging_pushsubscription (uid, endpoint, endpoint_hash, origin, p256dh, auth, vapid_key, language,
                    platform, muted, quiet_from, quiet_to, wording_version, agreed_at, last_seen_at)
                SELECT gen_random_uuid(), url, sha256(url::bytea), %(origin)s, %(public)s, %(auth)s, %(key)s, 'vi', 'android', 0,
                    %(quiet_from)s, %(quiet_to)s, 1, %(now)s, %(now)s
                FROM (SELECT %(origin)s || %(path)s || '/' || md5(n::text) || n AS url FROM generate_series(1, %(many)s) n) urls
                RETURNING id
            )
            INSERT INTO messaging_pushplace (subscription_id, commune_id, home, muted)
            SELECT id, (%(communes)s::bigint[])[1 + id %% %(places)s], true, 0 FROM made
            """,
            {
                "origin": origin, "path": path, "public": point(_PRIVATE.public_key()), "auth": bytes(16), "many": many,
                "key": vapid.current(now=NOW).key_id, "now": NOW, "communes": list(communes), "places": len(communes),
                "quiet_from": 1260 if quiet else None, "quiet_to": 420 if quiet else None,
            },
        )  # fmt: skip
