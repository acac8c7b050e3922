"""Files of a report at the desk: what is shown, and, with a reason that is written down, the original."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from smarthd.backoffice.gate import official
from smarthd.backoffice.navigation import FIELDREPORTS
from smarthd.backoffice.views.fieldreports.asking import caller_of
from smarthd.fieldreports.selectors import gate
from smarthd.fieldreports.services import moderating
from smarthd.kernel import clock

_SAFE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "application/pdf": "pdf",
}


def _sent(request: HttpRequest, uid: UUID, *, thumb: bool) -> FileResponse:
    path, content_type = gate.attachment_for(caller_of(request), uid, thumb=thumb)
    return FileResponse(path.open("rb"), content_type=content_type, headers=_SAFE)


@require_GET
@official(*FIELDREPORTS)
def shown(request: HttpRequest, uid: UUID) -> FileResponse:
    """Send the picture with faces and plates blurred, the recording or the document."""
    return _sent(request, uid, thumb=False)


@require_GET
@official(*FIELDREPORTS)
def small(request: HttpRequest, uid: UUID) -> FileResponse:
    """Send the small picture."""
    return _sent(request, uid, thumb=True)


@require_POST
@official(*FIELDREPORTS)
def original(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hand out the file as it came in, once, as a download; who looked and why stands in the trail."""
    reason = request.POST.get("reason", "")
    raw, content_type = moderating.open_original(uid, reason=reason, caller=caller_of(request), now=clock.now())
    ending = _ENDINGS.get(content_type, "bin")
    headers = {**_SAFE, "Content-Disposition": f'attachment; filename="anh-goc-{uid}.{ending}"'}
    return HttpResponse(raw, content_type=content_type, headers=headers)
