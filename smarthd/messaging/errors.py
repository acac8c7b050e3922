"""Refusals of messaging."""

from __future__ import annotations

from smarthd.kernel.errors import NotFound


class ItemUnknown(NotFound):
    """There is no such message in this person's inbox."""
