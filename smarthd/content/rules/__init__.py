"""Decisions about notices and the directory, as functions of values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import phonenumbers

from smarthd.kernel import text
from smarthd.kernel.errors import Conflict, Invalid, NotAllowed

MAX_TITLE = 160
MAX_SUMMARY = 300
MAX_BODY = 40_000  # characters of markup: about twelve printed pages
READ_SECONDS = 10  # a notice counts as read after this long in view (the roll-out's definition)
_WORDS_A_MINUTE = 220  # Vietnamese syllables a careful reader takes in


class Urgency(StrEnum):
    """How a bulletin is treated (Circular 39/2020/TT-BTTTT names the same three)."""

    NORMAL = "normal"  # thông thường
    PRIORITY = "priority"  # ưu tiên
    URGENT = "urgent"  # khẩn cấp


URGENCY_WORDS = {Urgency.NORMAL: "Thông thường", Urgency.PRIORITY: "Ưu tiên", Urgency.URGENT: "Khẩn cấp"}


class Audience(StrEnum):
    """Whom a notice is for."""

    PROVINCE = "province"  # toàn tỉnh
    UNITS = "units"  # các đơn vị hành chính đã chọn


AUDIENCE_WORDS = {Audience.PROVINCE: "Toàn tỉnh", Audience.UNITS: "Một số xã, phường, huyện"}


class Language(StrEnum):
    """The language a notice is written in."""

    VI = "vi"
    EN = "en"


LANGUAGE_WORDS = {Language.VI: "Tiếng Việt", Language.EN: "English"}


class HotlineCategory(StrEnum):
    """What a person calls about; the order here is the order shown."""

    EMERGENCY = "emergency"  # khẩn cấp
    AUTHORITY = "authority"  # chính quyền xã, phường
    POLICE = "police"  # công an, trật tự
    HEALTH = "health"  # y tế
    UTILITIES = "utilities"  # điện, nước, viễn thông
    DISASTER = "disaster"  # phòng chống thiên tai
    SOCIAL = "social"  # trẻ em, người già, phòng chống bạo lực
    PROCEDURES = "procedures"  # thủ tục hành chính, dịch vụ công
    TRANSPORT = "transport"  # đi lại
    AGRICULTURE = "agriculture"  # nông nghiệp


CATEGORY_WORDS = {
    HotlineCategory.EMERGENCY: "Khẩn cấp",
    HotlineCategory.AUTHORITY: "Chính quyền xã, phường",
    HotlineCategory.POLICE: "Công an, trật tự",
    HotlineCategory.HEALTH: "Y tế",
    HotlineCategory.UTILITIES: "Điện, nước, viễn thông",
    HotlineCategory.DISASTER: "Phòng chống thiên tai",
    HotlineCategory.SOCIAL: "Trẻ em, gia đình, xã hội",
    HotlineCategory.PROCEDURES: "Thủ tục, dịch vụ công",
    HotlineCategory.TRANSPORT: "Đi lại",
    HotlineCategory.AGRICULTURE: "Nông nghiệp",
}


class Standing(StrEnum):
    """What a reader who follows a link to a notice is told."""

    SHOWN = "shown"  # đang đăng
    EXPIRED = "expired"  # đã hết hạn
    WITHDRAWN = "withdrawn"  # đã gỡ
    UNKNOWN = "unknown"  # chưa từng đăng


def standing(*, live: bool, expired: bool, ever_published: bool, expire_at: datetime | None, now: datetime) -> Standing:
    """Say how a notice stands at ``now``; its hour of expiry counts even before the scheduler has taken it down."""
    if not ever_published:
        return Standing.UNKNOWN
    if expired or (expire_at is not None and expire_at <= now):
        return Standing.EXPIRED
    return Standing.SHOWN if live else Standing.WITHDRAWN


# --- four eyes -------------------------------------------------------------------------------------------------------
class OwnNoticeApproval(NotAllowed):
    """The one who wrote or submitted a notice does not approve it."""


def approver_is_another(*, approver_id: int, author_ids: frozenset[int]) -> bool:
    """Say whether the approver had no hand in what is approved."""
    return approver_id not in author_ids


# --- words -----------------------------------------------------------------------------------------------------------
class NoticeIncomplete(Invalid):
    """A notice lacks what a reader needs; ``facts["fields"]`` maps fields to a reason name."""


class NoticeMovedOn(Conflict):
    """The notice is not in the state this act starts from."""


def notice_slug(title: str, code: str) -> str:
    """Return the readable, unguessable-enough and lasting last part of a notice's address."""
    words = text.slug(title)[:60].strip("-") or "thong-bao"
    return f"{words}-{code.lower()}"


def reading_minutes(words: str) -> int:
    """Return how many minutes a careful reader needs, at least one."""
    return max(1, round(len(words.split()) / _WORDS_A_MINUTE))


# --- telephone numbers -----------------------------------------------------------------------------------------------
class NotDialable(Invalid):
    """What was given is no number a Vietnamese telephone can call."""


EMERGENCY_NUMBERS = ("111", "112", "113", "114", "115")
_SHORT = re.compile(r"1(?:11|12|13|14|15|022)")
_SERVICE = re.compile(r"1[89]00\d{4}(?:\d{2})?")  # 1800/1900 numbers have 8 or 10 digits
_SAMPLE = re.compile(r"0220000\d{4}")  # no subscriber number begins with 0: cannot belong to anyone


@dataclass(frozen=True, slots=True)
class Dialable:
    """A number as dialled (``tel:``) and as printed; a sample is one that can belong to no subscriber."""

    dial: str
    shown: str
    sample: bool = False


def dialable(raw: str) -> Dialable:
    """Return the number a telephone can dial, or raise NotDialable.

    Accepted: the national short numbers, 1800/1900 service numbers, landlines and mobiles of Viet Nam (with or without
    +84), and the sample range 0220 000 xxxx that demonstration data uses.
    """
    if len(raw) > 40 or re.search(r"[^0-9\s+().\-]", raw.strip()):
        raise NotDialable(given=raw[:40])
    digits = re.sub(r"[^0-9+]", "", raw)
    if _SHORT.fullmatch(digits):
        return Dialable(dial=digits, shown=digits)
    if _SERVICE.fullmatch(digits):
        return Dialable(dial=digits, shown=" ".join([digits[:4], digits[4:8], digits[8:]]).strip())
    if _SAMPLE.fullmatch(digits):
        return Dialable(dial=digits, shown=f"{digits[:4]} {digits[4:7]} {digits[7:]}", sample=True)
    try:
        number = phonenumbers.parse(digits, "VN")
    except phonenumbers.NumberParseException:
        raise NotDialable(given=raw[:40]) from None
    if number.country_code != 84 or not phonenumbers.is_valid_number(number):
        raise NotDialable(given=raw[:40])
    return Dialable(
        dial=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        shown=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL),
    )


# --- what may be published -------------------------------------------------------------------------------------------
class AudienceTooWide(Invalid):
    """An agency of one unit speaks to that unit only; ``facts["places"]`` names what lies outside it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is decided about before a notice goes out; ``place_ids`` are the units it is for."""

    title: str
    summary: str
    words: str
    audience: str
    place_ids: tuple[int, ...]
    has_picture: bool
    picture_words: str
    go_live_at: datetime | None
    expire_at: datetime | None


def faults(draft: Draft, *, now: datetime) -> dict[str, str]:
    """Return what keeps a draft from being published, by field; reasons are names that the form puts into words."""
    found: dict[str, str] = {}
    for field, value in (("title", draft.title), ("summary", draft.summary), ("body", draft.words)):
        if not value.strip():
            found[field] = "missing"
    if draft.audience == Audience.UNITS and not draft.place_ids:
        found["units"] = "missing"
    if draft.has_picture and not draft.picture_words.strip():
        found["image_alt"] = "missing"
    if draft.expire_at is not None and draft.expire_at <= max(now, draft.go_live_at or now):
        found["expire_at"] = "too_early"
    return found


def within_reach(*, home_id: int | None, home_is_province: bool, paths: dict[int, frozenset[int]]) -> frozenset[int]:
    """Return which of the addressed units (keys; values: they and their superiors) lie outside an agency's own unit.

    An agency without a unit, or of the province itself, may speak to anyone.
    """
    if home_id is None or home_is_province:
        return frozenset()
    return frozenset(unit for unit, above in paths.items() if home_id not in above)
