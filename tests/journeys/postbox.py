"""A real SMTP server on loopback that keeps what it was given: the mailboxes of offices, stations and the press."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import Message
from email.parser import BytesParser
from typing import Any

from aiosmtpd.controller import Controller

from smarthd.channels.tests.broker import free_port


class Postbox:
    """A real SMTP server's handler that keeps what it was given."""

    def __init__(self) -> None:
        self.url = ""
        self.received: list[Message] = []
        self._lock = threading.Lock()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd looks for this name
        with self._lock:
            self.received.append(BytesParser(policy=policy.compat32).parsebytes(envelope.content))
        return "250 OK"


@contextmanager
def open_postbox() -> Iterator[Postbox]:
    """Serve a postbox while the block lasts; ``url`` is what MAIL_URL takes."""
    postbox = Postbox()
    server = Controller(postbox, hostname="127.0.0.1", port=(port := free_port()))
    postbox.url = f"smtp://127.0.0.1:{port}"
    server.start()
    try:
        yield postbox
    finally:
        server.stop()
