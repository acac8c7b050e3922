"""Parts of a kept file (RFC 9110, chapter 14): a download that broke off goes on where it ended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_PIECE = 1 << 16


def wanted(header: str, size: int) -> tuple[int, int] | None:
    """Return the first and the last byte of one range, beyond each other where it cannot be met; None for what is not one range of bytes."""
    found = _RANGE.fullmatch(header.replace(" ", ""))
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) else (size, size - 1)
    end = min(int(last), size - 1) if last else size - 1
    return None if last and int(last) < int(first) else (int(first), end)


def answer(request: HttpRequest, place: Path, *, kind: str, etag: str) -> HttpResponseBase:
    """Return a file as it lies, or the part of it that is asked for; ``If-Range`` must name this very file."""
    size = place.stat().st_size
    header = request.headers.get("range", "")
    asked = wanted(header, size) if header and request.headers.get("if-range", etag) == etag else None
    if asked is not None and asked[0] > asked[1]:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    first, last = asked or (0, size - 1)
    made = StreamingHttpResponse(_pieces(place, first, last), content_type=kind, status=206 if asked else 200)
    made.headers["Accept-Ranges"] = "bytes"
    made.headers["Content-Length"] = str(last - first + 1)
    if asked:
        made.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return made


def _pieces(place: Path, first: int, last: int) -> Iterator[bytes]:
    with place.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece
