"""The version of everything citizens can read, for caches and conditional answers."""

from __future__ import annotations

import time

from smarthd.content.models import ContentVersion

_TTL_S = 2.0
_known: dict[str, tuple[int, float]] = {}


def version() -> int:
    """Return the content's version; it rises in the transaction of every visible change.

    A process remembers it for two seconds, so that a busy home page asks the database rarely and shows a new notice
    at most that much later.
    """
    value, read_at = _known.get("content", (0, float("-inf")))
    if time.monotonic() - read_at < _TTL_S:
        return value
    value = ContentVersion.objects.filter(pk=1).values_list("value", flat=True).first() or 0
    _known["content"] = (value, time.monotonic())
    return value


def forget_version() -> None:
    """Make the next ``version()`` ask the database."""
    _known.clear()
