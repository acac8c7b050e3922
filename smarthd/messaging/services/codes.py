"""Bringing sign-in codes to their owners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction

from smarthd.kernel import sealing
from smarthd.kernel.moves import Move
from smarthd.messaging import rules
from smarthd.messaging.adapters.console import ConsoleGateway
from smarthd.messaging.models import CodeDelivery
from smarthd.messaging.ports import GatewayRefused, GatewayUnavailable, Receipt, TextGateway
from smarthd.people.services import CODE_SEAL


def gateway() -> TextGateway:
    """Return this installation's gateway: the one configured, else the server's terminal."""
    if settings.SMS_GATEWAY_URL:
        # The library is loaded where it sends, not in every web process.
        from smarthd.messaging.adapters.http import HttpGateway

        return HttpGateway(settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN)
    return ConsoleGateway()


@transaction.atomic
def queue_code(
    *, request_uid: UUID, phone_sealed: bytes, code_sealed: bytes, asked_at: datetime, expires_at: datetime
) -> None:
    """Put a code on its way; told twice, it goes once."""
    from smarthd.messaging.tasks import deliver_code  # tasks import this module

    delivery, made = CodeDelivery.objects.get_or_create(
        request_uid=request_uid,
        defaults={
            "phone_sealed": phone_sealed,
            "code_sealed": code_sealed,
            "state": rules.DeliveryState.WAITING,
            "asked_at": asked_at,
            "expires_at": expires_at,
        },
    )
    if made:
        deliver_code.defer(delivery_id=delivery.pk)


def send_code(phone: str, code: str, *, reference: UUID, via: TextGateway | None = None) -> Receipt:
    """Hand one code to the gateway now; raises GatewayUnavailable or GatewayRefused."""
    host = urlsplit(settings.ORIGIN).hostname or ""
    return (via or gateway()).send(phone=phone, text=rules.code_text(code, host=host), reference=reference)


def try_delivery(delivery_id: int, *, now: datetime, via: TextGateway | None = None) -> rules.DeliveryState:
    """Try once to deliver a waiting code and return where it stands; the network is used outside any transaction.

    After the last try the delivery is FAILED, after its code's life EXPIRED: states the sign-in page and the operators see.
    """
    taken = _take(delivery_id, now=now)
    if taken is None:
        return rules.DeliveryState(CodeDelivery.objects.get(pk=delivery_id).state)
    try:
        receipt = send_code(taken.phone, taken.code, reference=taken.request_uid, via=via)
    except GatewayRefused as refusal:
        return _close(delivery_id, rules.FAIL, now=now, fault=f"refused: {refusal}")
    except GatewayUnavailable as failure:
        if rules.may_try_again(taken.tries):
            return _wait(delivery_id, fault=f"unavailable: {failure}")
        return _close(delivery_id, rules.FAIL, now=now, fault=f"unavailable: {failure}")
    return _close(delivery_id, rules.SEND, now=now, reference=receipt.reference)


@dataclass(frozen=True, slots=True)
class _Taken:
    request_uid: UUID
    phone: str
    code: str
    tries: int


@transaction.atomic
def _take(delivery_id: int, *, now: datetime) -> _Taken | None:
    """Count one try and return what to send; None when the way has ended."""
    delivery = CodeDelivery.objects.select_for_update().get(pk=delivery_id)
    if delivery.state != rules.DeliveryState.WAITING or delivery.phone_sealed is None or delivery.code_sealed is None:
        return None
    if now >= delivery.expires_at:
        _close(delivery_id, rules.EXPIRE, now=now)
        return None
    delivery.tries += 1
    delivery.save(update_fields=["tries"])
    return _Taken(
        request_uid=delivery.request_uid,
        phone=sealing.unseal(delivery.phone_sealed, purpose=CODE_SEAL),
        code=sealing.unseal(delivery.code_sealed, purpose=CODE_SEAL),
        tries=delivery.tries,
    )


def _wait(delivery_id: int, *, fault: str) -> rules.DeliveryState:
    CodeDelivery.objects.filter(pk=delivery_id, state=rules.DeliveryState.WAITING).update(fault=fault[:100])
    return rules.DeliveryState.WAITING


@transaction.atomic
def _close(
    delivery_id: int,
    move: Move[rules.DeliveryState],
    *,
    now: datetime,
    fault: str = "",
    reference: str = "",
) -> rules.DeliveryState:
    """End the way, and forget the number and the code."""
    delivery = CodeDelivery.objects.select_for_update().get(pk=delivery_id)
    state = move.apply(rules.DeliveryState(delivery.state))
    delivery.state = state
    delivery.fault = fault[:100]
    delivery.reference = reference
    delivery.closed_at = now
    delivery.phone_sealed = None
    delivery.code_sealed = None
    delivery.save()
    return state


def forget_deliveries(*, before: datetime) -> int:
    """Delete deliveries asked for before an instant; returns how many. For retention."""
    count, _ = CodeDelivery.objects.filter(asked_at__lt=before).delete()
    return count
