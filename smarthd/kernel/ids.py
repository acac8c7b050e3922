"""Identifiers: ``uid`` outside (UUID version 7, RFC 9562: sorted by time), ``code`` printed and spoken."""

from __future__ import annotations

import os
import secrets
import time
from uuid import UUID

SPOKEN_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, 1/I: read out over the telephone


def uuid7() -> UUID:
    """Return a new UUID version 7: 48 bits of milliseconds, then randomness."""
    millis = time.time_ns() // 1_000_000
    value = (millis & ((1 << 48) - 1)) << 80 | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)


def spoken_code(length: int = 8) -> str:
    """Return a random code without letters that are mistaken for one another."""
    return "".join(secrets.choice(SPOKEN_ALPHABET) for _ in range(length))
