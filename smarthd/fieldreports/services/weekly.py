"""What a week was in the communes and streets people follow: told on Monday mornings, once a person and week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from smarthd.fieldreports.models import Follow
from smarthd.kernel import clock
from smarthd.messaging import services as messaging
from smarthd.places import selectors as places

KIND = "fieldreports.weekly"
HREF = "/phan-anh/"


@dataclass(frozen=True, slots=True)
class Week:
    """What came in, was answered, and is overdue in one place."""

    received: int
    answered: int
    confirmed: int
    overdue: int

    @property
    def empty(self) -> bool:
        """Say whether there is nothing to tell."""
        return not (self.received or self.answered or self.confirmed or self.overdue)


def send_summaries(*, now: datetime) -> int:
    """Tell every follower of a place what its last seven days were; return how many were told. Places where nothing happened are left out."""
    since = now - timedelta(days=7)
    wanted: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    for account_id, place_id, street, words in Follow.objects.filter(
        place__isnull=False, account_id__isnull=False
    ).values_list("account_id", "place_id", "street", "street_words"):
        if account_id is not None and place_id is not None:
            wanted[account_id].append((place_id, street, words))
    places_asked = {(place_id, street) for many in wanted.values() for place_id, street, _words in many}
    weeks = {one: week_of(*one, since=since, now=now) for one in places_asked}
    names = places.views({place_id for place_id, _street in weeks}, clock.day_of(now))
    told = 0
    for account_id, followed in sorted(wanted.items()):
        lines = [
            _line(names[place_id].full_name, words, weeks[place_id, street])
            for place_id, street, words in sorted(followed)
            if not weeks[place_id, street].empty
        ]
        told += _tell(account_id, lines, now)
    return told


def week_of(place_id: int, street: str, *, since: datetime, now: datetime) -> Week:
    """Return the week of one place, or of a street in it (its words found in the address or the words of the report); public ones only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE received_at >= %(since)s), count(*) FILTER (WHERE answered_at >= %(since)s), "
            "count(*) FILTER (WHERE ended_at >= %(since)s AND ending IN ('reporter', 'neighbours')), "
            "count(*) FILTER (WHERE due_at < %(now)s AND state IN ('accepted', 'assigned', 'in_progress', 'reopened')) "
            "FROM fieldreports_report WHERE commune_id = %(place)s AND visibility = 'public' AND state NOT IN ('withdrawn', 'merged') "
            "AND (%(street)s = '' OR folded LIKE '%%' || %(street)s || '%%')",
            {"since": since, "now": now, "place": place_id, "street": street},
        )
        return Week(*(int(one) for one in cursor.fetchone()))


def _line(name: str, street: str, week: Week) -> str:
    where = f"{name}, {street}" if street else name
    parts = [f"{week.received} phản ánh mới", f"{week.answered} được trả lời"]
    if week.confirmed:
        parts.append(f"{week.confirmed} được người dân xác nhận đã xong")
    if week.overdue:
        parts.append(f"{week.overdue} đang quá hạn")
    return f"{where}: {', '.join(parts)}."


@transaction.atomic
def _tell(account_id: int, lines: Sequence[str], now: datetime) -> int:
    if not lines:
        return 0
    monday = clock.day_of(now) - timedelta(days=clock.day_of(now).weekday())
    return messaging.tell(
        [account_id],
        kind=KIND,
        title=f"Phản ánh quanh đây, tuần đến {monday - timedelta(days=1):%d/%m}",
        body="\n".join(lines),
        href=HREF,
        key=f"{KIND}.{monday.isoformat()}",
        now=now,
    )
