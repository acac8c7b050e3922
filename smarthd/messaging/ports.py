"""What messaging asks of the outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


class GatewayUnavailable(Exception):
    """The gateway did not answer, or could not just now: another try may succeed."""


class GatewayRefused(Exception):
    """The gateway will not send this message, however often it is asked."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The gateway took the message; ``reference`` is its own name for it, or empty."""

    reference: str = ""


class TextGateway(Protocol):
    """Sends one short text to one telephone. The same ``reference`` twice must not reach the person twice."""

    def send(self, *, phone: str, text: str, reference: UUID) -> Receipt:
        """Send, within a few seconds, or raise GatewayUnavailable or GatewayRefused."""
        ...


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail to one office. ``reference`` becomes its Message-ID, so that a server sees a repeated try for what it is."""

    reference: str
    recipient: str
    subject: str
    body: str
    at: datetime


class Mailer(Protocol):
    """Sends one e-mail. The same reference twice carries the same Message-ID."""

    def send(self, mail: Mail) -> Receipt:
        """Send, within some seconds, or raise GatewayUnavailable or GatewayRefused."""
        ...


class Resolver(Protocol):
    """Tells which addresses a host has."""

    def addresses(self, host: str) -> tuple[str, ...]:
        """Return IPv4 and IPv6 addresses; none when the host cannot be resolved."""
        ...


@dataclass(frozen=True, slots=True)
class ZaloNotice:
    """One notice to one telephone number (+84…) over Zalo; ``url`` is absolute; ``reference`` is the teller's own name for it."""

    phone: str
    title: str
    body: str
    url: str
    reference: str


class ZaloSender(Protocol):
    """Sends one notice by the province's official account."""

    def send(self, notice: ZaloNotice) -> Receipt:
        """Send, within some seconds, or raise GatewayUnavailable or GatewayRefused."""
        ...
