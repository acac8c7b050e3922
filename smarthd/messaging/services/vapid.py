"""The key by which push services know this province (RFC 8292): made at the first need, one at a time, sealed in the database."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection, transaction

from smarthd.kernel import sealing
from smarthd.messaging.models import VapidKey

_SEAL = "messaging.vapid"


@dataclass(frozen=True, slots=True)
class Key:
    """A key: ``public`` is the point in 65 bytes, as browsers want it."""

    key_id: str
    public: bytes
    private: ec.EllipticCurvePrivateKey


def current(*, now: datetime) -> Key:
    """Return the key in force; the first to ask makes it."""
    row = VapidKey.objects.filter(retired_at=None).first() or _make(now)
    return _opened(row.key_id, bytes(row.private_sealed))


def by_id(key_id: str) -> Key | None:
    """Return a key by its id, in force or retired."""
    row = VapidKey.objects.filter(key_id=key_id).first()
    return None if row is None else _opened(row.key_id, bytes(row.private_sealed))


@transaction.atomic
def _make(now: datetime) -> VapidKey:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(8292)")  # two web processes start at once
    standing = VapidKey.objects.filter(retired_at=None).first()
    if standing is not None:
        return standing
    private = ec.generate_private_key(ec.SECP256R1())
    public = point(private.public_key())
    return VapidKey.objects.create(
        key_id=hashlib.sha256(public).hexdigest()[:16],
        private_sealed=sealing.seal_bytes(private.private_numbers().private_value.to_bytes(32, "big"), purpose=_SEAL),
        public=public,
        made_at=now,
    )


@lru_cache(maxsize=8)
def _opened(key_id: str, sealed: bytes) -> Key:
    number = int.from_bytes(sealing.unseal_bytes(sealed, purpose=_SEAL), "big")
    private = ec.derive_private_key(number, ec.SECP256R1())
    return Key(key_id, point(private.public_key()), private)


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return a public key as an uncompressed point."""
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
