"""Facts that people announces. Fields are JSON-able; personal data crosses sealed, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRequested:
    """A sign-in code waits to be brought to its owner; number and code are sealed under ``people.code``."""

    phone_sealed_hex: str
    code_sealed_hex: str
    at: datetime
    request_uid: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallOpened:
    """The server received the first open of an install, or its first open as an installed app (``standalone``)."""

    install_uid: UUID
    platform: str
    standalone: bool
    atom_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountActivated:
    """A verified account was bound to an installed app for the first time (L2); announced once an account.

    ``opened_at`` is the install's first open. ``neighbour``: a number beside this one (three up or down) was activated within the last
    24 hours; only here, where the number is known, can that be told, and only yes or no leaves the house.
    """

    account_id: int
    account_uid: UUID
    install_uid: UUID
    home_id: int | None
    phone_index_hex: str
    team_code: str
    at: datetime
    opened_at: datetime | None = None
    neighbour: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallBound:
    """An account came onto an install on which another, or nobody, was before."""

    account_id: int
    install_uid: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneChanged:
    """A person proved another telephone number; ``phone_index_hex`` is the new one's blind index."""

    account_id: int
    phone_index_hex: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeChanged:
    """A person said where they live now; ``home_id`` is a places.Unit (village or commune)."""

    account_id: int
    home_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven:
    """A person agreed to one purpose."""

    account_id: int
    purpose: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn:
    """A person took an agreement back: processing for that purpose ends now."""

    account_id: int
    purpose: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountErased:
    """A person's data were destroyed; the account's id stays as a pseudonym so that totals stay true."""

    account_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMarkedTest:
    """An account was declared to be a test account (or no longer one): figures show it apart."""

    account_id: int
    is_test: bool
    at: datetime
