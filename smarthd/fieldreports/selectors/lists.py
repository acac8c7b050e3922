"""Lists: the officials' queue, everybody's list, one's own reports, what was reported nearby. Keyset pages, few statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Q, QuerySet
from django.db.models.expressions import RawSQL

from smarthd.fieldreports import policies
from smarthd.fieldreports.models import Follow, Report, Sender
from smarthd.fieldreports.rules import mapping, states
from smarthd.fieldreports.rules.states import State
from smarthd.fieldreports.selectors import filters, rows
from smarthd.fieldreports.selectors.filters import Query
from smarthd.fieldreports.selectors.rows import Row
from smarthd.fieldreports.values import Caller, mark_of_token
from smarthd.kernel.actor import Actor
from smarthd.kernel.paging import BadCursor, Page, decode_cursor, encode_cursor

PAGE = 50
MOST = 200


class Order(StrEnum):
    """What comes first."""

    DUE = "due"  # hạn gần nhất
    NEWEST = "newest"  # mới nhất


def queue(
    actor: Actor, query: Query, *, now: datetime, order: Order = Order.DUE, cursor: str = "", limit: int = PAGE
) -> Page[Row]:
    """Return a page of what an official may see and asked for; with the order by due date only what is open. ≤ 5 statements."""
    found = Report.objects.filter(policies.visible_to(actor)).filter(filters.condition(query, now))
    if order is Order.DUE:
        found = found.filter(state__in=[str(state) for state in sorted(states.OPEN)])
    return _page(found, order, cursor, limit, inside=True, now=now)


def public_list(query: Query, *, now: datetime, cursor: str = "", limit: int = PAGE) -> Page[Row]:
    """Return a page of what everybody may see, newest first; words find only what may be read. ≤ 5 statements."""
    found = Report.objects.filter(policies.public_q()).filter(filters.condition(query, now))
    if query.words.strip():
        found = found.filter(published_at__isnull=False)
    return _page(found, Order.NEWEST, cursor, limit, inside=False, now=now)


def _page(found: QuerySet[Report], order: Order, cursor: str, limit: int, *, inside: bool, now: datetime) -> Page[Row]:
    limit = max(1, min(limit, MOST))
    if cursor:
        at, last_id = _read(cursor)
        found = found.filter(
            Q(due_at__gt=at) | Q(due_at=at, id__gt=last_id)
            if order is Order.DUE
            else Q(received_at__lt=at) | Q(received_at=at, id__lt=last_id)
        )
        found = found.filter(due_at__gte=at) if order is Order.DUE else found.filter(received_at__lte=at)
    by = ("due_at", "id") if order is Order.DUE else ("-received_at", "-id")
    page = rows.fetched(found.order_by(*by)[: limit + 1])
    more, page = len(page) > limit, page[:limit]
    key = "due_at" if order is Order.DUE else "received_at"
    following = encode_cursor(_micros(getattr(page[-1], key)), page[-1].pk) if more else ""
    return Page(rows.rows_of(page, inside=inside, now=now), following)


def _micros(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


def _read(cursor: str) -> tuple[datetime, int]:
    at, last_id = decode_cursor(cursor, length=2)
    try:
        return datetime.fromtimestamp(int(at) / 1_000_000, tz=UTC), int(last_id)
    except (ValueError, OverflowError, OSError):
        raise BadCursor from None


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How much waits for an official: new, at work, waiting for senders, overdue, due within two days, theirs, contested refusals."""

    new: int
    working: int
    waiting: int
    overdue: int
    due_soon: int
    mine: int
    contested: int
    urgent: int


def queue_counts(actor: Actor, *, now: datetime) -> QueueCounts:
    """Return the counts above the queue. One statement."""
    found = Report.objects.filter(policies.visible_to(actor), state__in=[str(state) for state in sorted(states.OPEN)])
    soon = Q(state__in=sorted(states.WORKING), due_at__gte=now, due_at__lt=now + timedelta(days=2))
    counted = found.aggregate(
        new=Count("id", filter=Q(state=State.RECEIVED)),
        working=Count("id", filter=Q(state__in=sorted(states.WORKING))),
        waiting=Count("id", filter=Q(state=State.WAITING)),
        overdue=Count("id", filter=filters.overdue_q(now)),
        due_soon=Count("id", filter=soon),
        mine=Count("id", filter=Q(worker=actor.account_id or -1)),
        contested=Count("id", filter=Q(state=State.CONTESTED)),
        urgent=Count("id", filter=Q(urgent=True)),
    )
    return QueueCounts(**counted)


def own_reports(caller: Caller, *, now: datetime, limit: int = PAGE) -> list[Row]:
    """Return what this account or phone sent, newest first."""
    who = policies.senders_of(caller)
    if who is None:
        return []
    ids = Sender.objects.filter(who).values("report_id")
    found = Report.objects.filter(pk__in=ids).order_by("-received_at", "-id")[:limit]
    return rows.rows_of(rows.fetched(found), inside=True, now=now)


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """What a phone sent and follows that belongs to no account yet."""

    reports: int = 0
    follows: int = 0


def unclaimed(caller: Caller) -> Unclaimed:
    """Return what the caller's account could take over from this phone; nothing for who is not signed in. ≤ 2 statements."""
    if caller.actor.account_id is None or not caller.token:
        return Unclaimed()
    phone = mark_of_token(caller.token)
    return Unclaimed(
        Sender.objects.filter(token_hash=phone, account_id=None).count(),
        Follow.objects.filter(who=phone, account_id=None).count(),
    )


def followed_reports(caller: Caller, *, now: datetime, limit: int = PAGE) -> list[Row]:
    """Return the reports this account or phone follows, newest first; what is no longer public is left out."""
    if not caller.marks:
        return []
    ids = Follow.objects.filter(who__in=list(caller.marks), report__isnull=False).values("report_id")
    found = Report.objects.filter(policies.public_q(), pk__in=ids).order_by("-received_at", "-id")[:limit]
    return rows.rows_of(rows.fetched(found), inside=False, now=now)


def followed_places(caller: Caller) -> list[tuple[int, str]]:
    """Return the communes (and streets, as they were typed) this account or phone follows."""
    if not caller.marks:
        return []
    found = Follow.objects.filter(who__in=list(caller.marks), place__isnull=False).order_by("id")
    return [(place, street) for place, street in found.values_list("place_id", "street_words") if place is not None]


def nearby(
    lat: float, lon: float, *, radius_m: float, now: datetime, actor: Actor | None = None, limit: int = 20
) -> list[tuple[Row, float]]:
    """Return open reports around a point with their distance in metres, the nearest first. ≤ 5 statements."""
    found = Report.objects.filter(policies.public_q() if actor is None else policies.visible_to(actor))
    found = found.filter(state__in=[str(state) for state in sorted(states.OPEN)])
    page = rows.fetched(around(found, lat, lon, radius_m)[:limit])
    made = rows.rows_of(page, inside=actor is not None, now=now)
    told = [(row, mapping.metres_between((lat, lon), (row.lat or 0, row.lon or 0))) for row in made]
    return [(row, distance) for row, distance in told if distance <= radius_m]


def around(found: QuerySet[Report], lat: float, lon: float, radius_m: float) -> QuerySet[Report]:
    """Return those within a square around a point, nearest first, by the index on points."""
    mx, my = mapping.grid_of(lat, lon)
    reach = radius_m * mapping.units_per_metre(lat)
    inside = RawSQL(
        "point(fieldreports_report.mx::float8, fieldreports_report.my::float8) <@ box(point(%s, %s), point(%s, %s))",
        [mx - reach, my - reach, mx + reach, my + reach],
    )
    distance = RawSQL(
        "point(fieldreports_report.mx::float8, fieldreports_report.my::float8) <-> point(%s, %s)", [mx, my]
    )
    return found.filter(mx__isnull=False).alias(_inside=inside).filter(_inside=True).order_by(distance)


def chosen(actor: Actor, codes: Sequence[str], *, now: datetime) -> list[Row]:
    """Return the rows of some codes an official may see, for acts on many; what is unseen is left out."""
    found = Report.objects.filter(policies.visible_to(actor), code__in=list(codes)[:MOST])
    return rows.rows_of(rows.fetched(found.order_by("due_at", "id")), inside=True, now=now)


def oldest_open(actor: Actor, agency_id: int, *, now: datetime, limit: int = 5) -> list[Row]:
    """Return what an agency has held open the longest, as far as the official may see it, the oldest first. ≤ 3 statements."""
    found = Report.objects.filter(policies.visible_to(actor), holder_id=agency_id)
    found = found.filter(state__in=[str(state) for state in sorted(states.OPEN)])
    return rows.rows_of(rows.fetched(found.order_by("received_at", "id")[:limit]), inside=True, now=now)
