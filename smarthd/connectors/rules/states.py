"""States of versions and runs, and the moves between them."""

from __future__ import annotations

from enum import StrEnum

from smarthd.kernel.moves import Move


class VersionState(StrEnum):
    """States of one version of a dataset."""

    CHECKED = "checked"  # đã kiểm tra, chờ công bố
    HELD = "held"  # bị giữ lại
    PUBLISHED = "published"  # đang công bố
    REPLACED = "replaced"  # đã thay bằng bản mới
    WITHDRAWN = "withdrawn"  # đã bỏ


VERSION_WORDS: dict[VersionState, str] = {
    VersionState.CHECKED: "Chờ công bố",
    VersionState.HELD: "Bị giữ lại",
    VersionState.PUBLISHED: "Đang công bố",
    VersionState.REPLACED: "Đã thay bằng bản mới",
    VersionState.WITHDRAWN: "Đã bỏ",
}

PUBLISH: Move[VersionState] = Move(
    name="publish", sources=frozenset({VersionState.CHECKED}), target=VersionState.PUBLISHED
)
RELEASE: Move[VersionState] = Move(
    name="release", sources=frozenset({VersionState.HELD}), target=VersionState.PUBLISHED
)
REPLACE: Move[VersionState] = Move(
    name="replace", sources=frozenset({VersionState.PUBLISHED}), target=VersionState.REPLACED
)
WITHDRAW: Move[VersionState] = Move(
    name="withdraw", sources=frozenset({VersionState.CHECKED, VersionState.HELD}), target=VersionState.WITHDRAWN
)
MOVES = (PUBLISH, RELEASE, REPLACE, WITHDRAW)


class RunState(StrEnum):
    """How one reading of a source ended."""

    RUNNING = "running"  # đang đọc
    UNMAPPED = "unmapped"  # chờ khai cột
    UNCHANGED = "unchanged"  # không có gì mới
    CHECKED = "checked"  # đã kiểm tra
    HELD = "held"  # bị giữ lại
    PUBLISHED = "published"  # đã công bố
    STOPPED = "stopped"  # dừng vì cột đã đổi
    FAILED = "failed"  # không đọc được
    TRIED = "tried"  # chỉ thử kết nối
    CANCELLED = "cancelled"  # có người dừng


RUN_WORDS: dict[RunState, str] = {
    RunState.RUNNING: "Đang đọc",
    RunState.UNMAPPED: "Chờ khai các cột",
    RunState.UNCHANGED: "Không có gì mới",
    RunState.CHECKED: "Chờ công bố",
    RunState.HELD: "Bị giữ lại",
    RunState.PUBLISHED: "Đã công bố",
    RunState.STOPPED: "Dừng vì cột đã đổi",
    RunState.FAILED: "Không đọc được",
    RunState.TRIED: "Thử kết nối được",
    RunState.CANCELLED: "Đã dừng theo yêu cầu",
}
