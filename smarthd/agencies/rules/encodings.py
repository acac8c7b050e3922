"""Text in the encodings Vietnamese offices still keep: Unicode, Windows-1258, TCVN3 (ABC fonts), VNI (VNI fonts).

Nothing is guessed silently: a byte order mark is believed, then strict UTF-8; anything else needs the clerk's word, and is shown to
the clerk in every encoding of the list first. TCVN3 follows TCVN 5712:1993 (VN3), VNI the layout of VNI for Windows.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from smarthd.kernel.errors import Invalid


class Encoding(StrEnum):
    """Encodings a clerk can name, with the Vietnamese words beside."""

    UTF_8 = "utf-8"  # Unicode (UTF-8)
    UTF_16_LE = "utf-16-le"  # Unicode (UTF-16)
    UTF_16_BE = "utf-16-be"  # Unicode (UTF-16, big endian)
    WINDOWS_1258 = "windows-1258"  # Windows-1258 (Vietnamese Windows)
    TCVN3 = "tcvn3"  # TCVN3 (ABC): phông .VnTime
    VNI = "vni"  # VNI: phông VNI-Times


WORDS: dict[Encoding, str] = {
    Encoding.UTF_8: "Unicode (UTF-8)",
    Encoding.UTF_16_LE: "Unicode (UTF-16)",
    Encoding.UTF_16_BE: "Unicode (UTF-16, byte cao trước)",
    Encoding.WINDOWS_1258: "Windows-1258",
    Encoding.TCVN3: "TCVN3 (ABC), phông .VnTime",
    Encoding.VNI: "VNI, phông VNI-Times",
}

_WIDE = frozenset({Encoding.UTF_16_LE, Encoding.UTF_16_BE})
_MARKS: tuple[tuple[bytes, Encoding], ...] = (
    (codecs.BOM_UTF8, Encoding.UTF_8),
    (codecs.BOM_UTF16_LE, Encoding.UTF_16_LE),
    (codecs.BOM_UTF16_BE, Encoding.UTF_16_BE),
)

# Bytes 0xA1.. of TCVN3 in ascending order of the code; a space stands for an unused code.
_TCVN3_CODES = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
TCVN3 = {code + offset: letter for code, letters in _TCVN3_CODES.items() for offset, letter in enumerate(letters)}

_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_BREVE, _CIRCUMFLEX, _HORN = "\u0306", "\u0302", "\u031b"
# What follows a vowel in VNI, as marks; capitals are the same letters 32 codes lower.
_VNI_MARKS = {
    "ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "ê": _BREVE, "è": _BREVE + _GRAVE, "é": _BREVE + _ACUTE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE, "ë": _BREVE + _DOT,
    "â": _CIRCUMFLEX, "à": _CIRCUMFLEX + _GRAVE, "á": _CIRCUMFLEX + _ACUTE, "å": _CIRCUMFLEX + _HOOK,
    "ã": _CIRCUMFLEX + _TILDE, "ä": _CIRCUMFLEX + _DOT,
}  # fmt: skip
_VNI_LETTERS = {
    "ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ô": "ơ", "ö": "ư", "î": "ỵ", "ñ": "đ",
}  # fmt: skip
_VNI_MARKS |= {mark.upper(): marks for mark, marks in _VNI_MARKS.items()}
_VNI_LETTERS |= {old.upper(): new.upper() for old, new in _VNI_LETTERS.items()}
_BREVES, _CIRCUMFLEXES = frozenset("aA"), frozenset("aAeEoO")
_TONED = frozenset("aAeEoOuUyYôÔöÖ")

_LEGACY_SIGNS = {
    # Letters that occur in TCVN3 or VNI texts read as Latin-1 and never in Vietnamese written in Unicode.
    Encoding.TCVN3: frozenset("¡¢£¤¥¦§¨©ª«¬\u00ad®¯µ¶·¸¹»¼½¾ÆÇÈÉËÎÏÐÑÖ×ØÜÞßåæçëîïñö÷øûüÿþ"),
    Encoding.VNI: frozenset("ÄÅÆÇËÎÏÑÖØÛÜäåæçëîïñöøûüÿ"),
}
_WORD_WITH_LEGACY = re.compile(r"[A-Za-z\u00a1-\u00ff]*[\u00a1-\u00ff][A-Za-z\u00a1-\u00ff]*")


class EncodingUnclear(Invalid):
    """The bytes are no UTF-8 and nobody said what they are; ``facts["samples"]`` shows them in each encoding of the list."""


class NotInEncoding(Invalid):
    """The bytes cannot be text in the declared encoding."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text in NFC, and what it was decoded from."""

    text: str
    encoding: Encoding


def decode(raw: bytes, *, declared: Encoding | None = None) -> Decoded:
    """Return the text of a file: mark, then strict UTF-8, then the declared encoding; else raise EncodingUnclear."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return Decoded(_strict(raw[len(mark) :], encoding), encoding)
    looks_wide = raw[:400].count(0) * 4 >= len(raw[:400]) > 0
    if not looks_wide:
        try:
            plain = unicodedata.normalize("NFC", raw.decode("utf-8"))
        except UnicodeDecodeError:
            pass
        else:
            if declared in {Encoding.TCVN3, Encoding.VNI}:
                return Decoded(from_legacy(plain, declared), declared)
            return Decoded(plain, Encoding.UTF_8)
    if declared is None:
        raise EncodingUnclear(samples=samples(raw))
    return Decoded(_strict(raw, declared), declared)


def samples(raw: bytes) -> dict[str, list[str]]:
    """Return up to three telling lines of the bytes in every encoding in which they can be text, for the clerk to choose."""
    shown = {}
    head = raw[:20_000]
    looks_wide = head.count(0) * 8 >= len(head)
    for encoding in Encoding:
        if encoding in _WIDE and not looks_wide:
            continue  # any bytes are UTF-16: of Chinese
        try:
            text = _strict(head[: len(head) // 2 * 2], encoding)
        except NotInEncoding:
            continue
        lines = [line.strip()[:120] for line in text.splitlines() if any(ord(char) > 127 for char in line)]
        shown[encoding.value] = lines[:3]
    return shown


def from_legacy(text: str, encoding: Encoding) -> str:
    """Return text whose letters are TCVN3 or VNI codes (as a workbook in such a font stores them) as Unicode NFC."""
    if encoding is Encoding.TCVN3:
        return unicodedata.normalize("NFC", text.translate(TCVN3))
    if encoding is Encoding.VNI:
        return _from_vni(text)
    return unicodedata.normalize("NFC", text)


_PLAIN_SIGNS = re.compile(
    r"(?<![^\W\d_])µ(?:g|m|s|l|L|M|mol|Sv|S|T|F|V|A|W|Pa|Gy|Bq|eq|rem|kat)(?![A-Za-z\u00a1-\u00ff])"  # millionths: µg/m³, µSv/h
    r"|(?<![A-Za-z\u00a1-\u00ff])«[^«»\n]{1,200}»(?![A-Za-z\u00a1-\u00ff])"  # quotation marks
    r"|(?<=[A-Za-z])®(?![A-Za-z\u00a1-\u00ff])"  # a trade mark: in TCVN3 this code is đ, which no word ends with
    r"|(?<![A-Za-z\u00a1-\u00ff])[¡¢£¤¥¦§¨©ª«¬®¯µ¶¸¹»¼½¾×÷](?![A-Za-z\u00a1-\u00ff])"  # signs that touch no letter: 3×4, ½, © 2026
)
"""What people write in Unicode with signs that TCVN3 and VNI put into words."""


def seems_legacy(text: str) -> bool:
    """Say whether Unicode text looks like TCVN3 or VNI codes shown as Latin letters ("NguyÔn V¨n", "Nguyeãn Vaên").

    Used to ask, never to decode. Words of French or German names alone do not suffice: a mark inside a Vietnamese-looking
    word, or letters that no Latin language puts after those vowels, are needed.
    """
    for word in _WORD_WITH_LEGACY.findall(_PLAIN_SIGNS.sub(" ", unicodedata.normalize("NFC", text))):
        if any(sign in word for sign in "¡¢£¤¥¦§¨©ª«¬\u00ad®¯µ¶·¸¹»¼½¾×÷"):
            return True
        for first, second in pairwise(word):
            if first in _TONED and second in _VNI_MARKS and (first, second) not in _VIETNAMESE_PAIRS:
                return True
        if any(sign in word for sign in "ÆÇËÎÏÑÖØÛÜäåæçëîïñöøûüÿßþ") and len(word) > 1:
            return True
    return False


# Neighbours that occur in Vietnamese in Unicode as well: "tuân", "xoà", "yêu", "hoà", "uê" and the like.
_VIETNAMESE_PAIRS = frozenset((first, second) for first in "uUoOyY" for second in "âÂêÊàÀáÁãÃèÈéÉùÙúÚõÕ")


def _strict(raw: bytes, encoding: Encoding) -> str:
    try:
        if encoding is Encoding.WINDOWS_1258:
            return unicodedata.normalize("NFC", raw.decode("cp1258"))
        if encoding in {Encoding.TCVN3, Encoding.VNI}:
            return from_legacy(raw.decode("latin-1"), encoding)
        return unicodedata.normalize("NFC", raw.decode(encoding.value))
    except UnicodeDecodeError as error:
        raise NotInEncoding(encoding=encoding.value, position=error.start) from None


def _from_vni(text: str) -> str:
    written: list[str] = []
    position = 0
    while position < len(text):
        letter = text[position]
        following = text[position + 1 : position + 2]
        base = _VNI_LETTERS.get(letter, letter)
        marks = _VNI_MARKS.get(following) if letter in _TONED else None
        if marks and _fits(letter, marks):
            written.append(base + marks)
            position += 2
            continue
        written.append(base)
        position += 1
    return unicodedata.normalize("NFC", "".join(written))


def _fits(letter: str, marks: str) -> bool:
    if marks[0] == _BREVE:
        return letter in _BREVES
    if marks[0] == _CIRCUMFLEX:
        return letter in _CIRCUMFLEXES
    return True
