"""Which agency a clerk means by "UBND xã Hợp Tiến", "X. Hợp Tiến", "Hợp Tiến" or "Sở TT&TT"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from smarthd.kernel import text

_LEADING = {"p": "phuong", "x": "xa", "h": "huyen", "tp": "thanh pho", "tt": "thi tran", "tx": "thi xa", "f": "phuong"}
_COMMITTEE = "uy ban nhan dan "
_LEVEL_WORD = re.compile(r"^(?:xa|phuong|thi tran|huyen|thi xa|thanh pho|tinh) (?=\S)")
_OF_PROVINCE = re.compile(
    r"^(so|thanh tra|ban quan ly|van phong|hoi|lien doan|uy ban mat tran|tinh doan)\b(.*?) (?:tinh|thanh pho) [a-z ]+$"
)


@dataclass(frozen=True, slots=True)
class Named:
    """One name of an agency."""

    agency_id: int
    name: str
    short_name: str
    code: str


def canonical(written: str) -> str:
    """Return the folded name with the usual abbreviations spelt out."""
    words = text.fold(written).split()
    while words and words[0] in {"ubnd", "uybannhandan"}:
        words = [*_COMMITTEE.split(), *words[1:]]
    start = 4 if " ".join(words[:4]) + " " == _COMMITTEE else 0
    if len(words) > start + 1 and words[start] in _LEADING:
        words[start : start + 1] = _LEADING[words[start]].split()
    return " ".join(words)


def keys(named: Named) -> list[set[str]]:
    """Return what an agency may be called, the surest first: in full; without the committee or the province; bare."""
    full = canonical(named.name)
    sure = {full, canonical(named.short_name), canonical(named.code)} - {""}
    likely = {full.removeprefix(_COMMITTEE)}
    if match := _OF_PROVINCE.match(full):
        likely.add(match.group(1) + match.group(2))
    bare = {_LEVEL_WORD.sub("", key) for key in likely}
    return [sure, likely - sure, bare - likely - sure]


class NameIndex:
    """Finds agencies by what they are called."""

    def __init__(self, agencies: Iterable[Named]) -> None:
        self._tiers: list[dict[str, set[int]]] = [defaultdict(set) for _ in range(3)]
        for named in agencies:
            for tier, names in zip(self._tiers, keys(named), strict=True):
                for name in names:
                    tier[name].add(named.agency_id)

    def find(self, written: str) -> set[int]:
        """Return the agencies meant, by the surest reading that finds any; several mean a question."""
        wanted = canonical(written)
        return next((found for tier in self._tiers if (found := tier.get(wanted))), set())
