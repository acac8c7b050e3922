"""Named moves between states: a state machine is a set of these, and illegal moves are generated from it in tests."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from smarthd.kernel.errors import Conflict

S = TypeVar("S", bound=StrEnum)


class IllegalMove(Conflict):
    """The thing is not in a state from which this move starts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Generic[S]):
    """One named way from any of ``sources`` to ``target``."""

    name: str
    sources: frozenset[S]
    target: S

    def may_start(self, state: S) -> bool:
        """Say whether the move starts from ``state``."""
        return state in self.sources

    def apply(self, state: S) -> S:
        """Return the new state, or raise IllegalMove."""
        if not self.may_start(state):
            raise IllegalMove(move=self.name, state=str(state))
        return self.target
