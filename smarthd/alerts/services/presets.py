"""Keeping a selection of communes under a name; along a river the order is kept, so that "from here downstream" is one press."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from smarthd.alerts import policies
from smarthd.alerts.errors import PresetFaulty
from smarthd.alerts.models import AreaPreset
from smarthd.alerts.selectors import ground
from smarthd.kernel import audit, clock
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require


@transaction.atomic
def keep_preset(
    *, name: str, communes: Sequence[int], along: bool, agency_id: int, actor: Actor, now: datetime
) -> AreaPreset:
    """Keep communes under a name, in their order; a preset of this name is replaced."""
    require(policies.can_write(actor, agency_id), act="keep_preset")
    kept = " ".join(name.split())[:120]
    ordered = list(dict.fromkeys(communes))
    day = clock.day_of(now)
    if not kept or not ordered or not all(ground.stands(unit, day) for unit in ordered):
        raise PresetFaulty(fields={"name": "Đặt tên và chọn ít nhất một xã, phường."})
    AreaPreset.objects.filter(agency_id=agency_id, name=kept, ended_at=None).update(ended_at=now)
    try:
        with transaction.atomic():
            preset = AreaPreset.objects.create(
                agency_id=agency_id, name=kept, along=along, communes=ordered, kept_at=now
            )
    except IntegrityError as clash:
        raise PresetFaulty(fields={"name": "Có người vừa lưu vùng mang tên này."}) from clash
    audit.record(actor, "alerts.preset_kept", preset, at=now, communes=len(ordered))
    return preset
