"""Published notices as other roads carry them: plain words, the communes they are for, until when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from smarthd.content import markup, rules
from smarthd.content.models import Notice
from smarthd.content.selectors.notices import NoticeUnknown
from smarthd.kernel import clock
from smarthd.places import selectors as places


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedNotice:
    """A notice two persons have published. ``communes``: unit ids, none for the whole province; ``revision`` names these very words."""

    uid: UUID
    revision: int
    slug: str
    title: str
    summary: str
    text: str
    agency_id: int
    communes: tuple[int, ...]
    urgency: rules.Urgency
    language: str
    published_at: datetime
    expires_at: datetime | None


def notices_of(agency_ids: Collection[int], *, now: datetime, limit: int = 30) -> list[CarriedNotice]:
    """Return the published notices of some agencies that are in force, newest first. Two queries."""
    rows = (
        Notice.objects.filter(agency_id__in=sorted(agency_ids), live=True)
        .exclude(expire_at__lte=now)
        .exclude(first_published_at=None)
        .prefetch_related("places")
        .order_by("-first_published_at", "-id")[:limit]
    )
    return [_carried(row, now) for row in rows]


def notice_of(uid: UUID, agency_ids: Collection[int], *, now: datetime) -> CarriedNotice:
    """Return one of them, or raise NoticeUnknown."""
    found = next((one for one in notices_of(agency_ids, now=now, limit=500) if one.uid == uid), None)
    if found is None:
        raise NoticeUnknown(uid=str(uid))
    return found


def _carried(row: Notice, now: datetime) -> CarriedNotice:
    whole = row.audience == rules.Audience.PROVINCE
    return CarriedNotice(
        uid=row.uid,
        revision=row.live_revision_id or 0,
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        text=markup.plain(markup.clean(row.body)),
        agency_id=row.agency_id,
        communes=() if whole else _communes([place.unit_id for place in row.places.all()], now),
        urgency=rules.Urgency(row.urgency),
        language=row.language,
        published_at=row.first_published_at or now,
        expires_at=row.expire_at,
    )


def _communes(unit_ids: list[int], now: datetime) -> tuple[int, ...]:
    """Return the communes of units of any level: a district's, a village's own, a merged one's heir."""
    day = clock.day_of(now)
    found: set[int] = set()
    for view in places.views(unit_ids, day).values():
        if not view.standing:
            answer = places.address_change(view.id, day).answer
            found |= {answer.id} if answer is not None and answer.level == "commune" else set()
        elif view.level == "commune":
            found.add(view.id)
        elif view.level == "village" and view.parent_id:
            found.add(view.parent_id)
        else:
            found |= {unit.id for unit in places.units_on(day, "commune", view.id)}
    return tuple(sorted(found))
