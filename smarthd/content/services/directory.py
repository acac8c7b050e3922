"""Keeping the directory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from smarthd.content import policies, rules
from smarthd.content.models import Hotline, HotlineNumber
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
