"""Names of places as people type them: which words say only the kind, and how well one text matches another. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from smarthd.kernel.text import fold, tone_free_key

# What people write before a name, folded; longer first. "tp", "tx", "tt" stand alone or with a dot.
_KIND_WORDS = {
    "thanh pho": ("Thành phố",),
    "thi tran": ("Thị trấn",),
    "thi xa": ("Thị xã",),
    "khu dan cu": ("Khu dân cư",),
    "to dan pho": ("Tổ dân phố",),
    "dac khu": ("Đặc khu",),
    "khu pho": ("Khu phố",),
    "phuong": ("Phường",),
    "huyen": ("Huyện",),
    "quan": ("Quận",),
    "tinh": ("Tỉnh",),
    "thon": ("Thôn",),
    "lang": ("Làng",),
    "xom": ("Xóm",),
    "xa": ("Xã",),
    "tp": ("Thành phố",),
    "tx": ("Thị xã",),
    "tt": ("Thị trấn",),
    "kdc": ("Khu dân cư",),
    "tdp": ("Tổ dân phố",),
    "ubnd": (),
    "uy ban nhan dan": (),
    "p": ("Phường",),
    "x": ("Xã",),
    "h": ("Huyện",),
}
_KIND_AT_START = re.compile(r"^(?:" + "|".join(sorted(_KIND_WORDS, key=len, reverse=True)) + r")\s+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A typed text, taken apart: the folded words of the name, and the kinds it allows (none: all)."""

    words: tuple[str, ...]
    folded: str
    kinds: frozenset[str]
    toned: str


def take_apart(text: str) -> list[Wanted]:
    """Return the readings of a typed text: with its leading kind taken off, and as a bare name.

    "thanh pho hai duong" is a city named Hải Dương; "xa" alone, or "Thanh Phú", stays a name.
    """
    folded = fold(text)
    toned = tone_free_key(text)
    readings = []
    match = _KIND_AT_START.match(folded)
    kinds: frozenset[str] = frozenset()
    rest = folded
    while match:
        word = match.group().strip()
        kinds = frozenset(_KIND_WORDS[word]) or kinds
        rest = rest[match.end() :]
        words = tuple(rest.split())
        skipped = len(folded.split()) - len(words)
        readings.append(Wanted(words, rest, kinds, " ".join(toned.split()[skipped:])))
        match = _KIND_AT_START.match(rest)
    if folded:
        readings.append(Wanted(tuple(folded.split()), folded, frozenset(), toned))
    return readings


EXACT, STARTS, WORDS, WITHIN = 0, 1, 2, 3


def likeness(wanted: Wanted, name: str) -> int | None:
    """Say how a folded name matches: exact (0), starts alike (1), its words start alike in order (2), anywhere in order (3)."""
    if name == wanted.folded:
        return EXACT
    if name.startswith(wanted.folded):
        return STARTS
    words = name.split()
    for start in range(len(words)):
        part = words[start : start + len(wanted.words)]
        if len(part) == len(wanted.words) and all(
            word.startswith(typed) for word, typed in zip(part, wanted.words, strict=True)
        ):
            return WORDS if start == 0 else WITHIN
    return None
