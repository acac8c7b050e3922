"""What whoever holds a link may read: one bulletin at one outlet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from smarthd.channels.errors import OutletUnknown, ReceiverUnknown
from smarthd.channels.models import Bulletin, Dispatch, Outlet
from smarthd.channels.rules import saying
from smarthd.channels.rules.bulletins import Words
from smarthd.channels.rules.dispatches import CARRIED, State
from smarthd.channels.rules.outlets import Kind
from smarthd.channels.selectors.wording import words_of

OPEN_FOR = timedelta(days=90)
"""How long after a bulletin's time its receivers' links open: long enough to say that it was aired."""


@dataclass(frozen=True, slots=True)
class Received:
    """A bulletin as its receiver sees it."""

    outlet: str
    words: Words
    state: State
    receipt: str
    over: bool
    replaced_title: str


def dispatch_of(token: str, *, now: datetime) -> Dispatch:
    """Return the dispatch a link leads to, or raise ReceiverUnknown."""
    row = Dispatch.objects.select_related("bulletin", "outlet").filter(token=token).first()
    if row is None or row.bulletin.valid_until + OPEN_FOR < now:
        raise ReceiverUnknown
    return row


def received(token: str, *, now: datetime) -> Received:
    """Return what a receiver's page shows, or raise ReceiverUnknown."""
    row = dispatch_of(token, now=now)
    after = Bulletin.objects.filter(replaces=row.bulletin).order_by("-id").first()
    return Received(
        outlet=row.outlet.name,
        words=words_of(row.bulletin),
        state=State(row.state),
        receipt=row.receipt,
        over=row.bulletin.ended_at is not None or row.bulletin.valid_until <= now,
        replaced_title=saying.title(words_of(after)) if after else "",
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """What a portal's frame shows, and which origin may hold it."""

    outlet_id: int
    origin: str
    cards: tuple[saying.Card, ...]


def frame(embed_key: str, *, now: datetime) -> Frame:
    """Return the bulletins in force of a portal, the urgent first, then the newest. Raises OutletUnknown. Two queries."""
    outlet = Outlet.objects.filter(embed_key=embed_key, kind=Kind.PORTAL, enabled=True).first()
    if outlet is None:
        raise OutletUnknown
    rows = (
        Bulletin.objects.filter(
            dispatches__outlet=outlet,
            dispatches__state__in=[str(state) for state in CARRIED],
            ended_at=None,
            valid_until__gt=now,
        )
        .order_by("drill", "dispatches__rank", "-taken_at")
        .distinct()[:10]
    )
    return Frame(outlet.pk, outlet.address, tuple(saying.card(words_of(row)) for row in rows))
