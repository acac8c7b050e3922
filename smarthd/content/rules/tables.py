"""Tables beside a page's words: pasted from a spreadsheet or typed, and what keeps a reader who hears them from following.

Sources: WCAG 2.2, 1.3.1 (header cells, caption; no table for layout) and W3C WAI, Tables Tutorial (simple tables: one row of column
names, at most one column of row names; cells are not merged).
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from smarthd.kernel import text

MOST_ROWS, MOST_COLUMNS, MOST_LETTERS = 100, 12, 20_000
WIDE = 6  # columns a phone shows without scrolling far
LONG_CELL = 200
_RULE = re.compile(r"[\s|:\-–—]+")  # the line under a header in typed tables
_FIGURE = re.compile(r"[\d.,%\s/:\-–+]+")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the names of its columns and its rows, all of one length where it is whole."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a table, in words; ``blocks`` keeps the page from being submitted."""

    words: str
    blocks: bool = True


def grid(pasted: str) -> Grid:
    """Return what was pasted: cells between tabs as spreadsheets copy them, else between ``|``; a ruled line is left out."""
    cut = pasted[:MOST_LETTERS]
    if "\t" in cut:
        lines = [list(one) for one in csv.reader(io.StringIO(cut), delimiter="\t")]
    else:
        typed = (one.strip() for one in cut.splitlines())
        lines = [one.strip("|").split("|") for one in typed if one and not _RULE.fullmatch(one)]
    rows = [tuple(text.nfc(cell) for cell in line) for line in lines]
    rows = [row for row in rows if any(row)]
    return Grid(rows[0] if rows else (), tuple(rows[1:]))


def faults(*, caption: str, pasted: str, row_heads: bool) -> list[Fault]:
    """Return everything wrong with a table, what blocks first."""
    told = grid(pasted)
    found = [
        *_whole(told, pasted),
        *([] if caption.strip() else [Fault("Bảng cần tên: người nghe đọc biết bảng nói về gì trước khi nghe các ô.")]),
        *_heads(told, row_heads=row_heads),
        *_body(told),
    ]
    return sorted(found, key=lambda fault: not fault.blocks)


def _whole(told: Grid, pasted: str) -> list[Fault]:
    if len(pasted) > MOST_LETTERS or len(told.rows) > MOST_ROWS or len(told.heads) > MOST_COLUMNS:
        return [Fault(f"Bảng quá lớn: nhiều nhất {MOST_ROWS} hàng, {MOST_COLUMNS} cột. Dữ liệu lớn nên lập nguồn dữ liệu.")]  # fmt: skip
    if not told.rows or len(told.heads) < 2:
        return [Fault("Bảng cần ít nhất một hàng tên cột, một hàng nội dung và hai cột. Chỉ để xếp chữ cho đẹp thì đừng dùng bảng: viết thành đoạn hoặc gạch đầu dòng.")]  # fmt: skip
    for number, row in enumerate(told.rows, start=2):
        if len(row) != len(told.heads):
            return [Fault(f"Hàng {number} có {len(row)} ô, hàng tên cột có {len(told.heads)} ô. Ô đã gộp thì tách ra, ghi lại nội dung ở từng ô.")]  # fmt: skip
    return []


def _heads(told: Grid, *, row_heads: bool) -> list[Fault]:
    found = []
    for number, name in enumerate(told.heads, start=1):
        if not name:
            found.append(Fault(f"Cột {number} chưa có tên ở hàng đầu (ô trống hoặc ô đã gộp)."))
    named = [text.fold(name) for name in told.heads if name]
    if len(set(named)) < len(named):
        found.append(Fault("Hai cột trùng tên: người nghe không phân biệt được. Hãy đặt tên khác nhau."))
    if named and all(_FIGURE.fullmatch(name) for name in named):
        found.append(Fault("Hàng đầu toàn là số: hàng đầu phải là tên các cột."))
    if row_heads and any(row and not row[0] for row in told.rows):
        found.append(Fault("Có hàng chưa có tên ở cột đầu (ô trống hoặc ô đã gộp)."))
    return found


def _body(told: Grid) -> list[Fault]:
    found = []
    if any(not any(row[at : at + 1] != ("",) for row in told.rows) for at in range(len(told.heads))) and told.rows:
        found.append(Fault("Có cột trống hoàn toàn: hãy bỏ cột đó."))
    if len(told.heads) > WIDE:
        found.append(Fault(f"Bảng có {len(told.heads)} cột, trên điện thoại phải kéo ngang. Nên tách bảng.", blocks=False))  # fmt: skip
    if any(len(cell) > LONG_CELL for row in told.rows for cell in row):
        found.append(Fault("Có ô dài như một đoạn văn. Nên viết thành đoạn, bảng để so sánh.", blocks=False))
    return found
