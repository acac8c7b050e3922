"""Refusals of messaging."""

from __future__ import annotations

from smarthd.kernel.errors import Conflict, NotFound


class ItemUnknown(NotFound):
    """There is no such message in this person's inbox."""


class FanoutUnknown(NotFound):
    """No public message goes by this key."""


class FanoutExpired(Conflict):
    """The message is over before it began: nothing was sent; facts: expires_at."""


class FanoutKeyTaken(Conflict):
    """Another message, with other words or another audience, already goes by this key."""


class NothingToReplace(Conflict):
    """The message that is to be replaced is not known."""
