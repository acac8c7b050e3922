"""What a rehearsal found: judged by rules, kept, asked for again each month."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from smarthd.agencies.rules import Role
from smarthd.alerts.models import Rehearsal
from smarthd.alerts.rules import rehearsals as rules
from smarthd.alerts.selectors import rehearsals as selectors
from smarthd.alerts.services import rehearsals
from smarthd.alerts.tests import make
from smarthd.alerts.tests.make import NOW, SYSTEM
from smarthd.kernel.errors import NotAllowed
from smarthd.messaging import selectors as messaging

GOOD = rules.Figures(
    phones=1000, targeted=1000, accepted=1000, sink_accepted=1000, sink_subscriptions=1000, may_be_twice=0, p50=1.0, p95=2.0, p99=2.5,
    all_s=3.0, ready_s=0.4, per_second=900, senders=(rules.Sending(cpu_s=1.5, rss_mb=210),), faults=(), pool_keys=1000, load_before=0.1,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, []),
        ({"sink_accepted": 1200, "may_be_twice": 200}, []),
        ({"sink_accepted": 1201, "may_be_twice": 200}, ["gửi hai lần 201 máy, mức cho phép 200"]),
        ({"sink_subscriptions": 999, "sink_accepted": 999, "accepted": 999}, ["sót 1 máy"]),
        ({"accepted": 999}, ["số hiện ra (999) khác số máy chủ đếm được (1000)"]),
        ({"phones": 1001}, ["chỉ nhắm tới 1000 trên 1001 máy"]),
    ],
)
def test_what_was_lost_told_twice_or_told_wrongly_is_a_failure(changes, words) -> None:
    assert rules.problems(replace(GOOD, **changes)) == words


@pytest.mark.parametrize(
    ("targeted", "all_s", "quick"),
    [(1_000_000, 120.0, True), (1_000_000, 120.1, False), (5_000, 20.0, True), (500_000, 60.5, False)],
)
def test_quick_is_a_millions_two_minutes_in_proportion(targeted, all_s, quick) -> None:
    assert replace(GOOD, targeted=targeted, all_s=all_s).quick is quick


def test_it_is_kept_by_the_machine_only(land) -> None:
    with pytest.raises(NotAllowed):
        rehearsals.record(GOOD, actor=land.head, now=NOW)
    row = rehearsals.record(replace(GOOD, accepted=1), actor=SYSTEM, now=NOW)
    assert (row.passed, row.figures["lost"], row.figures["cores"]) == (False, 0, 0.5)
    assert selectors.last_passed_at() is None
    rehearsals.record(GOOD, actor=SYSTEM, now=NOW + timedelta(hours=1))
    assert selectors.last_passed_at() == NOW + timedelta(hours=1)
    assert selectors.latest().passed


def test_administrators_are_reminded_once_a_month_until_one_passes(land) -> None:
    admin = make.officer(land.province, Role.ADMINISTRATOR)

    def told() -> int:
        return len(messaging.inbox_for(admin.account_id, limit=20, cursor=None).items)

    assert rehearsals.remind_due(now=NOW) == 1
    assert rehearsals.remind_due(now=NOW + timedelta(days=1)) == 0
    assert rehearsals.remind_due(now=NOW + timedelta(days=31)) == 1
    assert told() == 2
    rehearsals.record(GOOD, actor=SYSTEM, now=NOW + timedelta(days=40))
    assert rehearsals.remind_due(now=NOW + timedelta(days=62)) == 0
    assert rehearsals.remind_due(now=NOW + timedelta(days=75)) == 1
    assert Rehearsal.objects.count() == 1
