"""Watching stations: a level that is reached drafts a warning and tells the officers on duty. Nothing is ever issued from here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.alerts.rules import hazards
from smarthd.alerts.rules.hazards import Hazard
from smarthd.alerts.rules.messages import Certainty, Severity, Status
from smarthd.alerts.services import composing
from smarthd.alerts.values import Draft
from smarthd.connectors import policies
from smarthd.connectors.errors import StationFaulty, StationUnknown
from smarthd.connectors.models import Source, Station, StationStep
from smarthd.connectors.rules import thresholds
from smarthd.connectors.rules.fields import Kind
from smarthd.connectors.rules.sources import Shape
from smarthd.connectors.rules.thresholds import Levels, spoken
from smarthd.connectors.rules.wording import said
from smarthd.connectors.selectors import public
from smarthd.connectors.selectors import sensors as selectors
from smarthd.connectors.selectors.sensors import Reading
from smarthd.connectors.services import sources
from smarthd.kernel import actor as actors
from smarthd.kernel import audit, clock, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.messaging import services as messaging

WATCH = actors.system("connectors.sensors")
KIND = "connectors.desk"
LASTS = timedelta(hours=12)
_SEVERITY = {1: Severity.MINOR, 2: Severity.MODERATE, 3: Severity.SEVERE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What is to be watched. ``agency_id`` is whose warning is drafted; ``communes`` are unit ids."""

    name: str
    levels: Levels
    hazard: str
    agency_id: int
    communes: Sequence[int] = ()
    quantity: str = ""
    measure: str = ""
    stale_minutes: int = 120


@transaction.atomic
def keep_station(uid: UUID, watch: Watch, *, station_uid: UUID | None = None, actor: Actor, now: datetime) -> Station:
    """Watch a station of a dataset, or change how. Raises NotAllowed, StationFaulty, StationUnknown."""
    source = sources.locked(uid, actor)
    require(policies.can_release(actor, source.agency_id))
    if wrong := _problems(source, watch):
        raise StationFaulty(fields=wrong)
    station = Station(source=source) if station_uid is None else _locked(source, station_uid)
    station.name, station.quantity, station.measure = text.nfc(watch.name), watch.quantity, watch.measure
    levels = watch.levels
    station.level_1, station.level_2, station.level_3, station.step = (
        levels.first, levels.second, levels.third, levels.step,
    )  # fmt: skip
    station.agency_id, station.hazard, station.communes = watch.agency_id, watch.hazard, sorted(set(watch.communes))
    station.stale_minutes = watch.stale_minutes
    station.save()
    audit.record(actor, "connectors.station_kept", source, at=now, station=station.name, level=levels.first)
    return station


def _locked(source: Source, station_uid: UUID) -> Station:
    found = Station.objects.select_for_update().filter(source=source, uid=station_uid, ended_at=None).first()
    if found is None:
        raise StationUnknown(uid=str(station_uid))
    return found


def _problems(source: Source, watch: Watch) -> dict[str, str]:
    found = thresholds.problems(watch.levels, stale_minutes=watch.stale_minutes)
    if not text.nfc(watch.name) or len(watch.name) > 80:
        found["name"] = "Ghi đúng tên trạm như trong dữ liệu."
    if watch.hazard not in set(Hazard):
        found["hazard"] = "Chọn loại thiên tai, sự cố mà trạm này báo trước."
    if source.publication.get("shape") != Shape.CHART:
        found["name"] = "Chỉ dữ liệu hiện bằng biểu đồ (cột thời gian, cột số, cột trạm) mới đặt được ngưỡng."
    return found


@transaction.atomic
def end_station(uid: UUID, station_uid: UUID, *, actor: Actor, now: datetime) -> None:
    """Watch a station no more; its history stays."""
    source = sources.locked(uid, actor)
    require(policies.can_release(actor, source.agency_id))
    station = _locked(source, station_uid)
    station.ended_at = now
    station.save(update_fields=["ended_at"])
    audit.record(actor, "connectors.station_ended", source, at=now, station=station.name)


def watch_all(*, now: datetime) -> int:
    """Judge every station, those that are silent too. Return how many changed."""
    sources_watched = Source.objects.filter(
        ended_at=None, version__gt=0, pk__in=Station.objects.filter(ended_at=None).values("source")
    )
    return sum(watch(source.uid, now=now) for source in sources_watched)


def watch(source_uid: UUID, *, now: datetime) -> int:
    """Judge the stations of one dataset by their newest readings. Return how many changed."""
    source = Source.objects.filter(uid=source_uid, ended_at=None, version__gt=0).first()
    if source is None:
        return 0
    shown = public.dataset(source.key, now=now)
    changed = 0
    for station in selectors.stations_of(source.pk):
        changed += _judge(station.pk, selectors.newest(shown, station), shown, now=now)
    return changed


@transaction.atomic
def _judge(station_id: int, reading: Reading | None, shown: public.Dataset, *, now: datetime) -> bool:
    station = Station.objects.select_for_update().get(pk=station_id)
    measured_at = reading.at if reading else None
    if measured_at is not None and measured_at > now + timedelta(minutes=10):
        reading, measured_at = None, None  # a clock that runs ahead says nothing about now
    if thresholds.is_stale(measured_at=measured_at, minutes=station.stale_minutes, now=now):
        return _silent(station, shown, now=now)
    if reading is None or reading.at == station.measured_at:
        return False
    woke, before = station.stale, station.level
    station.level = thresholds.judge(before, reading.value, selectors.levels_of(station))
    station.value, station.measured_at, station.stale = reading.value, reading.at, False
    if station.level > before:
        _rise(station, before, shown, now=now)
    elif station.level < before or woke:
        _note(station, before, f"{'Có số đo trở lại' if woke else 'Hạ xuống'}: {_now_words(station)}", shown, now=now)
    station.save()
    return station.level != before or woke


def _silent(station: Station, shown: public.Dataset, *, now: datetime) -> bool:
    """A silent station neither alarms nor soothes: its level stays, and everybody is told that nobody knows."""
    if station.stale:
        return False
    station.stale = True
    station.save(update_fields=["stale"])
    since = f"{station.measured_at.astimezone(clock.ZONE):%H:%M %d/%m/%Y}" if station.measured_at else "trước đến nay"
    words = f"Không có số đo mới từ {since}. Mức cũ giữ nguyên, không báo động cũng không báo yên."
    _note(station, station.level, words, shown, now=now)
    return True


def _rise(station: Station, before: int, shown: public.Dataset, *, now: datetime) -> None:
    draft = composing.compose(
        _draft(station, now),
        agency_id=station.agency_id,
        actor=WATCH,
        now=now,
        from_source=f"{shown.title}: {_now_words(station)}"[:300],
    )
    station.alert_code = draft.code
    words = (
        f"Lên {spoken(station.level)}: {_now_words(station)}. Đã soạn nháp cảnh báo {draft.code}, chờ cán bộ trực xem."
    )
    _note(station, before, words, shown, now=now, href=f"/can-bo/canh-bao/{draft.uid}/")


def _note(station: Station, before: int, words: str, shown: public.Dataset, *, now: datetime, href: str = "") -> None:
    """Write a change down, and tell the officers on duty where the warning would be drafted."""
    StationStep.objects.create(
        station=station, at=now, before=before, after=station.level, value=station.value, words=words[:300]
    )
    messaging.tell(
        _on_duty(station, now),
        kind=KIND,
        title=f"{station.name}: {selectors.level_words(station)}",
        body=words,
        href=href or f"/du-lieu/{shown.key}/",
        key=f"connectors.station.{station.uid}.{now.isoformat()}",
        now=now,
    )


def _on_duty(station: Station, now: datetime) -> set[int]:
    agency_ids = list({station.agency_id, station.source.agency_id})
    roles = (Role.ALERT_AUTHOR, Role.ALERT_APPROVER)
    return {pk for role in roles for held in agencies.holders_of(role, agency_ids, now).values() for pk in held}


def _now_words(station: Station) -> str:
    when = station.measured_at.astimezone(clock.ZONE) if station.measured_at else None
    figure = f"{said(Kind.NUMBER, station.value)} {station.measure}".strip()
    limit = selectors.levels_of(station).at(station.level) if station.level else None
    over = (
        f", ngưỡng {spoken(station.level)} {said(Kind.NUMBER, limit)} {station.measure}".rstrip()
        if limit is not None
        else ""
    )
    quantity = f"{station.quantity} " if station.quantity else ""
    return f"{quantity}tại {station.name} lúc {when:%H:%M %d/%m/%Y} là {figure}{over}"


def _draft(station: Station, now: datetime) -> Draft:
    """Return a draft that cannot be sent as it is: what only the officer can know stands in brackets (alerts.rules.linting)."""
    facts = hazards.FACTS[Hazard(station.hazard)]
    told = _now_words(station)
    english = f"{station.name}: alarm level {'I' * station.level}"
    return Draft(
        hazard=Hazard(station.hazard),
        status=Status.ACTUAL,
        level=None,
        urgency=facts.urgency,
        severity=_SEVERITY[station.level],
        certainty=Certainty.OBSERVED,
        responses=facts.responses,
        headline_vi=f"{station.name} lên {spoken(station.level)}: [việc người dân cần làm]",
        description_vi=f"{told[:1].upper()}{told[1:]}. [Vùng bị ảnh hưởng, diễn biến trong những giờ tới]",
        instruction_vi="[Việc cần làm ngay]. Cần cứu giúp gọi 112; cháy nổ gọi 114; cấp cứu gọi 115.",
        headline_en=f"{english}: [what people should do]",
        description_en=f"{english}, {station.value:g} {station.measure}. [Area affected, what to expect]",
        instruction_en="[What to do now]. For rescue call 112; fire 114; ambulance 115.",
        contact="",
        effective_at=now,
        expires_at=now + LASTS,
        communes=tuple(station.communes),
    )
