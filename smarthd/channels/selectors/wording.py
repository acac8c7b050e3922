"""A bulletin's row as the words that renderings take."""

from __future__ import annotations

from django.conf import settings

from smarthd.channels.models import Bulletin
from smarthd.channels.rules.bulletins import Change, Language, Priority, Words
from smarthd.kernel import clock


def words_of(row: Bulletin) -> Words:
    """Return a bulletin's words, its instants in local time."""
    return Words(
        title=row.title,
        body=row.body,
        instruction=row.instruction,
        sender=row.sender,
        contact=row.contact,
        priority=Priority(row.priority),
        change=Change(row.change),
        language=Language(row.language),
        drill=row.drill,
        places=tuple(row.places),
        valid_from=row.valid_from.astimezone(clock.ZONE),
        valid_until=row.valid_until.astimezone(clock.ZONE),
        link=f"{settings.ORIGIN}{row.path}" if row.path else "",
    )
