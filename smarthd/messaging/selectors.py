"""Reads of messaging."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from smarthd.messaging import rules
from smarthd.messaging.models import CodeDelivery


def code_delivery_state(request_uid: UUID) -> rules.DeliveryState | None:
    """Return where a code stands on its way; None before messaging has heard of it."""
    state = CodeDelivery.objects.filter(request_uid=request_uid).values_list("state", flat=True).first()
    return None if state is None else rules.DeliveryState(state)


def failed_deliveries(*, since: datetime) -> int:
    """Return how many codes could not be delivered since an instant: what operators watch."""
    return CodeDelivery.objects.filter(
        asked_at__gte=since, state__in=[rules.DeliveryState.FAILED, rules.DeliveryState.EXPIRED]
    ).count()
