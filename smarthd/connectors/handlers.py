"""What this context hears: its own news, to tell followers; its troubles, to tell the owners; that a person is gone."""

from __future__ import annotations

from smarthd.connectors import events
from smarthd.connectors.selectors import own_data
from smarthd.connectors.services import dossiers, following, promises, sensors
from smarthd.kernel import clock
from smarthd.kernel.events import subscribe
from smarthd.people import events as people_events
from smarthd.people import exports

exports.register("connectors", own_data.sections)


@subscribe(people_events.AccountErased)
def on_account_erased(event: people_events.AccountErased) -> None:
    following.forget_account(event.account_id)
    dossiers.forget_account(event.account_id)


@subscribe(events.DatasetPublished)
def on_published_tell_followers(event: events.DatasetPublished) -> None:
    following.tell_at_once(event.source_uid, event.number, now=event.at)


@subscribe(events.DatasetPublished)
def on_published_push(event: events.DatasetPublished) -> None:
    following.push_to_communes(event.source_uid, event.number, now=event.at)


@subscribe(events.DatasetPublished)
def on_published_watch(event: events.DatasetPublished) -> None:
    sensors.watch(event.source_uid, now=event.at)


@subscribe(events.DatasetHeld)
def on_dataset_held(event: events.DatasetHeld) -> None:
    promises.tell_owners(
        event.agency_id,
        event.source_uid,
        title=f"{event.title}: dữ liệu mới chưa được công bố",
        body=event.words,
        key=f"connectors.held.{event.source_uid}.{event.at.isoformat()}",
        now=event.at,
    )


@subscribe(events.DatasetStale)
def on_dataset_stale(event: events.DatasetStale) -> None:
    promises.tell_owners(
        event.agency_id,
        event.source_uid,
        title=f"{event.title}: quá hạn cập nhật đã hẹn",
        body="Người dân đang thấy lời nhắc “có thể đã cũ”. Xin nộp bản mới, hoặc xem vì sao chưa đọc được.",
        key=f"connectors.stale.{event.source_uid}.{clock.day_of(event.at).isoformat()}",
        now=event.at,
    )
