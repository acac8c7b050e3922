"""Planting the demonstration: chapters in order, each in one transaction and written down when done.

A planting that was cut short goes on with the first chapter not written down; a whole one is recognised by one read. Each chapter
draws from a generator of its own, so that a chapter's world does not depend on how far an earlier start came. "Today" is that of the
first chapter and is kept with the record.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.db import connection, transaction

from config.seeding import record
from smarthd.kernel import clock
from smarthd.kernel.models import SystemRecord

SEED = 20_240_326
LABEL = "Dữ liệu dùng thử"
_LOCK = 6_104_026  # one planting at a time, whoever asks


class CannotPlant(Exception):
    """The demonstration is not planted; the message is a Vietnamese sentence."""


@dataclass(frozen=True)
class Stage:
    """What a chapter is given: its own generator, the instant of planting, the day the demonstration calls today."""

    rng: np.random.Generator
    now: datetime
    today: date

    @staticmethod
    def rng_of(chapter: str) -> np.random.Generator:
        """Return a chapter's generator as it was at its beginning: drawing again gives the same."""
        return np.random.default_rng([SEED, *chapter.encode()])


@dataclass(frozen=True)
class Chapter:
    """One step of the planting. ``key`` is written down; ``words`` are shown; ``plant`` returns what to say about it."""

    key: str
    words: str
    plant: Callable[[Stage], str]


@dataclass(frozen=True)
class Planted:
    """A chapter just done."""

    words: str
    said: str
    seconds: float


def chapters() -> tuple[Chapter, ...]:
    """Return the chapters in order."""
    from config.seeding import chapters as told

    return told.CHAPTERS


def plant(*, now: datetime) -> Iterator[Planted]:
    """Plant the chapters that are missing, telling each as it is done."""
    from django.conf import settings

    if settings.PRODUCTION:
        msg = "Bản chính thức không bao giờ nạp dữ liệu dùng thử."
        raise CannotPlant(msg)
    for chapter in chapters():
        started = time.perf_counter()
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            done = _done()
            if chapter.key in done:
                continue
            today = _today(now)
            stage = Stage(Stage.rng_of(chapter.key), now, today)
            said = chapter.plant(stage)
            SystemRecord.objects.update_or_create(
                key=record.DEMO,
                defaults={
                    "value": {"chapters": [*done, chapter.key], "today": today.isoformat(), "seed": SEED},
                    "updated_at": now,
                },
            )
            _analyse_what_changed()
        yield Planted(chapter.words, said, time.perf_counter() - started)


def _analyse_what_changed() -> None:
    """Let the next chapter, and the first pages, be planned on what was just written.

    Only tables this transaction wrote to: an ANALYZE of everything takes seconds, and locks catalogues that all databases share.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, relname) FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        if written := ", ".join(str(name) for (name,) in cursor.fetchall()):
            cursor.execute(f"ANALYZE {written}")


def _record() -> dict[str, object]:
    row = SystemRecord.objects.filter(key=record.DEMO).first()
    return {} if row is None else dict(row.value)


def _done() -> list[str]:
    done = _record().get("chapters", [])
    return [str(key) for key in done] if isinstance(done, list) else []


def _today(now: datetime) -> date:
    """Return the day of the first chapter."""
    said = _record().get("today")
    return date.fromisoformat(str(said)) if said else clock.day_of(now)
