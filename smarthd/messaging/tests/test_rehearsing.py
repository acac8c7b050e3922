"""A rehearsal cannot be mistaken: its phones stand nowhere else, its senders reach nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from smarthd.messaging import selectors, services
from smarthd.messaging.adapters.sink.client import SinkSilent, ask
from smarthd.messaging.adapters.sink.server import IDENTITY, Sink
from smarthd.messaging.adapters.webpush.transport import BeyondRehearsal, CurlTransport, Request
from smarthd.messaging.models import PushSubscription
from smarthd.messaging.services import pushing
from smarthd.messaging.tests import make

ORIGIN = "https://127.0.0.1:9443"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rehearsal", "loopback", "origin"),
    [
        (False, True, ORIGIN),
        (True, False, ORIGIN),
        (True, True, "https://fcm.googleapis.com"),
        (True, True, "https://127.0.0.1.evil.example:1"),
    ],
)
def test_no_phone_is_planted_among_real_ones_or_at_a_real_service(c, settings, rehearsal, loopback, origin) -> None:
    settings.PUSH_REHEARSAL, settings.PUSH_LOOPBACK = rehearsal, loopback
    with pytest.raises(services.NotARehearsal):
        services.plant_phones(c, 10, origin=origin, now=make.NOW)
    assert PushSubscription.objects.count() == 0


@pytest.mark.parametrize(
    "url", ["https://fcm.googleapis.com/x", "https://127.0.0.1.evil.example/", "https://127.0.0.1@evil.example:443/"]
)
def test_a_rehearsals_sender_reaches_this_machine_only(settings, url) -> None:
    settings.PUSH_REHEARSAL = settings.PUSH_LOOPBACK = True
    transport = pushing.transport()
    with pytest.raises(BeyondRehearsal):
        transport.start(Request(url, b"x", [], None))
    assert transport.in_flight == 0
    transport.close()


def test_outside_a_rehearsal_nothing_is_held_back() -> None:
    assert CurlTransport()._only_here is False


@pytest.mark.django_db
def test_planted_phones_are_each_their_own_and_spread_over_the_communes(c, settings) -> None:
    settings.PUSH_REHEARSAL = settings.PUSH_LOOPBACK = True
    assert services.plant_phones(c, 1200, origin=ORIGIN, now=make.NOW) == 1200
    rows = list(PushSubscription.objects.values_list("endpoint", "auth", "p256dh"))
    assert len({endpoint for endpoint, _, _ in rows}) == len({bytes(auth) for _, auth, _ in rows}) == 1200
    assert len({bytes(public) for _, _, public in rows}) == 500
    assert selectors.audience(c, "alerts").phones == 1200


def test_the_counts_asked_for_are_the_services_own() -> None:
    with Sink(Path(settings.DATA_DIR) / "push-sink") as sink:
        sink.box.got["/p/ok/a"] += 2
        told = ask(sink.origin, "/counts", certificate=Path(settings.DATA_DIR) / "push-sink" / IDENTITY)
    assert (told["accepted"], told["subscriptions"], told["duplicates"]) == (2, 1, 1)
    with pytest.raises(SinkSilent):
        ask(sink.origin, "/counts", certificate=Path(settings.DATA_DIR) / "push-sink" / IDENTITY)
