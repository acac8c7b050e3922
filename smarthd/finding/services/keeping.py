"""The index is made what its owners tell: part by part, one page, or whole; only what differs is written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import xxhash
from django.db import connection, transaction
from procrastinate.exceptions import AlreadyEnqueued

from smarthd.content import selectors as content
from smarthd.finding.models import Entry
from smarthd.finding.rules import typed
from smarthd.finding.rules.kinds import Kind
from smarthd.finding.services import gathering, names, vocabulary
from smarthd.finding.values import Difference, Thing
from smarthd.kernel import lexemes
from smarthd.kernel.models import SystemRecord

EDITION = 1
"""Raised when what an entry is made of changes, so that every one is written anew."""
SEEN = "finding.content"
_COLUMNS = (
    "kind", "key", "title", "note", "path", "numbers", "heads", "words", "length", "unit_ids", "lat", "lon", "fresh_at", "shown_until",
    "digest",
)  # fmt: skip
_PUT = "INSERT INTO finding_entry ({}) VALUES ({}) ON CONFLICT (kind, key) DO UPDATE SET {}".format(  # noqa: S608 - names of columns
    ", ".join(_COLUMNS),
    ", ".join(["%s"] * len(_COLUMNS)),
    ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[2:]),
)
_LONGEST_MORE = 60_000


def refresh(part: str, *, now: datetime) -> Difference:
    """Make a part of the index what its owners tell now."""
    kinds, gather = gathering.PARTS[part]
    with transaction.atomic():
        _one_at_a_time()
        told = _write(gather(now), set(kinds))
    if told:
        vocabulary.recount_entries()
    return told


def refresh_page(kind: str, slug: str, *, now: datetime) -> None:
    """Make the entry of one page what can be read now; of one that cannot, there is none."""
    with transaction.atomic():
        _one_at_a_time()
        found = gathering.page(kind, slug, now)
        if found is None:
            Entry.objects.filter(kind=kind, key=slug).delete()
        else:
            _put([_with_names(found, names.in_force())])


def rebuild(*, now: datetime) -> dict[str, Difference]:
    """Make the whole index what its owners tell now; return what differed, part by part."""
    names.begin_with_popular(now=now)
    found = {}
    for part in gathering.PARTS:
        kinds, gather = gathering.PARTS[part]
        with transaction.atomic():
            _one_at_a_time()
            found[part] = _write(gather(now), set(kinds))
    vocabulary.recount_entries()
    vocabulary.take_rows()
    return found


def compare(*, now: datetime) -> dict[str, Difference]:
    """Return what ``rebuild`` would change, and change nothing."""
    popular = names.in_force()
    return {
        part: _compared({(one.kind, one.key): _digest(_with_names(one, popular)) for one in gather(now)}, set(kinds))
        for part, (kinds, gather) in gathering.PARTS.items()
    }


def watch_content(*, now: datetime) -> bool:
    """Take in what the directory changed since the last look: its edits announce nothing, but they raise the content's version.

    The first look of an installation writes the whole index. Returns whether anything had changed.
    """
    content.forget_version()
    version = content.version()
    seen = SystemRecord.objects.filter(key=SEEN).values_list("value", flat=True).first()
    if seen == version:
        return False
    if seen is None:
        rebuild(now=now)
    else:
        refresh("directory", now=now)
        vocabulary.recount_entries()
    SystemRecord.objects.update_or_create(key=SEEN, defaults={"value": version, "updated_at": now})
    return True


def ask(part: str) -> bool:
    """Have the queue refresh a part; return whether that was not waiting there already."""
    from smarthd.finding.tasks import refresh_part  # tasks import this module

    lock = f"finding.{part}"
    try:
        with transaction.atomic():
            refresh_part.configure(queueing_lock=lock, lock=lock).defer(part=part)
    except AlreadyEnqueued:
        return False
    return True


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('finding.entries'))")


def _with_names(one: Thing, popular: names.InForce) -> Thing:
    return replace(one, said=(*one.said, *popular.of(one.title)))


def _digest(one: Thing) -> bytes:
    told = [getattr(one, name) for name in one.__dataclass_fields__]
    return xxhash.xxh3_128_digest(json.dumps([EDITION, told], default=str, ensure_ascii=False).encode())


def _compared(there: dict[tuple[Kind, str], bytes], kinds: set[Kind]) -> Difference:
    known = _known(kinds)
    kept = sum(known.get(key) == digest for key, digest in there.items())
    missing = len(there.keys() - known.keys())
    return Difference(missing, len(there) - kept - missing, len(known.keys() - there.keys()), kept)


def _known(kinds: set[Kind]) -> dict[tuple[Kind, str], bytes]:
    rows = Entry.objects.filter(kind__in=kinds).values_list("kind", "key", "digest")
    return {(Kind(kind), key): bytes(digest) for kind, key, digest in rows.iterator(5_000)}


def _write(things: Iterable[Thing], kinds: set[Kind]) -> Difference:
    popular, known = names.in_force(), _known(kinds)
    there: dict[tuple[Kind, str], bytes] = {}
    waiting: list[Thing] = []
    for found in things:
        one = _with_names(found, popular)
        key = (one.kind, one.key)
        there[key] = _digest(one)
        if known.get(key) != there[key]:
            waiting.append(one)
        if len(waiting) >= 500:
            _put(waiting)
            waiting.clear()
    _put(waiting)
    spare = known.keys() - there.keys()
    for kind in {kind for kind, _key in spare}:
        Entry.objects.filter(kind=kind, key__in=[key for of, key in spare if of == kind]).delete()
    missing = len(there.keys() - known.keys())
    kept = sum(known.get(key) == digest for key, digest in there.items())
    return Difference(missing, len(there) - missing - kept, len(spare), kept)


def _put(things: list[Thing]) -> None:
    if not things:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            _PUT,
            [_row(one) for one in things],
        )


def _row(one: Thing) -> tuple[Any, ...]:
    numbers = [word for dial, shown, _label in one.numbers for word in typed.number_words(dial, shown)]
    facets = [f"@k{one.kind}", *(f"@u{unit}" for unit in one.unit_ids)]
    if one.lat is not None and one.lon is not None:
        facets.append(lexemes.cell(one.lat, one.lon))
    titles = (one.title, *one.said, " ".join(numbers))
    heads = lexemes.vector(titles=titles, more=one.note, facets=facets)
    words = lexemes.vector(titles=titles, more=f"{one.note} {one.more}"[:_LONGEST_MORE], facets=facets)
    shown = [{"dial": dial, "shown": shown, "label": label} for dial, shown, label in one.numbers]
    return (
        one.kind.value, one.key, one.title[:400], one.note[:400], one.path, json.dumps(shown, ensure_ascii=False), heads, words,
        min(len(lexemes.words(one.title)), 999), list(one.unit_ids), one.lat, one.lon, one.fresh_at, one.shown_until, _digest(one),
    )  # fmt: skip
