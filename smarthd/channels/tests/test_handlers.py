"""A warning approved by two goes by every road; its end stops what was not sent. Two contexts, their real events."""

from __future__ import annotations

import copy

import pytest

from smarthd.alerts.rules.messages import Status
from smarthd.alerts.selectors import public
from smarthd.alerts.tests import make as alerts
from smarthd.channels.adapters.fake import FakeSpeaker
from smarthd.channels.models import Bulletin, Dispatch
from smarthd.channels.rules.outlets import Kind
from smarthd.channels.services import speaking
from smarthd.channels.tests import make
from smarthd.kernel import clock, events
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
_duty = planted_once(alerts.land)


@pytest.fixture
def duty(_duty, db, tmp_path, settings, monkeypatch):
    settings.DATA_DIR = settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(speaking, "voice", FakeSpeaker)
    clock.set_now(alerts.NOW)
    public.forget()
    yield copy.deepcopy(_duty)
    clock.set_now(None)
    public.forget()


def test_an_approved_warning_goes_by_every_road_and_a_test_by_none(duty):
    make.outlet(Kind.PRESS, agency_id=duty.province)
    make.outlet(Kind.LOUDSPEAKER, agency_id=duty.commune, commune_id=duty.units["c0"].id)
    make.outlet(Kind.LOUDSPEAKER, agency_id=duty.other, commune_id=duty.units["c4"].id, address="console:xa")
    alert = alerts.issued(duty)
    alerts.issued(duty, status=Status.EXERCISE)
    events.deliver_owed()
    real, drill = Bulletin.objects.order_by("id")
    assert (real.key, real.priority, real.drill, drill.drill) == (str(alert.uid), "urgent", False, True)
    assert sorted(Dispatch.objects.filter(bulletin=real).values_list("outlet__kind", flat=True)) == [
        "loudspeaker",
        "press",
    ]
    events.deliver_owed()
    assert Bulletin.objects.count() == 2
