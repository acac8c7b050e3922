"""What rehearsals at full size found is kept, and asked for again each month. They run in an installation of their own (config/rehearsal)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind, Role
from smarthd.alerts.models import Rehearsal
from smarthd.alerts.rules import rehearsals as rules
from smarthd.alerts.selectors import rehearsals
from smarthd.kernel import audit, clock
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.messaging import services as messaging


@transaction.atomic
def record(found: rules.Figures, *, actor: Actor, now: datetime) -> Rehearsal:
    """Keep what a rehearsal found."""
    require(bool(actor.system), act="record_rehearsal")
    wrong = rules.problems(found)
    figures = asdict(found) | {"lost": found.lost, "twice": found.twice, "cores": round(found.cores, 3)}
    row = Rehearsal.objects.create(
        ran_at=now, phones=found.phones, passed=not wrong, quick=found.quick, figures=figures, problems=wrong
    )
    audit.record(actor, "alerts.rehearsed", row, at=now, phones=found.phones, passed=row.passed)
    return row


def remind_due(*, now: datetime) -> int:
    """Tell the province's administrators that no rehearsal has passed for a month, once a month. Returns how many were told."""
    if not rules.due(rehearsals.last_passed_at(), now=now):
        return 0
    day = clock.day_of(now)
    offices = [one.id for one in agencies.agencies_on(day, kinds=[Kind.PROVINCE_COMMITTEE, Kind.DEPARTMENT])]
    held = agencies.holders_of(Role.ADMINISTRATOR, offices, now)
    return messaging.tell(
        {account for accounts in held.values() for account in accounts},
        kind="alerts.rehearsal",
        title="Đến hạn diễn tập gửi cảnh báo cỡ thật",
        body="Hơn một tháng chưa có lần diễn tập nào đạt. Trên máy chủ gửi, chạy: smarthd rehearse. Không điện thoại thật nào nhận được gì.",
        href="/can-bo/thong-bao-day/",
        key=f"alert-rehearsal:{day:%Y-%m}",
        now=now,
    )
