"""What a Báo cáo says of a campaign beside its figures, as of an instant: difficulties and decisions, broadcasts, consolidations.

Everything is read from trails and instants, so that the same instant says the same whatever came later. No person is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from smarthd.kernel import clock
from smarthd.rollout.models import Consolidation, Decision
from smarthd.rollout.rules import airings as airing_rules
from smarthd.rollout.rules import difficulties as rules
from smarthd.rollout.rules import figures, forms
from smarthd.rollout.rules.difficulties import Category, State

_TROUBLES = """
SELECT d.category, s.state, s.holder_id = ANY(%(top)s), d.first_answer_due_at, d.answered_at,
  (s.state = 'merged') AS merged
FROM rollout_difficulty d
JOIN LATERAL (SELECT state, holder_id FROM rollout_difficultystep s WHERE s.difficulty_id = d.id AND s.at < %(at)s
  ORDER BY s.number DESC LIMIT 1) s ON TRUE
WHERE d.campaign_id = %(campaign)s AND d.raised_at < %(at)s AND s.state <> 'withdrawn'
  AND (%(agencies)s::bigint[] IS NULL OR d.agency_id = ANY(%(agencies)s))"""
_AIRED = """
SELECT a.channel, count(*) AS planned, count(*) FILTER (WHERE a.aired_at < %(at)s AND a.marked_at < %(at)s) AS aired,
  count(*) FILTER (WHERE a.aired_at < %(at)s AND EXISTS (
    SELECT 1 FROM rollout_airingproof p WHERE p.airing_id = a.id AND p.added_at < %(at)s)) AS proven
FROM rollout_airing a
WHERE a.campaign_id = %(campaign)s AND a.planned_at < %(at)s AND a.state <> 'cancelled'
  AND (%(agencies)s::bigint[] IS NULL OR a.agency_id = ANY(%(agencies)s))
GROUP BY a.channel ORDER BY a.channel"""
_CAME = """
SELECT c.channel, count(*) FROM rollout_channelcode c JOIN rollout_participant p ON p.team_code = c.code
WHERE c.campaign_id = %(campaign)s AND p.activated_on < %(day)s AND p.erased_on IS NULL AND NOT p.is_test AND NOT p.quarantined
  AND (%(agencies)s::bigint[] IS NULL OR c.agency_id = ANY(%(agencies)s))
GROUP BY c.channel"""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision in force and how many difficulties it answered."""

    number: str
    decided_on: date
    title: str
    answered: int


@dataclass(frozen=True, slots=True)
class Troubles:
    """A campaign's difficulties as they stood: those merged into another are counted with it, those withdrawn not at all."""

    raised: int
    solved: int
    confirmed: int
    open: int
    merged: int
    answered_in_time: int
    at_the_top: int
    by_category: tuple[tuple[str, int, int], ...]
    decisions: tuple[Decided, ...]


def troubles_as_of(
    campaign_id: int, *, at: datetime, top: Iterable[int] = (), agency_ids: Iterable[int] | None = None
) -> Troubles | None:
    """Return what stood at an instant, of some units only when they are named; ``top`` are those who decide last. None if nothing was raised."""
    only = None if agency_ids is None else sorted(agency_ids)
    with connection.cursor() as cursor:
        cursor.execute(_TROUBLES, {"campaign": campaign_id, "at": at, "top": sorted(top), "agencies": only})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    if not rows:
        return None
    own = [
        (Category(kind), State(state), high, due, told) for kind, state, high, due, told, merged in rows if not merged
    ]
    kinds: dict[Category, list[int]] = {}
    for kind, state, *_rest in own:
        tally = kinds.setdefault(kind, [0, 0])
        tally[0] += 1
        tally[1] += state in rules.OPEN
    return Troubles(
        raised=len(own),
        solved=sum(state in {State.SOLVED, State.CONFIRMED} for _kind, state, *_rest in own),
        confirmed=sum(state is State.CONFIRMED for _kind, state, *_rest in own),
        open=sum(state in rules.OPEN for _kind, state, *_rest in own),
        merged=len(rows) - len(own),
        answered_in_time=sum(told is not None and told < at and told <= due for *_rest, due, told in own),
        at_the_top=sum(state in rules.OPEN and high for _kind, state, high, *_rest in own),
        by_category=tuple(
            (rules.CATEGORY_WORDS[kind], raised, still)
            for kind, (raised, still) in sorted(kinds.items(), key=lambda one: (-one[1][0], one[0]))
        ),
        decisions=_decisions(campaign_id, at, only),
    )


def _decisions(campaign_id: int, at: datetime, only: list[int] | None) -> tuple[Decided, ...]:
    found = Decision.objects.filter(campaign_id=campaign_id, approved_at__lt=at).order_by("approved_at", "id")
    told = []
    for row in found:
        answered = row.items.filter(applied=True)
        if only is not None:
            answered = answered.filter(difficulty__agency__in=only)
        if row.decided_on is not None and (only is None or answered.exists()):
            told.append(Decided(row.number, row.decided_on, row.title, answered.count()))
    return tuple(told)


@dataclass(frozen=True, slots=True)
class ChannelAired:
    """What one channel planned and did; ``came`` is None where it is hidden or where no code was given."""

    words: str
    planned: int
    aired: int
    proven: int
    came: int | None


def aired_as_of(campaign_id: int, *, at: datetime, agency_ids: Iterable[int] | None = None) -> tuple[ChannelAired, ...]:
    """Return, by channel, what had come due by an instant; of some agencies only when they are named. Two queries."""
    asked: dict[str, Any] = {
        "campaign": campaign_id,
        "at": at,
        "day": clock.day_of(at),
        "agencies": None if agency_ids is None else sorted(agency_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(_AIRED, asked)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        cursor.execute(_CAME, asked)
        came: dict[str, int] = dict(cursor.fetchall())
    return tuple(
        ChannelAired(
            airing_rules.CHANNEL_WORDS[airing_rules.Channel(channel)], planned, aired, proven,
            None if figures.is_small(came.get(channel, 0)) else came.get(channel),
        )
        for channel, planned, aired, proven in rows
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Total:
    """One field added up over the units of one kind: what the platform measured, or what they report of themselves."""

    label: str
    total: float
    answered: int
    measured: bool
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Consolidated:
    """The newest consolidation of one period and form at an instant, by which its numbers can be made again."""

    period: str
    form: str
    version: int
    as_of: datetime
    content_hash: str
    due: int
    handed_in: int
    totals: tuple[Total, ...]


def consolidated_as_of(campaign_id: int, *, agency_id: int | None, at: datetime) -> tuple[Consolidated, ...]:
    """Return the newest consolidation of each period and form an agency had made by an instant."""
    if agency_id is None:
        return ()
    found = (
        Consolidation.objects.filter(period__campaign_id=campaign_id, agency_id=agency_id, as_of__lt=at)
        .select_related("period")
        .order_by("period__number", "form_key", "-version")
        .distinct("period__number", "form_key")
    )
    return tuple(_consolidated(row) for row in found)


def _consolidated(row: Consolidation) -> Consolidated:
    kept = (
        row.period.obligations.filter(form_key=row.form_key)
        .order_by("-report__form__version")
        .values_list("report__form__title", "report__form__plan")
        .first()
    )
    title, plan = kept if kept is not None else (row.form_key, {"fields": []})
    return Consolidated(
        period=row.period.title,
        form=title,
        version=row.version,
        as_of=row.as_of,
        content_hash=row.content_hash,
        due=row.content["due"],
        handed_in=row.content["handed_in"],
        totals=tuple(
            Total(one.label, told["totals"][one.key], told["answered"][one.key], bool(one.measured), kind)
            for kind, told in row.content["by_kind"].items()
            for one in forms.from_json(plan).fields
            if one.key in told["totals"]
        ),
    )
