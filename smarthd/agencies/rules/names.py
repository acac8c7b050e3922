"""Names of persons and positions as a roster should keep them."""

from __future__ import annotations

import re

from smarthd.kernel import text

MAX_NAME = 120
_PART = re.compile(r"[^\s\-’']+")
_HONORIFIC_CUT = re.compile(
    r"^(?:(?:ông|bà|đ/c|đồng chí)\b[.:]?|(?:ths|ts|bs|pgs|gs|bscki|bsckii)\.)\s*", re.IGNORECASE
)


def proper_name(written: str) -> str:
    """Return a person's name in NFC with capitals where Vietnamese names have them.

    A name in capitals or in small letters gets one capital a word ("NGUYỄN VĂN AN", "nguyễn văn an"); so does any word with a
    capital inside ("NguyỄn", what fonts of capitals leave behind). Titles before the name ("Ông", "ThS.") are cut.
    """
    name = text.nfc(written)
    name = _HONORIFIC_CUT.sub("", name)
    spread = name.islower()
    return _PART.sub(lambda match: _capitalised(match.group(), always=spread), name)


def plain_case(written: str) -> str:
    """Return a position in NFC; one wholly in capitals becomes a sentence ("PHÓ CHỦ TỊCH" → "Phó chủ tịch")."""
    position = text.nfc(written)
    letters = [char for char in position if char.isalpha()]
    if len(letters) > 4 and all(char.isupper() for char in letters) and " " in position:
        return position[:1] + position[1:].lower()
    return position


def is_name(name: str) -> bool:
    """Say whether the text can be a person's name: at least two words of letters, no digit, at most 120 characters."""
    words = name.split()
    return (
        len(words) >= 2
        and len(name) <= MAX_NAME
        and all(char.isalpha() or char in " -’'." for char in name)
        and any(char.isalpha() for char in words[-1])
    )


def _capitalised(word: str, *, always: bool) -> str:
    inner_capital = any(char.isupper() for char in word[1:])
    if always or inner_capital:
        return word[:1].upper() + word[1:].lower()
    return word
