"""A warning that went out, carried on: the adapter between ``alerts`` and bulletins, which knows of a warning only what this Protocol names."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from smarthd.channels.models import Bulletin
from smarthd.channels.rules import bulletins as rules
from smarthd.channels.rules import saying
from smarthd.channels.rules import warnings as warning_rules
from smarthd.channels.rules.bulletins import Source
from smarthd.channels.services import bulletins
from smarthd.channels.values import NewBulletin
from smarthd.kernel.actor import Actor


class Warned(Protocol):
    """What is read of a warning; ``alerts.values.AlertView`` has all of it. ``kind``, ``status``, ``severity``, ``urgency`` are CAP's words."""

    @property
    def uid(self) -> UUID: ...
    @property
    def code(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def urgency(self) -> str: ...
    @property
    def headline_vi(self) -> str: ...
    @property
    def description_vi(self) -> str: ...
    @property
    def instruction_vi(self) -> str: ...
    @property
    def contact(self) -> str: ...
    @property
    def sender_name(self) -> str: ...
    @property
    def effective_at(self) -> datetime: ...
    @property
    def expires_at(self) -> datetime: ...
    @property
    def commune_ids(self) -> tuple[int, ...]: ...


def take_warning(
    warned: Warned,
    *,
    roads: Collection[str],
    replaces: UUID | None,
    actor: Actor,
    now: datetime,
    agency_id: int | None = None,
) -> Bulletin | None:
    """Carry on a warning by its approved roads. None for a test (nobody but its testers hears of it) and for one past its time.

    ``replaces`` is the uid of the message it updates or cancels. The system acts: four eyes have approved these very words and roads.
    """
    if warned.status not in {"Actual", "Exercise"} or warned.expires_at <= now:
        return None
    change = warning_rules.CHANGES[warned.kind]
    new = NewBulletin(
        source=Source.ALERT,
        key=str(warned.uid),
        title=saying.cut(warned.headline_vi, rules.LONGEST_TITLE),
        body=saying.cut(warned.description_vi, rules.LONGEST_BODY),
        instruction=saying.cut(warned.instruction_vi, rules.LONGEST_INSTRUCTION),
        sender=warned.sender_name,
        contact=warned.contact,
        priority=warning_rules.priority_of(severity=warned.severity, urgency=warned.urgency, change=change),
        change=change,
        drill=warned.status == "Exercise",
        communes=warned.commune_ids,
        agency_id=agency_id,
        replaces=str(replaces) if replaces else "",
        kinds=warning_rules.kinds_of(roads),
        valid_from=warned.effective_at,
        valid_until=warned.expires_at,
        path=f"/canh-bao/{warned.code}/",
    )
    return bulletins.take_bulletin(new, actor=actor, now=now)


def end_warning(uid: UUID, *, now: datetime) -> bool:
    """Stop what was not sent yet of a warning that is over. Say whether it was ever carried."""
    return bulletins.end_source(Source.ALERT, str(uid), now=now)
