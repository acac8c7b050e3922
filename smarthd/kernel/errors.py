"""Four families of refusal; one place (``smarthd.ui.refusals``) turns them into answers.

A refusal names what was refused in its class name, carries facts and never HTTP or Vietnamese. Contexts subclass one
family each: ``class CodeExpired(Invalid)``. Unexpected errors are not wrapped: they rise.
"""

from __future__ import annotations


class Refusal(Exception):
    """A decision of ours not to do what was asked. ``facts`` are safe to show and to log."""

    def __init__(self, message: str = "", **facts: object) -> None:
        super().__init__(message or type(self).__name__)
        self.facts = facts

    @property
    def name(self) -> str:
        """The stable name that templates and APIs use to choose words."""
        return type(self).__name__


class NotAllowed(Refusal):
    """The actor may not do this, and may know that it exists."""


class NotFound(Refusal):
    """There is nothing here, or nothing this actor may see."""


class Conflict(Refusal):
    """The thing has moved on: a state, a version or another act stands in the way."""


class Invalid(Refusal):
    """The input is wrong; ``facts["fields"]`` may map a field's name to what is wrong with it."""
