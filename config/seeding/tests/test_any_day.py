"""The demonstration can be planted on any day: weekends and holidays bring acts together, never out of their order.

Only what difficulties need is planted, once for this module and taken back at its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from config.seeding import story
from config.seeding.chapters import CHAPTERS, order, reorganisations, troubles
from config.seeding.demo import Stage
from smarthd.kernel import clock
from smarthd.kernel.actor import system
from smarthd.rollout import rules
from smarthd.rollout.rules.difficulties import State
from smarthd.rollout.selectors import difficulties

pytestmark = [pytest.mark.slow, pytest.mark.django_db]  # each test inside the module's own transaction
BASE = date(2025, 11, 20)
NEEDED = ("places", "agencies-2024", "december-2024", "july-2025", "roles")
A_FORTNIGHT = [date(2026, 11, 23) + timedelta(days=number) for number in range(14)]
ROUND_TET = [date(2026, 2, 12) + timedelta(days=number) for number in range(0, 24, 3)]
HOURS = (0, 3, 9, 17, 23)


def stage(chapter: str, day: date, hour: int) -> Stage:
    now = clock.at_local(day, hour, 7)
    clock.set_now(now)
    return Stage(Stage.rng_of(chapter), now, day)


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        for chapter in CHAPTERS:
            if chapter.key in NEEDED:
                chapter.plant(stage(chapter.key, BASE, 10))
        yield
        clock.set_now(None)
        transaction.set_rollback(True)


@pytest.mark.parametrize("day", [*A_FORTNIGHT, *ROUND_TET], ids=str)
def test_difficulties_are_told_whatever_day_and_hour_it_is(ground: None, day: date) -> None:
    hour = HOURS[day.toordinal() % len(HOURS)]
    first, last = story.running_campaign(day)
    running = order.Asked(
        order.NOW, "Chiến dịch", first, last, rules.CampaignStatus.RUNNING, (first + timedelta(days=6),), "02/UBND-DUNGTHU",
        "về việc thử", "Ủy ban nhân dân", reorganisations.COORDINATOR,
    )  # fmt: skip
    order._open(stage("order-now", day, hour), running)
    troubles.plant(stage("troubles", day, hour))
    told = difficulties.listing(system("test"), difficulties.Query(stand="tat-ca"), now=clock.now())
    assert told.count == len(troubles.TOLD)
    assert {row.state for row in told.rows} >= {State.WAITING, State.IN_HAND, State.SOLVED, State.CONFIRMED}
