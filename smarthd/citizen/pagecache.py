"""Pages that depend on nothing personal are made once and handed out many times.

Each process keeps the finished bytes, plain and compressed, under a key that names everything the page depends on; the key
carries the content's version, so nothing is ever cleared by hand. A browser that still has the page gets 304 without a body.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import brotli
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

CAPACITY = 600


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished page."""

    plain: bytes
    gzip: bytes
    brotli: bytes
    etag: str


class PageCache:
    """The most recently used pages of this process; safe between threads."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._pages: OrderedDict[Hashable, Kept] = OrderedDict()
        self._capacity = capacity
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], str]) -> Kept:
        """Return the page of a key, making it when it is not there. Two threads may both make it; they make the same."""
        with self._lock:
            kept = self._pages.get(key)
            if kept is not None:
                self._pages.move_to_end(key)
                return kept
        kept = _finish(make())
        with self._lock:
            self._pages[key] = kept
            while len(self._pages) > self._capacity:
                self._pages.popitem(last=False)
        return kept

    def clear(self) -> None:
        """Forget every page."""
        with self._lock:
            self._pages.clear()


def _finish(html: str) -> Kept:
    plain = html.encode()
    mark = hashlib.blake2b(plain, digest_size=12).hexdigest()
    return Kept(
        plain=plain,
        gzip=gzip.compress(plain, 6, mtime=0),
        brotli=brotli.compress(plain, quality=6),
        etag=f'W/"{mark}"',
    )


def answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    """Hand out a kept page: 304 when the browser has it, else in the smallest form it takes."""
    response: HttpResponse
    if kept.etag in parse_etags(request.headers.get("if-none-match", "")):
        response = HttpResponseNotModified()
    else:
        accepted = request.headers.get("accept-encoding", "")
        if "br" in accepted:
            response = HttpResponse(kept.brotli, headers={"Content-Encoding": "br"})
        elif "gzip" in accepted:
            response = HttpResponse(kept.gzip, headers={"Content-Encoding": "gzip"})
        else:
            response = HttpResponse(kept.plain)
    response["ETag"] = kept.etag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Cookie", "Accept-Encoding"))
    return response
