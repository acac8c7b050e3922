"""The board of ideas as open data: published ideas by pages, or whole as CSV. Who proposed one is told only where they let it be shown."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from ninja import Query, Router

from smarthd.content.selectors import idea_open
from smarthd.content.selectors.idea_open import OpenIdea
from smarthd.kernel import clock
from smarthd.publicapi.opendata import serving
from smarthd.publicapi.opendata.formats import FORMULA

router = Router(tags=["open data"])
USUAL, MOST = 50, 200
COLUMNS = (
    "code", "title", "words", "place", "agency", "round", "state", "state_words", "supporters", "published_at", "due_on", "answer",
    "answer_until", "author_name", "url", "sample",
)  # fmt: skip


def _told(one: OpenIdea, root: str) -> dict[str, Any]:
    card = one.card
    return {
        "code": card.code,
        "title": card.title,
        "words": card.words,
        "place": card.place,
        "agency": card.agency_name,
        "round": card.round_title,
        "state": card.state.value,
        "state_words": card.state_word,
        "supporters": card.supporters,
        "published_at": card.published_at.isoformat() if card.published_at else None,
        "due_on": card.due_on.isoformat() if card.due_on else None,
        "answer": one.answer,
        "answer_until": one.answer_until.isoformat() if one.answer_until else None,
        "author_name": card.author_name,
        "url": f"{root}{card.path}",
        "sample": card.sample,
    }


def _root(request: HttpRequest) -> str:
    return request.build_absolute_uri("/")[:-1]


@router.get("/ideas", summary="Hiến kế đã đăng, theo trang")
def list_ideas(
    request: HttpRequest, cursor: str = "", limit: Annotated[int, Query(ge=1, le=MOST)] = USUAL
) -> HttpResponse:
    """Give published ideas with their answers, the newest first; one that was hidden or withdrawn is not there any more."""
    serving.admit(request)
    found = idea_open.page(cursor[:200], limit, now=clock.now())
    following = f"{_root(request)}/api/v1/ideas?limit={limit}&cursor={found.next_cursor}" if found.next_cursor else None
    told = {"ideas": [_told(one, _root(request)) for one in found.items], "next": following}
    return serving.described(request, told)


@router.get("/ideas.csv", summary="Hiến kế đã đăng, một tệp CSV")
def ideas_file(request: HttpRequest) -> HttpResponse:
    """Give the published ideas as one CSV file (RFC 4180, UTF-8 with a mark)."""
    serving.admit(request)
    body = _csv(_told(one, _root(request)) for one in idea_open.newest(idea_open.ALL, now=clock.now()))
    etag = serving.etag_of(body)
    answer: HttpResponse = get_conditional_response(request, etag=etag) or HttpResponse(
        body, content_type="text/csv; charset=utf-8"
    )
    answer.headers["ETag"] = etag
    answer.headers["Content-Disposition"] = 'attachment; filename="hien-ke.csv"'
    answer.headers["Cache-Control"] = f"public, max-age={serving.FRESH_S}"
    serving.open_to_all(answer)
    return answer


def _csv(rows: Iterable[dict[str, Any]]) -> str:
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(
            [f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell for cell in row.values()]
        )
    return out.getvalue()
