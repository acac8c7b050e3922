"""How answers are handed to the web server: granian sends a list of bytes at once, and asks for anything else piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpResponse

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def in_one_piece(handler: Application) -> Application:
    """Return a WSGI application (PEP 3333) that gives a whole answer as one piece and has it closed; what flows, the server closes."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = handler(environ, start_response)
        if not isinstance(answer, HttpResponse):
            return answer
        try:
            return [answer.content]
        finally:
            answer.close()

    return application
