"""Reports as open data: what everybody may read, nobody's name, streamed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from smarthd.fieldreports import policies
from smarthd.fieldreports.models import Report
from smarthd.fieldreports.rules import states
from smarthd.fieldreports.rules.states import State
from smarthd.fieldreports.selectors import rows
from smarthd.kernel import clock
from smarthd.places import selectors as places

FIELDS: tuple[tuple[str, str], ...] = (
    ("code", "Mã phản ánh"),
    ("category", "Lĩnh vực"),
    ("category_key", "Khóa lĩnh vực"),
    ("state", "Trạng thái"),
    ("state_key", "Khóa trạng thái"),
    ("commune", "Xã, phường"),
    ("commune_code", "Mã xã, phường"),
    ("lat", "Vĩ độ"),
    ("lon", "Kinh độ"),
    ("text", "Nội dung"),
    ("holder", "Nơi đang giữ"),
    ("received_at", "Thời điểm nhận"),
    ("original_due_at", "Hạn gốc"),
    ("due_at", "Hạn đang áp dụng"),
    ("answered_at", "Thời điểm trả lời"),
    ("ended_at", "Thời điểm kết thúc"),
    ("ending", "Cách kết thúc"),
    ("extensions", "Số lần gia hạn"),
    ("reopenings", "Số lần mở lại"),
    ("reporters", "Số người cùng phản ánh"),
    ("stars", "Số sao đánh giá"),
    ("channel", "Đường gửi"),
)
"""Columns with their Vietnamese headings, in order."""


def rows_between(first: date, last: date, *, now: datetime, chunk: int = 2_000) -> Iterator[dict[str, Any]]:
    """Yield a row for each public report received from ``first`` to ``last``; in memory stands one chunk. Words only of published ones."""
    found = (
        Report.objects.filter(
            policies.public_q(),
            received_at__gte=clock.start_of(first),
            received_at__lt=clock.start_of(last + timedelta(days=1)),
        )
        .select_related("category")
        .only(*rows.COLUMNS)
        .order_by("received_at", "id")
    )
    names: dict[int, str] = {}
    batch: list[Report] = []
    for report in found.iterator(chunk_size=chunk):
        batch.append(report)
        if len(batch) == chunk:
            yield from _told(batch, names, now)
            batch = []
    yield from _told(batch, names, now)


def _told(batch: list[Report], names: dict[int, str], now: datetime) -> Iterator[dict[str, Any]]:
    day = clock.day_of(now)
    names |= rows.agency_names({one.holder_id for one in batch} - names.keys(), day)
    units = places.views({one.commune_id for one in batch}, day) if batch else {}
    for report in batch:
        state, unit = State(report.state), units[report.commune_id]
        yield {
            "code": report.code,
            "category": report.category.name,
            "category_key": report.category.key,
            "state": states.STATE_WORDS[state],
            "state_key": str(state),
            "commune": unit.full_name,
            "commune_code": unit.code,
            "lat": report.lat,
            "lon": report.lon,
            "text": rows.words_for(report, inside=False),
            "holder": names.get(report.holder_id, ""),
            "received_at": report.received_at,
            "original_due_at": report.original_due_at,
            "due_at": report.due_at,
            "answered_at": report.answered_at,
            "ended_at": report.ended_at,
            "ending": report.ending,
            "extensions": report.extensions,
            "reopenings": report.reopenings,
            "reporters": 1 + report.merged_count,
            "stars": report.stars,
            "channel": report.channel,
        }
