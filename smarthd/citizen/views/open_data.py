"""Dữ liệu mở: what anyone may take away, searched, with its formats, licence, fields, ready-made calls and how much it is used."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from smarthd.agencies import selectors as agencies
from smarthd.citizen.open_data_examples import examples
from smarthd.connectors.rules.asking import NUMERIC
from smarthd.connectors.rules.fields import WORDS
from smarthd.connectors.rules.templates import TEMPLATES
from smarthd.connectors.selectors import earlier, open_data, public
from smarthd.connectors.selectors.histories import Edition
from smarthd.connectors.selectors.public import Dataset
from smarthd.kernel import clock
from smarthd.programs import selectors as programs

MOST_EARLIER = 10
"""Earlier versions a page shows; all are in the list of the open API."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the open datasets, or those whose name or use holds the words typed."""
    now = clock.now()
    words = request.GET.get("q", "").strip()[:80]
    found = [one for one in open_data.open_datasets(now=now) if not words or public.names(one, words)]
    names = agencies.agency_views([one.agency_id for one in found], clock.day_of(now))
    used = programs.calls_of([one.key for one in found], now=now)
    lines = [
        (
            one,
            TEMPLATES[one.template].icon if one.template in TEMPLATES else "table",
            names[one.agency_id].name if one.agency_id in names else "",
            _kinds(one),
            used.get(one.key, 0),
        )
        for one in found
    ]
    context = {"here": "du-lieu", "lines": lines, "query": words, "root": _root(request)}
    return render(request, "citizen/datasets/open_index.html", context)


@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    """Show how one dataset is taken away."""
    now = clock.now()
    shown = open_data.open_dataset(key, now=now)
    agency = agencies.agency_views([shown.agency_id], clock.day_of(now)).get(shown.agency_id)
    api = f"{_root(request)}/api/v1/datasets/{shown.key}"
    fields = open_data.fields_of(shown)
    use = programs.use_of(shown.key, now=now)
    context = {
        "here": "du-lieu",
        "dataset": shown,
        "agency": agency.name if agency else "",
        "files": [(programs.kind_word(kind), f"{api}/file.{kind}") for kind in open_data.file_kinds(shown)],
        "feeds": [(kind, f"{api}/feed.{kind}") for kind in open_data.feed_kinds(shown)],
        "fields": [(one, WORDS[one.kind]) for one in fields],
        "calls": _calls(shown, api),
        "examples": examples(shown, api, _root(request)),
        "ogc": f"{_root(request)}/ogc/collections/{shown.key}" if shown.has_map else "",
        "api": api,
        "earlier": _earlier(shown, api),
        "use": use,
        "use_kinds": [(programs.kind_word(kind), calls, calls / use.calls) for kind, calls in use.kinds],
    }
    return render(request, "citizen/datasets/open_page.html", context)


def _root(request: HttpRequest) -> str:
    return request.build_absolute_uri("/")[:-1]


def _kinds(shown: Dataset) -> str:
    ogc = ("ogc",) if shown.has_map else ()
    return ", ".join(
        programs.kind_word(kind) for kind in (*open_data.file_kinds(shown), *open_data.feed_kinds(shown), *ogc)
    )


def _earlier(shown: Dataset, api: str) -> list[tuple[Edition, str, bool]]:
    """Return the newest versions that may be taken away, each with its address and whether one came before it to compare with;
    none where there is only what everybody sees."""
    found = earlier.offered([shown]).get(shown.id, [])
    if len(found) < 2:
        return []
    return [
        (one, f"{api}/versions/{one.number}", place < len(found) - 1) for place, one in enumerate(found[:MOST_EARLIER])
    ]


def _calls(shown: Dataset, api: str) -> list[tuple[str, str]]:
    """Return example calls of a dataset, each with what it does: they work as they stand."""
    fields = open_data.fields_of(shown)
    calls = [(_("Mười mục đầu"), f"{api}/rows?limit=10"), (_("Mười mục đầu, CSV"), f"{api}/rows.csv?limit=10")]
    figure = next((one for one in fields if one.kind in NUMERIC), None)
    if figure is not None and shown.rows <= open_data.MOST_SORTED:
        calls.append(
            (_("Xếp theo “%(field)s”, lớn trước") % {"field": figure.label}, f"{api}/rows?sort=-{figure.key}&limit=10")
        )
    if shown.has_map:
        calls.append((_("Trong một khung bản đồ"), f"{api}/rows.geojson?bbox=106.2,20.8,106.5,21.1"))
        calls.append((_("Quanh một điểm, 2 km"), f"{api}/rows?near=106.33,20.94&radius=2000"))
    return calls
