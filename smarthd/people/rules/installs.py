"""Installs: what the first opens of one app on one phone add up to, in any order and however often they arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from smarthd.kernel.errors import Invalid

T = TypeVar("T")

CLAIM_BOUND = timedelta(days=7)
TEAM_CODE_LENGTH = 24


class Platform(StrEnum):
    """The kind of phone or computer the app was opened on; where reports differ, the one named first here stands."""

    ANDROID = "android"  # Android
    IOS = "ios"  # iPhone, iPad
    DESKTOP = "desktop"  # máy tính
    OTHER = "other"  # khác


class BadInstall(Invalid):
    """What the app said about its first open cannot be true; ``facts["field"]`` names the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstOpen:
    """One report of a first open. ``received_at`` is the server's; ``claimed_at`` the phone's own clock, within bounds."""

    install_uid: UUID
    platform: Platform
    standalone: bool
    received_at: datetime
    claimed_at: datetime
    atom_id: int | None = None
    team_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallState:
    """What is kept of all reports of one install. Joining is idempotent, commutative and associative."""

    platform: Platform
    first_opened_at: datetime
    standalone_at: datetime | None
    claimed_at: datetime
    atom: tuple[datetime, int] | None
    team: tuple[datetime, str] | None
    last_seen_at: datetime

    def join(self, other: InstallState) -> InstallState:
        """Return what both say together: the earliest of firsts, the latest of lasts."""
        return InstallState(
            platform=min(self.platform, other.platform, key=list(Platform).index),
            first_opened_at=min(self.first_opened_at, other.first_opened_at),
            standalone_at=_least(self.standalone_at, other.standalone_at),
            claimed_at=min(self.claimed_at, other.claimed_at),
            atom=_least(self.atom, other.atom),
            team=_least(self.team, other.team),
            last_seen_at=max(self.last_seen_at, other.last_seen_at),
        )


def _least(one: T | None, two: T | None) -> T | None:
    if one is None or two is None:
        return two if one is None else one
    return min(one, two)  # type: ignore[call-overload, no-any-return]  # instants, and pairs that begin with one


def state_of(report: FirstOpen) -> InstallState:
    """Return what one report alone says."""
    return InstallState(
        platform=report.platform,
        first_opened_at=report.received_at,
        standalone_at=report.received_at if report.standalone else None,
        claimed_at=report.claimed_at,
        atom=None if report.atom_id is None else (report.received_at, report.atom_id),
        team=(report.received_at, report.team_code) if report.team_code else None,
        last_seen_at=report.received_at,
    )


def bound_claim(claimed_at: datetime | None, *, received_at: datetime) -> datetime:
    """Keep a phone's own time within a week before the server's receipt, never after it: a wrong clock harms nothing."""
    if claimed_at is None:
        return received_at
    return min(max(claimed_at, received_at - CLAIM_BOUND), received_at)


def clean_team_code(text: str) -> str:
    """Return a team's code as kept: upper-case letters and digits; anything else makes it empty (no credit)."""
    code = text.strip().upper().replace(" ", "")
    return code if code.replace("-", "").isalnum() and code.isascii() and len(code) <= TEAM_CODE_LENGTH else ""
