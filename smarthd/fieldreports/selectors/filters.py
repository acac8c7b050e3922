"""What of the reports is asked for, and how a question becomes a condition; the same for lists, maps and searches."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from smarthd.fieldreports.rules import intake, states
from smarthd.fieldreports.rules.states import Stand, State
from smarthd.fieldreports.selectors import categories
from smarthd.kernel import clock, text

MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for; empty means all. ``stands`` are the public's words, ``states`` exact ones.

    Who has read the tree of categories anyway asks by ``category_ids``, which costs no statement.
    """

    words: str = ""
    category_keys: tuple[str, ...] = ()
    category_ids: tuple[int, ...] = ()
    stands: tuple[Stand, ...] = ()
    states: tuple[State, ...] = ()
    commune_id: int | None = None
    holder_id: int | None = None
    worker: int | None = None
    since: date | None = None
    until: date | None = None
    overdue: bool = False
    due_soon: bool = False
    urgent: bool = False
    reopened: bool = False
    codes: tuple[str, ...] = field(default=())


def condition(query: Query, now: datetime) -> Q:
    """Return the condition of a question; at most one statement (categories)."""
    asked = Q()
    chosen = chosen_states(query)
    if chosen is not None:
        asked &= Q(state__in=sorted(chosen))
    if query.category_keys:
        ids = [one for key in query.category_keys for one in categories.ids_under(key)]
        asked &= Q(category_id__in=ids)
    if query.category_ids:
        asked &= Q(category_id__in=query.category_ids)
    exact = {"commune_id": query.commune_id, "holder_id": query.holder_id, "worker": query.worker}
    asked &= Q(**{name: value for name, value in exact.items() if value is not None})
    if query.codes:
        asked &= Q(code__in=[intake.code_of(code) for code in query.codes])
    if query.since is not None:
        asked &= Q(received_at__gte=clock.start_of(query.since))
    if query.until is not None:
        asked &= Q(received_at__lt=clock.start_of(query.until + timedelta(days=1)))
    if query.overdue:
        asked &= overdue_q(now)
    if query.due_soon:
        asked &= Q(state__in=sorted(states.WORKING), due_at__gte=now, due_at__lt=now + timedelta(days=2))
    if query.urgent:
        asked &= Q(urgent=True)
    if query.reopened:
        asked &= Q(reopenings__gt=0)
    return asked & words_q(query.words)


def chosen_states(query: Query) -> frozenset[State] | None:
    """Return the states asked for; None for all."""
    if not query.stands and not query.states:
        return None
    return frozenset(query.states) | frozenset(state for stand in query.stands for state in states.STANDS[stand])


def overdue_q(now: datetime) -> Q:
    """Return the condition for reports whose running term is over."""
    working = states.WORKING | {State.CONTESTED}
    return Q(state=State.RECEIVED, intake_due_at__lt=now) | Q(state__in=sorted(working), due_at__lt=now)


def words_q(words: str) -> Q:
    """Return the condition for words: every one is found, the last as a beginning; marks, tones and case do not matter."""
    whole = tsquery(words)
    return Q(search=SearchQuery(whole, config="simple", search_type="raw")) if whole else Q()


def tsquery(words: str) -> str:
    """Return words as PostgreSQL asks for them: folded to letters and digits, so that nobody's signs are taken for operators."""
    folded = text.fold(words).split()[:MOST_WORDS]
    return " & ".join([*folded[:-1], f"{folded[-1]}:*"]) if folded else ""
