"""Signals of accounts that may be no persons, and of reports that may be no counts: what each weighs, and its reason in words.

No signal is proof. Each carries a weight below one; weights join as independent doubts, ``1 - Π(1 - w)``, so that a family sharing one
telephone stays far from the threshold while a rack of telephones does not. Who is above it is set apart from the figures, told why,
and may object; nothing is deleted. docs/adr/0016-integrity.md has the reasons for the numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import prod
from typing import Protocol

from smarthd.kernel.moves import Move

LOOKS_BACK = timedelta(days=14)
KEPT = timedelta(days=35)
MOST_ACCOUNTS_A_DAY = 2
MOST_DEVICES = 3
MOST_AN_HOUR = 12
HASTY = timedelta(seconds=15)
COHORT_FROM_DAYS, COHORT_TO_DAYS = 8, 35
SMALLEST_COHORT = 20
DEAD_SHARE, DEAD_OF_USUAL = 0.05, 0.25
FEWEST_ALTERNATING, FEWEST_SWITCHES = 3, 5
WATCHED_FROM = 0.4
QUARANTINED_FROM = 0.65
SAME_IN_A_ROW = 3
ROUND_TO, ROUND_SHARE, ROUND_FEWEST = 50, 0.8, 6


class Signal(StrEnum):
    """What may be seen of an account, a unit or an agency."""

    CROWDED = "crowded"  # quá nhiều tài khoản trên một máy trong 24 giờ
    DEVICES = "devices"  # một tài khoản trên quá nhiều máy
    BURST = "burst"  # một mã kích hoạt quá dày ngoài buổi đã khai
    HASTY = "hasty"  # kích hoạt ngay sau lần mở đầu tiên
    NEIGHBOUR = "neighbour"  # số điện thoại kề số vừa kích hoạt
    NO_SECOND_DAY = "no_second_day"  # nhóm cùng mã không ai quay lại
    ALTERNATING = "alternating"  # nhiều tài khoản thay nhau trên một máy
    OVER_100 = "over_100"  # vượt 100%
    REPEATED = "repeated"  # số báo cáo lặp lại
    ROUNDED = "rounded"  # số báo cáo tròn


WORDS: dict[Signal, str] = {
    Signal.CROWDED: "Nhiều tài khoản trên một máy",
    Signal.DEVICES: "Một tài khoản trên nhiều máy",
    Signal.BURST: "Một mã kích hoạt dồn dập",
    Signal.HASTY: "Kích hoạt quá nhanh",
    Signal.NEIGHBOUR: "Số điện thoại liền kề",
    Signal.NO_SECOND_DAY: "Cả nhóm không quay lại",
    Signal.ALTERNATING: "Thay nhau trên một máy",
    Signal.OVER_100: "Vượt 100%",
    Signal.REPEATED: "Số báo cáo lặp lại",
    Signal.ROUNDED: "Số báo cáo tròn",
}
_REASONS: dict[Signal, str] = {
    Signal.CROWDED: "{count} tài khoản đăng nhập trên cùng một máy trong 24 giờ (thường không quá 2)",
    Signal.DEVICES: "đăng nhập trên {count} máy trong 14 ngày (thường không quá 3)",
    Signal.BURST: "{count} lượt kích hoạt trong một giờ bằng cùng một mã, ngoài buổi hướng dẫn đã khai (thường không quá 12)",
    Signal.HASTY: "kích hoạt {count} giây sau khi mở ứng dụng lần đầu (người thật cần trên 15 giây)",
    Signal.NEIGHBOUR: "số điện thoại liền kề số của một tài khoản kích hoạt trong cùng ngày",
    Signal.NO_SECOND_DAY: "thuộc nhóm {count} tài khoản cùng mã mà gần như không ai mở lại vào ngày khác",
    Signal.ALTERNATING: "máy này đổi tài khoản {count} lần trong 14 ngày, giữa từ 3 tài khoản trở lên",
    Signal.OVER_100: "số đo bằng {count}% mẫu số; cần soát mẫu số hoặc nơi ở",
    Signal.REPEATED: "{count} kỳ liền báo cáo đúng một con số ở cùng một mục",
    Signal.ROUNDED: "{count} con số báo cáo phần lớn là số tròn 50",
}


class State(StrEnum):
    """Where a suspicion stands."""

    WATCHED = "watched"  # theo dõi, vẫn tính
    QUARANTINED = "quarantined"  # tạm tách khỏi số liệu
    APPEALED = "appealed"  # có giải trình, chờ người khác quyết định
    KEPT = "kept"  # giữ tách riêng sau khi xem xét
    RELEASED = "released"  # tính lại


STATE_WORDS: dict[State, str] = {
    State.WATCHED: "Theo dõi, vẫn tính",
    State.QUARANTINED: "Tạm tách khỏi số liệu",
    State.APPEALED: "Có giải trình, chờ quyết định",
    State.KEPT: "Giữ tách riêng",
    State.RELEASED: "Đã tính lại",
}
APART = frozenset({State.QUARANTINED, State.APPEALED, State.KEPT})
QUARANTINE = Move(name="quarantine", sources=frozenset({State.WATCHED, State.RELEASED}), target=State.QUARANTINED)
APPEAL = Move(name="appeal", sources=frozenset({State.QUARANTINED, State.KEPT}), target=State.APPEALED)
KEEP = Move(name="keep", sources=frozenset({State.QUARANTINED, State.APPEALED}), target=State.KEPT)
RELEASE = Move(
    name="release",
    sources=frozenset({State.WATCHED, State.QUARANTINED, State.APPEALED, State.KEPT}),
    target=State.RELEASED,
)
MOVES = (QUARANTINE, APPEAL, KEEP, RELEASE)


@dataclass(frozen=True, slots=True)
class DeclaredEvent:
    """A gathering a team declared beforehand: activations under its code between these instants are expected to be many."""

    code: str
    starts_at: datetime
    ends_at: datetime


class Declared(Protocol):
    """Tells which gatherings were declared for a stretch of time."""

    def __call__(self, since: datetime, until: datetime) -> Iterable[DeclaredEvent]:
        """Return declared gatherings that touch the stretch."""
        ...


Evidence = Mapping[Signal, float]


def weight(signal: Signal, count: float) -> float:
    """Return how much doubt one signal alone casts, from 0 to below 1."""
    return {
        Signal.CROWDED: _steps(count, (3, 0.45), (4, 0.6), (5, 0.85)),
        Signal.DEVICES: _steps(count, (4, 0.4), (5, 0.5), (6, 0.72)),
        Signal.BURST: _steps(count, (13, 0.45), (25, 0.55)),
        Signal.HASTY: 0.35,
        Signal.NEIGHBOUR: 0.3,
        Signal.NO_SECOND_DAY: _steps(count, (20, 0.45), (40, 0.5)),
        Signal.ALTERNATING: _steps(count, (5, 0.6), (10, 0.8)),
    }.get(signal, 0.5)


def _steps(count: float, *steps: tuple[float, float]) -> float:
    return next((doubt for least, doubt in reversed(steps) if count >= least), 0.0)


def score(evidence: Evidence) -> float:
    """Return the joined doubt of all signals, 0 to below 1."""
    return 1.0 - prod(1.0 - weight(signal, count) for signal, count in evidence.items())


def reasons(evidence: Evidence) -> list[str]:
    """Return why, in words the person concerned and the one who decides can check; the heaviest first."""
    ranked = sorted(evidence.items(), key=lambda pair: (-weight(*pair), pair[0]))
    return [_REASONS[signal].format(count=f"{count:.0f}") for signal, count in ranked]


def after_sweep(*, state: State | None, known: Evidence, found: Evidence, threshold: float = QUARANTINED_FROM) -> State:
    """Return where a suspicion stands after a sweep.

    What a person decided stands: a released account is set apart again only by a signal that was not there when it was released.
    """
    if state in APART:
        return State(state)
    new = set(found) - set(known)
    if state is State.RELEASED and not new:
        return State.RELEASED
    if score(found) >= threshold:
        return State.QUARANTINED
    return State.WATCHED if state is None else state


def reported_evidence(fields: Iterable[Sequence[float]]) -> dict[Signal, float]:
    """Return what an agency's reported numbers show: ``fields`` are its values by field, period after period.

    Zeros say nothing (nothing happened), and so do single digits; the same number three periods running, or most numbers round, do.
    """
    longest, every = 0, []
    for values in fields:
        run, before = 0, None
        for value in values:
            run = run + 1 if value == before and value >= 10 else 1
            before = value
            longest = max(longest, run)
        every += [value for value in values if value >= ROUND_TO]
    evidence: dict[Signal, float] = {}
    if longest >= SAME_IN_A_ROW:
        evidence[Signal.REPEATED] = longest
    if len(every) >= ROUND_FEWEST and sum(1 for v in every if v % ROUND_TO == 0) >= ROUND_SHARE * len(every):
        evidence[Signal.ROUNDED] = len(every)
    return evidence
