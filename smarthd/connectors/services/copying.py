"""COPY that goes on while the next lines are being understood: the server works beside us, and few pieces wait for it."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from psycopg.copy import LibpqWriter

AHEAD = 2
"""Pieces that may be on their way."""


class Ahead(LibpqWriter):
    """Sends pieces in a thread of its own, one after the other; a call waits while ``AHEAD`` are on their way, and raises what became of one."""

    def __init__(self, cursor: Any) -> None:
        super().__init__(cursor)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="copy")
        self._sent: deque[Future[None]] = deque()

    def write(self, data: Any) -> None:
        """Begin to send a piece."""
        self._settle(AHEAD - 1)
        self._sent.append(self._thread.submit(super().write, data))

    def finish(self, exc: BaseException | None = None) -> None:
        """End the COPY, or break it off; what went wrong in the thread is raised unless something went wrong before."""
        try:
            self._settle()
        except Exception:
            if exc is None:
                super().finish(RuntimeError("the stream broke off"))
                raise
        finally:
            self._thread.shutdown()
        super().finish(exc)

    def _settle(self, most: int = 0) -> None:
        """Wait until no more than so many pieces are on their way."""
        while len(self._sent) > most:
            self._sent.popleft().result()
