"""What rules ask beside the line: today, the ground, the values of other datasets. Asked once, before lines are read."""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from django.db import connection

from smarthd.connectors.errors import MappingFaulty
from smarthd.connectors.models import Source
from smarthd.connectors.rules.demands import CheckName, RuleName
from smarthd.connectors.rules.mapping import Mapping, mapping_of
from smarthd.connectors.rules.sources import Shape
from smarthd.connectors.rules.validation import Around, Off, anywhere
from smarthd.places import selectors as places

MOST_KNOWN = 300_000
"""Rows of a dataset values may have to stand in: its column is held in memory while lines are read."""
_DEGREE_METRES = 111_320.0


def of(source: Source, mapped: Mapping, on: date) -> Around:
    """Return what a mapping's rules may ask on a day."""
    wanted = {pair for _label, pair in _references(mapped)}
    known = {pair: values for pair in wanted if (values := _values(*pair)) is not None}
    inside = any(rule.name is RuleName.INSIDE for rule in mapped.rules)
    return Around(on, off_ground(on) if inside else anywhere, lambda key, field: known.get((key, field)))


def _references(mapped: Mapping) -> list[tuple[str, tuple[str, str]]]:
    """Return the columns (label) whose values have to stand in another dataset, and in which: its key, its field's key."""
    return [
        (one.label, (check.options[0], check.options[1]))
        for one in mapped.fields
        for check in one.checks
        if check.name is CheckName.EXISTS and len(check.options) == 2
    ]


def resting(mapped: Mapping) -> list[str]:
    """Return what to say of rules that cannot be asked: the dataset they look into is not public, or has no such column."""
    return [
        f"Cột “{label}”: dữ liệu “{key}” không đang công bố, không có cột {field}, hoặc quá lớn, nên quy tắc “có trong dữ liệu khác” chưa xét được."
        for label, (key, field) in _references(mapped)
        if _referred(key, field) is None
    ]


def require_asked(mapped: Mapping) -> None:
    """Raise MappingFaulty where a rule looks into a dataset that is not there."""
    if told := resting(mapped):
        raise MappingFaulty(fields={"exists": " ".join(told)})


def offered(source: Source) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return the datasets whose columns values may have to stand in: key, title, fields (key, label). A look-up's rows are nobody's business."""
    public = Source.objects.filter(ended_at=None, version__gt=0, row_count__lte=MOST_KNOWN)
    found = public.exclude(pk=source.pk).order_by("title")
    return [
        (one.key, one.title, [(field.key, field.label) for field in mapping_of(one.mapping).fields if field.shown])
        for one in found[:500]
        if one.publication.get("shape") != Shape.LOOKUP.value
    ]


def _values(key: str, field: str) -> Container[str] | None:
    """Return the public values of a column of a dataset; None where there is no such column to ask."""
    source = _referred(key, field)
    if source is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT values->>%s FROM connectors_datarow WHERE source_id = %s AND until IS NULL",
            [field, source.pk],
        )
        return frozenset(value for (value,) in cursor.fetchall() if value is not None)


def _referred(key: str, field: str) -> Source | None:
    """Return the public dataset of a key where it shows such a column, is no look-up and not too large."""
    source = Source.objects.filter(key=key, ended_at=None, version__gt=0, row_count__lte=MOST_KNOWN).first()
    if source is None or source.publication.get("shape") == Shape.LOOKUP.value:
        return None
    return source if field in {one.key for one in mapping_of(source.mapping).fields if one.shown} else None


def off_ground(on: date) -> Off:
    """Return what says where a point lies that is not in its commune; boundaries that are only approximate count as far as they go."""
    ground = places.ground(on)
    units: list[int] = ground.units.tolist()
    bounded, names = (
        frozenset(units),
        places.views(units, on),
    )  # asked now: while lines stream in, the database cannot be

    def off(unit: int, lat: float, lon: float, metres: float) -> str:
        if unit not in bounded:
            return ""
        there = ground.locate(lat, lon)
        if there >= 0 and units[there] == unit:
            return ""
        step = metres / _DEGREE_METRES
        near = [ground.locate(lat + dy * step, lon + dx * step) for dy, dx in _ROUND] if step else []
        if any(at >= 0 and units[at] == unit for at in near):
            return ""
        return names[units[there]].full_name if there >= 0 else "ngoài địa bàn"

    return off


_ROUND = ((0, 1), (0, -1), (1, 0), (-1, 0), (0.7, 0.7), (0.7, -0.7), (-0.7, 0.7), (-0.7, -0.7))
