"""A gateway, a mailer and a Zalo account for tests: they keep what they were given, and fail when told to."""

from __future__ import annotations

from uuid import UUID

from smarthd.messaging.ports import Mail, Receipt, ZaloNotice


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


class FakeMailer:
    """Remembers e-mails by reference."""

    def __init__(self) -> None:
        self.sent: dict[str, Mail] = {}
        self.failures: list[Exception] = []

    def send(self, mail: Mail) -> Receipt:
        """Take the e-mail, or raise the next failure in line."""
        if self.failures:
            raise self.failures.pop(0)
        self.sent.setdefault(mail.reference, mail)
        return Receipt(reference=f"fake-{mail.reference}")


class FakeZalo:
    """Remembers notices by reference."""

    def __init__(self) -> None:
        self.sent: dict[str, ZaloNotice] = {}
        self.failures: list[Exception] = []

    def send(self, notice: ZaloNotice) -> Receipt:
        """Take the notice, or raise the next failure in line."""
        if self.failures:
            raise self.failures.pop(0)
        self.sent.setdefault(notice.reference, notice)
        return Receipt(reference=f"fake-{notice.reference}")
