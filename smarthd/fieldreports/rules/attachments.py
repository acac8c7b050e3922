"""What may be attached, how large, and how a file that is two things at once is told."""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of attached files."""

    PHOTO = "photo"  # ảnh
    VOICE = "voice"  # lời nói
    DOCUMENT = "document"  # văn bản PDF


class Part(StrEnum):
    """What the file is in the report."""

    CITIZEN = "citizen"  # của người gửi
    BEFORE = "before"  # trước khi xử lý
    AFTER = "after"  # sau khi xử lý
    PROOF = "proof"  # văn bản kèm câu trả lời


PART_WORDS: dict[Part, str] = {
    Part.CITIZEN: "Ảnh của người gửi",
    Part.BEFORE: "Trước khi xử lý",
    Part.AFTER: "Sau khi xử lý",
    Part.PROOF: "Văn bản kèm theo",
}


class State(StrEnum):
    """Where a file stands."""

    WAITING = "waiting"  # đang xử lý
    READY = "ready"  # xem được
    REFUSED = "refused"  # không nhận


MB = 1 << 20
LIMIT_MB = {Kind.PHOTO: 20, Kind.VOICE: 10, Kind.DOCUMENT: 20}
PIECE = 1 * MB
MAX_PIXELS = 50_000_000
EDGE, THUMB = 1920, 480

# What no photo carries behind its end: archives, programs, pages, documents. A film behind a photo (motion photo) is dropped, not refused.
_SECOND_FACES = (
    b"PK\x05\x06",
    b"PK\x03\x04",
    b"%PDF-",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x7fELF",
    b"<?php",
    b"<?xml",
)
_PAGES = re.compile(rb"<\s*(?:script|html|svg|iframe|body)\b", re.IGNORECASE)


def end_of_picture(raw: bytes) -> int:
    """Return where a JPEG, PNG or WebP ends by its own structure; the whole length where that cannot be told."""
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        found = raw.find(b"IEND\xaeB`\x82")
        return found + 8 if found >= 0 else len(raw)
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return min(len(raw), int.from_bytes(raw[4:8], "little") + 8)
    if raw.startswith(b"\xff\xd8"):
        return _end_of_jpeg(raw)
    return len(raw)


def _end_of_jpeg(raw: bytes) -> int:
    """Walk a JPEG's segments; inside the coded pictures 0xFF is followed by 0 or a restart mark."""
    at = 2
    while at + 4 <= len(raw):
        if raw[at] != 0xFF:
            return len(raw)
        mark = raw[at + 1]
        if mark == 0xFF:
            at += 1
        elif mark == 0xD9:
            return at + 2
        elif mark == 0xDA:
            at = _end_of_scan(raw, at + 2 + int.from_bytes(raw[at + 2 : at + 4], "big"))
        elif mark == 0x01 or 0xD0 <= mark <= 0xD7:
            at += 2
        else:
            at += 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
    return at + 2 if raw[at : at + 2] == b"\xff\xd9" else len(raw)


def _end_of_scan(raw: bytes, at: int) -> int:
    while True:
        at = raw.find(b"\xff", at)
        if at < 0 or at + 1 >= len(raw):
            return len(raw)
        follows = raw[at + 1]
        if follows == 0 or 0xD0 <= follows <= 0xD7:
            at += 2
        else:
            return at


def has_second_face(raw: bytes) -> bool:
    """Say whether a picture is also something else: an archive, program, page or document behind its end."""
    tail = raw[end_of_picture(raw) :]
    return any(mark in tail for mark in _SECOND_FACES) or _PAGES.search(tail) is not None


def kind_of_document(head: bytes) -> str | None:
    """Return the type of a document by its first bytes, or None: only PDF is taken."""
    return "application/pdf" if head.startswith(b"%PDF-") else None


_PICTURES = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"WEBP", 8, "image/webp"),
    (b"ftyphei", 4, "image/heic"),
    (b"ftypmif1", 4, "image/heic"),
    (b"ftypmsf1", 4, "image/heic"),
    (b"ftyphev", 4, "image/heic"),
)


def kind_of_picture(head: bytes) -> str | None:
    """Return the type of a picture by its first bytes, or None: SVG, GIF, TIFF and everything else is not taken."""
    for mark, place, kind in _PICTURES:
        if head[place : place + len(mark)] == mark:
            return kind
    return None
