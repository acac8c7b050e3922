"""Folding of Vietnamese text, so that what people type finds what officials wrote.

``fold("Xã Hoà Bình") == fold("xa hòa binh")``: NFC/NFD, tone marks, vowel marks, đ and case are all ignored; for
comparison that must keep the vowels but not the place of the tone mark (hòa / hoà) there is ``tone_free_key``.
"""

from __future__ import annotations

import re
import unicodedata

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
BIDI_AND_CONTROL = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)


def nfc(text: str) -> str:
    """Return text in NFC with control and direction characters removed (none of these may stand in XML or a PostgreSQL text) and runs of spaces joined."""
    return _SPACES.sub(" ", BIDI_AND_CONTROL.sub("", unicodedata.normalize("NFC", text))).strip()


def _bare_letters() -> dict[int, str]:
    """Return every small letter of Latin with marks and the letter it is without them."""
    bare = {ord("đ"): "d"}
    for code in (*range(0x00C0, 0x0250), *range(0x1E00, 0x1F00)):
        letters = [char for char in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(char)]
        if len(letters) == 1 and letters[0].isascii():
            bare[code] = letters[0]
    return bare


_BARE = _bare_letters()


def fold(text: str) -> str:
    """Return lower-case ASCII words separated by single spaces; for search, never for show."""
    plain = text.lower().translate(_BARE)
    if not plain.isascii():  # marks of their own, other scripts
        plain = _fold_any(plain)
    return _NOT_WORD.sub(" ", plain).strip()


def _fold_any(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def tone_free_key(text: str) -> str:
    """Return a comparison key that keeps letters (ă â ê ô ơ ư đ) and the tone, but not where the tone mark stands.

    Each word becomes its letters without tone followed by its tone: ``hòa`` and ``hoà`` give the same key, ``hóa`` another.
    """
    words = []
    for word in nfc(text).lower().split(" "):
        decomposed = unicodedata.normalize("NFD", word)
        tone = "".join(char for char in decomposed if char in _TONES)
        letters = "".join(char for char in decomposed if char not in _TONES)
        words.append(unicodedata.normalize("NFC", letters) + tone)
    return " ".join(words)


def slug(text: str) -> str:
    """Return the folded text joined by hyphens, for addresses of pages."""
    return fold(text).replace(" ", "-")
