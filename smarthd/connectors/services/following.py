"""Telling people when data they follow changes: rows and communes at once, whole datasets once a day; and phones of a commune."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction

from smarthd.connectors.errors import FollowUnknown, NotFollowed, TooManyFollows
from smarthd.connectors.models import DataRow, Follow, Source
from smarthd.connectors.rules import following as words
from smarthd.connectors.rules.sources import Shape
from smarthd.connectors.rules.wording import said
from smarthd.connectors.selectors import changes, own_data, public
from smarthd.connectors.selectors.public import Dataset
from smarthd.kernel import clock
from smarthd.messaging import rules as messaging_rules
from smarthd.messaging import selectors as messaging_selectors
from smarthd.messaging import services as messaging
from smarthd.messaging.values import PushPayload
from smarthd.places import selectors as places

KIND, KIND_APART = "connectors.change", "connectors.commune"
TOPIC = messaging_rules.Topic.DATA
NEWS_LASTS = timedelta(days=2)


@transaction.atomic
def follow(key: str, *, account_id: int, row_code: str = "", unit_id: int | None = None, now: datetime) -> Follow:
    """Follow a dataset, one row of it, or its rows of a commune; again is once. Raises DatasetUnknown, RowUnknown, NotFollowed, TooManyFollows."""
    shown = public.dataset(key, now=now)
    if shown.publication.shape is Shape.LOOKUP or (unit_id is not None and row_code):
        raise NotFollowed(key=key)
    title = shown.title
    if row_code:
        title = f"{public.row(shown, row_code).title} · {shown.title}"
    elif unit_id is not None:
        title = f"{shown.title} · {places.unit_view(unit_id, clock.day_of(now)).full_name}"
    known = own_data.follow_of(account_id, shown.id, row_code=row_code, unit_id=unit_id)
    if known is not None:
        return known
    if Follow.objects.filter(account_id=account_id).count() >= words.MOST_FOLLOWS:
        raise TooManyFollows(most=words.MOST_FOLLOWS)
    made = Follow(
        source_id=shown.id,
        account_id=account_id,
        row_code=row_code,
        unit_id=unit_id,
        title=title[:200],
        since=now,
        told_version=shown.version,
    )
    Follow.objects.bulk_create([made], ignore_conflicts=True)  # a second press of the same button is the same wish
    return own_data.follow_of(account_id, shown.id, row_code=row_code, unit_id=unit_id) or made


def unfollow(uid: UUID, *, account_id: int) -> str:
    """Follow no longer; return what it was. Raises FollowUnknown."""
    found = Follow.objects.filter(uid=uid, account_id=account_id).first()
    if found is None:
        raise FollowUnknown(uid=str(uid))
    found.delete()
    return found.title


def forget_account(account_id: int) -> None:
    """Follow nothing more for a person who is gone."""
    Follow.objects.filter(account_id=account_id).delete()


def tell_at_once(source_uid: UUID, number: int, *, now: datetime) -> int:
    """Tell those who follow a row or a commune what a version changed. Return how many messages are new."""
    follows = Follow.objects.filter(source__uid=source_uid, source__ended_at=None, told_version__lt=number)
    return _tell(list(follows.exclude(row_code="", unit=None).select_related("source")), now=now)


def tell_digests(*, now: datetime) -> int:
    """Tell those who follow whole datasets what changed since they last heard: once a day, however often it changed."""
    follows = Follow.objects.filter(row_code="", unit=None, source__ended_at=None).select_related("source")
    behind = [one for one in follows if one.source.version > one.told_version]
    return _tell(behind, now=now)


def _tell(follows: list[Follow], *, now: datetime) -> int:
    """Tell each group of follows of the same thing, told to the same version, in one message."""
    groups: dict[tuple[int, str, int | None, int], list[Follow]] = defaultdict(list)
    for one in follows:
        groups[one.source_id, one.row_code, one.unit_id, one.told_version].append(one)
    told = 0
    for (_source, row_code, unit_id, version), group in groups.items():
        shown = public.dataset(group[0].source.key, now=now)
        found = changes.changes_since(shown, version, now=now, row_code=row_code, unit_id=unit_id)
        with transaction.atomic():
            if not found.none:
                told += _send(shown, group, found, now=now)
            Follow.objects.filter(pk__in=[one.pk for one in group]).update(told_version=shown.version)
    return told


def _send(shown: Dataset, group: list[Follow], found: words.Changes, *, now: datetime) -> int:
    one = group[0]
    key = f"connectors.change.{shown.id}.{one.told_version}-{shown.version}.{one.row_code or one.unit_id or ''}"
    apart: frozenset[int] = frozenset()
    if one.unit_id is not None and shown.publication.push:
        apart = messaging_selectors.accounts_reached(one.unit_id, TOPIC)
    new = 0
    for kind, accounts in (
        (KIND, [each.account_id for each in group if each.account_id not in apart]),
        (KIND_APART, [each.account_id for each in group if each.account_id in apart]),
    ):
        if accounts:
            new += messaging.tell(
                accounts,
                kind=kind,
                title=f"{one.title}: có thay đổi",
                body=words.body_of(found),
                href=_address(shown, row_code=one.row_code if not found.removed else "", unit_id=one.unit_id, now=now),
                key=key,
                now=now,
            )
    return new


def _address(shown: Dataset, *, row_code: str = "", unit_id: int | None = None, now: datetime) -> str:
    if row_code:
        return f"/du-lieu/{shown.key}/muc/{row_code}/"
    if unit_id is not None:
        name = places.unit_view(unit_id, clock.day_of(now)).full_name
        return f"/du-lieu/{shown.key}/?{urlencode({'xa': name})}"
    return f"/du-lieu/{shown.key}/"


def push_to_communes(source_uid: UUID, number: int, *, now: datetime) -> int:
    """Push what is new to the phones of each commune, where the dataset says so; not its first version, which is no news.

    Idempotent by (dataset, version, commune). Return how many communes are told.
    """
    source = Source.objects.filter(uid=source_uid, ended_at=None, publication__push="yes").first()
    if source is None or not DataRow.objects.filter(source=source, since__lt=number).exists():
        return 0
    shown = public.dataset(source.key, now=now)
    by_unit = changes.new_rows_by_unit(shown, number, now=now)
    names = places.views(by_unit, clock.day_of(now))
    for unit_id, rows in by_unit.items():
        key = f"connectors.{shown.id}.{number}.{unit_id}"
        messaging.start_fanout(
            key=key,
            lane=messaging_rules.Lane.NOTICE,
            communes=[unit_id],
            topic=TOPIC,
            payloads={
                "vi": PushPayload(
                    title=f"{shown.title}: {names[unit_id].full_name}",
                    body=words.listed([_line(shown, row) for row in rows], most=3),
                    href=_address(shown, unit_id=unit_id, now=now),
                    tag=f"connectors.{shown.id}.{unit_id}",
                )
            },
            expires_at=max([now + timedelta(hours=1), *_ends(shown, rows)], default=now + NEWS_LASTS),
            replaces=None,
            test_accounts=None,
            now=now,
        )
    return len(by_unit)


def _line(shown: Dataset, row: DataRow) -> str:
    kinds = {one.key: one.kind for one in shown.mapping.fields}
    told = shown.publication
    span = [said(kinds[key], row.values[key]) for key in (told.begins, told.until) if key and row.values.get(key)]
    title = str(row.values.get(shown.title_key) or "–")
    return f"{title}: {' đến '.join(span)}" if span else title


def _ends(shown: Dataset, rows: list[DataRow]) -> list[datetime]:
    until = shown.publication.until
    ends = [datetime.fromisoformat(str(row.values[until])) for row in rows if until and row.values.get(until)]
    return [end.replace(tzinfo=clock.ZONE) for end in ends]
