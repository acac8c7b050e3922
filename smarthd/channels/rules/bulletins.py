"""A bulletin: the same words by other roads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from smarthd.channels.errors import BulletinFaulty
from smarthd.kernel import text

LONGEST_TITLE, LONGEST_BODY, LONGEST_INSTRUCTION = 200, 5_000, 2_000


class Source(StrEnum):
    """Where a bulletin comes from; its key is unique within the source."""

    ALERT = "alert"  # cảnh báo
    NOTICE = "notice"  # thông báo soạn tại bàn này
    AIRING = "airing"  # lượt phát của chiến dịch


class Priority(StrEnum):
    """How a bulletin is treated (Circular 39/2020/TT-BTTTT, from the lowest)."""

    NORMAL = "normal"  # thông thường: chọn phát theo lịch
    PRIORITY = "priority"  # ưu tiên: phát trước trong chương trình
    URGENT = "urgent"  # khẩn cấp: phát ngay


class Change(StrEnum):
    """What a bulletin does to the one it replaces."""

    NEW = "new"  # tin mới
    UPDATE = "update"  # cập nhật
    CANCEL = "cancel"  # hủy


class Language(StrEnum):
    """The language it is written in."""

    VI = "vi"
    EN = "en"


SOURCE_WORDS = {Source.ALERT: "Cảnh báo", Source.NOTICE: "Bản tin", Source.AIRING: "Truyền thông chiến dịch"}
PRIORITY_WORDS = {Priority.NORMAL: "Thông thường", Priority.PRIORITY: "Ưu tiên", Priority.URGENT: "Khẩn cấp"}
CHANGE_WORDS = {Change.NEW: "Tin mới", Change.UPDATE: "Tin cập nhật", Change.CANCEL: "Tin hủy"}
RANK = {Priority.URGENT: 0, Priority.PRIORITY: 1, Priority.NORMAL: 2}
"""The order in which what is due is sent; also kept with every row of the outbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """All that a rendering may say. ``places`` are full names, empty for the whole province; instants are local time."""

    title: str
    body: str
    sender: str
    valid_from: datetime
    valid_until: datetime
    instruction: str = ""
    contact: str = ""
    priority: Priority = Priority.NORMAL
    change: Change = Change.NEW
    language: Language = Language.VI
    drill: bool = False
    places: tuple[str, ...] = ()
    link: str = ""


def checked(words: Words) -> Words:
    """Return the words in one form of Unicode, or raise BulletinFaulty with what is wrong beside each field."""
    title, body, instruction = text.nfc(words.title), _lines(words.body), _lines(words.instruction)
    faults = {}
    if not title or len(title) > LONGEST_TITLE:
        faults["title"] = f"Ghi tiêu đề, nhiều nhất {LONGEST_TITLE} chữ."
    if not body or len(body) > LONGEST_BODY:
        faults["body"] = f"Ghi nội dung, nhiều nhất {LONGEST_BODY} chữ."
    if len(instruction) > LONGEST_INSTRUCTION:
        faults["instruction"] = f"Việc cần làm nhiều nhất {LONGEST_INSTRUCTION} chữ."
    if words.valid_until <= words.valid_from:
        faults["valid_until"] = "Lúc hết hiệu lực phải sau lúc bắt đầu."
    if faults:
        raise BulletinFaulty(fields=faults)
    kept = {name: getattr(words, name) for name in words.__slots__}
    return Words(**(kept | {"title": title, "body": body, "instruction": instruction}))


def may_send_alone(priority: Priority) -> bool:
    """Say whether one official may send a bulletin of this priority: what wakes people up at night takes a warning's two pairs of eyes."""
    return priority is not Priority.URGENT


def _lines(words: str) -> str:
    """Return words in one form of Unicode, their paragraphs kept, at most one empty line between."""
    lines = [text.nfc(line) for line in words.strip().splitlines()]
    return "\n".join(line for at, line in enumerate(lines) if line or lines[at - 1])
