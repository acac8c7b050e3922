"""The values this context takes and hands to others."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from smarthd.kernel.actor import ANONYMOUS, Actor


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: an account or official (``actor``), or a phone by the secret it was given (``token``); both may be known."""

    actor: Actor = ANONYMOUS
    token: str = ""

    @property
    def marks(self) -> tuple[bytes, ...]:
        """The marks under which this caller may have left something: of the account, of the phone's secret."""
        found = []
        if self.actor.account_id is not None:
            found.append(mark_of_account(self.actor.account_id))
        if self.token:
            found.append(mark_of_token(self.token))
        return tuple(found)

    @property
    def mark(self) -> bytes:
        """The mark under which this caller leaves something now: the account's, else the phone's; empty for nobody."""
        return self.marks[0] if self.marks else b""


def mark_of_account(account_id: int) -> bytes:
    """Return 32 bytes that stand for an account."""
    return hashlib.sha256(f"account:{account_id}".encode()).digest()


def mark_of_token(token: str) -> bytes:
    """Return 32 bytes that stand for a phone's secret; the secret itself (160 random bits) is never stored."""
    return hashlib.sha256(f"token:{token}".encode()).digest()


@dataclass(frozen=True, slots=True)
class Sent:
    """A report that was taken in, or, ``again``, one that had come in before under the same client id."""

    code: str
    uid: UUID
    token: str
    holder_name: str
    intake_due_at: datetime
    commune_name: str
    snapped_m: int | None
    again: bool


@dataclass(frozen=True, slots=True)
class UploadView:
    """Where an upload stands: send the next piece from ``offset``."""

    uid: UUID
    offset: int
    size: int
