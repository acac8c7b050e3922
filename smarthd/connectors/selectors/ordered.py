"""Rows by time instead of by name: what begins soonest, or what was measured last, first."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from smarthd.connectors.rules.sources import Shape
from smarthd.connectors.selectors import public
from smarthd.connectors.selectors.public import EACH_PAGE, Dataset, Query, RowView
from smarthd.kernel.paging import Page, decode_cursor, encode_cursor

_BY_BEGINNING = frozenset({Shape.LIST, Shape.CARDS, Shape.TABLE, Shape.MAP})


def field_of(shown: Dataset) -> tuple[str, bool] | None:
    """Return the field a dataset's rows are ordered by and whether the newest come first; None: by name."""
    told = shown.publication
    if told.shape is Shape.CHART and told.x:
        return told.x, True
    return (told.begins, False) if told.begins and told.shape in _BY_BEGINNING else None


def page(shown: Dataset, query: Query, *, now: datetime, cursor: str = "") -> Page[RowView]:
    """Return a page in the dataset's own order. One query."""
    order = field_of(shown)
    if order is None or query.near is not None:
        return public.rows_page(shown, query, now=now, cursor=cursor)
    field, newest = order
    at = Coalesce(KeyTextTransform(field, "values"), Value(""), output_field=TextField())
    found = public.standing(shown, query, now=now).annotate(at=at)
    if cursor:
        last, pk = decode_cursor(cursor, length=2)
        pk = pk if isinstance(pk, int) else 0
        beyond = Q(at__lt=str(last)) if newest else Q(at__gt=str(last))
        found = found.filter(beyond | Q(at=str(last), id__gt=pk))
    rows = list(found.order_by("-at" if newest else "at", "id")[: EACH_PAGE + 1])
    more = encode_cursor(rows[EACH_PAGE - 1].at, rows[EACH_PAGE - 1].pk) if len(rows) > EACH_PAGE else ""
    return Page([public.view(shown, row) for row in rows[:EACH_PAGE]], more)
