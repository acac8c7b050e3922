"""Parts of a file for who asks for them: players of video ask for ranges, some of them will not play without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

_ONE_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_PIECE = 64 * 1024


def span(header: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte of a single range (RFC 9110, 14.1.2), None for the whole; raises ValueError outside the file."""
    asked = _ONE_RANGE.fullmatch(header.strip())
    if asked is None or asked[0] == "bytes=-":
        return None
    if not asked[1]:
        first, last = max(size - int(asked[2]), 0), size - 1
    else:
        first, last = int(asked[1]), min(int(asked[2]), size - 1) if asked[2] else size - 1
    if first >= size or last < first:
        raise ValueError(header)
    return first, last


def answer(request: HttpRequest, path: Path, content_type: str) -> HttpResponseBase:
    """Send a file, or the one range of it that was asked for."""
    size = path.stat().st_size
    try:
        wanted = span(request.headers.get("Range", ""), size)
    except ValueError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response: HttpResponseBase
    if wanted is None:
        response = FileResponse(path.open("rb"), content_type=content_type)
    else:
        first, last = wanted
        response = StreamingHttpResponse(_bytes(path, first, last), status=206, content_type=content_type)
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
        response["Content-Length"] = str(last - first + 1)
    response["Accept-Ranges"] = "bytes"
    return response


def _bytes(path: Path, first: int, last: int) -> Iterator[bytes]:
    left = last - first + 1
    with path.open("rb") as stream:
        stream.seek(first)
        while left > 0 and (piece := stream.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece
