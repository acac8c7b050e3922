"""Files from a weak line: a ticket, an upload begun, pieces, the end. For the page's own script; refusals come as JSON."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from smarthd.citizen import phone
from smarthd.citizen.views.account.requests import address_of
from smarthd.fieldreports.errors import PhotoRefused, UploadOffset
from smarthd.fieldreports.rules.attachments import Kind, Part
from smarthd.fieldreports.services import uploads
from smarthd.fieldreports.values import UploadView
from smarthd.kernel import clock

_KINDS = {str(Kind.PHOTO): Kind.PHOTO, str(Kind.VOICE): Kind.VOICE}


def _whole(raw: str | None, otherwise: int) -> int:
    """Return a whole number somebody sent, or the other where it is none or has more than nine digits."""
    return int(raw) if raw and raw.isascii() and raw.isdigit() and len(raw) < 10 else otherwise


def _told(view: UploadView) -> dict[str, object]:
    return {"uid": str(view.uid), "offset": view.offset, "size": view.size}


@require_safe
@never_cache
def ticket(request: HttpRequest) -> JsonResponse:
    """Give a page that was kept for long what it needs to send; nothing else."""
    return JsonResponse({"csrf": get_token(request)})


@require_POST
@never_cache
def begin(request: HttpRequest) -> JsonResponse:
    """Open an upload; a phone without account is given its secret here, before its first file."""
    caller = phone.known_caller(request)
    kind = _KINDS.get(request.POST.get("kind", ""))
    if kind is None:
        raise PhotoRefused(why="not_a_picture")
    size = _whole(request.POST.get("size"), 0)
    view = uploads.begin_upload(kind=kind, size=size, caller=caller, now=clock.now(), address=address_of(request))
    response = JsonResponse(_told(view), status=201)
    phone.keep(response, caller.token)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def piece(request: HttpRequest, uid: UUID) -> JsonResponse:
    """Take the next piece, or say from where to go on. ``?tu=`` is where the piece begins."""
    caller = phone.caller_of(request)
    if request.method != "POST":
        return JsonResponse(_told(uploads.upload_state(uid, caller=caller)))
    offset = _whole(request.GET.get("tu"), -1)
    try:
        view = uploads.append_piece(uid, offset=offset, raw=request.body, caller=caller, now=clock.now())
    except UploadOffset:
        return JsonResponse(_told(uploads.upload_state(uid, caller=caller)), status=409)
    return JsonResponse(_told(view))


@require_POST
@never_cache
def finish(request: HttpRequest, uid: UUID) -> JsonResponse:
    """Put the pieces together; the answer names the file the report will be sent with."""
    caller = phone.caller_of(request)
    made = uploads.finish_upload(uid, part=Part.CITIZEN, caller=caller, now=clock.now())
    return JsonResponse({"attachment": str(made)}, status=201)
