"""Refusals of this context."""

from __future__ import annotations

from smarthd.kernel.errors import Conflict, Invalid, NotFound


class NameSaysNothing(Invalid):
    """A popular name without letters, or without words that are meant; facts: fields."""


class NameKnown(Conflict):
    """The popular name is in force already; facts: said."""


class NameUnknown(NotFound):
    """No popular name in force bears this uid."""
