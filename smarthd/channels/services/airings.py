"""A campaign's airing sent by the channels its agency has outlets for."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from smarthd.agencies import selectors as agencies
from smarthd.channels.errors import BulletinFaulty
from smarthd.channels.models import Bulletin, Outlet
from smarthd.channels.rules.airings import KINDS
from smarthd.channels.rules.bulletins import Priority, Source
from smarthd.channels.services.bulletins import take_checked
from smarthd.channels.values import NewBulletin
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.rollout.rules.airings import Channel, State
from smarthd.rollout.selectors import airings

STANDS_FOR = timedelta(days=1)
"""How long after its planned time an airing may still go out."""


def outlets_for(agency_id: int, channel: Channel) -> int:
    """Return how many outlets in use an agency has for a campaign's channel."""
    return Outlet.objects.filter(agency_id=agency_id, kind__in=KINDS.get(channel, ()), enabled=True).count()


def send_airing(uid: UUID, *, actor: Actor, now: datetime) -> Bulletin:
    """Put a planned airing on its way to its agency's own outlets, with the code people may come with; asked again it is the same one.

    Raises AiringUnknown, NotAllowed, and BulletinFaulty where it has no words, no outlet, or its time is over.
    """
    seen = airings.airing_for(actor, uid, now=now)
    require(seen.may_plan)
    row = seen.row
    agency = agencies.agency_view(row.agency_id, clock.day_of(now))
    if row.state is not State.PLANNED or not seen.words or not outlets_for(row.agency_id, row.channel):
        raise BulletinFaulty(fields={"body": "Cần lượt chưa phát, có lời đọc, và đơn vị có nơi nhận của kênh này."})
    new = NewBulletin(
        source=Source.AIRING,
        key=str(uid),
        title=row.title,
        body=seen.words,
        instruction=f"Cài ứng dụng, nhập mã {row.code}.",
        sender=agency.name,
        priority=Priority.NORMAL,
        agency_id=row.agency_id,
        kinds=KINDS[row.channel],
        owners=[row.agency_id],
        valid_from=row.planned_at,
        valid_until=row.planned_at + STANDS_FOR,
        path=f"/m/{row.code}/",
    )
    return take_checked(new, actor=actor, now=now)
