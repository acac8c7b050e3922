"""Announcing facts upward. Events are frozen dataclasses of JSON-able fields, dates, instants and UUIDs.

``announce`` writes one delivery a subscriber in the caller's transaction and defers its job in the same transaction, so that a
rolled-back fact is never told. Delivery is after commit and at least once: subscribers are idempotent.
"""

from __future__ import annotations

import dataclasses
import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from procrastinate.types import JSONDict
from pydantic import TypeAdapter

from smarthd.kernel import clock
from smarthd.kernel.models import OutboxDelivery

log = logging.getLogger(__name__)
E = TypeVar("E")
Handler = Callable[[Any], None]

_handlers: dict[str, dict[str, Handler]] = defaultdict(dict)
_types: dict[str, type[Any]] = {}


def name_of(event_type: type[Any]) -> str:
    """Return the stable name of an event type, e.g. ``people.AccountActivated``."""
    context = event_type.__module__.removeprefix("smarthd.").split(".", 1)[0]
    return f"{context}.{event_type.__name__}"


def subscribe(event_type: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register the decorated function, in a context's handlers.py, for events of one type."""

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        event = name_of(event_type)
        _types[event] = event_type
        _handlers[event][f"{handler.__module__}.{handler.__qualname__}"] = handler
        return handler

    return register


_adapters: dict[str, TypeAdapter[Any]] = {}


def _adapter(event_type: type[Any]) -> TypeAdapter[Any]:
    name = name_of(event_type)
    if name not in _adapters:
        _adapters[name] = TypeAdapter(event_type)
    return _adapters[name]


def announce(event: object) -> None:
    """Tell a fact to all who subscribed to its type, after the present transaction commits."""
    if not dataclasses.is_dataclass(event):
        msg = f"{event!r} is no event: events are frozen dataclasses"
        raise TypeError(msg)
    name = name_of(type(event))
    subscribers = _handlers.get(name)
    if not subscribers:
        return
    payload = _adapter(type(event)).dump_python(event, mode="json")
    with transaction.atomic(savepoint=False):
        deliveries = OutboxDelivery.objects.bulk_create(
            OutboxDelivery(event=name, payload=payload, subscriber=subscriber, announced_at=clock.now())
            for subscriber in subscribers
        )
        from smarthd.kernel.tasks import deliver_event  # tasks import this module

        jobs: list[JSONDict] = [{"delivery_id": delivery.pk} for delivery in deliveries]
        deliver_event.batch_defer(*jobs)


def deliver(delivery_id: int) -> None:
    """Hand one event to its subscriber once; a failure is kept on the row and rises, so that the queue retries."""
    with transaction.atomic():
        delivery = OutboxDelivery.objects.select_for_update().get(pk=delivery_id)
        if delivery.delivered_at is not None:
            return
        handler = _handlers.get(delivery.event, {}).get(delivery.subscriber)
        if handler is None:
            log.error("no subscriber %s for event %s", delivery.subscriber, delivery.event)
            msg = f"subscriber {delivery.subscriber} is gone"
            raise LookupError(msg)
        handler(_adapter(_types[delivery.event]).validate_python(delivery.payload))
        delivery.delivered_at = clock.now()
        delivery.save(update_fields=["delivered_at"])


def deliver_owed(limit: int = 1000) -> int:
    """Deliver everything owed, oldest first, in this process; for tests, seeding and the sweeper. Returns how many."""
    owed = list(OutboxDelivery.objects.filter(delivered_at=None).order_by("id").values_list("id", flat=True)[:limit])
    for delivery_id in owed:
        deliver(delivery_id)
    return len(owed)


def forget_delivered(*, before: datetime) -> int:
    """Delete deliveries made before an instant; what is still owed stays. Returns how many."""
    return OutboxDelivery.objects.filter(delivered_at__lt=before).delete()[0]
