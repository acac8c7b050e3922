"""How a source is read: one Protocol for every kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from smarthd.connectors.rules.checking import Line


class SourceRefused(Exception):
    """The source cannot be read as it is described: trying again changes nothing. The message is Vietnamese and holds no secret."""


class SourceUnavailable(Exception):
    """The source could not be read now: a later try may. The message is Vietnamese and holds no secret."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a source holds: the names of its columns and its lines as text, in order.

    ``digest`` tells this content from another ("" where it costs as much as reading); ``moved_at`` is the source's own time of its
    last change, where it tells one; ``decimal`` is the mark its numbers are written with.
    """

    columns: tuple[str, ...]
    lines: Iterable[Line]
    digest: str = ""
    moved_at: datetime | None = None
    decimal: str = "."
    notes: tuple[str, ...] = field(default=())


@runtime_checkable
class Lines(Protocol):
    """Lines that are read one by one and known again by their bytes; ``way`` is what their cells hang on beside them."""

    way: str

    def marked(self) -> Iterator[tuple[int, Sequence[str], bytes]]:
        """Yield number, cells and bytes of each line; no bytes where it cannot be told from its beginning alone."""
        ...

    def batches(self) -> Iterator[tuple[npt.NDArray[np.uint32], list[bytes]]]:
        """Yield the bytes of some thousands of lines with their numbers."""
        ...

    def cells(self, raw: bytes) -> Sequence[str] | None:
        """Return the cells of a line's bytes; None where they are not a whole line."""
        ...


class Connector(Protocol):
    """Reads one source."""

    def read(self) -> Table:
        """Return what the source holds now; raises SourceRefused or SourceUnavailable. Two calls in a row give the same."""
        ...
