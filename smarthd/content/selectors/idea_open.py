"""Published ideas for machines: what every reader of the board sees, and nothing more of who proposed them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from smarthd.content.models.ideas import IdeaStep
from smarthd.content.rules import ideas
from smarthd.content.selectors import ideas as board
from smarthd.content.selectors.ideas import IdeaCard
from smarthd.kernel import clock
from smarthd.kernel.paging import BadCursor, Page, decode_cursor, encode_cursor

ALL = 20_000
"""How many ideas one file holds, the newest."""


@dataclass(frozen=True, slots=True)
class OpenIdea:
    """A published idea; ``answer`` is the last official one, ``changed_at`` when it was published or answered last."""

    uid: UUID
    card: IdeaCard
    answer: str
    answer_until: date | None
    changed_at: datetime


def newest(limit: int, *, now: datetime, unit_id: int | None = None) -> list[OpenIdea]:
    """Return the ideas published last, of a unit where one is named."""
    rows = board.public_rows()
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    return _told(list(board.counted(rows).order_by("-published_at", "-id")[:limit]), now)


def page(cursor: str, limit: int, *, now: datetime) -> Page[OpenIdea]:
    """Return a page of published ideas, the newest first; raises BadCursor. Four statements whatever the page."""
    rows = board.public_rows()
    if cursor:
        at, key = _place(cursor)
        rows = rows.filter(Q(published_at__lt=at) | Q(published_at=at, id__lt=key))
    found = list(board.counted(rows).order_by("-published_at", "-id")[: limit + 1])
    last: Any = found[limit - 1] if len(found) > limit else None
    return Page(_told(found[:limit], now), encode_cursor(last.published_at.isoformat(), last.pk) if last else "")


def _place(cursor: str) -> tuple[datetime, int]:
    at, key = decode_cursor(cursor, length=2)
    try:
        when = datetime.fromisoformat(str(at))
    except ValueError:
        raise BadCursor from None
    if when.tzinfo is None or not isinstance(key, int):
        raise BadCursor
    return when, key


def _told(rows: list[Any], now: datetime) -> list[OpenIdea]:
    answers = IdeaStep.objects.filter(
        idea__in=[row.pk for row in rows], act__in=[state.value for state in ideas.ANSWERS]
    )
    last = {step.idea_id: step for step in answers.order_by("id")}
    return [
        OpenIdea(
            uid=row.uid,
            card=card,
            answer=last[row.pk].words if row.pk in last else "",
            answer_until=last[row.pk].until if row.pk in last else None,
            changed_at=max(row.published_at, last[row.pk].at) if row.pk in last else row.published_at,
        )
        for row, card in zip(rows, board.cards_of(rows, on=clock.day_of(now)), strict=True)
    ]
