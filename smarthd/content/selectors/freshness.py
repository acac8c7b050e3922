"""How fresh each section of each agency is: one board for owners and for the province."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Q

from smarthd.agencies import selectors as agencies
from smarthd.content import policies, rules
from smarthd.content.models import Article, Contact, Hotline, Notice, Section
from smarthd.content.rules import freshness, kinds, translations
from smarthd.content.selectors import articles
from smarthd.kernel import clock, errors, text
from smarthd.kernel.actor import Actor


class SectionUnknown(errors.NotFound):
    """No such section, or none within reach."""


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One section: ``since`` is the day its promise counts from; ``late`` pages were not looked at in time."""

    id: int | None
    agency_id: int
    agency_uid: str
    agency_name: str
    kind: str
    kind_word: str
    pages: int
    late: int
    since: date | None
    due_on: date | None
    promise_days: int | None
    two_steps: bool
    owner_id: int | None
    reminded_on: date | None
    stand: freshness.Stand

    @property
    def stand_word(self) -> str:
        """Return how it stands, in words."""
        return freshness.STAND_WORDS[self.stand]


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page of a section, or an entry of the directory, with the day it was last looked at; ``english`` is how its translation stands."""

    mark: str
    title: str
    path: str
    looked_on: date
    late: bool
    english: translations.State | None = None

    @property
    def english_word(self) -> str:
        """Return how the translation stands, in words."""
        return translations.WORDS[self.english] if self.english else ""


def board(actor: Actor, *, now: datetime, own_only: bool = False) -> list[SectionRow]:
    """Return the sections within the actor's reach: overdue first; an agency shows what it has or has promised."""
    reach = policies.sections_seen(actor)
    if own_only:
        reach &= frozenset(grant.agency_id for grant in actor.grants)
    return rows_of(reach, now=now)


def overdue(actor: Actor, *, now: datetime) -> list[SectionRow]:
    """Return the sections of the actor's own agencies that are past their promise. One statement where none is promised."""
    own = policies.sections_seen(actor) & frozenset(grant.agency_id for grant in actor.grants)
    if not Section.objects.filter(agency_id__in=own, promise_days__gt=0).exists():
        return []
    return [row for row in rows_of(own, now=now) if row.stand is freshness.Stand.STALE]


def rows_of(agency_ids: Iterable[int], *, now: datetime) -> list[SectionRow]:
    """Return the sections of agencies; four statements besides those for names."""
    ids, on = sorted(set(agency_ids)), clock.day_of(now)
    promised = {(one.agency_id, one.kind): one for one in Section.objects.filter(agency_id__in=ids)}
    looked = _looked_at(ids, now)
    flowing = _newest(ids, now)
    names = agencies.agency_views({agency for agency, _kind in promised.keys() | looked.keys() | flowing.keys()}, on)
    found = [
        _row(names[key[0]], key[1], promised.get(key), _counted(key, looked, flowing), on)
        for key in promised.keys() | looked.keys() | flowing.keys()
        if key[0] in names
    ]
    worst = {stand: place for place, stand in enumerate(reversed(freshness.Stand))}
    order = list(kinds.SECTION_WORDS)
    return sorted(found, key=lambda row: (worst[row.stand], text.fold(row.agency_name), order.index(row.kind)))


def _looked_at(ids: list[int], now: datetime) -> dict[tuple[int, str], list[date]]:
    rows = (
        articles.readable(now)
        .filter(agency_id__in=ids)
        .values_list("agency_id", "kind", "checked_on", "last_published_at")
    )
    found: dict[tuple[int, str], list[date]] = {}
    for agency_id, kind, checked_on, published_at in rows:
        found.setdefault((agency_id, kind), []).append(_day(checked_on, published_at))
    people = Contact.objects.filter(active=True, agency_id__in=ids).values_list("agency_id", "verified_on")
    numbers = Hotline.objects.filter(active=True, agency_id__in=ids).values_list("agency_id", "verified_on")
    for agency_id, day in people.union(numbers, all=True):
        if agency_id is not None:
            found.setdefault((agency_id, kinds.DIRECTORY), []).append(day)
    return found


def _day(checked_on: date | None, published_at: datetime | None) -> date:
    return max(day for day in (checked_on, clock.day_of(published_at) if published_at else None, date.min) if day)


def _newest(ids: list[int], now: datetime) -> dict[tuple[int, str], tuple[date, int]]:
    """Return for what flows when something last came, shown still or not, and how many can be read."""
    readable = Q(live=True) & (Q(expire_at=None) | Q(expire_at__gt=now))
    found: dict[tuple[int, str], tuple[date, int]] = {}
    notices = Notice.objects.filter(agency_id__in=ids).exclude(first_published_at=None)
    for agency_id, at, count in notices.values_list("agency_id").annotate(
        at=Max("first_published_at"), shown=Count("id", filter=readable)
    ):
        found[(agency_id, kinds.NOTICE)] = (clock.day_of(at), count)
    pages = Article.objects.filter(agency_id__in=ids, kind__in=kinds.FLOWING).exclude(first_published_at=None)
    for agency_id, kind, at, count in pages.values_list("agency_id", "kind").annotate(
        at=Max("first_published_at"), shown=Count("id", filter=readable)
    ):
        found[(agency_id, kind)] = (clock.day_of(at), count)
    return found


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a section's promise is held against: since when, how many can be read, when each was last looked at."""

    since: date | None = None
    pages: int = 0
    looked: tuple[date, ...] = ()


def _counted(
    key: tuple[int, str],
    looked: dict[tuple[int, str], list[date]],
    flowing: dict[tuple[int, str], tuple[date, int]],
) -> _Counted:
    if key[1] in kinds.FLOWING:
        return _Counted(*flowing[key]) if key in flowing else _Counted()
    days = looked.get(key, [])
    return _Counted(min(days, default=None), len(days), tuple(days))


def _row(agency: agencies.AgencyView, kind: str, section: Section | None, counted: _Counted, on: date) -> SectionRow:
    days = section.promise_days if section else None
    since = counted.since
    return SectionRow(
        id=section.pk if section else None,
        agency_id=agency.id,
        agency_uid=str(agency.uid),
        agency_name=agency.name,
        kind=kind,
        kind_word=kinds.SECTION_WORDS[kind],
        pages=counted.pages,
        late=sum(day + timedelta(days=days) < on for day in counted.looked) if days else 0,
        since=since,
        due_on=since + timedelta(days=days) if since and days else None,
        promise_days=days,
        two_steps=bool(section and section.two_steps),
        owner_id=section.owner_id if section else None,
        reminded_on=section.reminded_on if section else None,
        stand=freshness.stand(promise_days=days, since=since, on=on),
    )


def section_for(actor: Actor, agency_id: int, kind: str, *, now: datetime) -> SectionRow:
    """Return one section within reach, kept or not; raises SectionUnknown."""
    if agency_id not in policies.sections_seen(actor) or kind not in kinds.SECTION_WORDS:
        raise SectionUnknown(kind=kind)
    for row in rows_of([agency_id], now=now):
        if row.kind == kind:
            return row
    agency = agencies.agency_view(agency_id, clock.day_of(now))
    return _row(agency, kind, None, _Counted(), clock.day_of(now))


def pages_of(row: SectionRow, *, now: datetime, limit: int = 200) -> list[PageRow]:
    """Return the pages of a section, the one longest not looked at first; notices have none here."""
    on = clock.day_of(now)
    if row.kind == kinds.DIRECTORY:
        return _entries(row, on)[:limit]
    pages = articles.readable(now).filter(agency_id=row.agency_id, kind=row.kind).select_related("original")
    english = _english(pages)
    found = [
        PageRow(
            mark=str(one.pk),
            title=one.title,
            path=f"/{kinds.PATHS[kinds.Kind(one.kind)]}/{one.slug}/",
            looked_on=(day := _day(one.checked_on, one.last_published_at)),
            late=bool(
                row.kind not in kinds.FLOWING and row.promise_days and day + timedelta(days=row.promise_days) < on
            ),
            english=english.get(one.pk),
        )
        for one in pages
    ]
    return sorted(found, key=lambda page: (page.looked_on, page.mark))[:limit]


def _english(pages: Iterable[Article]) -> dict[int, translations.State]:
    """Return how the English side of each Vietnamese page stands."""
    written = {one.pk: one for one in pages if one.language == rules.Language.VI and one.original_id is None}
    held = {
        one.original_id: one
        for one in Article.objects.filter(original_id__in=written, language=rules.Language.EN)
        if one.original_id
    }
    return {
        key: translations.state(
            begun=key in held,
            live=key in held and held[key].live,
            follows=held[key].original_revision if key in held else None,
            original=page.live_revision_id,
        )
        for key, page in written.items()
    }


def _entries(row: SectionRow, on: date) -> list[PageRow]:
    """Return an agency's people to ask and numbers, the one longest not verified first."""
    people = Contact.objects.filter(agency_id=row.agency_id, active=True)
    numbers = Hotline.objects.filter(agency_id=row.agency_id, active=True)
    told = [(f"c{one.pk}", f"{one.full_name}, {one.position}", "/danh-ba/can-bo/", one.verified_on) for one in people]
    told += [(f"h{one.pk}", one.name, "/danh-ba/", one.verified_on) for one in numbers]
    found = [
        PageRow(mark, title, path, day, late=bool(row.promise_days and day + timedelta(days=row.promise_days) < on))
        for mark, title, path, day in told
    ]
    return sorted(found, key=lambda page: (page.looked_on, page.mark))
