"""What understands the lines of one reading, and what a reading came to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smarthd.connectors.rules import checking, compiled
from smarthd.connectors.rules.checking import Faulty, Line, Problem, Row
from smarthd.connectors.rules.compiled import Written
from smarthd.connectors.rules.fields import Resolve, Value
from smarthd.connectors.rules.mapping import Mapping as ColumnMapping
from smarthd.connectors.rules.validation import NOWHERE, Around
from smarthd.connectors.services.staging import Doubtful

if TYPE_CHECKING:
    from smarthd.connectors.rules.columns import Write

_NOTHING_KNOWN: Mapping[str, Value] = {}


@dataclass(frozen=True, slots=True)
class Told:
    """What a reading came to, beside the lines in its stage: how many there were that hold anything, and that are sound; the manifest of
    these; ``gone``: marks of public rows that were not met, None where that has to be asked of the database; ``faults``: the faulty lines,
    packed."""

    total: int
    sound: int
    marks: bytes | bytearray
    rows: bytes | bytearray
    others: bytes
    gone: frozenset[bytes] | None = None
    faults: bytes | bytearray = b""


class Reader:
    """Understands lines: quickly where they are plainly sound, thoroughly where not."""

    def __init__(
        self,
        mapping: ColumnMapping,
        columns: Sequence[str],
        resolve: Resolve,
        *,
        decimal: str,
        title: str,
        seed: int,
        around: Around = NOWHERE,
        tell: Callable[[Row, Sequence[str]], None] = lambda _row, _cells: None,
    ) -> None:
        """``tell`` is given each row of which something is told though it is published."""
        self._quick = compiled.compile_sound(mapping, columns, resolve, decimal=decimal, title=title, around=around)
        self._thorough = checking.compile_row(mapping, columns, resolve, decimal=decimal, around=around)
        self._told = (mapping, columns, resolve)
        self._decimal, self._around = decimal, around
        self._tell = tell
        self._title, self.seed = title, seed
        labels = ", ".join(one.label for one in mapping.fields if one.key in mapping.key)
        self._key_names = labels or "cả dòng"

    def understand(
        self, number: int, cells: Sequence[str], known: Mapping[str, Value] | None = None
    ) -> Written | Faulty:
        """Return a line as it is kept, or what is wrong with it; ``known`` as in ``checking.Line``: the line was declined already."""
        if known is None and (written := self._quick(cells)) is not None:
            return written
        row = self._thorough(Line(number, cells, known or _NOTHING_KNOWN))
        if isinstance(row, Faulty):
            return row
        if row.notices:
            self._tell(row, cells)
        return compiled.copy_line(row, self._title)

    def by_columns(self) -> tuple[list[int], Write] | None:
        """Return which columns are read, and what writes the sound lines of a block of them; None where this mapping goes line by line."""
        from smarthd.connectors.rules import columns  # pyarrow takes 40 MB: only for who reads a large file

        mapping, heads, resolve = self._told
        return columns.compile_columns(
            mapping, heads, resolve, decimal=self._decimal, title=self._title, around=self._around
        )

    def repeated(self, line: Doubtful, first: int) -> Faulty:
        """Say that a line's key is another's; of lines with one key the first stands."""
        words = f"trùng với dòng {first}; giữ dòng đầu, bỏ dòng này"
        return Faulty(line.number, tuple(line.cells), (Problem(self._key_names, line.key[:80], words),), line.key)
