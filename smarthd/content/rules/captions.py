"""Captions of a video: SubRip and WebVTT in, one clean WebVTT out, and the words alone for who reads instead.

Sources: WebVTT (W3C Candidate Recommendation), of which only cues with plain words are kept; WCAG 2.2, 1.2.2. SubRip has no standard:
numbered cues, comma before the milliseconds.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from smarthd.kernel import text
from smarthd.kernel.errors import Invalid

MOST_BYTES = 1 << 20
MOST_CUES = 3_000
LONGEST_CUE_S = 30.0
_TIME = r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]\d)[.,](\d{3})"
_TIMES = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?$")
_TAG = re.compile(r"<[^<>]*>|\{\\[^}]*\}")


class CaptionsFaulty(Invalid):
    """These are no captions a player can show; facts: words, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Cue:
    """What is shown between two moments, in seconds from the start."""

    begins: float
    ends: float
    words: str


def cues(raw: bytes) -> list[Cue]:
    """Return the cues of an .srt or .vtt file in their order, or raise CaptionsFaulty."""
    if len(raw) > MOST_BYTES:
        raise CaptionsFaulty(words="Tệp phụ đề lớn hơn 1 MB.")
    try:
        written = raw.decode("utf-16" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
    except UnicodeDecodeError:
        raise CaptionsFaulty(words="Phụ đề không phải UTF-8. Mở bằng Notepad, lưu lại với mã UTF-8 rồi tải lên.") from None  # fmt: skip
    found = list(_read(written))
    if not found:
        raise CaptionsFaulty(words="Không thấy lời nào có giờ hiện. Cần tệp phụ đề .srt hoặc .vtt.")
    if len(found) > MOST_CUES:
        raise CaptionsFaulty(words=f"Phụ đề nhiều hơn {MOST_CUES} câu.")
    _check(found)
    return found


def _read(written: str) -> Iterator[Cue]:
    for block in re.split(r"\n[ \t]*\n", re.sub(r"\r\n?", "\n", written)):
        lines = block.strip("\n").split("\n")
        at = next((number for number, line in enumerate(lines[:3]) if _TIMES.match(line)), None)
        if at is None:
            continue
        times = _TIMES.match(lines[at])
        words = " ".join(text.nfc(html.unescape(_TAG.sub("", line))) for line in lines[at + 1 :]).strip()
        if times and words:
            yield Cue(_seconds(*times.groups()[:4]), _seconds(*times.groups()[4:]), words)


def _seconds(hours: str | None, minutes: str, seconds: str, thousandths: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(thousandths) / 1000


def _check(found: list[Cue]) -> None:
    before = 0.0
    for cue in found:
        start = f"“{cue.words[:40]}” lúc {_clock(cue.begins)}"
        if cue.ends <= cue.begins:
            raise CaptionsFaulty(words=f"Câu {start} tắt trước khi hiện.")
        if cue.begins < before:
            raise CaptionsFaulty(words=f"Câu {start} đứng sau câu hiện muộn hơn: các câu phải theo thứ tự giờ.")
        if cue.ends - cue.begins > LONGEST_CUE_S:
            raise CaptionsFaulty(words=f"Câu {start} hiện hơn {LONGEST_CUE_S:.0f} giây: hãy cắt ngắn theo lời nói.")
        before = cue.begins


def webvtt(found: list[Cue]) -> str:
    """Return captions as a player takes them."""
    told = [f"{_clock(one.begins)} --> {_clock(one.ends)}\n{html.escape(one.words, quote=False)}" for one in found]
    return "\n\n".join(["WEBVTT", *told]) + "\n"


def _clock(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"


def transcript(found: list[Cue]) -> str:
    """Return the words alone, a line for every sentence that ends."""
    said = " ".join(one.words for one in found)
    return re.sub(r"(?<=[.!?…])\s+", "\n", said)
