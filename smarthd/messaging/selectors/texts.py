"""How texts went: for the duty desk and for operators."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from smarthd.messaging.models import TextNotice, TextRun
from smarthd.messaging.rules import TextState


@dataclass(frozen=True, slots=True)
class TextsView:
    """How many texts of a run stand where; ``over_limit``: people the limit of the installation left out."""

    waiting: int
    sent: int
    failed: int
    dropped: int
    over_limit: int


def texts(key: str) -> TextsView | None:
    """Return how a run went, or None where there was none. Two queries."""
    run = TextRun.objects.filter(key=key).first()
    if run is None:
        return None
    rows = TextNotice.objects.filter(run=run).values_list("state").annotate(count=Count("id"))
    counts: Counter[str] = Counter(dict(rows))
    return TextsView(
        counts[TextState.WAITING],
        counts[TextState.SENT],
        counts[TextState.FAILED],
        counts[TextState.DROPPED],
        run.over_limit,
    )
