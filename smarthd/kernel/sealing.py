"""Personal data at rest: sealed with AES-256-GCM, found again by a keyed blind index. Keys live outside the database."""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_VERSION = b"\x01"


class Unsealable(Exception):
    """The bytes were not sealed with this installation's key, or were changed."""


@cache
def _keys(master_hex: str) -> tuple[AESGCM, bytes]:
    master = bytes.fromhex(master_hex)
    seal_key = hmac.new(master, b"smarthd seal v1", hashlib.sha256).digest()
    index_key = hmac.new(master, b"smarthd blind index v1", hashlib.sha256).digest()
    return AESGCM(seal_key), index_key


def seal(text: str, *, purpose: str) -> bytes:
    """Return sealed bytes; ``purpose`` (``people.phone``) binds them to their column."""
    return seal_bytes(text.encode(), purpose=purpose)


def unseal(sealed: bytes | memoryview, *, purpose: str) -> str:
    """Return the text, or raise Unsealable."""
    return unseal_bytes(sealed, purpose=purpose).decode()


def seal_bytes(raw: bytes, *, purpose: str) -> bytes:
    """Return sealed bytes of a file; held in memory whole, so for files of megabytes, not gigabytes."""
    cipher, _ = _keys(settings.SEALING_KEY)
    nonce = os.urandom(12)
    return _VERSION + nonce + cipher.encrypt(nonce, raw, purpose.encode())


def unseal_bytes(sealed: bytes | memoryview, *, purpose: str) -> bytes:
    """Return the bytes, or raise Unsealable."""
    raw = bytes(sealed)
    cipher, _ = _keys(settings.SEALING_KEY)
    if raw[:1] != _VERSION:
        raise Unsealable
    try:
        return cipher.decrypt(raw[1:13], raw[13:], purpose.encode())
    except InvalidTag:
        raise Unsealable from None


def blind_index(value: str, *, purpose: str) -> bytes:
    """Return 32 bytes by which an exact value can be found without being stored."""
    _, key = _keys(settings.SEALING_KEY)
    return hmac.new(key, f"{purpose}\x00{value}".encode(), hashlib.sha256).digest()
