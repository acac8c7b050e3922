"""What changed in a dataset after a version: rows that came, changed, went; of all of it, of a commune, of one row."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from smarthd.connectors.models import DataRow
from smarthd.connectors.rules.following import Changes, difference
from smarthd.connectors.rules.wording import said
from smarthd.connectors.selectors.public import Dataset
from smarthd.kernel import clock

MOST = 500


def changes_since(
    shown: Dataset, version: int, *, now: datetime, row_code: str = "", unit_id: int | None = None
) -> Changes:
    """Return the changes; rows that are over already are not news. At most two queries, the first five hundred rows of each."""
    narrow = Q(code=row_code) if row_code else Q(unit_id=unit_id) if unit_id is not None else Q()
    rows = DataRow.objects.filter(narrow, source_id=shown.id)
    came = _running(shown, list(rows.filter(since__gt=version, until=None).order_by("sort", "id")[:MOST]), now)
    went = list(rows.filter(since__lte=version, until__gt=version).order_by("sort", "id")[:MOST])
    before = {row.key: row for row in went}
    standing = _standing(shown, went)
    return Changes(
        added=tuple(_title(shown, row) for row in came if row.key not in before),
        changed=tuple(_changed(shown, before[row.key], row) for row in came if row.key in before),
        removed=tuple(_title(shown, row) for row in _running(shown, went, now) if row.key not in standing),
    )


def new_rows_by_unit(shown: Dataset, number: int, *, now: datetime) -> dict[int, list[DataRow]]:
    """Return the rows that came or changed with a version and are not over, by their commune."""
    found: QuerySet[DataRow] = DataRow.objects.filter(source_id=shown.id, since=number, until=None).exclude(unit=None)
    by_unit: dict[int, list[DataRow]] = {}
    for row in _running(shown, list(found.order_by("unit_id", "sort", "id")[: MOST * 10]), now):
        if row.unit_id is not None:
            by_unit.setdefault(row.unit_id, []).append(row)
    return by_unit


def _standing(shown: Dataset, like: list[DataRow]) -> set[str]:
    codes = [row.code for row in like]
    return set(DataRow.objects.filter(source_id=shown.id, code__in=codes, until=None).values_list("key", flat=True))


def _running(shown: Dataset, rows: list[DataRow], now: datetime) -> list[DataRow]:
    until = shown.publication.until
    if not until:
        return rows
    written = now.astimezone(clock.ZONE).strftime("%Y-%m-%dT%H:%M")
    return [
        row
        for row in rows
        if not row.values.get(until) or str(row.values[until]) >= written[: len(str(row.values[until]))]
    ]


def _title(shown: Dataset, row: DataRow) -> str:
    return str(row.values.get(shown.title_key) or "–")


def _changed(shown: Dataset, old: DataRow, new: DataRow) -> str:
    cells = [
        (one.label, said(one.kind, old.values.get(one.key)), said(one.kind, new.values.get(one.key)))
        for one in shown.shown
        if old.values.get(one.key) != new.values.get(one.key)
    ]
    told = difference(cells)
    return f"{_title(shown, new)} ({told})" if told else _title(shown, new)
