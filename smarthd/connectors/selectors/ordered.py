"""Rows by time instead of by name: what begins soonest, or what was measured last, first."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from smarthd.connectors.rules.sources import Shape
from smarthd.connectors.selectors import public
from smarthd.connectors.selectors.cells import cell_or_nothing
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
    found = public.standing(shown, query, now=now).annotate(at=cell_or_nothing(field))
    if cursor:
        last, pk = decode_cursor(cursor, length=2)
        pk = pk if isinstance(pk, int) else 0
        way = "lt" if newest else "gt"
        beyond = Q(**{f"at__{way}": str(last)}) | Q(at=str(last), **{f"id__{way}": pk})
        found = found.filter(beyond, **{f"at__{way}e": str(last)})
    rows = list(found.order_by(*(("-at", "-id") if newest else ("at", "id")))[: EACH_PAGE + 1])
    more = encode_cursor(rows[EACH_PAGE - 1].at, rows[EACH_PAGE - 1].pk) if len(rows) > EACH_PAGE else ""
    return Page([public.view(shown, row) for row in rows[:EACH_PAGE]], more)
