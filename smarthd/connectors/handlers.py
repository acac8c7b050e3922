"""What this context hears: its own troubles, to tell the owners."""

from __future__ import annotations

from smarthd.connectors import events
from smarthd.connectors.services import promises
from smarthd.kernel import clock
from smarthd.kernel.events import subscribe


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
