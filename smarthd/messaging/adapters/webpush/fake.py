"""Transports without a network: one that remembers and answers as told, for tests; one that says on the terminal what it would send."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable
from typing import TextIO

from smarthd.messaging.adapters.webpush.transport import Answer, Request


def _accepts(_request: Request) -> int:
    return 201


class FakeTransport:
    """Accepts everything, or answers what ``answer`` says of a request: a status, or (status, Retry-After in seconds)."""

    def __init__(self, answer: Callable[[Request], int | tuple[int, int]] = _accepts) -> None:
        self.sent: list[Request] = []
        self.most_at_once = 0
        self._answer = answer
        self._waiting: deque[Request] = deque()

    @property
    def in_flight(self) -> int:
        """How many requests wait for their answer."""
        return len(self._waiting)

    def start(self, request: Request) -> None:
        """Remember the request."""
        self.sent.append(request)
        self._waiting.append(request)
        self.most_at_once = max(self.most_at_once, len(self._waiting))

    def answers(self, *, wait_s: float) -> list[Answer]:
        """Answer some of what waits, oldest first."""
        return [self._told(self._waiting.popleft()) for _ in range(min(50, len(self._waiting)))]

    def close(self) -> None:
        """Forget what waits."""
        self._waiting.clear()

    def _told(self, request: Request) -> Answer:
        said = self._answer(request)
        status, wait_s = said if isinstance(said, tuple) else (said, 0)
        return Answer(request.token, status, wait_s, "" if status else "no answer")


class ConsoleTransport(FakeTransport):
    """Prints a line a message, and accepts it: for a house without the internet."""

    def __init__(self, stream: TextIO | None = None) -> None:
        super().__init__()
        self._stream = stream

    def start(self, request: Request) -> None:
        """Print where a push would go; what it says is sealed."""
        stream = self._stream or sys.stdout
        stream.write(f"[thông báo đẩy tới {request.url.split('/')[2]}] {len(request.body)} byte\n")
        stream.flush()
        super().start(request)
        self.sent.clear()
