"""Prints what would be sent on the server's terminal: for a house without an SMS gateway, or without a mail server."""

from __future__ import annotations

import sys
from typing import TextIO
from uuid import UUID

from smarthd.messaging.ports import Mail, Receipt, ZaloNotice


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


class ConsoleMailer:
    """Writes two lines an e-mail: to whom and about what; the first line of its body."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def send(self, mail: Mail) -> Receipt:
        """Print the e-mail."""
        stream = self._stream or sys.stdout
        first = mail.body.strip().splitlines()[0] if mail.body.strip() else ""
        stream.write(f"[thư tới {mail.recipient}] {mail.subject}\n    {first}\n")
        stream.flush()
        return Receipt(reference=f"console-{mail.reference}")


class ConsoleZalo:
    """Writes one line a notice."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def send(self, notice: ZaloNotice) -> Receipt:
        """Print the notice."""
        stream = self._stream or sys.stdout
        stream.write(f"[Zalo tới {notice.phone}] {notice.title}\n")
        stream.flush()
        return Receipt(reference=f"console-{notice.reference}")
