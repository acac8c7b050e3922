"""Urging letters: their files, for whoever works with the reports of the agency that sends them."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from smarthd.backoffice.gate import official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import REPORTS
from smarthd.backoffice.views.reports import TYPES
from smarthd.insights import services
from smarthd.kernel import clock


@require_GET
@official(*REPORTS)
def download(request: HttpRequest, uid: UUID, suffix: str) -> HttpResponse:
    """Hand out the letter as Word, or its list of late units as Excel; a letter out of reach is not found."""
    made = services.letter_files(uid, actor=cast("DeskRequest", request).actor, now=clock.now())
    response = HttpResponse(made.docx if suffix == "docx" else made.xlsx, content_type=TYPES[suffix])
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}.{suffix}"'
    return response
