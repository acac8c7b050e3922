"""Keyset paging: a page costs the same at the first and at the thousandth."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from smarthd.kernel.errors import Invalid

T = TypeVar("T")


class BadCursor(Invalid):
    """The cursor of a page was not made by us."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of items; ``next_cursor`` is empty on the last."""

    items: Sequence[T]
    next_cursor: str = ""


def encode_cursor(*keys: str | int) -> str:
    """Return an opaque cursor for the sort keys of the last item shown."""
    return base64.urlsafe_b64encode(json.dumps(keys, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *, length: int) -> list[str | int]:
    """Return the sort keys of a cursor, or raise BadCursor."""
    try:
        keys = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        raise BadCursor from None
    if not isinstance(keys, list) or len(keys) != length or not all(_is_key(key) for key in keys):
        raise BadCursor
    return keys


def _is_key(key: object) -> bool:
    """Say whether the database can compare with this: a number it can hold, or text without NUL."""
    if isinstance(key, str):
        return "\0" not in key
    return isinstance(key, int) and not isinstance(key, bool) and abs(key) < 1 << 63
