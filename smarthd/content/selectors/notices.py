"""Notices as citizens see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from smarthd.content import markup, rules
from smarthd.content.models import Notice, NoticePlace
from smarthd.content.selectors import pieces
from smarthd.content.selectors.pieces import PictureView
from smarthd.content.selectors.reach import units_concerning
from smarthd.kernel import clock, errors, paging, text
from smarthd.places import selectors as places

_CARD_FIELDS = (
    "id",
    "uid",
    "slug",
    "title",
    "summary",
    "agency_id",
    "audience",
    "urgency",
    "language",
    "sample",
    "first_published_at",
    "expire_at",
)


class NoticeUnknown(errors.NotFound):
    """No notice was ever published under this address."""


@dataclass(frozen=True, slots=True)
class NoticeCard:
    """A notice in a list. ``mine``: meant for the reader's own unit, or one that became it, or one above it."""

    id: int
    uid: UUID
    slug: str
    title: str
    summary: str
    agency_name: str
    urgency: str
    language: str
    published_at: datetime
    expires_at: datetime | None
    mine: bool
    sample: bool

    @property
    def path(self) -> str:
        """Return the address of the notice's page."""
        return f"/thong-bao/{self.slug}/"

    @property
    def urgent(self) -> bool:
        """Say whether the notice is urgent."""
        return self.urgency == rules.Urgency.URGENT


@dataclass(frozen=True, slots=True)
class NoticeShown:
    """A notice on its page. Unless it is shown (``standing``), only title, agency and days are given."""

    uid: UUID
    slug: str
    standing: str
    title: str
    summary: str
    body: str
    picture: PictureView | None
    agency_name: str
    place_names: tuple[str, ...]
    urgency: str
    urgency_word: str
    language: str
    source: str
    published_at: datetime | None
    updated_at: datetime | None
    expires_at: datetime | None
    minutes: int
    sample: bool

    @property
    def path(self) -> str:
        """Return the address of the notice's page."""
        return f"/thong-bao/{self.slug}/"

    @property
    def updated_later(self) -> bool:
        """Say whether the words changed on a later day than they were published."""
        return bool(
            self.published_at and self.updated_at and clock.day_of(self.updated_at) > clock.day_of(self.published_at)
        )


def _readable(on: date) -> QuerySet[Notice]:
    """Return the notices that can be read on a day: live, published by its end, not expired at its start."""
    return Notice.objects.filter(
        Q(expire_at=None) | Q(expire_at__gt=clock.start_of(on)),
        live=True,
        first_published_at__lt=clock.start_of(on + timedelta(days=1)),
    )


def _for_unit(readable: QuerySet[Notice], unit_id: int | None, on: date) -> QuerySet[Any]:
    concerning = units_concerning(unit_id, on=on)
    is_mine = Exists(NoticePlace.objects.filter(notice=OuterRef("pk"), unit_id__in=concerning))
    mine: Any = is_mine if concerning else Value(value=False, output_field=BooleanField())
    found: QuerySet[Any] = readable.annotate(mine=mine).filter(Q(audience=rules.Audience.PROVINCE) | Q(mine=True))
    return found


def notices_for(unit_id: int | None, on: date, limit: int = 10) -> list[NoticeCard]:
    """Return the notices for a person of a unit: urgent ones, then those of the unit, then those for everyone.

    Newest first within each. Two queries (and those of places, which answers from memory).
    """
    urgent = Case(When(urgency=rules.Urgency.URGENT, then=Value(1)), default=Value(0))
    rows = (
        _for_unit(_readable(on), unit_id, on)
        .annotate(urgent_first=urgent)
        .order_by("-urgent_first", "-mine", "-first_published_at", "-id")
        .values(*_CARD_FIELDS, "mine")[:limit]
    )
    return _cards(list(rows), on)


def notices_page(
    unit_id: int | None, on: date, *, only_mine: bool = False, cursor: str = "", size: int = 20
) -> paging.Page[NoticeCard]:
    """Return one page of all notices a person of the unit may care for, newest first; raises BadCursor."""
    rows = _for_unit(_readable(on), unit_id, on)
    if only_mine:
        rows = rows.filter(mine=True)
    if cursor:
        instant, last_id = pieces.position(cursor)
        rows = rows.filter(Q(first_published_at__lt=instant) | Q(first_published_at=instant, id__lt=last_id))
    found = list(rows.order_by("-first_published_at", "-id").values(*_CARD_FIELDS, "mine")[: size + 1])
    more = found[size:]
    last = found[size - 1] if more else None
    following = pieces.cursor_of(last["first_published_at"], last["id"]) if last else ""
    return paging.Page(items=_cards(found[:size], on), next_cursor=following)


def notice(slug: str, *, now: datetime) -> NoticeShown:
    """Return the notice of an address and how it stands, or raise NoticeUnknown if it was never published."""
    found = Notice.objects.filter(slug=slug).select_related("image").first()
    if found is None or found.first_published_at is None:
        raise NoticeUnknown(slug=slug)
    return shown(found, now=now)


def shown(found: Notice, *, now: datetime, preview: bool = False) -> NoticeShown:
    """Return a notice as its page shows it; a preview shows a draft as if it were published now."""
    on = clock.day_of(now)
    standing = pieces.standing_of(found, now=now)
    if preview:
        standing = rules.Standing.SHOWN
    readable = standing is rules.Standing.SHOWN
    body = markup.clean(found.body) if readable else ""
    unit_ids = [place.unit_id for place in found.places.all()] if readable else []
    return NoticeShown(
        uid=found.uid,
        slug=found.slug,
        standing=standing,
        title=found.title,
        summary=found.summary if readable else "",
        body=body,
        picture=pieces.picture(found) if readable else None,
        agency_name=pieces.agency_names([found.agency_id], on).get(found.agency_id, ""),
        place_names=_place_names(unit_ids, found.first_published_at or now),
        urgency=found.urgency,
        urgency_word=rules.URGENCY_WORDS[rules.Urgency(found.urgency)],
        language=found.language,
        source=found.source if readable else "",
        published_at=found.first_published_at or now,
        updated_at=found.last_published_at,
        expires_at=found.expire_at,
        minutes=rules.reading_minutes(f"{found.summary} {markup.plain(body)}"),
        sample=found.sample,
    )


def _cards(rows: Sequence[Any], on: date) -> list[NoticeCard]:
    names = pieces.agency_names({row["agency_id"] for row in rows}, on)
    return [
        NoticeCard(
            id=row["id"],
            uid=row["uid"],
            slug=row["slug"],
            title=row["title"],
            summary=row["summary"],
            agency_name=names.get(row["agency_id"], ""),
            urgency=row["urgency"],
            language=row["language"],
            published_at=row["first_published_at"],
            expires_at=row["expire_at"],
            mine=row["mine"],
            sample=row["sample"],
        )
        for row in rows
    ]


def _place_names(unit_ids: list[int], published_at: datetime) -> tuple[str, ...]:
    """Name the units as they were called when the notice was published."""
    named = places.views(unit_ids, clock.day_of(published_at)) if unit_ids else {}
    return tuple(sorted((view.full_name for view in named.values()), key=text.fold))
