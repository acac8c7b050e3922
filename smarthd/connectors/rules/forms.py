"""Forms a cell may have to keep to, by name; and patterns of one's own, which take no longer than the cell is long."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import re2

from smarthd.connectors.rules import dossiers

LONGEST_PATTERN = 200
LONGEST_MATCHED = 400
_MEMORY = 1 << 20
Fits = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Form:
    """A form by its name: what it is called, how one is written, what says whether a cell keeps to it; ``pattern`` is the same for machines,
    as far as a pattern can say it."""

    words: str
    example: str
    pattern: str
    more: Fits = lambda _cell: True

    def fits(self, cell: str) -> bool:
        """Say whether a cell keeps to the form."""
        return len(cell) <= LONGEST_MATCHED and re.fullmatch(self.pattern, cell) is not None and self.more(cell)


_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def _tax_code(cell: str) -> bool:
    """Say whether the tenth digit of an enterprise's tax code is right; the codes of persons (twelve digits, Thông tư 86/2024/TT-BTC) have none."""
    digits = cell.replace("-", "")
    if len(digits) == 12:
        return True
    told = sum(int(digit) * weight for digit, weight in zip(digits[:9], _TAX_WEIGHTS, strict=True))
    return 10 - told % 11 == int(digits[9])


_HOUR = r"(?:[01]?\d|2[0-4])\s?(?:h|:|giờ)\s?(?:[0-5]\d)?"
_SPAN = rf"{_HOUR}\s?(?:-|–|đến)\s?{_HOUR}"
_EACH_HOUR = re.compile(r"(\d{1,2})\s?(?:h|:|giờ)\s?(\d{2})?")


def _hours_in_order(cell: str) -> bool:
    """Say whether no span ends when it begins, and none is past midnight by its writing (24h15)."""
    minutes = [int(hour) * 60 + int(minute or 0) for hour, minute in _EACH_HOUR.findall(cell)]
    spans = zip(minutes[::2], minutes[1::2], strict=True)
    return all(begin != end and max(begin, end) <= 24 * 60 for begin, end in spans)


FORMS: dict[str, Form] = {
    "ma-so-thue": Form(
        "Mã số thuế", "0801234578 hoặc 0801234578-001", r"[0-9]{10}(?:-?[0-9]{3})?|[0-9]{12}", _tax_code
    ),
    "cchn": Form(
        "Số chứng chỉ, giấy phép hành nghề y, dược",
        "012345/HD-CCHN hoặc 1234/CCHN-D-SYT-HD",
        r"[0-9]{1,6}/(?:[A-ZĐ0-9]{1,6}-){0,4}(?:CCHN|GPHN)(?:-[A-ZĐ0-9]{1,6}){0,4}",
    ),
    "ma-ho-so": Form(
        "Mã hồ sơ thủ tục hành chính", "H23.15.8-241126-0001", r"[GH][0-9]{2}(?:\.[0-9]{1,3}){0,4}-[0-9]{6}-[0-9]{3,6}"
    ),
    "so-van-ban": Form(
        "Số, ký hiệu văn bản",
        "123/QĐ-UBND hoặc 15/2026/NQ-HĐND",
        r"[0-9]{1,6}(?:/(?:19|20)[0-9]{2})?/[A-ZĐƯ][A-ZĐƯ0-9-]{1,30}",
    ),
    "email": Form(
        "Thư điện tử",
        "vanthu@haiduong.gov.vn",
        r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\.){1,5}[A-Za-z]{2,20}",
    ),
    "gio-mo-cua": Form(
        "Giờ mở–đóng",
        "7h–21h hoặc 7:00–11:30, 13:30–17:00 hoặc 24/24",
        rf"24/24|24/7|[Cc]ả ngày|[Nn]ghỉ|{_SPAN}(?:\s?[,;]\s?{_SPAN}){{0,3}}",
        _hours_in_order,
    ),
    "nam": Form("Năm", "2026", r"(?:19|20)[0-9]{2}"),
}
"""Key → form. What is offered by name on the screen of columns."""


def pattern_of(told: str) -> Fits | None:
    """Return what says whether a cell keeps to a pattern of one's own; None where the pattern cannot be understood.

    A mask (``9`` a digit, ``A`` a letter, ``*`` either, the rest itself, ``|`` between several) or, from ``^`` on, an expression as RE2
    takes it: matched in time linear in the cell, without back-references.
    """
    plain = told.strip()
    if not plain or len(plain) > LONGEST_PATTERN:
        return None
    if not plain.startswith("^"):
        return lambda cell: dossiers.fits(cell, plain)
    options = re2.Options()
    options.max_mem, options.log_errors = _MEMORY, False
    try:
        compiled = re2.compile(plain, options)
    except re2.error:
        return None
    return lambda cell: len(cell) <= LONGEST_MATCHED and compiled.fullmatch(cell) is not None


def expression_of(told: str) -> str:
    """Return a pattern of one's own as a regular expression for machines."""
    plain = told.strip()
    if plain.startswith("^"):
        return plain
    return "|".join("".join(map(_sign, mask.strip())) for mask in plain.split("|") if mask.strip())


def _sign(one: str) -> str:
    return {"9": "[0-9]", "A": "[A-Za-z]", "*": "[A-Za-z0-9]"}.get(one) or re.escape(one)
