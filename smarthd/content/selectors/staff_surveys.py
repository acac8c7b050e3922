"""Surveys that ask officials: of which agencies, who of them is asked, how many of how many answered. Citizens see none of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from smarthd.agencies import selectors as agencies
from smarthd.content.models.surveys import Survey, SurveyResponse
from smarthd.content.rules import surveys
from smarthd.content.selectors import pieces
from smarthd.content.selectors import surveys as reads
from smarthd.kernel import clock
from smarthd.people import selectors as people

NEWEST = 200


@dataclass(frozen=True, slots=True)
class AgencyPart:
    """One agency's own roster: ``answered`` of ``staff`` persons on record; None where too few did to be told."""

    name: str
    answered: int | None
    staff: int


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many answered of those on the rosters of the agencies asked, as they stood on a day; largest agency first."""

    answered: int | None
    staff: int
    on: date
    parts: tuple[AgencyPart, ...]


def outside(agency_id: int, asked: Iterable[int], *, now: datetime) -> list[str]:
    """Return the names of the agencies asked that are neither the asking agency nor below it."""
    on = clock.day_of(now)
    beyond = set(asked) - agencies.below([agency_id], on)
    names = pieces.agency_names(beyond, on)
    return [names.get(one, "?") for one in sorted(beyond)]


def _reach(survey: Survey, on: date) -> frozenset[int]:
    """Return the agencies whose staff is asked on a day: those named or who took over from them, and all below."""
    heirs = agencies.heirs_on((one.agency_id for one in survey.asked_agencies.all()), on)
    return agencies.below(set(heirs.values()), on)


def agencies_of(account_id: int, *, on: date) -> list[int]:
    """Return the agencies on whose roster a person stands on a day, known by account or by telephone."""
    index = people.phone_indexes([account_id]).get(account_id)
    return agencies.rosters_of({account_id: index}, on).get(account_id, [])


def agency_asked(survey: Survey, account_id: int, *, now: datetime) -> int | None:
    """Return the agency at which a survey asks a person, or None; of several the oldest."""
    on = clock.day_of(now)
    mine = agencies_of(account_id, on=on)
    return min(set(mine) & _reach(survey, on), default=None) if mine else None


def asking(account_id: int, *, now: datetime) -> list[reads.SurveyCard]:
    """Return the surveys that ask or asked a person as an official: those still open first, by their last hour."""
    on = clock.day_of(now)
    mine = agencies_of(account_id, on=on)
    if not mine:
        return []
    above = {view.id for agency_id in mine for view in agencies.chain_of(agency_id, on)}
    opened = Survey.objects.filter(of_staff=True, opens_at__lte=now).exclude(state=surveys.State.DRAFT)
    rows = list(
        opened.prefetch_related("asked_agencies")
        .annotate(answered=Count("responses"))
        .order_by("-closes_at", "-id")[:NEWEST]
    )
    heirs = agencies.heirs_on({one.agency_id for row in rows for one in row.asked_agencies.all()}, on)
    here = [row for row in rows if any(heirs.get(one.agency_id) in above for one in row.asked_agencies.all())]
    cards = reads.cards_of(here, now)
    still = sorted((one for one in cards if one.state == surveys.State.OPEN), key=lambda one: one.closes_at)
    return [*still, *(one for one in cards if one.state != surveys.State.OPEN)]


def waiting(account_id: int, *, now: datetime) -> list[reads.SurveyCard]:
    """Return the surveys that ask a person as an official now and that they have not answered, the nearest end first."""
    return unanswered(asking(account_id, now=now), account_id)


def unanswered(cards: Iterable[reads.SurveyCard], account_id: int) -> list[reads.SurveyCard]:
    """Return those still open among what a person is asked (``asking``) that they have not answered. One query."""
    still = [one for one in cards if one.state == surveys.State.OPEN]
    if not still:
        return []
    marks = {reads.voter_of(one.uid, account_id): one.uid for one in still}
    given = SurveyResponse.objects.filter(voter__in=list(marks)).values_list("voter", flat=True)
    answered = {marks[bytes(mark)] for mark in given}
    return [one for one in still if one.uid not in answered]


def for_staff(account_id: int, slug: str, *, now: datetime) -> tuple[Survey, reads.SurveyCard]:
    """Return a survey that asks a person as an official, or raise SurveyUnknown: to everyone else there is none."""
    card = next((one for one in asking(account_id, now=now) if one.slug == slug), None)
    if card is None:
        raise reads.SurveyUnknown(slug=slug)
    return Survey.objects.get(slug=slug), card


def asked_names(survey: Survey, *, on: date) -> list[str]:
    """Return the names of the agencies whose staff is asked."""
    ids = [one.agency_id for one in survey.asked_agencies.order_by("id")]
    names = pieces.agency_names(ids, on) | agencies.last_names(ids, on)
    return [names[one] for one in ids if one in names]


def turnout(survey: Survey, *, now: datetime) -> Turnout:
    """Return who answered by agency, with how many are on its roster; after the end as the rosters stood on the last day."""
    on = clock.day_of(min(now, survey.closes_at))
    sizes = agencies.roster_sizes(_reach(survey, on), on)
    counts = Counter(one for one in survey.responses.values_list("agency_id", flat=True) if one is not None)
    told = surveys.shown_parts(counts)
    names = pieces.agency_names(sizes, on)
    parts = [AgencyPart(names.get(key, "?"), told.get(key), size) for key, size in sizes.items()]
    answered = counts.total()
    return Turnout(
        answered=answered if surveys.published(answered) else None,
        staff=sum(sizes.values()),
        on=on,
        parts=tuple(sorted(parts, key=lambda part: (-part.staff, part.name))),
    )
