"""The catalogue of open data where harvesters look for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from smarthd.connectors.selectors import open_data
from smarthd.connectors.selectors.public import Dataset
from smarthd.kernel import clock
from smarthd.publicapi.opendata import catalogue, serving

_Written = Callable[[list[Dataset], catalogue.Facts, str], dict[str, Any]]


@csrf_exempt
@require_safe
def jsonld(request: HttpRequest) -> HttpResponse:
    """Give the catalogue as DCAT-AP."""
    return _given(request, catalogue.jsonld, "application/ld+json")


@csrf_exempt
@require_safe
def data_json(request: HttpRequest) -> HttpResponse:
    """Give the catalogue as CKAN harvests it."""
    return _given(request, catalogue.data_json, "application/json")


def _given(request: HttpRequest, written: _Written, kind: str) -> HttpResponse:
    serving.admit(request)
    found = open_data.open_datasets(now=clock.now())
    root = request.build_absolute_uri("/")[:-1]
    answer: HttpResponse = serving.zipped(
        lambda _request: serving.described(request, written(found, catalogue.facts_of(found), root))
    )(request)
    if answer.status_code == 200:
        answer.headers["Content-Type"] = kind
    return answer
