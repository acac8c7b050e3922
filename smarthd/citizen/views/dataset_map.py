"""What a dataset's map shows: every row where they are few, what lies in the window that is seen where they are many."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from smarthd.citizen import dataset_rows, map_windows
from smarthd.citizen.refusals import QuestionFaulty
from smarthd.citizen.views import datasets
from smarthd.connectors.errors import RowUnknown
from smarthd.connectors.rules.sources import Shape
from smarthd.connectors.selectors import maps, public, timetables
from smarthd.connectors.selectors.public import Dataset, Query, RowView
from smarthd.kernel import clock


@require_safe
def points(request: HttpRequest, key: str) -> JsonResponse:
    """Give the rows that lie on the map."""
    now = clock.now()
    shown = public.dataset(key, now=now)
    if not shown.has_map or shown.publication.shape is Shape.LOOKUP:
        raise RowUnknown(key=key)
    query = datasets.query_of(request, shown)
    answer: dict[str, Any] = {"whole": True}
    if shown.publication.shape is Shape.TIMETABLE:
        answer["points"] = _stops(shown)
    elif shown.rows <= public.MOST_POINTS:
        answer["points"] = _points(shown, public.points(shown, query, now=now), now)
    else:
        answer |= _in_window(request, shown, query, now)
    response = JsonResponse(answer)
    response["Cache-Control"] = "public, max-age=60"
    return response


def _in_window(request: HttpRequest, shown: Dataset, query: Query, now: datetime) -> dict[str, Any]:
    """Return what lies in the window that is asked about; without one only that there is too much to be told at once."""
    if not any(name in request.GET for name in map_windows.EDGES):
        return {"whole": False, "points": [], "clusters": [], "count": shown.rows}
    window, zoom = maps.Window(*map_windows.edges_of(request)), map_windows.zoom_of(request)
    if not window.sound or zoom is None:
        raise QuestionFaulty(fields={"khung": "Cần đủ bốn cạnh tay, nam, dong, bac và mức phóng z từ 0 đến 22."})
    found = maps.seen(shown, query, window, zoom=zoom, now=now)
    clusters = [[one.lat, one.lon, one.count] for one in found.clusters]
    return {"whole": False, "points": _points(shown, found.rows, now), "clusters": clusters, "count": found.count}


def _points(shown: Dataset, rows: Iterable[RowView], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "href": reverse("citizen:dataset_row", args=[shown.key, one.code]),
            "title": one.title,
            **_noted(shown, one, now),
            "lat": one.lat,
            "lon": one.lon,
        }
        for one in rows
    ]


def _noted(shown: Dataset, row: RowView, now: datetime) -> dict[str, str]:
    told = dataset_rows.told(shown, row, now=now)
    told_first = (told.stand.words if told.stand else "", told.when, told.figure, told.kinds)
    return {"note": " · ".join(filter(None, told_first)), "phone": told.phone}


def _stops(shown: Dataset) -> list[dict[str, Any]]:
    here = reverse("citizen:dataset", args=[shown.key])
    return [
        {
            "href": f"{here}?{urlencode({'diem': one.name})}",
            "title": one.name,
            "note": "",
            "lat": one.lat,
            "lon": one.lon,
        }
        for one in timetables.stops(shown)
    ]
