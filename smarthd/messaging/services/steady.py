"""A clock that never goes back: what a sending process reckons by, whatever the machine's clock does.

A clock set back an hour in the midst of a message would hold every second try for an hour. This one goes on at its own pace from the
last instant it told, and follows the machine's whenever that is ahead.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta


class Steady:
    """Call it for the present instant. ``wall`` is the machine's clock, ``pace`` seconds that only grow."""

    def __init__(self, wall: Callable[[], datetime], pace: Callable[[], float] = time.monotonic) -> None:
        self._wall, self._pace = wall, pace
        self._told, self._at = wall(), pace()

    def __call__(self) -> datetime:
        """Return the later of the machine's clock and what was told last, carried on."""
        at = self._pace()
        self._told = max(self._wall(), self._told + timedelta(seconds=at - self._at))
        self._at = at
        return self._told
