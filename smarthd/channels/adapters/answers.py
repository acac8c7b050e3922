"""One way of asking by HTTP and reading what went wrong: what passes may be tried again, what is ours to mend may not."""

from __future__ import annotations

from functools import cache
from typing import Any

import httpx

from smarthd.channels.ports import OutletRefused, OutletUnavailable

TIMEOUT = httpx.Timeout(10.0, connect=4.0)
LARGEST = 256 * 1024
_TRY_AGAIN = frozenset({408, 425, 429})


@cache
def _client() -> httpx.Client:
    """Return this process's client: reading the trusted certificates anew for each outlet would cost more than the asking."""
    return httpx.Client(
        timeout=TIMEOUT, follow_redirects=False, limits=httpx.Limits(max_connections=50, keepalive_expiry=10)
    )


def asked(method: str, url: str, **more: Any) -> httpx.Response:
    """Ask once, following no redirect, and return the answer whatever its status. Raises OutletUnavailable where none came."""
    try:
        with _client().stream(method, url, **more) as answer:
            read = b""
            for part in answer.iter_bytes():
                read += part
                if len(read) > LARGEST:
                    raise OutletUnavailable("answer too large")
            return httpx.Response(
                answer.status_code, headers={"content-type": answer.headers.get("content-type", "")}, content=read
            )
    except httpx.HTTPError as fault:
        raise OutletUnavailable(
            type(fault).__name__
        ) from None  # its words may hold the address, and the address a token


def body_of(answer: httpx.Response) -> dict[str, Any]:
    """Return an answer's JSON object; empty where it is none."""
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def check(answer: httpx.Response) -> dict[str, Any]:
    """Return the JSON of a good answer. Raises OutletUnavailable for what passes, OutletRefused for what does not."""
    if answer.status_code >= 500 or answer.status_code in _TRY_AGAIN:
        raise OutletUnavailable(f"HTTP {answer.status_code}")
    if not answer.is_success:
        raise OutletRefused(f"HTTP {answer.status_code}")
    return body_of(answer)
