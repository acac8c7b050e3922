"""What a rehearsal at full size found, and what of it is a failure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

EVERY = timedelta(days=31)
QUICK_S = 120.0
"""A million phones from approval to acceptance, on two cores."""

MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What one sending process used: seconds of processor from approval to the end, the most memory in MB."""

    cpu_s: float
    rss_mb: float
    killed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was counted. ``sink_*`` are the push service's own counts; ``p50`` … ``all_s`` seconds from approval to acceptance there.

    ``may_be_twice``: the bound the ledger promises for what was killed meanwhile. ``load_before``: the machine's load a minute before.
    """

    phones: int
    targeted: int
    accepted: int
    sink_accepted: int
    sink_subscriptions: int
    may_be_twice: int
    p50: float
    p95: float
    p99: float
    all_s: float
    ready_s: float
    per_second: float
    senders: Sequence[Sending]
    faults: Sequence[str]
    pool_keys: int
    load_before: float

    @property
    def lost(self) -> int:
        """How many phones the message never reached."""
        return self.targeted - self.sink_subscriptions

    @property
    def twice(self) -> int:
        """How many messages were accepted beyond the first of their phone."""
        return self.sink_accepted - self.sink_subscriptions

    @property
    def cores(self) -> float:
        """How many cores the senders together used."""
        return sum(one.cpu_s for one in self.senders) / self.all_s if self.all_s else 0.0

    @property
    def quick(self) -> bool:
        """Say whether it was quick enough, a million's time taken in proportion."""
        return self.all_s <= max(QUICK_S * self.targeted / MILLION, 20.0)


def problems(found: Figures) -> list[str]:
    """Return what failed, in words; empty when the rehearsal passed. Being slow is told beside it: it depends on the machine's other work."""
    wrong = []
    if found.targeted != found.phones:
        wrong.append(f"chỉ nhắm tới {found.targeted} trên {found.phones} máy")
    if found.lost:
        wrong.append(f"sót {found.lost} máy")
    if found.twice > found.may_be_twice:
        wrong.append(f"gửi hai lần {found.twice} máy, mức cho phép {found.may_be_twice}")
    if found.accepted != found.sink_subscriptions:
        wrong.append(f"số hiện ra ({found.accepted}) khác số máy chủ đếm được ({found.sink_subscriptions})")
    return wrong


def due(last_passed: datetime | None, *, now: datetime) -> bool:
    """Say whether a rehearsal is owed: none has passed for a month."""
    return last_passed is None or now - last_passed > EVERY
