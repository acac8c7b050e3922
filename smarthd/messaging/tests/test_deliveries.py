"""A code on its way: sent once, tried again a few times, ended in a state, forgotten."""

from __future__ import annotations

import pytest
from django.test import override_settings

from smarthd.kernel import events
from smarthd.messaging import rules, selectors, services
from smarthd.messaging.adapters.console import ConsoleGateway
from smarthd.messaging.adapters.fake import FakeGateway
from smarthd.messaging.adapters.http import HttpGateway
from smarthd.messaging.models import CodeDelivery
from smarthd.messaging.ports import GatewayRefused, GatewayUnavailable
from smarthd.messaging.rules import DeliveryState
from smarthd.people import services as people
from smarthd.people.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting() -> tuple[CodeDelivery, people.CodeTicket]:
    ticket = people.request_code("0912 345 678", address=make.ADDRESS, now=make.NOW)
    events.deliver_owed()
    return CodeDelivery.objects.get(request_uid=ticket.uid), ticket


def test_a_requested_code_reaches_the_gateway_and_is_the_right_one(waiting) -> None:
    delivery, ticket = waiting
    gateway = FakeGateway()
    assert services.try_delivery(delivery.pk, now=make.NOW, via=gateway) is DeliveryState.SENT
    phone, text = gateway.sent[ticket.uid]
    assert phone == "+84912345678"
    assert text.endswith(f"#{ticket.shown_code}")
    assert selectors.code_delivery_state(ticket.uid) is DeliveryState.SENT


def test_a_sent_code_is_not_sent_again_and_is_forgotten(waiting) -> None:
    delivery, _ = waiting
    gateway = FakeGateway()
    for _ in range(2):
        services.try_delivery(delivery.pk, now=make.NOW, via=gateway)
    delivery.refresh_from_db()
    assert (len(gateway.sent), delivery.tries) == (1, 1)
    assert (delivery.phone_sealed, delivery.code_sealed) == (None, None)


def test_told_twice_it_goes_once(waiting) -> None:
    delivery, _ = waiting
    services.queue_code(
        request_uid=delivery.request_uid,
        phone_sealed=b"x",
        code_sealed=b"x",
        asked_at=make.NOW,
        expires_at=make.later(minutes=5),
    )
    assert CodeDelivery.objects.count() == 1


def test_passing_faults_are_tried_again_until_tries_run_out(waiting) -> None:
    delivery, _ = waiting
    gateway = FakeGateway()
    gateway.failures = [GatewayUnavailable("HTTP 503")] * rules.TRIES
    states = [services.try_delivery(delivery.pk, now=make.NOW, via=gateway) for _ in range(rules.TRIES)]
    assert states == [DeliveryState.WAITING] * (rules.TRIES - 1) + [DeliveryState.FAILED]
    assert selectors.failed_deliveries(since=make.NOW) == 1


def test_a_passing_fault_then_success_ends_sent(waiting) -> None:
    delivery, _ = waiting
    gateway = FakeGateway()
    gateway.failures = [GatewayUnavailable("timeout")]
    services.try_delivery(delivery.pk, now=make.NOW, via=gateway)
    assert services.try_delivery(delivery.pk, now=make.NOW, via=gateway) is DeliveryState.SENT


def test_a_refusal_ends_at_once_with_its_fault(waiting) -> None:
    delivery, _ = waiting
    gateway = FakeGateway()
    gateway.failures = [GatewayRefused("HTTP 422")]
    assert services.try_delivery(delivery.pk, now=make.NOW, via=gateway) is DeliveryState.FAILED
    delivery.refresh_from_db()
    assert delivery.fault == "refused: HTTP 422"


def test_a_dead_code_is_never_sent(waiting) -> None:
    delivery, _ = waiting
    gateway = FakeGateway()
    assert services.try_delivery(delivery.pk, now=make.later(minutes=5), via=gateway) is DeliveryState.EXPIRED
    assert gateway.sent == {}


def test_old_deliveries_are_forgotten(waiting) -> None:
    assert services.forget_deliveries(before=make.NOW) == 0
    assert services.forget_deliveries(before=make.later(seconds=1)) == 1


def test_the_terminal_is_the_gateway_until_one_is_configured() -> None:
    with override_settings(SMS_GATEWAY_URL="", SMS_GATEWAY_TOKEN=""):
        assert isinstance(services.gateway(), ConsoleGateway)
    with override_settings(SMS_GATEWAY_URL="https://sms.example/send", SMS_GATEWAY_TOKEN="t"):
        assert isinstance(services.gateway(), HttpGateway)


def test_the_message_is_one_sms_of_plain_letters() -> None:
    text = rules.code_text("012345", host="smart.haiduong.gov.vn")
    assert len(text) <= 160
    assert text.isascii()


@pytest.mark.parametrize("state", list(DeliveryState))
@pytest.mark.parametrize("move", rules.DELIVERY_MOVES, ids=lambda move: move.name)
def test_only_a_waiting_message_moves(move, state: DeliveryState) -> None:
    assert move.may_start(state) == (state is DeliveryState.WAITING)
