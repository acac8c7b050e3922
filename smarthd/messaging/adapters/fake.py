"""A gateway for tests: keeps what it was given, and fails when told to."""

from __future__ import annotations

from uuid import UUID

from smarthd.messaging.ports import Receipt


class FakeGateway:
    """Remembers messages by reference, as a real gateway must."""

    def __init__(self) -> None:
        self.sent: dict[UUID, tuple[str, str]] = {}
        self.failures: list[Exception] = []

    def send(self, *, phone: str, text: str, reference: UUID) -> Receipt:
        """Take the message, or raise the next failure in line."""
        if self.failures:
            raise self.failures.pop(0)
        self.sent.setdefault(reference, (phone, text))
        return Receipt(reference=f"fake-{reference}")
