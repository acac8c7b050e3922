"""Departments' data for everybody: found by words, commune, class and nearness; told how fresh it is and whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from smarthd.agencies import selectors as agencies
from smarthd.citizen import commune, dataset_rows, position, tables
from smarthd.citizen.views import dataset_follows, dataset_shapes
from smarthd.citizen.views.fieldreports.map_ import ground_url
from smarthd.connectors.errors import RowUnknown
from smarthd.connectors.rules.fields import Field, Kind
from smarthd.connectors.rules.sources import Freshness, Shape
from smarthd.connectors.rules.templates import MOMENTS, TEMPLATES, moment_of, order_of
from smarthd.connectors.rules.wording import said
from smarthd.connectors.selectors import cells, ordered, public
from smarthd.connectors.selectors.public import Dataset, Query, RowView
from smarthd.connectors.services import stills
from smarthd.kernel import clock, limits
from smarthd.places import selectors as places
from smarthd.places.values import UnitView
from smarthd.programs import selectors as programs

COLUMNS = 4
"""Columns of a table beside the name of a row."""
SMALL = 300
"""Rows of a dataset that is kept whole on phones: about a hundred kilobytes."""
UNKEPT = frozenset({"cursor", "lat", "lon", "thang", "xem-truoc"})
"""What an address holds that the next one must not."""
NOWHERE = -1
"""The commune of a name that means none: no row lies there."""
_TEN_MINUTES = timedelta(minutes=10)
LOOK_UPS = 30
"""Look-ups of one address in ten minutes: enough for a family, too few to try all codes."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List every dataset, or those whose name or use holds the words typed."""
    now = clock.now()
    words = request.GET.get("q", "").strip()[:80]
    found = public.datasets(now=now)
    if words:
        found = [one for one in found if public.names(one, words)]
    names = agencies.agency_views([one.agency_id for one in found], clock.day_of(now))
    lines = [(one, _icon(one), names[one.agency_id].name if one.agency_id in names else "") for one in found]
    lines.sort(key=lambda line: order_of(line[0].template))
    groups = [(title, [line for line in lines if moment_of(line[0].template) == title]) for title in MOMENTS]
    context = {"here": "du-lieu", "groups": [one for one in groups if one[1]], "query": words}
    return render(request, "citizen/datasets/index.html", context)


def _icon(shown: Dataset) -> str:
    return TEMPLATES[shown.template].icon if shown.template in TEMPLATES else "table"


@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    """Show a dataset the way its owner chose; every answer has an address of its own."""
    now = clock.now()
    shown = public.dataset(key, now=now)
    preview = dataset_shapes.preview_of(request, shown)
    if preview is not None:
        shown = replace(shown, publication=preview)
    context = _about(shown) | {"preview": preview is not None}
    if shown.publication.shape is Shape.LOOKUP:
        return _look_up(request, shown, context)
    query = query_of(request, shown)
    context |= _asked(request, shown, query, now) | dataset_shapes.context_of(request, shown, query, now=now)
    if shown.publication.shape not in {Shape.TIMETABLE, Shape.CALENDAR}:
        found = ordered.page(shown, query, now=now, cursor=request.GET.get("cursor", ""))
        told = dataset_rows.all_told(shown, found.items, now=now)
        context |= {
            "page": found,
            "rows": list(zip(found.items, told, strict=True)),
            "days": dataset_rows.by_day(shown, told, today=clock.day_of(now)),
        }
    context |= _at_home(shown, query, context["mine"], now) if not context["filtered"] else {}
    context |= _chips(shown, query, context)
    unit = context["unit"] or (context["mine"] if "at_home" in context else None)
    context |= dataset_follows.context_of(request, shown, unit_id=unit.id if unit else None) | {"unit_followed": unit}
    response = render(request, "citizen/datasets/page.html", context)
    if preview is not None:
        response["Cache-Control"] = "private, no-store"
    return response


def _chips(shown: Dataset, query: Query, context: dict[str, Any]) -> dict[str, bool]:
    home = bool(context["mine"] and context["has_units"] and not context["unit"] and "at_home" not in context)
    return {"chip_home": home, "chips": home or shown.has_map or context["filtered"] or query.near is not None}


def _at_home(shown: Dataset, query: Query, mine: UnitView | None, now: datetime) -> dict[str, Any]:
    """Return what of a dataset told by commune holds where the reader lives: the answer most come for."""
    if mine is None or query.near is not None or not shown.publication.push:
        return {}
    found = ordered.page(shown, replace(query, unit_id=mine.id), now=now)
    return {"at_home": dataset_rows.all_told(shown, found.items, now=now)}


def _asked(request: HttpRequest, shown: Dataset, query: Query, now: datetime) -> dict[str, Any]:
    """Return what the head of a page says: the filters, what is chosen of them, the map."""
    chosen = public.choices(shown)
    fields = {one.key: one for one in shown.mapping.fields}
    kept = [(name, str(value)) for name, value in request.GET.items() if value and name not in UNKEPT]
    named = query.unit_id is not None and query.unit_id != NOWHERE
    return {
        "has_units": bool(shown.mapping.of_kind(Kind.UNIT)),
        "query": query,
        "filters": [(fields[name], values, query.chosen.get(name, "")) for name, values in chosen.items()],
        "unit": places.unit_view(query.unit_id, clock.day_of(now)) if named and query.unit_id else None,
        "mine": commune.of(request),
        "asked": urlencode(kept),
        "filtered": bool(query.words or query.unit_id or query.chosen),
        "ground_url": ground_url() if shown.has_map else "",
        "as_map": shown.publication.shape is Shape.MAP and query.near is None,
        "as_table": shown.publication.shape in {Shape.TABLE, Shape.CHART},
        "title_label": next(one.label for one in shown.mapping.fields if one.key == shown.title_key),
        "near_here": shown.rows <= public.MOST_POINTS or shown.publication.shape is Shape.TIMETABLE,
        "heads": _heads(shown),
        "figure_key": _figure_key(shown),
    }


def _about(shown: Dataset) -> dict[str, Any]:
    agency = agencies.agency_views([shown.agency_id], clock.today()).get(shown.agency_id)
    return {
        "here": "du-lieu",
        "dataset": shown,
        "agency": agency.name if agency else "",
        "stale": shown.freshness is Freshness.STALE,
        "icon_name": _icon(shown),
        "downloads": [(kind, programs.kind_word(kind)) for kind in tables.KINDS] if shown.open else (),
        "small": _small(shown),
    }


def _heads(shown: Dataset) -> list[Field]:
    """Return the columns of a table: figures first, for it is they that are looked for, then when they were so."""
    order = {Kind.MONEY: 0, Kind.NUMBER: 0, Kind.DAY: 1, Kind.MOMENT: 1}
    return sorted(shown.shown, key=lambda one: order.get(one.kind, 2))[:COLUMNS]


def _figure_key(shown: Dataset) -> str:
    """Return the column that is told with its unit: that of the sum, where it is one."""
    sums = dataset_rows.figure_fields(shown)
    return sums[0].key if len(sums) == 1 else ""


def query_of(request: HttpRequest, shown: Dataset) -> Query:
    """Return what the address of a page asks of a dataset."""
    chosen = {one.key: request.GET.get(one.key, "")[: cells.LONGEST] for one in shown.mapping.fields if one.filtered}
    words = request.GET.get("xa", "").strip()[:80]
    unit_id = None
    if words and shown.mapping.of_kind(Kind.UNIT):
        named = places.search(words, clock.today(), limit=5, levels=("commune",))
        standing = [unit for match in named for unit in ((match.unit,) if match.unit.standing else match.now)]
        unit_id = standing[0].id if standing else NOWHERE
    return Query(
        words=request.GET.get("q", "").strip()[:80],
        unit_id=unit_id,
        chosen={name: value for name, value in chosen.items() if value},
        near=position.of(request) if shown.has_map else None,
    )


def _lines(shown: Dataset, row: RowView) -> list[tuple[Field, str]]:
    return [
        (one, said(one.kind, row.values.get(one.key))) for one in shown.shown if row.values.get(one.key) is not None
    ]


def _look_up(request: HttpRequest, shown: Dataset, context: dict[str, Any]) -> HttpResponse:
    typed = request.GET.get("ma", "").strip()[:60]
    if typed:
        address = request.META.get("REMOTE_ADDR", "")
        limits.count_attempt(
            f"dataset:{shown.key}:{address}"[:120], limit=LOOK_UPS, window=_TEN_MINUTES, now=clock.now()
        )
        found = public.looked_up(shown, typed)
        context |= {"found": found, "lines": _lines(shown, found) if found else []}
    field = next((one for one in shown.mapping.fields if one.key == shown.publication.lookup), shown.mapping.title)
    context |= {"typed": typed, "label": field.label}
    response = render(request, "citizen/datasets/look_up.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def row(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """Show one row whole. A row of a look-up has no page: its code must be typed."""
    now = clock.now()
    shown = public.dataset(key, now=now)
    if shown.publication.shape is Shape.LOOKUP:
        raise RowUnknown(code=code)
    found = public.row(shown, code)
    context = {
        **_about(shown),
        **dataset_follows.context_of(request, shown, row_code=code),
        "row": found,
        "lines": [one for one in _lines(shown, found) if one[0].key not in dataset_rows.said_whole(shown)],
        "told": dataset_rows.told(shown, found, now=now),
        "has_still": bool(shown.publication.picture and found.values.get(shown.publication.picture)),
        "ground_url": ground_url() if found.lat else "",
    }
    return render(request, "citizen/datasets/row.html", context)


@require_safe
def copy(request: HttpRequest, key: str) -> HttpResponse:
    """Show a small dataset whole on one page, for the phone to keep; its address bears the version."""
    now = clock.now()
    shown = public.dataset(key, now=now)
    if not _small(shown):
        raise Http404
    rows = public.whole(shown, now=now, most=SMALL)
    return render(request, "citizen/datasets/copy.html", _about(shown) | {"rows": rows})


def _small(shown: Dataset) -> bool:
    return shown.publication.shape not in {Shape.LOOKUP, Shape.CHART, Shape.TIMETABLE} and shown.rows <= SMALL


@require_safe
def still(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """Show the newest still picture of a row, fetched by us."""
    now = clock.now()
    shown = public.dataset(key, now=now)
    if shown.publication.shape is Shape.LOOKUP:
        raise RowUnknown(code=code)
    picture = stills.still(shown, code, now=now)
    return HttpResponse(picture, content_type="image/jpeg", headers={"Cache-Control": "public, max-age=60"})


@require_safe
def download(request: HttpRequest, key: str, kind: str) -> HttpResponseBase:
    """Hand out all rows with their licence, source and day; 304 where the browser has this version."""
    shown = public.dataset(key, now=clock.now())
    if kind not in tables.KINDS:
        raise Http404
    etag = f'"{shown.key}-{shown.version}-{kind}"'
    if request.headers.get("if-none-match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    found = public.all_rows(shown)
    agency = _about(shown)["agency"]
    about: Mapping[str, str] = {
        "title": shown.title,
        "publisher": shown.attribution or agency,
        "licence": shown.licence_words[0],
        "licence_url": shown.licence_words[1],
        "version": str(shown.version),
        "confirmed_at": shown.confirmed_at.astimezone(clock.ZONE).isoformat(timespec="seconds")
        if shown.confirmed_at
        else "",
        "url": request.build_absolute_uri(reverse("citizen:dataset", args=[key])),
    }
    written: Iterable[str] = tables.write(kind, shown, found, about)
    response = StreamingHttpResponse(written, content_type=tables.KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="{shown.key}_ban-{shown.version}.{kind}"'
    response["Link"] = f'<{shown.licence_words[1]}>; rel="license"'
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=60"
    return response
