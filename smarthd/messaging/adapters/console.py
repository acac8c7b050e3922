"""Prints the message on the server's terminal: the gateway of a house without one."""

from __future__ import annotations

import sys
from typing import TextIO
from uuid import UUID

from smarthd.messaging.ports import Receipt


class ConsoleGateway:
    """Writes one line a message."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def send(self, *, phone: str, text: str, reference: UUID) -> Receipt:
        """Print the message."""
        stream = self._stream or sys.stdout
        stream.write(f"[tin nhắn tới {phone}] {text.splitlines()[0]}\n")
        stream.flush()
        return Receipt(reference=f"console-{reference}")
