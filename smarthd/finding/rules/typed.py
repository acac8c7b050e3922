"""What people type, read as questions: words with and without marks, the last one half typed, digits, keys of Telex and VNI left standing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from smarthd.kernel import lexemes, text

LONGEST = 80
MOST_WORDS = 8
_DIGITS_APART = re.compile(r"(?<=\d)[\s.\-]+(?=\d)")
_PHONE = re.compile(r"\+?\d[\d\s.\-]{1,16}\d")


@dataclass(frozen=True, slots=True)
class Typed:
    """A question. ``words`` are folded; ``marked`` are the words that bear marks, as they are spelt; ``open`` says that the last
    word may still be half typed; ``digits`` is the number that was typed, "" for words."""

    said: str
    words: tuple[str, ...]
    marked: tuple[str, ...]
    open: bool
    digits: str

    def __bool__(self) -> bool:
        return bool(self.words)


def read(said: str) -> Typed:
    """Read what was typed, of any length and any signs."""
    plain = text.nfc(said)[:LONGEST]
    digits = _digits(plain)
    words = (digits,) if digits else tuple(dict.fromkeys(lexemes.words(plain)[:MOST_WORDS]))
    marked = tuple(dict.fromkeys(word for word in lexemes.spelt(plain) if lexemes.marked(word)))[:MOST_WORDS]
    return Typed(plain, words, marked, open=bool(words) and not said.endswith(" "), digits=digits)


def _digits(plain: str) -> str:
    """Return the digits of a telephone number typed with or without spaces, dots and country code; "" where more than that was typed."""
    if not _PHONE.fullmatch(plain):
        return ""
    digits = re.sub(r"\D", "", plain)
    if plain.startswith("+84") or (digits.startswith("84") and len(digits) in {11, 12}):
        digits = f"0{digits[2:]}"
    return digits


def number_words(dial: str, shown: str) -> list[str]:
    """Return what a number to call is found by: whole, without its first zero, and in the groups it is printed in."""
    whole = _digits(dial) or re.sub(r"\D", "", dial)
    return list(dict.fromkeys([whole, whole.removeprefix("0"), *lexemes.words(shown)]))


_TONE_KEYS = frozenset("sfrxj")
_VOWELS = frozenset("aeiouyw")
_TELEX = (("dd", "d"), ("aa", "a"), ("ee", "e"), ("oo", "o"), ("uw", "u"), ("ow", "o"), ("aw", "a"))
_VNI = re.compile(r"(?<=[a-z])[1-9]+")


def without_keys(word: str) -> str:
    """Return a word as Telex or VNI would have made it, folded: ``thuoocs`` and ``thuo61c`` are ``thuoc``; "" where nothing is left standing."""
    told = _VNI.sub("", word)
    if told == word:
        told = _without_telex(word)
    return told if told != word and told and any(letter in _VOWELS for letter in told) else ""


def _without_telex(word: str) -> str:
    head, tone = word, ""
    while len(head) > 1 and head[-1] in _TONE_KEYS and any(letter in _VOWELS for letter in head[:-1]):
        head, tone = head[:-1], head[-1]
    inner = re.sub(r"(?<=[aeiouyw])[sfrxj](?=[aeiouywcghmnpt]+$)", "", head) if not tone else head
    for keys, letter in _TELEX:
        inner = inner.replace(keys, letter)
    return re.sub(r"(?<=[aeiouy])w|w(?=[aeiouy])", "", inner).replace("w", "u")
