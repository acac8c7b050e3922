"""What keys there are and what was taken away from open data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext

from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.programs import policies
from smarthd.programs.errors import KeyUnknown
from smarthd.programs.models import ApiKey, DatasetUse

SHOWN_DAYS = 30
_KIND_WORDS = {
    "csv": "CSV",
    "json": "JSON",
    "geojson": "GeoJSON",
    "parquet": "Parquet",
    "rss": "RSS",
    "ics": "ICS",
    "ogc": "OGC API",
}


def keys_for(actor: Actor) -> list[ApiKey]:
    """Return every key, those in force first, the newest first. Raises NotAllowed."""
    require(policies.can_manage_keys(actor))
    return sorted(ApiKey.objects.order_by("-made_at", "-id"), key=lambda row: row.ended_at is not None)


def key_for(actor: Actor, uid: UUID) -> ApiKey:
    """Return one key. Raises NotAllowed, KeyUnknown."""
    require(policies.can_manage_keys(actor))
    row = ApiKey.objects.filter(uid=uid).first()
    if row is None:
        raise KeyUnknown(uid=str(uid))
    return row


def kind_word(kind: str) -> str:
    """Return how people call a format of open data; ``file.…`` is the whole set as one file, ``earlier.…`` an earlier version."""
    of_file, _, name = kind.rpartition(".")
    word = _KIND_WORDS.get(name, name)
    if of_file == "earlier":
        return gettext("Bản trước, tệp %(kind)s") % {"kind": word}
    if of_file == "changes":
        return gettext("So hai bản, tệp %(kind)s") % {"kind": word}
    return gettext("Tệp %(kind)s") % {"kind": word} if of_file else word


@dataclass(frozen=True, slots=True)
class Use:
    """What was asked of a dataset in the last thirty days: all, by format (the most asked first), by day (oldest first, none left out)."""

    calls: int
    kinds: tuple[tuple[str, int], ...]
    days: tuple[tuple[date, int], ...]


def use_of(dataset: str, *, now: datetime) -> Use:
    """Return the use of one dataset. One query."""
    today = clock.day_of(now)
    first = today - timedelta(days=SHOWN_DAYS - 1)
    kinds: dict[str, int] = {}
    days = {first + timedelta(days=n): 0 for n in range(SHOWN_DAYS)}
    found = DatasetUse.objects.filter(dataset=dataset, day__range=(first, today)).values_list("day", "kind", "calls")
    for day, kind, calls in found:
        kinds[kind] = kinds.get(kind, 0) + calls
        days[day] += calls
    listed = sorted(kinds.items(), key=lambda one: (-one[1], one[0]))
    return Use(sum(kinds.values()), tuple(listed), tuple(days.items()))


def calls_of(datasets: Iterable[str], *, now: datetime) -> dict[str, int]:
    """Return how often each of several datasets was asked for in the last thirty days; those never asked for are absent. One query."""
    first = clock.day_of(now) - timedelta(days=SHOWN_DAYS - 1)
    found = DatasetUse.objects.filter(dataset__in=list(datasets), day__gte=first).values("dataset")
    return {str(one["dataset"]): int(one["calls"]) for one in found.annotate(calls=Sum("calls"))}


@dataclass(frozen=True, slots=True)
class Days:
    """The use of a dataset day by day: its formats, the most asked first, and each day's calls by format, the oldest day first."""

    kinds: tuple[str, ...]
    days: tuple[tuple[date, dict[str, int]], ...]


def days_of(dataset: str, *, days: int, now: datetime) -> Days:
    """Return the use of one dataset in so many days, none left out. One query."""
    today = clock.day_of(now)
    told: dict[date, dict[str, int]] = {today - timedelta(days=back): {} for back in range(days - 1, -1, -1)}
    found = DatasetUse.objects.filter(dataset=dataset, day__range=(next(iter(told)), today))
    whole: dict[str, int] = {}
    for day, kind, calls in found.values_list("day", "kind", "calls"):
        told[day][kind] = calls
        whole[kind] = whole.get(kind, 0) + calls
    return Days(tuple(sorted(whole, key=lambda kind: (-whole[kind], kind))), tuple(told.items()))
