"""When a report is due, and whether what came is in time. Terms come from agencies' working calendar; this adds what befell them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

OUTAGE_COUNTS_FROM = timedelta(minutes=30)
OUTAGE_WITHIN = timedelta(hours=4)
OUTAGE_GRACE = timedelta(hours=2)
SEALED_ARRIVES_WITHIN = timedelta(hours=24)
CLOCK_SLACK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which the platform could not be reached, as the Department wrote it down."""

    began_at: datetime
    ended_at: datetime

    @property
    def length(self) -> timedelta:
        """How long it lasted."""
        return self.ended_at - self.began_at


def extended(due_at: datetime, outages: Iterable[Outage]) -> datetime:
    """Return the term after outages: one of at least 30 minutes that touches the last four hours adds its length and two hours.

    Outages are taken in order, each against the term as the earlier ones left it, so that a failure in the grace counts too.
    """
    term = due_at
    for outage in sorted(outages, key=lambda one: one.began_at):
        touches = outage.began_at < term and outage.ended_at > term - OUTAGE_WITHIN
        if outage.length >= OUTAGE_COUNTS_FROM and touches:
            term += outage.length + OUTAGE_GRACE
    return term


@dataclass(frozen=True, slots=True)
class Receipt:
    """When a report came, and when the phone says it was sealed (None: it was sent as it was written)."""

    received_at: datetime
    sealed_at: datetime | None = None


def in_time(receipt: Receipt, due_at: datetime) -> bool:
    """Say whether a report counts as in time.

    The server's receipt decides. A report sealed offline before the term and received within 24 hours of its sealing counts, unless
    its seal lies ahead of the server's clock by more than five minutes: such a phone's clock proves nothing.
    """
    if receipt.received_at <= due_at:
        return True
    sealed = receipt.sealed_at
    if sealed is None or sealed > due_at or sealed > receipt.received_at + CLOCK_SLACK:
        return False
    return receipt.received_at - sealed <= SEALED_ARRIVES_WITHIN


def true_seal(sealed_at: datetime | None, *, sent_at: datetime | None, received_at: datetime) -> datetime | None:
    """Return when a report was sealed by the server's clock.

    A phone whose clock is wrong is wrong alike when it seals and when it sends: what it says it is now, beside the receipt, tells by
    how much. Within five minutes the phone is believed, since the way through the network takes time too.
    """
    if sealed_at is None or sent_at is None:
        return sealed_at
    wrong_by = received_at - sent_at
    return sealed_at + wrong_by if abs(wrong_by) > CLOCK_SLACK else sealed_at


def extension_counts(*, granted_at: datetime, due_at: datetime) -> bool:
    """Say whether an extension was granted in time: one granted after the term changes nothing about lateness."""
    return granted_at <= due_at
