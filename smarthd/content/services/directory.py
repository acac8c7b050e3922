"""Keeping the directory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from smarthd.content import policies, rules
from smarthd.content.models import Contact, Hotline, HotlineNumber, Tile
from smarthd.content.rules import kinds, tiles
from smarthd.kernel import audit, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require


@transaction.atomic
def upsert_hotline(
    *,
    key: str,
    name: str,
    category: rules.HotlineCategory,
    numbers: Sequence[tuple[str, str]],
    hours: str,
    verified_on: date,
    unit_id: int | None = None,
    agency_id: int | None = None,
    note: str = "",
    active: bool = True,
    actor: Actor,
    now: datetime,
) -> str:
    """Create or replace the directory entry of a key and return the key; ``numbers`` are (label, number) pairs.

    An entry with a number of the sample range is marked a sample. Raises NotAllowed, NotDialable.
    """
    hotline = Hotline.objects.select_for_update().filter(key=key).first() or Hotline(key=key)
    before_agency = hotline.agency_id
    hotline.agency_id = agency_id
    if not actor.system:
        require(policies.can_write(actor, hotline) and before_agency in (None, agency_id))
    dialables = [(text.nfc(label), rules.dialable(number)) for label, number in numbers]
    if not dialables:
        raise rules.NotDialable(given="")
    hotline.name = text.nfc(name)
    hotline.category = category
    hotline.unit_id = unit_id
    hotline.hours = text.nfc(hours)
    hotline.note = text.nfc(note)
    hotline.verified_on = verified_on
    hotline.active = active
    hotline.sample = any(number.sample for _, number in dialables)
    hotline.numbers = [
        HotlineNumber(position=place, label=label, dial=number.dial, shown=number.shown)
        for place, (label, number) in enumerate(dialables)
    ]
    hotline.save()
    audit.record(actor, "content.hotline_kept", hotline, at=now, key=key, active=active)
    return key


@transaction.atomic
def keep_tile(
    *,
    agency_id: int,
    title: str,
    icon: str,
    target: str,
    unit_id: int | None = None,
    topic: kinds.Topic = kinds.Topic.GENERAL,
    title_en: str = "",
    position: int = 10,
    actor: Actor,
    now: datetime,
) -> None:
    """Create or replace the tile of an agency, unit and title; raises NotAllowed, TileLeadsNowhere."""
    at_unit = Q(unit=None) if unit_id is None else Q(unit_id=unit_id)
    tile = Tile.objects.filter(at_unit, agency_id=agency_id, title=title).first()
    tile = tile or Tile(agency_id=agency_id, unit_id=unit_id, title=text.nfc(title))
    require(bool(actor.system) or policies.can_write(actor, tile))
    tile.icon, tile.target, tile.topic = icon, tiles.target(target), topic
    tile.title_en, tile.position = title_en, position
    tile.save()
    audit.record(actor, "content.tile_kept", tile, at=now)


@transaction.atomic
def confirm_entries(*, agency_id: int, marks: Collection[str], actor: Actor, now: datetime, day: date) -> int:
    """Write down that entries of an agency's directory (``c12`` a person, ``h3`` a number) were verified today; return how many."""
    require(agency_id in policies.agencies_written(actor) | policies.sections_kept(actor))
    count = 0
    for letter, model in (("c", Contact), ("h", Hotline)):
        keys = [int(mark[1:]) for mark in marks if mark[:1] == letter and mark[1:].isdigit() and len(mark) < 19]
        for entry in model._default_manager.select_for_update().filter(pk__in=keys, agency_id=agency_id, active=True):
            entry.verified_on = day
            entry.save(update_fields=["verified_on"])
            audit.record(actor, "content.entry_verified", entry, at=now)
            count += 1
    return count


@transaction.atomic
def keep_contact(
    *,
    agency_id: int,
    full_name: str,
    position: str,
    number: str,
    work: str,
    reception: str,
    verified_on: date,
    rank: int = 10,
    actor: Actor,
    now: datetime,
) -> None:
    """Create or replace the entry of a person of an agency; raises NotAllowed, NotDialable."""
    contact = Contact.objects.filter(agency_id=agency_id, full_name=full_name).first()
    contact = contact or Contact(agency_id=agency_id, full_name=text.nfc(full_name))
    require(bool(actor.system) or policies.can_write(actor, contact))
    dial = rules.dialable(number)
    contact.dial, contact.shown, contact.sample = dial.dial, dial.shown, dial.sample
    contact.position, contact.work, contact.reception = text.nfc(position), text.nfc(work), text.nfc(reception)
    contact.verified_on, contact.rank = verified_on, rank
    contact.save()
    audit.record(actor, "content.contact_kept", contact, at=now)
