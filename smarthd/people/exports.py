"""Everything kept about one person, gathered from every context that registered, for that person's own eyes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from smarthd.kernel import clock

Value = str | int | float | bool | date | datetime | Decimal | UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One kind of fact: ``why`` it is kept and ``how_long``, and its rows, each a mapping of Vietnamese labels to values."""

    key: str
    title: str
    why: str
    how_long: str
    rows: Sequence[Mapping[str, Value]]


Gatherer = Callable[[int], Iterable[Section]]
_gatherers: dict[str, Gatherer] = {}


def register(context: str, function: Gatherer) -> None:
    """Let a context add what it keeps about an account; called once, when the context is ready."""
    _gatherers[context] = function


def gather(account_id: int) -> list[Section]:
    """Return the sections of all contexts, people's own first."""
    order = sorted(_gatherers, key=lambda context: (context != "people", context))
    return [section for context in order for section in _gatherers[context](account_id)]


def as_json(sections: Iterable[Section], *, at: datetime) -> bytes:
    """Return the data as JSON: for another program."""
    body = {
        "made_at": at.isoformat(),
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "why": section.why,
                "how_long": section.how_long,
                "rows": [{label: _plain(value) for label, value in row.items()} for row in section.rows],
            }
            for section in sections
        ],
    }
    return json.dumps(body, ensure_ascii=False, indent=2).encode()


def as_csv(sections: Iterable[Section]) -> bytes:
    """Return the data as one CSV for a spreadsheet (UTF-8 with BOM): section, row, label, value. No cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Phần", "Dòng", "Mục", "Nội dung"])
    for section in sections:
        for number, row in enumerate(section.rows, start=1):
            for label, value in row.items():
                writer.writerow([_inert(section.title), number, _inert(label), _inert(spoken(value))])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def spoken(value: Value) -> str:
    """Return a value as a person reads it: local time, Vietnamese yes and no."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, datetime):
        return value.astimezone(clock.ZONE).strftime("%H:%M ngày %d/%m/%Y")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return str(value)


def _plain(value: Value) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


def _inert(text: str) -> str:
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
