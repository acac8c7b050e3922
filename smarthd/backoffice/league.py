"""The league table as it is seen: what the address asks for, which rows and columns remain, in which groups and order.

Pure functions of values; the same ``Seen`` is drawn on the page, printed and exported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from smarthd.kernel import text
from smarthd.rollout.selectors import Figure, Row, Table

LEVELS: tuple[tuple[str, str | Promise], ...] = (
    ("agency", _("Cơ quan")),
    ("district", _("Cấp huyện")),
    ("commune", _("Cấp xã")),
)
FILTERS: tuple[tuple[str, str | Promise], ...] = (
    ("chua-dat", _("Chưa đạt chỉ tiêu")),
    ("vuot-100", _("Vượt 100%")),
    ("uoc-tinh", _("Có phần ước tính")),
    ("thieu-mau", _("Chưa có mẫu số")),
)


@dataclass(frozen=True, slots=True)
class Query:
    """What the address asks for; ``order`` is an indicator or ``ten``, ``falling`` its direction."""

    level: str
    as_of: date
    boundaries: date
    campaign: str = ""
    words: str = ""
    filters: frozenset[str] = frozenset()
    order: str = ""
    falling: bool = False
    columns: tuple[str, ...] = ()
    dense: bool = False
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Like units under one name."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What remains of a table."""

    groups: tuple[Group, ...]
    total: Row
    columns: tuple[str, ...]
    count: int
    all_count: int
    order: str
    falling: bool
    available: tuple[str, ...] = field(default=())


def query_of(address: QueryDict, *, today: date, latest: date, campaign: str) -> Query:
    """Read the address; what is not understood falls back to what is usual. Days that are no days become ``today``,
    and days to come the ``latest`` there is.
    """
    level = address.get("cap", "commune")
    as_of = min(_day(address.get("ngay", ""), today), latest)
    order = address.get("xep", "")
    return Query(
        level=level if level in {key for key, _words in LEVELS} else "commune",
        as_of=as_of,
        boundaries=_day(address.get("dia-gioi", ""), as_of),
        campaign=address.get("chien-dich", campaign)[:60],
        words=address.get("q", "").strip()[:100],
        filters=frozenset(address.getlist("loc")) & {key for key, _words in FILTERS},
        order=order.removeprefix("-")[:40],
        falling=order.startswith("-"),
        columns=tuple(address.getlist("cot"))[:20],
        dense=address.get("day-hang") == "khit",
        kind=address.get("loai", "")[:40],
    )


def _day(written: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return otherwise


def see(table: Table, query: Query, *, targets: dict[str, float], usual: Sequence[str]) -> Seen:
    """Return what remains of a table: searched, filtered, grouped with like units and sorted by what is to be acted on."""
    available = _keys(table.rows) or tuple(table.total.values)
    columns = (
        tuple(key for key in query.columns if key in available)
        or tuple(k for k in usual if k in available)
        or available[:3]
    )
    lead = columns[0] if columns else ""
    order = query.order if query.order in {*available, "ten"} else lead
    rows = [row for row in table.rows if _found(row, query.words) and query.kind in {"", row.kind}]
    for name in sorted(query.filters):
        rows = [row for row in rows if _passes(row, name, columns, lead, targets)]
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.kind, []).append(row)
    return Seen(
        groups=tuple(
            Group(kind, tuple(sort(group, order, falling=query.falling))) for kind, group in sorted(groups.items())
        ),
        total=table.total,
        columns=columns,
        count=len(rows),
        all_count=len(table.rows),
        order=order,
        falling=query.falling,
        available=available,
    )


def sort(rows: Sequence[Row], order: str, *, falling: bool) -> list[Row]:
    """Return rows by name or by the share of an indicator; rows without a share stand last either way."""
    if order == "ten":
        return sorted(rows, key=lambda row: text.tone_free_key(row.name), reverse=falling)
    known = [row for row in rows if _ratio(row, order) is not None]
    unknown = [row for row in rows if _ratio(row, order) is None]
    ranked = sorted(known, key=lambda row: (_ratio(row, order) or 0.0, row.name), reverse=falling)
    return [*ranked, *sorted(unknown, key=lambda row: row.name)]


def _keys(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for row in rows for key in row.values))


def _ratio(row: Row, key: str) -> float | None:
    figure = row.values.get(key)
    return figure.ratio if figure is not None else None


def _found(row: Row, words: str) -> bool:
    hay = text.fold(f"{row.name} {row.parent_name or ''} {row.code or ''}")
    return all(word in hay for word in text.fold(words).split())


def _passes(row: Row, name: str, columns: Sequence[str], lead: str, targets: dict[str, float]) -> bool:
    figures = [row.values[key] for key in columns if key in row.values]
    if name == "chua-dat":
        ratio = _ratio(row, lead)
        return ratio is not None and ratio < targets.get(lead, 1.0)
    if name == "uoc-tinh":
        return any(figure.estimated_share > 0 for figure in figures)
    return any(_flag(name) in figure.flags for figure in figures)


def _flag(name: str) -> str:
    return {"vuot-100": "over_100", "thieu-mau": "no_base"}[name]


def hidden(figure: Figure) -> bool:
    """Say whether the figure is kept from those outside the unit."""
    return "hidden" in figure.flags
