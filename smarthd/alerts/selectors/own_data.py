"""What this context keeps about a person, for that person's own page."""

from __future__ import annotations

from collections.abc import Iterable

from smarthd.alerts.models import Answer
from smarthd.people.exports import Section

_WORDS = {"safe": "Tôi an toàn", "help": "Cần giúp"}


def sections(account_id: int) -> Iterable[Section]:
    """Return a person's answers to warnings."""
    rows = Answer.objects.filter(account_id=account_id).select_related("alert").defer("alert__cap").order_by("-id")
    yield Section(
        key="alert_answers",
        title="Trả lời cảnh báo",
        why="Để xã, phường biết ai an toàn, ai cần giúp",
        how_long="90 ngày",
        rows=[
            {
                "Lúc": row.received_at,
                "Cảnh báo": row.alert.headline_vi,
                "Trả lời": _WORDS[row.answer],
                "Ở": row.place,
                "Số người": row.people,
                "Lời nhắn": row.words,
            }
            for row in rows
        ],
    )
