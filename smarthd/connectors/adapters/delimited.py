"""Tables of text in UTF-8, read line by line however large: constant memory, every line known again by its bytes.

A record is one line of the file, or several where a quoted cell holds line breaks; "Dòng N" counts records from the top of the file, as
a spreadsheet shows them.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from smarthd.agencies.rules import encodings
from smarthd.connectors.errors import LineBroken, TooManyLines
from smarthd.connectors.ports import Split
from smarthd.connectors.rules import headings, mapping
from smarthd.connectors.rules.checking import Line
from smarthd.kernel import text

MOST_LINES = 2_000_000
DELIMITERS = ",;\t|"
_PIECE = 1 << 20
_DECODED = 1 << 16
_HEAD_LINES = 60
BY_COLUMNS = 1 << 20
"""Bytes of a file from which its lines are split by columns: below, reading them one by one is as quick."""
BLOCK = 5 << 18
"""Bytes of the lines that are split at a time."""
_LONGEST_PLAIN = 60_000
"""Bytes of a line up to which the csv reader takes any cell."""
_LONGEST_RECORD = 200
"""Lines of the file that one quoted cell may run over; beyond, its quotation mark was never closed."""
_OPEN = "a quotation mark is not closed"


def _numbered(first: int, raws: list[bytes]) -> tuple[npt.NDArray[np.uint32], list[bytes]]:
    if first + len(raws) - 1 > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    return np.arange(first, first + len(raws), dtype=np.uint32), raws


@dataclass(frozen=True, slots=True)
class Survey:
    """What one look at all bytes tells: their sha256, and whether they are UTF-8 text that can be read by lines."""

    sha256: str
    size: int
    readable: bool


def survey(stream: BinaryIO) -> Survey:
    """Return what the bytes are, from the start of the stream; it is left there. Constant memory."""
    digest, size = hashlib.sha256(), 0
    decode = codecs.getincrementaldecoder("utf-8")().decode
    readable, lines, returns = True, False, False
    stream.seek(0)
    with ThreadPoolExecutor(1, thread_name_prefix="utf8") as beside:
        while piece := stream.read(_PIECE):
            decoded = beside.submit(_decodes, decode, piece) if readable else None
            digest.update(piece)  # leaves the interpreter to the other thread meanwhile
            size += len(piece)
            if decoded:
                lines, returns = lines or b"\n" in piece, returns or b"\r" in piece
                readable = b"\0" not in piece and decoded.result()
    readable = readable and _decodes(decode, b"", final=True)
    stream.seek(0)
    return Survey(digest.hexdigest(), size, readable and (lines or not returns))


def _decodes(decode: Callable[..., str], piece: bytes, *, final: bool = False) -> bool:
    """Say whether bytes go on being UTF-8; some at a time, so that what is thrown away stays near the processor."""
    try:
        for at in range(0, len(piece), _DECODED):
            decode(piece[at : at + _DECODED])
        decode(b"", final=final)
    except UnicodeDecodeError:
        return False
    return True


class Delimited:
    """The lines of one delimited table; each reading begins anew. ``top`` records and ``head`` lines of the file stand above the data;
    ``size`` is its bytes, by which it waits for a place to be checked in."""

    def __init__(self, stream: BinaryIO, *, delimiter: str, top: int, head: int, width: int = 0, size: int = 0) -> None:
        self._stream, self.way, self._top, self._head, self.size = stream, delimiter, top, head, size
        self.width = width
        self._edges = (f" {delimiter}", f"{delimiter} ")

    @property
    def stream(self) -> BinaryIO:
        """The bytes, from their start."""
        self._stream.seek(0)
        return self._stream

    def __iter__(self) -> Iterator[Line]:
        return (Line(number, cells) for number, cells, _ in self.marked())

    def marked(self) -> Iterator[tuple[int, Sequence[str], bytes]]:
        """Yield each record with its number and its bytes, empty where it runs over several lines. Raises LineBroken, TooManyLines."""
        return self._records(self.stream, 0)

    def marked_from(self, start: int, number: int) -> Iterator[tuple[int, Sequence[str], bytes]]:
        """Yield the records from a byte on, as ``marked`` does; ``number`` is that of the first."""
        stream = self._stream
        stream.seek(start)
        return self._records(stream, number - 1)

    def _records(self, stream: BinaryIO, number: int) -> Iterator[tuple[int, Sequence[str], bytes]]:
        feed = _Feed(stream, to_the_end=True)
        reader, edges = csv.reader(feed, delimiter=self.way), self._edges
        try:
            for cells in reader:
                number += 1
                if number > MOST_LINES:
                    raise TooManyLines(most=MOST_LINES)
                if number > self._top:
                    yield number, _cleaned(feed.text, cells, edges), feed.raw if feed.used == 1 else b""
                feed.used = 0
        except csv.Error:
            raise LineBroken(line=number + 1) from None

    def batches(self) -> Iterator[tuple[npt.NDArray[np.uint32], list[bytes]]]:
        """Yield the lines some thousands at a time with their numbers, as if each were a record of its own (``cells`` says so)."""
        stream, number, rest = self.stream, self._top + 1, b""
        for _ in range(self._head):
            stream.readline()
        while piece := stream.read(BLOCK):
            whole = rest + piece
            raws = whole.split(b"\n")
            rest = raws.pop()
            if raws:
                yield _numbered(number, raws)
                number += len(raws)
        if rest:
            yield _numbered(number, [rest])

    def blocks(self, wanted: Sequence[int]) -> Iterator[Split]:
        """Yield the lines split by their columns, as far as they can be, a few megabytes at a time."""
        from smarthd.connectors.adapters import columned  # pyarrow takes 40 MB: only for who reads a large file

        stream = self.stream
        for _ in range(self._head):
            stream.readline()
        found = columned.blocks(
            stream, number=self._top + 1, delimiter=self.way, width=self.width, wanted=wanted, size=BLOCK
        )
        for some in found:
            if some.number + len(some.raws) - 1 > MOST_LINES:
                raise TooManyLines(most=MOST_LINES)
            yield some

    def cells(self, raw: bytes) -> Sequence[str] | None:
        """Return the cells of a line, or None where it is only the beginning of a record, or no line at all."""
        if b'"' not in raw and b"\r" not in raw[:-1] and 1 < len(raw) < _LONGEST_PLAIN and raw[:3] != codecs.BOM_UTF8:
            line = str(raw, "utf-8")
            return _cleaned(line, line.rstrip("\r\n").split(self.way), self._edges)
        feed = _Feed(iter((raw,)))
        try:
            found = next(csv.reader(feed, delimiter=self.way), [])
        except csv.Error:
            return None
        return None if feed.asked > 1 else _cleaned(feed.text, found, self._edges)


class _Feed:
    """Gives lines to the csv reader and remembers what it took for one record.

    ``to_the_end``: a record the file ends in the midst of is an error, for its quotation mark was never closed.
    """

    __slots__ = ("_lines", "_to_the_end", "asked", "raw", "text", "used")

    def __init__(self, lines: Iterator[bytes] | BinaryIO, *, to_the_end: bool = False) -> None:
        self._lines, self._to_the_end = iter(lines), to_the_end
        self.raw, self.text, self.used, self.asked = b"", "", 0, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.asked += 1
        raw = next(self._lines, None)
        if raw is None:
            if self.used and self._to_the_end:
                raise csv.Error(_OPEN)
            raise StopIteration
        line = str(raw, "utf-8")
        if raw[:3] == codecs.BOM_UTF8:
            line = line.lstrip("\ufeff")
        if self.used:
            if self.used > _LONGEST_RECORD:
                raise csv.Error(_OPEN)
            self.text += line
        else:
            self.raw, self.text = raw, line
        self.used += 1
        return line


def _cleaned(line: str, cells: Sequence[str], edges: tuple[str, str]) -> Sequence[str]:
    """Return cells as ``text.nfc`` leaves each; a line that shows no reason for it is left as it is."""
    plain = line.rstrip("\r\n")
    shown = plain.replace("\t", "") if edges[0] == " \t" and '"' not in plain else plain
    if "  " in plain or not shown.isprintable() or not unicodedata.is_normalized("NFC", plain):
        return [text.nfc(cell) for cell in cells]
    if edges[0] in plain or edges[1] in plain or plain[:1] == " " or plain[-1:] == " " or '"' in plain:
        return [cell.strip() for cell in cells]
    return cells


def opened(stream: BinaryIO) -> tuple[tuple[str, ...], Delimited] | None:
    """Return the columns of a table and its lines; None where no row names columns. The delimiter is the one under which the header is widest.

    Raises EncodingUnclear where the head reads like TCVN3 or VNI.
    """
    stream.seek(0)
    head = str(b"".join(islice(stream, _HEAD_LINES)), "utf-8").lstrip("\ufeff")
    if encodings.seems_legacy(head[:20_000]):
        return None
    if (told := _split_best(head)) is None:
        return None
    best, found = told
    below, columns = found.below, _without_tail(found.columns)[: mapping.MOST_COLUMNS]
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    width = len(columns) if len(columns) < mapping.MOST_COLUMNS and size >= BY_COLUMNS else 0
    lines = Delimited(stream, delimiter=best, top=below, head=_lines_of(head, best, below), width=width, size=size)
    return tuple(columns), lines


def _split_best(head: str) -> tuple[str, headings.Head] | None:
    """Return the delimiter under which the heading is widest, and that heading.

    One that only splits what the cells say is none: addresses with commas in a table whose own heading, by another mark, stands above.
    """
    rows = {delimiter: _head_rows(head, delimiter) for delimiter in DELIMITERS}
    found = {mark: at for mark, split in rows.items() if (at := headings.head_of(split)) is not None}
    steady = {mark for mark, at in found.items() if _named(at) > 1 and _is_steady(rows[mark], at)}
    sound = [
        mark
        for mark, at in found.items()
        if not any(found[other].top < at.top and any(other in name for name in rows[mark][at.top]) for other in steady)
    ]
    return max(((mark, found[mark]) for mark in sound), key=lambda told: _named(told[1]), default=None)


def _named(head: headings.Head) -> int:
    return sum(map(bool, head.columns))


def _is_steady(rows: Sequence[Sequence[str]], head: headings.Head) -> bool:
    """Say whether most rows below a heading have as many cells as it."""
    below = [row for row in rows[head.below :] if any(row)]
    return sum(len(row) == len(rows[head.top]) for row in below) * 10 >= len(below) * 6


def _lines_of(head: str, delimiter: str, records: int) -> int:
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    for _ in range(records):
        next(reader)
    return reader.line_num


def _without_tail(row: Sequence[str]) -> Sequence[str]:
    width = len(row)
    while width and not row[width - 1]:
        width -= 1
    return row[:width]


def _head_rows(head: str, delimiter: str) -> list[list[str]]:
    try:
        found = list(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter))
    except csv.Error:
        return []
    return [[text.nfc(cell) for cell in row] for row in found[:_HEAD_LINES]]
