"""Refusals of this context."""

from __future__ import annotations

from smarthd.kernel import limits
from smarthd.kernel.errors import Invalid, NotAllowed, NotFound


class KeyMissing(NotAllowed):
    """No key came with the request."""


class KeyInvalid(NotAllowed):
    """The key is not one of ours, or it was ended."""


class KeyUnknown(NotFound):
    """No key in force begins so, or several do."""


class KeyFaulty(Invalid):
    """The key that is asked for is not described right; facts: fields."""


class TooManyCalls(limits.TooManyAttempts):
    """The calls of this hour are used up; facts: limit, retry_at."""
