"""Photos, recordings and proofs, as our own encoding of them; what a reader may not see is not there."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from smarthd.citizen import phone
from smarthd.fieldreports.selectors import gate

_SECONDS = 300


@require_safe
def show(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Send a file, or its small picture (``?nho``), never as anything a browser would run.

    It is kept for minutes only, and by the reader's own browser: a photo may be hidden at any time.
    """
    path, content_type = gate.attachment_for(phone.caller_of(request), uid, thumb="nho" in request.GET)
    response = FileResponse(path.open("rb"), content_type=content_type)
    response["Cache-Control"] = f"private, max-age={_SECONDS}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = "inline"
    return response
