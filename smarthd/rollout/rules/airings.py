"""Channels of a campaign, the life of an airing, its code, what an activation cost. Channels: Decree 49/2024/NĐ-CP, press, district radio."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from smarthd.kernel.moves import Move

CODE_PREFIX = "K-"
"""A code that begins so is a channel's; every other is a community team's. Both come in the same field of a first opening."""


class Channel(StrEnum):
    """By which road the words reach people."""

    COMMUNE_RADIO = "commune_radio"  # đài truyền thanh cấp xã
    PUBLIC_BOARD = "public_board"  # bảng tin công cộng
    BULLETIN = "bulletin"  # bản tin thông tin cơ sở
    LEAFLET = "leaflet"  # tờ rơi, tờ gấp, áp phích
    PROPAGANDIST = "propagandist"  # tuyên truyền viên cơ sở
    PORTAL = "portal"  # cổng, trang thông tin điện tử
    SOCIAL = "social"  # mạng xã hội, nhóm nhắn tin
    SMS = "sms"  # tin nhắn viễn thông
    PRESS = "press"  # báo chí
    DISTRICT_RADIO = "district_radio"  # đài truyền thanh cấp huyện


CHANNEL_WORDS: dict[Channel, str] = {
    Channel.COMMUNE_RADIO: "Đài truyền thanh cấp xã",
    Channel.PUBLIC_BOARD: "Bảng tin công cộng",
    Channel.BULLETIN: "Bản tin thông tin cơ sở",
    Channel.LEAFLET: "Tờ rơi, tờ gấp, áp phích",
    Channel.PROPAGANDIST: "Tuyên truyền viên cơ sở",
    Channel.PORTAL: "Cổng, trang thông tin điện tử",
    Channel.SOCIAL: "Mạng xã hội, nhóm nhắn tin",
    Channel.SMS: "Tin nhắn viễn thông",
    Channel.PRESS: "Báo chí",
    Channel.DISTRICT_RADIO: "Đài truyền thanh cấp huyện",
}

LETTERS: dict[Channel, str] = {
    Channel.COMMUNE_RADIO: "TT",
    Channel.PUBLIC_BOARD: "BT",
    Channel.BULLETIN: "BN",
    Channel.LEAFLET: "TR",
    Channel.PROPAGANDIST: "TV",
    Channel.PORTAL: "CT",
    Channel.SOCIAL: "MX",
    Channel.SMS: "TN",
    Channel.PRESS: "BC",
    Channel.DISTRICT_RADIO: "DH",
}


def code_of(channel: Channel, ending: str) -> str:
    """Return a channel's code: ``K-TT-7Q2M4X``; it fits the 24 letters a first opening may carry."""
    return f"{CODE_PREFIX}{LETTERS[channel]}-{ending}"


_LETTERS = frozenset(LETTERS.values())
_ENDINGS = frozenset({6, 10})


def read_code(text: str) -> str:
    """Return a channel's code as it is kept, however it was typed (``ktt 7q2m4x``), or nothing where it cannot be one.

    A team's codes have 6 or 24 letters, a channel's 9 or 13: none is taken for the other.
    """
    letters = "".join(text.upper().split()).replace("-", "")
    channel, ending = letters[1:3], letters[3:]
    if letters[:1] != CODE_PREFIX[0] or channel not in _LETTERS or len(ending) not in _ENDINGS:
        return ""
    return f"{CODE_PREFIX}{channel}-{ending}" if ending.isalnum() and ending.isascii() else ""


def is_channel_code(code: str) -> bool:
    """Say whether a code that came with a first opening is a channel's and not a team's."""
    return code.startswith(CODE_PREFIX)


class State(StrEnum):
    """Where an airing stands."""

    PLANNED = "planned"  # đã lên lịch
    AIRED = "aired"  # đã phát, chưa có minh chứng
    PROVEN = "proven"  # đã phát, có minh chứng
    MISSED = "missed"  # không phát
    CANCELLED = "cancelled"  # hủy trước giờ


STATE_WORDS: dict[State, str] = {
    State.PLANNED: "Đã lên lịch",
    State.AIRED: "Đã phát, chưa có minh chứng",
    State.PROVEN: "Đã phát, có minh chứng",
    State.MISSED: "Không phát",
    State.CANCELLED: "Hủy trước giờ",
}

RESCHEDULE = Move(name="reschedule", sources=frozenset({State.PLANNED}), target=State.PLANNED)
AIR = Move(name="air", sources=frozenset({State.PLANNED, State.MISSED}), target=State.AIRED)
PROVE = Move(name="prove", sources=frozenset({State.AIRED, State.PROVEN}), target=State.PROVEN)
MISS = Move(name="miss", sources=frozenset({State.PLANNED}), target=State.MISSED)
CANCEL = Move(name="cancel", sources=frozenset({State.PLANNED}), target=State.CANCELLED)
MOVES = (RESCHEDULE, AIR, PROVE, MISS, CANCEL)


class Proof(StrEnum):
    """What shows that an airing took place."""

    PHOTO = "photo"  # ảnh
    AUDIO = "audio"  # bản ghi âm
    LINK = "link"  # đường dẫn


PROOF_WORDS: dict[Proof, str] = {
    Proof.PHOTO: "Ảnh",
    Proof.AUDIO: "Bản ghi âm",
    Proof.LINK: "Đường dẫn",
}
PROOFS_EACH = 6
PHOTO_MB, AUDIO_MB = 12, 20


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many airings were planned and what became of them; those cancelled before their time are not in the base."""

    planned: int
    aired: int
    proven: int
    missed: int
    waiting: int
    cancelled: int = 0

    @property
    def ratio(self) -> float | None:
        """The indicator: aired with proof ÷ planned whose time has come."""
        base = self.planned - self.waiting
        return self.proven / base if base > 0 else None


def coverage(states: Iterable[tuple[State, bool]]) -> Coverage:
    """Count airings given as (state, whether its time has come). One still to come waits; one past and unmarked counts against."""
    counts = dict.fromkeys(State, 0)
    waiting = 0
    for state, due in states:
        counts[state] += 1
        waiting += state is State.PLANNED and not due
    planned = sum(counts.values()) - counts[State.CANCELLED]
    return Coverage(
        planned,
        counts[State.AIRED] + counts[State.PROVEN],
        counts[State.PROVEN],
        counts[State.MISSED],
        waiting,
        counts[State.CANCELLED],
    )


FEW, SOME = 10, 100


@dataclass(frozen=True, slots=True)
class UnitCost:
    """What one activation cost, in đồng, with the range within which chance alone moves it (95%); nothing said of fewer than ten."""

    each: int | None
    least: int | None
    most: int | None


def cost_each(cost: int | None, activations: int | None) -> UnitCost:
    """Return the cost of an activation. Counts are taken as Poisson; a range is given below a hundred, nothing below ten."""
    if not cost or activations is None or activations < FEW:
        return UnitCost(None, None, None)
    each = round(cost / activations)
    if activations >= SOME:
        return UnitCost(each, None, None)
    spread = 1.96 * math.sqrt(activations)
    return UnitCost(each, round(cost / (activations + spread)), round(cost / (activations - spread)))
