"""Figure tokens: what stands in an edited paragraph for a figure, so that no figure is typed by hand.

``{II.7|staff_used}`` is the figure with its base and a reference to its annex row; ``|ty_le`` gives the share alone, ``|so`` the
count, ``|mau`` the base.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from smarthd.insights import wording
from smarthd.insights.errors import UnknownFigureToken
from smarthd.insights.material import Cell, Material

TOKEN = re.compile(r"\{([IVX]+\.\d+)\|([a-z0-9_]+)(?:\|(ty_le|so|mau))?\}")
_BRACES = re.compile(r"\{[^{}]*\}")


def token(code: str, key: str, form: str = "") -> str:
    """Return the token of one figure."""
    return f"{{{code}|{key}|{form}}}" if form else f"{{{code}|{key}}}"


def check(text: str, material: Material) -> None:
    """Raise UnknownFigureToken, naming every token of the text that stands for no figure of the material."""
    unknown = []
    for braces in _BRACES.findall(text):
        match = TOKEN.fullmatch(braces)
        if match is None or _cell(material, match[1], match[2]) is None:
            unknown.append(braces)
    alone = sorted(set(_BRACES.sub("", text)) & {"{", "}"})
    if unknown or alone:
        raise UnknownFigureToken(tokens=[*unknown, *alone])


def resolve(text: str, material: Material) -> str:
    """Return the text with every token replaced by its present figure."""

    def figure(match: re.Match[str]) -> str:
        cell = _cell(material, match[1], match[2])
        if cell is None:
            raise UnknownFigureToken(tokens=[match[0]])
        return _shown(cell, match[1], match[3] or "")

    return TOKEN.sub(figure, text)


def changed(paragraphs: Mapping[str, Sequence[str]], before: Material, after: Material) -> dict[str, list[str]]:
    """Return, by section, the paragraphs whose figures differ between two materials: they must be read again."""
    stale: dict[str, list[str]] = {}
    for section, texts in paragraphs.items():
        for text in texts:
            pairs = [(match[1], match[2]) for match in TOKEN.finditer(text)]
            if any(_cell(before, *pair) != _cell(after, *pair) for pair in pairs):
                stale.setdefault(section, []).append(text)
    return stale


def _cell(material: Material, code: str, key: str) -> Cell | None:
    try:
        return material.line(code).cells.get(key)
    except KeyError:
        return None


def _shown(cell: Cell, code: str, form: str) -> str:
    if form and "hidden" in cell.flags:
        return "ẩn"
    if form == "ty_le":
        return wording.percent(cell.ratio)
    if form == "so":
        return wording.count(cell.numerator)
    if form == "mau":
        return wording.count(cell.denominator)
    return f"{wording.of_base(cell)} [{code}]"
