"""Rows of an office's table that are no entries: totals, the names of groups, headings again, numbers before nothing, notes and signatures
under it. Each is told, none dropped silently."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from smarthd.connectors.rules.checking import Line
from smarthd.connectors.rules.headings import GROUP, is_numbering, last_of
from smarthd.kernel import text

_TOTAL = re.compile(
    r"^(tong cong( .*)?|tong|tong so|tong hop|cong( (xa|phuong|dac khu|nhom|muc|trang|phan|don)\b.*)?|total)$"
)
_FOOT = re.compile(
    r"^(ghi chu|noi nhan|nguoi lap|lap bieu|lap bang|nguoi tong hop|thu truong|giam doc|pho giam doc|chu tich|ke toan|tm|kt|tl|ky ten"
    r"|xac nhan|duyet)\b|\bngay( \d{1,2})? thang( \d{1,2})? nam( \d{4})?\b"
)
_ROMAN = re.compile(r"^(?=[IVX])(X{0,3})(IX|IV|V?I{0,3})[.)]?$")
_LETTER = re.compile(r"^[A-ZĐ][.)]?$")
_NUMBERED = re.compile(r"^(X{0,3}(?:IX|IV|V?I{0,3})|[A-ZĐ])[.)]\s*(?=\S)")
_NUMBER = re.compile(r"^[-+(]?\d[\d.,\s]*[^\W\d]{0,5}[)%²³]?$")
_ORDINAL = re.compile(r"^(stt|so tt|so thu tu|tt|no)$")
_BEGIN_NUMBERS = frozenset("-+(0123456789")
_FEWEST_COLUMNS, _MOST_HELD, _TOLD = 4, 60, 6


def is_total(cells: Sequence[str]) -> bool:
    """Say whether a row is a sum of others: its one word is "Tổng cộng", "Cộng phường …", all else are numbers."""
    word, filled, figures = "", 0, False
    for cell in cells:
        if not cell:
            continue
        filled += 1
        if cell[0] in _BEGIN_NUMBERS and _NUMBER.match(cell):
            figures = True
        elif not (cell[0] in "IVX" and _ROMAN.match(cell)):
            if word:
                return False
            word = cell
    return bool(word) and bool(_TOTAL.match(text.fold(word))) and (figures or filled == 1)


def group_of(cells: Sequence[str], width: int) -> str:
    """Return the name of the group a row begins ("I | Phường Hải Dương", "A. Công lập"); "" where it begins none."""
    said = [(at, cell) for at, cell in enumerate(cells) if cell]
    if width < _FEWEST_COLUMNS or not said or len(said) > 2 or said[0][0] > 1 or said[-1][0] > 2:
        return ""
    first, name = said[0][1], said[-1][1]
    if _FOOT.search(text.fold(name)) or _TOTAL.match(text.fold(name)):
        return ""
    if len(said) == 2:
        return name if (_ROMAN.match(first) or _LETTER.match(first)) and not _NUMBER.match(name) else ""
    return _NUMBERED.sub("", name) if _NUMBERED.match(name) else ""


def is_heading_again(cells: Sequence[str], names: Sequence[str]) -> bool:
    """Say whether a row is the heading once more, as on each page of a printed list, or the numbering under it; ``names`` are the columns'
    own, folded."""
    first = next((at for at, cell in enumerate(cells) if cell), -1)
    if first < 0 or first >= len(names):
        return False
    if cells[first] == "(1)":
        return is_numbering(cells)
    if text.fold(cells[first]) != names[first]:
        return False
    said = [(text.fold(cell), name) for cell, name in zip(cells, names, strict=False) if cell]
    same = sum(cell == name for cell, name in said)
    return same >= 2 and same * 5 >= len(said) * 4


class Entries:
    """The lines of a table without what is no entry; ``columns`` gains ``GROUP`` where ``first`` rows are told apart by groups.

    Read once; ``notes`` tells, after that, what was left out and where.
    """

    def __init__(self, columns: Sequence[str], first: Sequence[Sequence[str]], lines: Iterable[Line]) -> None:
        self._lines, self._width = lines, len(columns)
        self._names = [text.fold(last_of(name)) for name in columns]
        self._wide = sum(map(bool, columns))
        grouped = any(group_of(row, self._wide) for row in first) and GROUP not in columns
        self.columns = (*columns, GROUP) if grouped else tuple(columns)
        self._grouped, self._group = grouped, ""
        self._totals, self._groups, self._again, self._bare = list[int](), list[int](), list[int](), list[int]()
        self._foot = list[Line]()
        self._ordinal = next((at for at, name in enumerate(columns) if _ORDINAL.match(text.fold(name))), -1)

    def __iter__(self) -> Iterator[Line]:
        held: list[Line] = []
        for line in self._lines:
            if (kind := self._aside(line.cells)) is not None:
                yield from map(self._entry, held)
                held = []
                kind.append(line.number)
            elif self._is_sparse(line) and len(held) < _MOST_HELD:
                held.append(line)
            else:
                yield from map(self._entry, [*held, line])
                held = []
        begins = next((at for at, line in enumerate(held) if _is_foot(line)), len(held))
        yield from map(self._entry, held[:begins])
        self._foot = [line for line in held[begins:] if any(line.cells)]

    def _aside(self, cells: Sequence[str]) -> list[int] | None:
        """Return where a row that is no entry is noted; None for an entry."""
        if is_total(cells):
            return self._totals
        if self._grouped and (group := group_of(cells, self._wide)):
            self._group = group
            return self._groups
        if self._wide >= _FEWEST_COLUMNS and is_heading_again(cells, self._names):
            return self._again
        only = [at for at, cell in enumerate(cells) if cell]
        if only == [self._ordinal] and _NUMBER.match(cells[self._ordinal]):
            return self._bare
        return None

    def _is_sparse(self, line: Line) -> bool:
        return self._wide >= _FEWEST_COLUMNS and sum(map(bool, line.cells)) <= max(2, self._wide * 3 // 10)

    def _entry(self, line: Line) -> Line:
        if not self._grouped or not any(line.cells):
            return line
        missing = self._width - len(line.cells)
        return Line(line.number, [*line.cells[: self._width], *[""] * missing, self._group])

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out, for whoever looks at the version."""
        told = []
        if self._totals:
            told.append(f"Không đọc dòng cộng: dòng {_listed(self._totals)}.")
        if self._groups:
            told.append(
                f"Dòng {_listed(self._groups)} là tên nhóm, không phải một mục; tên nhóm được ghi vào cột “{GROUP}” của các dòng bên dưới."
            )
        if self._again:
            told.append(f"Không đọc dòng tiêu đề lặp lại: dòng {_listed(self._again)}.")
        if self._bare:
            told.append(f"Bỏ qua dòng chỉ có số thứ tự, chưa điền gì: dòng {_listed(self._bare)}.")
        if self._foot:
            words = next(cell for cell in self._foot[0].cells if cell)
            told.append(f"Không đọc phần dưới bảng, từ dòng {self._foot[0].number} (“{words[:60]}”).")
        return tuple(told)


def _is_foot(line: Line) -> bool:
    return any(_FOOT.search(text.fold(cell)) for cell in line.cells if cell)


def _listed(numbers: Sequence[int]) -> str:
    more = f" và {len(numbers) - _TOLD} dòng nữa" if len(numbers) > _TOLD else ""
    return ", ".join(map(str, numbers[:_TOLD])) + more
