"""The web process: granian serves ``application``.

Wagtail's image library would load OpenCV here for filters nobody uses (25 MB a process). Faces and plates are looked for by the worker
alone, so the web process says that it has none.

Every page's code is loaded before the first question comes, and what was loaded is taken out of the collector's sight: a full collection
otherwise walks through all of it and holds one answer in sixty up for half a second (measured on the board of a period).

An answer that is whole is handed over as one piece: granian sends a list of bytes at once, and anything else through a channel that
it asks for the next piece.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import get_resolver

sys.modules.setdefault("cv2", None)  # type: ignore[arg-type]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_handler = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request (PEP 3333); what is whole is closed here, what flows is closed by the server."""
    answer = _handler(environ, start_response)
    if not isinstance(answer, HttpResponse):
        return answer
    try:
        return [answer.content]
    finally:
        answer.close()


get_resolver().url_patterns  # noqa: B018 (reading it loads every view)
gc.collect()
gc.freeze()
