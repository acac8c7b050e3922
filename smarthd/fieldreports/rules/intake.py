"""What a report may be when it comes in: its words, its road, where its place is known from, and what one phone may send."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any

from smarthd.kernel import text as texts

LONGEST, SHORTEST = 4_000, 5
LONGEST_ADDRESS = 300
PHOTOS, VOICES = 6, 1
CODE_PREFIX = "PA-"
NAME, PHONE, ADDRESS = "fieldreports.name", "fieldreports.phone", "fieldreports.address"
"""What sealed bytes are bound to."""


class Channel(StrEnum):
    """The road a report came by."""

    APP = "app"  # ứng dụng
    WEB = "web"  # trang web
    PHONE = "phone"  # gọi điện, cán bộ ghi hộ
    COUNTER = "counter"  # tại bộ phận một cửa, cán bộ ghi hộ
    OPEN311 = "open311"  # phần mềm khác, qua Open311
    IMPORT = "import"  # chuyển từ hệ thống khác


CHANNEL_WORDS: dict[Channel, str] = {
    Channel.APP: "Ứng dụng",
    Channel.WEB: "Trang web",
    Channel.PHONE: "Gọi điện, cán bộ ghi hộ",
    Channel.COUNTER: "Tại bộ phận một cửa, cán bộ ghi hộ",
    Channel.OPEN311: "Phần mềm khác",
    Channel.IMPORT: "Chuyển từ hệ thống khác",
}
ON_BEHALF = frozenset({Channel.PHONE, Channel.COUNTER})


class PlaceSource(StrEnum):
    """Where the place is known from."""

    GPS = "gps"  # định vị của máy
    PIN = "pin"  # ghim trên bản đồ
    ADDRESS = "address"  # tìm theo địa chỉ
    COMMUNE = "commune"  # chỉ biết xã, phường


PLACE_WORDS: dict[PlaceSource, str] = {
    PlaceSource.GPS: "Định vị của máy",
    PlaceSource.PIN: "Ghim trên bản đồ",
    PlaceSource.ADDRESS: "Tìm theo địa chỉ",
    PlaceSource.COMMUNE: "Chỉ biết xã, phường",
}

NEAR_M = 400
"""How far outside known ground (a river, a drawn border) a point may lie and still be given to the nearest commune, flagged."""

PER_DEVICE = ((6, timedelta(hours=1)), (20, timedelta(days=1)))
PER_PHONE = ((10, timedelta(hours=1)), (30, timedelta(days=1)))
PER_ADDRESS = ((60, timedelta(hours=1)), (300, timedelta(days=1)))
"""How many reports are taken of one device, one telephone number or account, one network address (a market's Wi-Fi is one)."""


def cleaned(words: str) -> str:
    """Return words without control and direction characters, in NFC, lines kept but never three empty ones in a row."""
    lines = [texts.nfc(line) for line in unicodedata.normalize("NFC", words).replace("\r\n", "\n").split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()


def code_of(written: str) -> str:
    """Return a code as it is kept: without the spaces, and the characters no text may hold, that come along with it."""
    return texts.nfc(written).upper()


def problems_of(words: str, *, has_files: bool) -> dict[str, str]:
    """Say what is wrong with cleaned words; a photo or a recording may stand for them."""
    if len(words) > LONGEST:
        return {
            "words": f"Nội dung dài {len(words)} chữ, nhiều nhất {LONGEST} chữ. Xin viết gọn lại, chữ đã viết vẫn còn đây."
        }
    if len(words) < SHORTEST and not has_files:
        return {"words": "Xin viết một câu cho biết có việc gì, hoặc gửi kèm ảnh, lời nói."}
    return {}


def content_hash(parts: Mapping[str, Any], attachments: Sequence[str]) -> str:
    """Return the mark of what was sent: the same client id must come with the same mark."""
    body = json.dumps([dict(sorted(parts.items())), sorted(attachments)], ensure_ascii=False, default=str)
    return hashlib.sha256(body.encode()).hexdigest()
