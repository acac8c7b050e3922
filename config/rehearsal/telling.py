"""What a rehearsal found, for people, for programs, and kept in the real installation."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smarthd.alerts.rules.rehearsals import Figures


def problems(found: Figures) -> list[str]:
    """Return what failed."""
    from smarthd.alerts.rules import rehearsals

    return rehearsals.problems(found)


def store(found: Figures) -> list[str]:
    """Keep it and return what failed. Django must be ready."""
    from smarthd.alerts.services import rehearsals
    from smarthd.kernel import clock
    from smarthd.kernel.actor import system

    row = rehearsals.record(found, actor=system("smarthd rehearse"), now=clock.now())
    return list(row.problems)


def as_json(found: Figures, wrong: list[str]) -> str:
    """Return it for programs; seconds, messages a second, MB."""
    told = asdict(found) | {
        "lost": found.lost,
        "twice": found.twice,
        "cores": round(found.cores, 3),
        "quick": found.quick,
    }
    return json.dumps(told | {"passed": not wrong, "problems": wrong}, ensure_ascii=False, indent=2)


def _number(value: float) -> str:
    return f"{value:,.0f}".replace(",", ".")


def _seconds(value: float) -> str:
    return f"{value:.1f} giây".replace(".", ",")


def as_words(found: Figures, wrong: list[str]) -> str:
    """Return it for people."""
    lines = [
        f"DIỄN TẬP: {_number(found.targeted)} máy, tải của máy chủ trước đó {found.load_before:g}",
        f"  Đã nhận: {_number(found.accepted)} (máy chủ giả tự đếm: {_number(found.sink_subscriptions)})",
        f"  Sót: {_number(found.lost)}   Gửi hai lần: {_number(found.twice)} (mức cho phép {_number(found.may_be_twice)})",
        f"  Từ lúc duyệt tới lúc được nhận: một nửa {_seconds(found.p50)}, 95% {_seconds(found.p95)}, 99% {_seconds(found.p99)}, tất cả {_seconds(found.all_s)}",
        f"  Máy đầu tiên sau {_seconds(found.ready_s)}; {_number(found.per_second)} máy mỗi giây; khóa làm sẵn {_number(found.pool_keys)}",
    ]
    for number, one in enumerate(found.senders, start=1):
        killed = ", bị giết giữa chừng" if one.killed else ""
        lines.append(f"  Tiến trình gửi {number}: {_seconds(one.cpu_s)} bộ xử lý, {_number(one.rss_mb)} MB{killed}")
    lines += [f"  Sự cố: {words}" for words in found.faults]
    lines.append(f"KHÔNG ĐẠT: {'; '.join(wrong)}" if wrong else "ĐẠT")
    if not found.quick and not found.faults:
        lines.append("Chậm hơn mục tiêu (một triệu máy trong 120 giây): xem tải của máy chủ, thêm --processes.")
    return "\n".join(lines)
