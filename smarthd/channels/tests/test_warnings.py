"""A warning carried on by its approved roads: how urgent, to whom, what it replaces; a test never leaves its testers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from smarthd.channels.models import Bulletin, Dispatch
from smarthd.channels.rules import warnings as rules
from smarthd.channels.rules.bulletins import Change, Priority
from smarthd.channels.rules.dispatches import State
from smarthd.channels.rules.outlets import Kind
from smarthd.channels.services import dispatching, warnings
from smarthd.channels.tests import make

NOW = make.NOW
EVERY_ROAD = ("app", "feeds", "loudspeaker", "radio", "press", "social")


@dataclass(frozen=True)
class Warned:
    """What alerts hands over."""

    commune_ids: tuple[int, ...]
    uid: UUID = field(default_factory=uuid4)
    code: str = "CB-7Q2M4X"
    kind: str = "Alert"
    status: str = "Actual"
    severity: str = "Severe"
    urgency: str = "Expected"
    headline_vi: str = "Bão số 3 vào đất liền đêm nay"
    description_vi: str = "Gió cấp 8–9, giật cấp 11."
    instruction_vi: str = "Không ra khỏi nhà."
    contact: str = "0220 3853 333"
    sender_name: str = "Ban Chỉ huy PCTT&TKCN tỉnh"
    effective_at: datetime = NOW
    expires_at: datetime = NOW + timedelta(hours=12)


@pytest.fixture
def warned(land) -> Warned:
    return Warned((land.units["c0"].id,))


def taken(warned: Warned, **more) -> Bulletin | None:
    return warnings.take_warning(warned, actor=make.SYSTEM, now=NOW, **({"roads": EVERY_ROAD, "replaces": None} | more))


@pytest.mark.parametrize(
    ("severity", "urgency", "change", "priority"),
    [
        ("Extreme", "Immediate", Change.NEW, Priority.URGENT), ("Severe", "Expected", Change.UPDATE, Priority.URGENT),
        ("Severe", "Future", Change.NEW, Priority.PRIORITY), ("Moderate", "Immediate", Change.NEW, Priority.URGENT),
        ("Minor", "Expected", Change.NEW, Priority.PRIORITY), ("Extreme", "Immediate", Change.CANCEL, Priority.PRIORITY),
    ],
)  # fmt: skip
def test_what_lives_hang_on_goes_at_once(severity, urgency, change, priority):
    assert rules.priority_of(severity=severity, urgency=urgency, change=change) is priority


@pytest.mark.django_db
def test_a_warning_goes_by_its_approved_roads_to_its_communes(land, warned):
    row = taken(warned)
    assert Dispatch.objects.filter(bulletin=row).count() == 6  # every kind, and of two clusters the one of its commune
    assert (row.path, row.drill, row.priority) == ("/canh-bao/CB-7Q2M4X/", False, "urgent")
    assert taken(warned).pk == row.pk
    quiet = taken(replace(warned, uid=uuid4()), roads=("app", "press"))
    assert list(Dispatch.objects.filter(bulletin=quiet).values_list("outlet__kind", flat=True)) == [Kind.PRESS]


@pytest.mark.django_db
def test_a_drill_is_one_and_a_test_goes_nowhere(land, warned):
    assert taken(replace(warned, status="Exercise")).drill
    assert taken(replace(warned, uid=uuid4(), status="Test")) is None
    assert taken(replace(warned, uid=uuid4(), expires_at=NOW)) is None
    assert Bulletin.objects.count() == 1


@pytest.mark.django_db
def test_an_update_and_the_end_stop_what_was_not_sent(land, warned):
    first = taken(warned, roads=("press",))
    second = replace(warned, uid=uuid4(), kind="Update")
    row = taken(second, roads=("press",), replaces=warned.uid)
    assert row.replaces_id == first.pk
    assert make.dispatch(first, Kind.PRESS).state == State.DROPPED
    assert warnings.end_warning(second.uid, now=NOW)
    assert not warnings.end_warning(uuid4(), now=NOW)
    assert dispatching.send_due(now=NOW, carry=make.FakeRoads()) == 0


@pytest.mark.django_db
def test_words_longer_than_a_bulletin_are_cut_not_refused(land, warned):
    row = taken(replace(warned, description_vi="Mưa rất to. " * 900, instruction_vi="Rời nhà. " * 500))
    assert len(row.body) <= 5000
    assert row.body.endswith("…")
