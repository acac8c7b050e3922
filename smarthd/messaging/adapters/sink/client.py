"""Asking the local push service what it counted."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pycurl


class SinkSilent(Exception):
    """The local push service does not answer."""


def ask(origin: str, path: str, *, certificate: Path) -> dict[str, Any]:
    """Return what the service says at ``/counts`` or ``/forget``. Raises SinkSilent."""
    out, curl = io.BytesIO(), pycurl.Curl()
    try:
        curl.setopt(pycurl.URL, f"{origin}{path}")
        curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS)
        curl.setopt(pycurl.CAINFO, str(certificate))
        curl.setopt(pycurl.NOPROXY, "*")
        curl.setopt(pycurl.NOSIGNAL, 1)
        curl.setopt(pycurl.TIMEOUT_MS, 10_000)
        curl.setopt(pycurl.WRITEDATA, out)
        curl.perform()
    except pycurl.error as problem:
        raise SinkSilent(str(problem)) from problem
    finally:
        curl.close()
    return dict(json.loads(out.getvalue()))
