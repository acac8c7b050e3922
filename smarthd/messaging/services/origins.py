"""What operators do about push services."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from smarthd.kernel import audit
from smarthd.kernel.actor import Actor
from smarthd.messaging.models import PushOrigin
from smarthd.messaging.services import ledger


@transaction.atomic
def reopen_origin(origin: str, *, actor: Actor, now: datetime) -> bool:
    """Send to a push service again that refused us, once the reason is mended. Say whether it was stopped."""
    row = PushOrigin.objects.select_for_update().filter(origin=origin, refused_at__isnull=False).first()
    if row is None:
        return False
    audit.record(actor, "messaging.origin_reopened", row, at=now, origin=origin, fault=row.fault)
    return ledger.reopen(origin)
