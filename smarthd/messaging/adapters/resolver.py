"""Which addresses a host has, by the system's resolver; remembered for five minutes, for push services are few and phones are many."""

from __future__ import annotations

import socket
import time

_KEPT_S = 300.0
_kept: dict[str, tuple[float, tuple[str, ...]]] = {}


class SystemResolver:
    """Asks getaddrinfo."""

    def addresses(self, host: str) -> tuple[str, ...]:
        """Return the addresses, none when the host cannot be resolved."""
        known = _kept.get(host)
        if known is not None and time.monotonic() - known[0] < _KEPT_S:
            return known[1]
        try:
            found = tuple({str(answer[4][0]) for answer in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)})
        except OSError:
            return ()
        _kept[host] = (time.monotonic(), found)
        return found
