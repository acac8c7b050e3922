"""A whole answer is handed over as one piece and closed; one that flows is left to the server."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from config.handing import in_one_piece

pytestmark = pytest.mark.django_db  # an answer that ends gives back its connections


def handed(answer: HttpResponseBase) -> tuple[Any, list[str]]:
    """Return what the server gets of an answer, and what happened to it until then."""
    seen: list[str] = []
    answer._resource_closers.append(lambda: seen.append("closed"))

    def handler(_environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [])
        return answer

    return in_one_piece(handler)({}, lambda status, _headers: seen.append(status)), seen


def test_a_whole_answer_is_one_piece_and_closed():
    given, seen = handed(HttpResponse([b"Ph\xc6\xb0\xe1\xbb\x9dng", b" 1"]))
    assert given == [b"Ph\xc6\xb0\xe1\xbb\x9dng 1"]
    assert seen == ["200 OK", "closed"]


def test_an_answer_that_flows_stays_a_flow_and_open():
    given, seen = handed(StreamingHttpResponse(iter([b"a", b"b"])))
    assert seen == ["200 OK"]
    assert list(given) == [b"a", b"b"]
    given.close()
    assert seen == ["200 OK", "closed"]
