"""What the sweeps of integrity found: a rack of accounts on one telephone, one of them objecting; a family on one; units to look at."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.apps import apps

from config.seeding.demo import Stage
from smarthd.kernel import clock, events
from smarthd.rollout import selectors, services

RACK, FAMILY = 6, 3
DAYS = 12
WORDS = (
    "Chúng tôi ở cùng khu trọ, nhờ một máy để nhận mã rồi mỗi người cài trên máy của mình. Đề nghị xem lại giúp. "
    "(nội dung dùng thử)"
)


def plant(stage: Stage) -> str:
    """Leave the traces, let the sweeps look, let one person object."""
    found = (
        apps.get_model("rollout", "Participant")
        .objects.filter(activated_on__range=(stage.today - timedelta(days=DAYS), stage.today - timedelta(days=3)))
        .filter(is_test=False, team_code="")
        .order_by("account_id")
        .values_list("account_id", "activated_on")[: RACK + FAMILY]
    )
    people = [(account_id, on) for account_id, on in found if on is not None]
    for place, (account_id, on) in enumerate(people):
        rack = place < RACK
        at = clock.at_local(people[0][1] if rack else on, 20, 5 + 4 * place)
        services.trace_binding(UUID(int=77_001 if rack else 77_002), account_id=account_id, at=at)
        opened = at - timedelta(seconds=11 if rack else 240)
        services.trace_activation(account_id, opened_at=opened, at=at, team_code="", neighbour=False)
    swept = services.sweep(now=stage.now)
    running = selectors.running_campaign()
    noted = services.sweep_reports(running.id, now=stage.now) if running is not None else 0
    noted += services.sweep_units(now=stage.now)
    if swept.quarantined:
        services.appeal(people[1][0], words=WORDS, now=stage.now)
    events.deliver_owed()
    services.refresh_rollups(now=stage.now)
    return f"{swept.written} tài khoản có dấu hiệu, {swept.quarantined} tạm tách; {noted} đơn vị cần xem"
