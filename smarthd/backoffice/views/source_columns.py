"""The columns of a source: what each holds, named on the screen from the newest file."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from smarthd.agencies import selectors as agencies
from smarthd.backoffice.forms.sources import mapping_from
from smarthd.backoffice.gate import official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import SOURCES
from smarthd.backoffice.views.sources import after_run
from smarthd.connectors.rules import fields
from smarthd.connectors.rules.mapping import Mapping, mapping_of
from smarthd.connectors.selectors import sources as selectors
from smarthd.connectors.services import reading
from smarthd.kernel import clock, errors, text

SEEN = 3


@require_http_methods(["GET", "POST"])
@official(*SOURCES)
def columns(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show every column with cells of it and what it is taken for; keep what is chosen and check the file with it."""
    actor = cast("DeskRequest", request).actor
    source = selectors.source_for(actor, uid)
    sample = selectors.sample_for(actor, uid)
    mapped, problems = sample.mapping, []
    if request.method == "POST":
        try:
            mapped = mapping_from(request.POST, sample.columns, mapping_of(source.mapping))
            run = reading.map_columns(uid=uid, mapped=mapped, actor=actor, now=clock.now())
        except errors.Invalid as refusal:
            told = refusal.facts.get("fields")
            problems = list(told.values()) if isinstance(told, dict) else []
        else:
            return after_run(request, uid, run)
    context = {
        "source": source,
        "agency": agencies.agency_view(source.agency_id, clock.today()),
        "file_name": sample.file_name,
        "guessed": sample.guessed,
        "columns": _columns(sample, mapped),
        "kinds": fields.WORDS.items(),
        "decimal": mapped.decimal,
        "problems": problems,
        "nav_here": "sources",
    }
    return render(request, "backoffice/sources/columns.html", context, status=422 if problems else 200)


def _columns(sample: selectors.Sample, mapped: Mapping) -> list[dict[str, Any]]:
    known = {text.fold(one.header): one for one in mapped.fields}
    shown = []
    for index, header in enumerate(sample.columns):
        if not header:
            continue
        field = known.get(text.fold(header))
        cells = list(dict.fromkeys(line[index] for line in sample.lines if index < len(line) and line[index]))
        shown.append(
            {
                "index": index,
                "header": header,
                "cells": [cell[:60] for cell in cells[:SEEN]],
                "field": field,
                "kind": field.kind.value if field else fields.Kind.TEXT.value,
                "is_key": bool(field and field.key in mapped.key),
            }
        )
    return shown
