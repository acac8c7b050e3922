"""Bulletins taken in, and what they replace ended: with the outbox rows of every outlet they go to, in one transaction."""

from __future__ import annotations

import dataclasses
import secrets
from datetime import datetime

from django.db import transaction

from smarthd.channels import policies
from smarthd.channels.errors import BulletinFaulty
from smarthd.channels.models import Bulletin, Dispatch, Outlet
from smarthd.channels.rules import bulletins as rules
from smarthd.channels.rules import dispatches, outlets
from smarthd.channels.rules.bulletins import Change
from smarthd.channels.rules.dispatches import State
from smarthd.channels.rules.outlets import Kind, Reach
from smarthd.channels.values import NewBulletin
from smarthd.kernel import audit, clock, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.places import selectors as places
from smarthd.places.errors import UnitNotFound

MOST_COMMUNES = 2000


@transaction.atomic
def take_bulletin(new: NewBulletin, *, actor: Actor, now: datetime) -> Bulletin:
    """Take a bulletin and put it on its way to every outlet it is for, within the sender's reach. The same source and key is one bulletin.

    An update or a cancellation ends what it replaces: nothing more is sent of that. A cancellation does not go to outlets that were
    never even tried with what it cancels. Raises BulletinFaulty; NotAllowed where the actor may not send in the agency's name.
    """
    require(bool(actor.system) or (new.agency_id is not None and policies.can_send_for(actor, new.agency_id)))
    if not (actor.system or rules.may_send_alone(new.priority)):
        raise BulletinFaulty(fields={"priority": "Tin khẩn cấp đi từ trang Cảnh báo, có người thứ hai duyệt."})
    reach = policies.sends_to(actor)
    return take_checked(new if reach is None else dataclasses.replace(new, owners=reach), actor=actor, now=now)


@transaction.atomic
def take_checked(new: NewBulletin, *, actor: Actor, now: datetime) -> Bulletin:
    """Take a bulletin whose sender another use case has allowed."""
    known = Bulletin.objects.filter(source=new.source, key=new.key).first()
    if known is not None:
        return known
    row, before = _row(new, actor=actor, now=now), None
    if new.replaces:
        before = Bulletin.objects.select_for_update().filter(source=new.source, key=new.replaces).first()
        row.replaces = before
    row.save()
    if before is not None:
        end_bulletin(before, now=now)
    count = _open_outbox(row, before, new, now=now)
    audit.record(actor, "channels.bulletin_taken", row, at=now, source=str(new.source), outlets=count, drill=new.drill)
    send_soon()
    return row


def _row(new: NewBulletin, *, actor: Actor, now: datetime) -> Bulletin:
    if new.valid_until <= now:
        raise BulletinFaulty(fields={"valid_until": "Bản tin đã hết hiệu lực."})
    communes = sorted(set(new.communes))
    try:
        named = places.views(communes[: MOST_COMMUNES + 1], clock.day_of(now))
    except UnitNotFound:
        named = {}
    if len(named) != len(communes):
        raise BulletinFaulty(fields={"communes": "Có xã, phường không có trong danh mục."})
    words = rules.checked(
        rules.Words(
            title=new.title,
            body=new.body,
            sender=new.sender,
            instruction=new.instruction,
            contact=new.contact,
            valid_from=new.valid_from,
            valid_until=new.valid_until,
        )
    )
    return Bulletin(
        source=new.source,
        key=new.key,
        title=words.title,
        body=words.body,
        instruction=words.instruction,
        sender=text.nfc(new.sender)[:200],
        contact=text.nfc(new.contact)[:200],
        priority=new.priority,
        change=new.change,
        language=new.language,
        drill=new.drill,
        communes=communes,
        places=[named[one].full_name for one in communes],
        path=new.path,
        agency_id=new.agency_id,
        valid_from=new.valid_from,
        valid_until=new.valid_until,
        taken_at=now,
        taken_by=actor.account_id,
    )


def _open_outbox(row: Bulletin, before: Bulletin | None, new: NewBulletin, *, now: datetime) -> int:
    """Write one row an outlet that this goes to; return how many."""
    untried = (
        set(Dispatch.objects.filter(bulletin=before, tries=0, round=1).values_list("outlet_id", flat=True))
        if before is not None and row.change == Change.CANCEL
        else set()
    )
    rank = rules.RANK[rules.Priority(row.priority)]
    kinds = frozenset(new.kinds)
    found = Outlet.objects.filter(enabled=True, kind__in=kinds)
    if new.owners is not None:
        found = found.filter(agency_id__in=new.owners)
    made = Dispatch.objects.bulk_create(
        [
            Dispatch(
                bulletin=row,
                outlet=outlet,
                token=secrets.token_urlsafe(24),
                rank=rank,
                next_try_at=max(now, _begins(row, outlet)),
                made_at=now,
            )
            for outlet in found
            if outlet.pk not in untried
            and outlets.wants(
                Reach(Kind(outlet.kind), outlet.commune_id, outlet.enabled, outlet.drills),
                communes=row.communes,
                kinds=kinds,
                drill=row.drill,
            )
        ]
    )
    return len(made)


def _begins(row: Bulletin, outlet: Outlet) -> datetime:
    """Return from when a bulletin may be sent: a loudspeaker holds its job until the hour, the others publish as soon as they have it."""
    return row.taken_at if outlet.kind == Kind.LOUDSPEAKER else row.valid_from


def end_bulletin(row: Bulletin, *, now: datetime) -> None:
    """End a bulletin: what waits or failed is dropped; what is being sent this moment will say that it was sent."""
    Bulletin.objects.filter(pk=row.pk, ended_at=None).update(ended_at=now)
    open_states = [str(one) for one in dispatches.DROP.sources]
    waiting = Dispatch.objects.select_for_update().filter(bulletin=row, state__in=open_states)
    ids = list(waiting.order_by("outlet_id", "id").values_list("pk", flat=True))
    Dispatch.objects.filter(pk__in=ids, state__in=open_states).update(state=State.DROPPED)


@transaction.atomic
def end_source(source: rules.Source, key: str, *, now: datetime) -> bool:
    """End what came from a source, without another bulletin in its place: it expired, or was taken back. Say whether there was one."""
    row = Bulletin.objects.select_for_update().filter(source=source, key=key).first()
    if row is None:
        return False
    end_bulletin(row, now=now)
    return True


def send_soon() -> None:
    """Have what is due sent as soon as this transaction is written."""
    from smarthd.channels.tasks import send_due  # tasks import this package

    send_due.defer()
