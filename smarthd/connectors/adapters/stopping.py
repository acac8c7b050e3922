"""Breaking off what waits for somebody else's server, from another thread: the socket is shut, and the reading ends in words."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

from smarthd.connectors.ports import SourceUnavailable

Break = Callable[[], object]


class Stopped(SourceUnavailable):
    """The reading was told to stop: nothing of it counts."""

    def __init__(self) -> None:
        super().__init__("lần đọc đã được dừng")


class Stop:
    """Whether a reading goes on, and how what it waits for now is broken off; ``progress`` tells how far it is, from 0 to 1."""

    progress: Callable[[], float] | None = None

    def __init__(self) -> None:
        self._lock, self._asked, self._breaks = threading.Lock(), threading.Event(), dict[object, Break]()

    def ask(self) -> None:
        """End the reading, from any thread: now if it waits for a server, else at its next step."""
        with self._lock:
            self._asked.set()
            breaks = list(self._breaks.values())
        for cut in breaks:
            cut()

    def require_going(self) -> None:
        """Raise Stopped where the reading is to end."""
        if self._asked.is_set():
            raise Stopped

    def wait(self, seconds: float) -> None:
        """Wait, unless the reading is to end. Raises Stopped."""
        self._asked.wait(seconds)
        self.require_going()

    @contextmanager
    def broken_by(self, cut: Break) -> Iterator[None]:
        """Within this, ``cut`` ends what is waited for; whatever error follows from it, the reading was stopped. Raises Stopped."""
        with self._lock:
            self.require_going()
            self._breaks[cut] = cut
        try:
            yield
        except Exception:
            self.require_going()
            raise
        finally:
            with self._lock:
                self._breaks.pop(cut, None)
        self.require_going()


_CURRENT: ContextVar[Stop | None] = ContextVar("connectors.stop", default=None)


def current() -> Stop:
    """Return what stops the reading under way here; one that nobody asks where there is none."""
    return _CURRENT.get() or Stop()


@contextmanager
def under(stop: Stop) -> Iterator[Stop]:
    """Let what is read within this be stopped by ``stop``."""
    before = _CURRENT.set(stop)
    try:
        yield stop
    finally:
        _CURRENT.reset(before)


class Line:
    """The sockets of one HTTP request, as httpcore tells of them (its ``trace`` extension)."""

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []
        self._is_cut = False

    def heard(self, name: str, told: Mapping[str, Any]) -> None:
        """Remember a socket that was opened."""
        if name in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            self._sockets.append(told["return_value"].get_extra_info("socket"))
            if self._is_cut:
                self.cut()

    def cut(self) -> None:
        """Shut them, and each that is opened from now on."""
        self._is_cut = True
        for one in self._sockets:
            shut(one)


def shut(line: socket.socket) -> None:
    """Shut a socket another thread waits at, so that its waiting ends; the socket itself stays that thread's."""
    with suppress(OSError):
        socket.socket.shutdown(
            line, socket.SHUT_RDWR
        )  # not SSLSocket's: it would take the session from under the other thread
