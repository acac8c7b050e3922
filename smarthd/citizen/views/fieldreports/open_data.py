"""Reports as open data: CSV, JSON, GeoJSON, streamed; with the licence and the day."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from smarthd.citizen.refusals import QuestionFaulty
from smarthd.fieldreports.selectors import open_data
from smarthd.kernel import clock

LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/deed.vi"
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "geojson": "application/geo+json"}
LONGEST_DAYS = 366
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Say what may be taken away, how it is to be named, and what each column means."""
    today = clock.today()
    context = {
        "here": "phan-anh",
        "fields": open_data.FIELDS,
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "today": today,
        "first": today - timedelta(days=90),
        "kinds": [(kind, reverse("citizen:reports_download", args=[kind])) for kind in TYPES],
        "longest": LONGEST_DAYS,
    }
    return render(request, "citizen/fieldreports/open_data.html", context)


@require_safe
def download(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Stream the public reports received between two days, both included."""
    if kind not in TYPES:
        raise Http404
    today = clock.today()
    first = _day(request, "tu", today - timedelta(days=90))
    last = _day(request, "den", today)
    if not timedelta(0) <= last - first <= timedelta(days=LONGEST_DAYS):
        raise QuestionFaulty(fields={"den": f"Khoảng ngày phải chạy tới, nhiều nhất {LONGEST_DAYS} ngày mỗi lần tải."})
    found = open_data.rows_between(first, last, now=clock.now())
    write = {"csv": _csv, "json": _json, "geojson": _geojson}[kind]
    response = StreamingHttpResponse(write(found, first, last), content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="phan-anh-{first:%Y%m%d}-{last:%Y%m%d}.{kind}"'
    response["Link"] = f'<{LICENCE_URL}>; rel="license"'
    return response


def _day(request: HttpRequest, name: str, otherwise: date) -> date:
    raw = request.GET.get(name, "")
    if not raw:
        return otherwise
    try:
        found = parse_date(raw)
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2100:
        raise QuestionFaulty(fields={name: "Ngày chưa đọc được. Xin ghi năm-tháng-ngày, ví dụ 2026-11-24."})
    return found


def _plain(value: Any) -> Any:
    return value.astimezone(clock.ZONE).isoformat(timespec="seconds") if isinstance(value, datetime) else value


def _cell(value: Any) -> Any:
    """Return a value as a table's cell; words that a spreadsheet would take for a formula are kept as words."""
    plain = _plain(value)
    return f"'{plain}" if isinstance(plain, str) and plain.startswith(_FORMULA) else plain


def _csv(found: Iterable[dict[str, Any]], first: date, last: date) -> Iterator[str]:
    del first, last
    out = io.StringIO()
    writer = csv.writer(out)
    keys = [key for key, _words in open_data.FIELDS]
    out.write("\ufeff")
    writer.writerow([*keys, "licence"])
    for number, row in enumerate(found):
        writer.writerow([*(_cell(row[key]) for key in keys), LICENCE])
        if number % 500 == 499:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _head(first: date, last: date) -> dict[str, Any]:
    return {
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "made_at": _plain(clock.now()),
    }


def _json(found: Iterable[dict[str, Any]], first: date, last: date) -> Iterator[str]:
    yield json.dumps(_head(first, last), ensure_ascii=False)[:-1] + ', "reports": ['
    for number, row in enumerate(found):
        told = json.dumps({key: _plain(value) for key, value in row.items()}, ensure_ascii=False)
        yield f"{',' if number else ''}\n{told}"
    yield "\n]}\n"


def _geojson(found: Iterable[dict[str, Any]], first: date, last: date) -> Iterator[str]:
    head = {"type": "FeatureCollection", **_head(first, last)}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "features": ['
    for number, row in enumerate(found):
        lat, lon = row["lat"], row["lon"]
        told = {
            "type": "Feature",
            "geometry": None if lat is None else {"type": "Point", "coordinates": [lon, lat]},
            "properties": {key: _plain(value) for key, value in row.items() if key not in {"lat", "lon"}},
        }
        yield f"{',' if number else ''}\n{json.dumps(told, ensure_ascii=False)}"
    yield "\n]}\n"
