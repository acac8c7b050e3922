"""The same words by every road. A drill says DIỄN TẬP in every title, whichever road it takes; nothing here can leave that out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from smarthd.alerts.rules.levels import LEVELS
from smarthd.alerts.rules.messages import Kind, Status

MARK_VI = {Status.ACTUAL: "", Status.EXERCISE: "DIỄN TẬP", Status.TEST: "GỬI THỬ"}
MARK_EN = {Status.ACTUAL: "", Status.EXERCISE: "DRILL", Status.TEST: "TEST"}
_DRILL_VI = "Đây là diễn tập, không phải tình huống thật. "
_DRILL_EN = "This is a drill, not a real situation. "
_TEST_VI = "Đây là tin gửi thử, không phải tình huống thật. "
_TEST_EN = "This is a test, not a real situation. "
PUSH_TITLE = 120
PUSH_BODY = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the renderings need. ``places`` are full names; instants already in local time."""

    status: Status
    kind: Kind
    headline_vi: str
    description_vi: str
    instruction_vi: str
    headline_en: str
    description_en: str
    instruction_en: str
    level: int | None
    sender: str
    contact: str
    places: tuple[str, ...]
    effective: datetime
    expires: datetime
    code: str


def marked(status: Status, words: str, *, english: bool = False) -> str:
    """Return a title with what tells a drill or a test from the real thing in front; once, however often it is asked."""
    mark = (MARK_EN if english else MARK_VI)[status]
    return f"{mark}: {words}" if mark and not words.startswith(mark) else words


def title(told: Told, *, english: bool = False) -> str:
    """Return a warning's title for any channel."""
    words = told.headline_en if english else told.headline_vi
    changed = {Kind.UPDATE: ("Cập nhật", "Update"), Kind.CANCEL: ("Hủy cảnh báo", "Cancelled")}.get(told.kind)
    if changed:
        words = f"{changed[1] if english else changed[0]}: {words}"
    return marked(told.status, words, english=english)


def notice(status: Status, *, english: bool = False) -> str:
    """Return the sentence that opens every body of a drill or a test; empty for the real thing."""
    if status is Status.ACTUAL:
        return ""
    if status is Status.EXERCISE:
        return _DRILL_EN if english else _DRILL_VI
    return _TEST_EN if english else _TEST_VI


def push_payload(told: Told, *, tag: str) -> dict[str, dict[str, str]]:
    """Return the push message by language: title, body, href, tag."""
    href = f"/canh-bao/{told.code}/"
    made = {}
    for language, english in (("vi", False), ("en", True)):
        body = notice(told.status, english=english) + (told.instruction_en if english else told.instruction_vi)
        made[language] = {
            "title": _cut(title(told, english=english), PUSH_TITLE),
            "body": _cut(body, PUSH_BODY),
            "href": href,
            "tag": tag,
        }
    return made


def _cut(words: str, longest: int) -> str:
    return words if len(words) <= longest else words[: longest - 1].rsplit(" ", 1)[0] + "…"


def area_words(places: tuple[str, ...], *, most: int = 12) -> str:
    """Return the places in words; beyond ``most`` the rest is counted, never dropped in silence."""
    if len(places) <= most:
        return ", ".join(places)
    return f"{', '.join(places[:most])} và {len(places) - most} xã, phường khác"


def loudspeaker(told: Told) -> str:
    """Return what a loudspeaker reads, twice over, in short sentences."""
    level = f" Rủi ro thiên tai {LEVELS[told.level].words.lower()}, {LEVELS[told.level].risk}." if told.level else ""
    mark = {Status.EXERCISE: "Diễn tập. Diễn tập. ", Status.TEST: "Gửi thử. Gửi thử. "}.get(told.status, "")
    kind = {Kind.UPDATE: "Tin cập nhật. ", Kind.CANCEL: "Tin hủy cảnh báo. "}.get(told.kind, "")
    end = f" {mark.strip()}" if mark else ""
    return (
        f"{mark}{notice(told.status)}{told.sender} thông báo. {kind}{told.headline_vi}.{level} "
        f"Áp dụng tại {area_words(told.places, most=6)}, từ {_spoken(told.effective)} đến {_spoken(told.expires)}. "
        f"{told.description_vi} {told.instruction_vi} Số điện thoại trực: {told.contact}. Xin nhắc lại. "
        f"{told.headline_vi}. {told.instruction_vi}{end}"
    )


def reading_seconds(words: str) -> int:
    """Return about how long a voice takes: Vietnamese is read at about 3.3 syllables a second over a loudspeaker."""
    return round(len(words.split()) / 3.3)


def press_mail(told: Told) -> tuple[str, str]:
    """Return subject and body of the letter to the press."""
    level = f"{LEVELS[told.level].words} ({LEVELS[told.level].risk})" if told.level else "không phân cấp"
    mark = MARK_VI[told.status]
    head = f"{mark} – {mark} – {mark}\n{notice(told.status).strip()}\n\n" if mark else ""
    body = (
        f"{head}Kính gửi các cơ quan báo chí,\n\n{told.sender} đề nghị đưa tin nguyên văn:\n\n{title(told)}\n\n"
        f"{told.description_vi}\n\nViệc cần làm: {told.instruction_vi}\n\nNơi áp dụng: {area_words(told.places, most=40)}.\n"
        f"Hiệu lực: từ {_spoken(told.effective)} đến {_spoken(told.expires)}.\nCấp độ rủi ro thiên tai: {level}.\n"
        f"Điện thoại trực: {told.contact}.\n"
    )
    return title(told), body


def _spoken(at: datetime) -> str:
    minutes = f" {at.minute} phút" if at.minute else ""
    return f"{at.hour} giờ{minutes} ngày {at.day} tháng {at.month}"
