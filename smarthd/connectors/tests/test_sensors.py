"""A station over its level drafts a warning, once, and tells the officer on duty; a silent one does neither and says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from smarthd.agencies.rules import Role
from smarthd.connectors.errors import StationFaulty
from smarthd.connectors.models import Source, Station, StationStep
from smarthd.connectors.rules.thresholds import Levels
from smarthd.connectors.selectors import sensors as selectors
from smarthd.connectors.services import sensors
from smarthd.connectors.services.sensors import Watch
from smarthd.connectors.tests import make
from smarthd.kernel import events
from smarthd.kernel.errors import NotAllowed
from smarthd.messaging import selectors as messaging
from smarthd.places import selectors as places

HEADS = ("Trạm", "Lúc đo", "Giá trị", "Đại lượng", "Đơn vị đo", "Vĩ độ", "Kinh độ")
NOW = make.NOW  # 9:00 in Hải Dương


def reading(hour: int, value: float, minute: int = 0, name: str = "Trạm Phả Lại") -> tuple[str, ...]:
    return (name, f"24/11/2026 {hour:02}:{minute:02}", f"{value:.2f}", "Mực nước", "m", "", "")


class River:
    """Readings of one station as they come in."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.rows: list[tuple[str, ...]] = []

    def rises_to(self, value: float, *, at: Any) -> None:
        local = at.astimezone(sensors.clock.ZONE)
        self.rows.append(reading(local.hour, value, local.minute))
        make.published(self.source, make.table(self.rows, HEADS), now=at)
        events.deliver_owed()


@pytest.fixture
def river(department: int) -> River:
    source = make.source(department, template="muc-nuoc-mua", title="Mực nước sông")
    flows = River(source)
    flows.rises_to(1.2, at=NOW - timedelta(hours=1))
    watch = Watch(
        name="Trạm Phả Lại",
        quantity="Mực nước",
        measure="m",
        levels=Levels(2.0, 3.0, 4.0, step=0.3),
        hazard="lu",
        agency_id=department,
        communes=[unit.id for unit in places.units_on(NOW.date(), "commune")[:2]],
        stale_minutes=90,
    )
    sensors.keep_station(source.uid, watch, actor=make.SYSTEM, now=NOW)
    return flows


def station() -> Station:
    return Station.objects.get()


def drafts() -> list[Any]:
    from smarthd.alerts.models import Alert

    return list(Alert.objects.order_by("id"))


def test_a_level_that_is_reached_drafts_one_warning_and_tells_the_officer(river, department):
    officer = make.official(department, Role.ALERT_AUTHOR)
    river.rises_to(2.1, at=NOW)
    [draft] = drafts()
    assert (draft.state, draft.agency_id, len(draft.communes)) == ("draft", department, 2)
    assert draft.headline_vi.startswith("Trạm Phả Lại lên báo động I")
    assert "2,1 m, ngưỡng báo động I 2 m" in draft.description_vi
    assert "Mực nước sông" in draft.from_source
    [told] = messaging.inbox_for(officer.account_id).items
    assert told.title == "Trạm Phả Lại: Báo động I"
    assert draft.code in told.body
    assert told.href == f"/can-bo/canh-bao/{draft.uid}/"
    river.rises_to(2.2, at=NOW + timedelta(minutes=10))
    river.rises_to(1.8, at=NOW + timedelta(minutes=20))
    river.rises_to(2.1, at=NOW + timedelta(minutes=30))
    assert len(drafts()) == 1, "within the step below a level nothing is said anew"


def test_what_is_drafted_cannot_be_sent_as_it_is(river, department):
    from smarthd.alerts.errors import AlertFaulty
    from smarthd.alerts.services import composing

    river.rises_to(4.4, at=NOW)
    [draft] = drafts()
    with pytest.raises(AlertFaulty) as refused:
        composing.submit(draft.uid, version=draft.version, actor=make.official(department, Role.ALERT_AUTHOR), now=NOW)
    assert "headline_vi" in refused.value.facts["fields"]


def test_each_higher_level_is_drafted_and_a_fall_is_told_but_takes_nothing_back(river):
    river.rises_to(2.1, at=NOW)
    river.rises_to(3.1, at=NOW + timedelta(minutes=10))
    assert [one.issued_at for one in drafts()] == [None, None]
    river.rises_to(1.0, at=NOW + timedelta(minutes=20))
    assert [(one.before, one.after) for one in StationStep.objects.order_by("id")] == [(0, 1), (1, 2), (2, 0)]
    assert [one.state for one in drafts()] == ["draft", "draft"]


def test_a_silent_station_neither_alarms_nor_soothes(river, department):
    officer = make.official(department, Role.ALERT_AUTHOR)
    river.rises_to(2.1, at=NOW)
    sensors.watch_all(now=NOW + timedelta(hours=3))
    assert sensors.watch_all(now=NOW + timedelta(hours=4)) == 0, "it is told once"
    assert (station().level, station().stale) == (1, True)
    assert selectors.level_words(station()) == "Không có số đo mới, chưa biết cao hay thấp"
    assert len(drafts()) == 1
    newest = messaging.inbox_for(officer.account_id).items[0]
    assert "không báo động cũng không báo yên" in newest.body
    river.rises_to(2.3, at=NOW + timedelta(hours=5))
    assert (station().level, station().stale) == (1, False)
    assert len(drafts()) == 1, "it was over its level before it fell silent"


def test_the_same_reading_delivered_again_changes_nothing(river):
    river.rises_to(2.1, at=NOW)
    assert sensors.watch(river.source.uid, now=NOW) == 0
    assert StationStep.objects.count() == 1


def test_levels_are_set_by_those_who_answer_for_the_data(river, department):
    watch = Watch(name="Trạm", levels=Levels(1.0), hazard="lu", agency_id=department)
    for role in (Role.CLERK, Role.EDITOR):
        with pytest.raises(NotAllowed):
            sensors.keep_station(river.source.uid, watch, actor=make.official(department, role), now=NOW)
    head = make.official(department, Role.HEAD)
    kept = sensors.keep_station(river.source.uid, watch, actor=head, now=NOW)
    wrong = Watch(name="", levels=Levels(1.0, 0.5), hazard="mua-da", agency_id=department)
    with pytest.raises(StationFaulty) as refused:
        sensors.keep_station(river.source.uid, wrong, station_uid=kept.uid, actor=head, now=NOW)
    assert set(refused.value.facts["fields"]) == {"name", "level_2", "hazard"}
    sensors.end_station(river.source.uid, kept.uid, actor=head, now=NOW)
    assert [one.name for one in selectors.stations_of(river.source.pk)] == ["Trạm Phả Lại"]
