"""Vietnamese mobile numbers as people and offices write them.

Numbers come with dots, spaces and dashes, with ``+84``, ``0084`` or ``84``, without the leading zero (a spreadsheet ate it), in
full-width digits, or as the eleven-digit numbers that ended on 14 September 2018. Whether a number can exist is
``phonenumbers``' knowledge; what was wrong is named, so that a form or a roster can say it.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from enum import StrEnum

import phonenumbers

from smarthd.kernel import text as text_folding
from smarthd.kernel.errors import Invalid

MAX_LENGTH = 40

# Conversion of 11-digit mobile prefixes, Ministry of Information and Communications, plan of 22/5/2018: old -> present.
OLD_PREFIXES = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036", "0167": "037", "0168": "038", "0169": "039",
    "0186": "056", "0188": "058",
    "0199": "059",
}  # fmt: skip

_SEPARATORS = re.compile(r"[\s.\-‐‑–—_()\[\]/·,]+")
_LABEL = re.compile(r"^\s*(?:s?đt|sdt|dt|tel|phone|di\s*động|điện\s*thoại|số)\s*[:.]?\s*", re.IGNORECASE)
_SPREADSHEET_NUMBER = re.compile(r"^([1-9]\d{8,10})\.0$")
_TWO_NUMBERS = re.compile(r"\d{9,}\D+\d{9,}")
_SERVICE = ("1800", "1900")
_LANDLINE = ("02", "0320")  # 0320 was Hải Dương's own area code until 2017
_MOBILE = frozenset({phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE})


class PhoneFault(StrEnum):
    """What is wrong with a telephone number."""

    EMPTY = "empty"
    LETTERS = "letters"
    TWO_NUMBERS = "two_numbers"
    SERVICE_NUMBER = "service_number"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    LANDLINE = "landline"
    FOREIGN = "foreign"
    UNKNOWN_PREFIX = "unknown_prefix"


PHONE_FAULT_WORDS = {
    PhoneFault.EMPTY: "Chưa có số điện thoại",
    PhoneFault.LETTERS: "Số điện thoại chỉ gồm chữ số, ví dụ 0912 345 678",
    PhoneFault.TWO_NUMBERS: "Có hai số điện thoại trong một ô, hãy giữ lại một số di động",
    PhoneFault.SERVICE_NUMBER: "Đây là số ngắn của tổng đài, không phải số di động",
    PhoneFault.TOO_SHORT: "Số điện thoại thiếu chữ số, số di động có 10 chữ số",
    PhoneFault.TOO_LONG: "Số điện thoại thừa chữ số, số di động có 10 chữ số",
    PhoneFault.LANDLINE: "Đây là số máy bàn, hãy dùng số di động để nhận tin nhắn",
    PhoneFault.FOREIGN: "Hiện chỉ nhận số di động Việt Nam",
    PhoneFault.UNKNOWN_PREFIX: "Đầu số này không có ở Việt Nam, hãy xem lại số điện thoại",
}


class NotAPhone(Invalid):
    """The text is no Vietnamese mobile number; ``facts["fault"]`` is a :class:`PhoneFault`."""

    def __init__(self, fault: PhoneFault) -> None:
        super().__init__(fault=fault)
        self.fault = fault

    @property
    def words(self) -> str:
        """What is wrong, in Vietnamese, for a form or a row of a roster."""
        return PHONE_FAULT_WORDS[self.fault]


def normalise_phone(text: str) -> str:
    """Return the number as ``+84`` and nine digits, or raise NotAPhone naming the fault."""
    national = _national(_bare(text))
    if national[:4] in OLD_PREFIXES and len(national) == 11:
        national = OLD_PREFIXES[national[:4]] + national[4:]
    _refuse_impossible(national)
    number = phonenumbers.parse(national, "VN")
    if not phonenumbers.is_valid_number_for_region(number, "VN"):
        raise NotAPhone(PhoneFault.UNKNOWN_PREFIX)
    if phonenumbers.number_type(number) not in _MOBILE:
        raise NotAPhone(PhoneFault.LANDLINE if national.startswith("02") else PhoneFault.UNKNOWN_PREFIX)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def spoken_phone(e164: str) -> str:
    """Return a normalised number as Vietnamese people read it: ``0912 345 678``."""
    national = "0" + e164.removeprefix("+84")
    return f"{national[:4]} {national[4:7]} {national[7:]}"


def masked_phone(e164: str) -> str:
    """Return a number that its owner recognises and nobody else learns: ``09•• ••• 678``."""
    national = "0" + e164.removeprefix("+84")
    return f"{national[:2]}•• ••• {national[-3:]}"


def _bare(text: str) -> str:
    """Return digits with an optional leading plus."""
    folded = text_folding.BIDI_AND_CONTROL.sub("", unicodedata.normalize("NFKC", text)).strip()
    if not folded:
        raise NotAPhone(PhoneFault.EMPTY)
    if len(folded) > MAX_LENGTH:
        raise NotAPhone(PhoneFault.TOO_LONG)
    number = _LABEL.sub("", folded)
    spreadsheet = _SPREADSHEET_NUMBER.match(number)
    if spreadsheet:
        number = spreadsheet.group(1)
    if _TWO_NUMBERS.search(number) and not number.startswith("+"):
        raise NotAPhone(PhoneFault.TWO_NUMBERS)
    bare = _SEPARATORS.sub("", number)
    digits = bare.removeprefix("+")
    if not digits:
        raise NotAPhone(PhoneFault.EMPTY)
    if not (digits.isascii() and digits.isdigit()):
        raise NotAPhone(PhoneFault.LETTERS)
    return bare


def _national(bare: str) -> str:
    """Return the national form with its leading zero."""
    if bare.startswith(("+", "00")):
        digits = bare.removeprefix("+").removeprefix("00")
        if not digits.startswith("84"):
            raise NotAPhone(PhoneFault.FOREIGN)
        return "0" + digits[2:].removeprefix("0")
    if bare.startswith("84") and len(bare) in {11, 12, 13}:
        return "0" + bare[2:].removeprefix("0")
    if bare.startswith(("0", *_SERVICE)) or len(bare) < 9:
        return bare
    return "0" + bare  # the zero a spreadsheet ate


def _refuse_impossible(national: str) -> None:
    """Raise for what has the wrong length, the most helpful name first."""
    if len(national) <= 6 or national.startswith(_SERVICE):
        raise NotAPhone(PhoneFault.SERVICE_NUMBER if not national.startswith("0") else PhoneFault.TOO_SHORT)
    if national.startswith(_LANDLINE) and len(national) == 11:
        raise NotAPhone(PhoneFault.LANDLINE)
    if len(national) < 10:
        raise NotAPhone(PhoneFault.TOO_SHORT)
    if len(national) > 10:
        if len(national) == 11 and national.startswith("01"):
            raise NotAPhone(PhoneFault.UNKNOWN_PREFIX)
        raise NotAPhone(PhoneFault.TOO_LONG)


BESIDE_WITHIN = timedelta(hours=24)
_BESIDE = 3


def numbers_beside(e164: str) -> list[str]:
    """Return the numbers up to three above and below a number, as they would be written."""
    head, tail = e164[:-6], e164[-6:]
    near = (int(tail) + step for step in range(-_BESIDE, _BESIDE + 1) if step)
    return [f"{head}{number:06d}" for number in near if 0 <= number < 1_000_000]
