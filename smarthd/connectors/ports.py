"""How a source is read: one Protocol for every kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from smarthd.connectors.rules.checking import Line
from smarthd.connectors.rules.dossiers import Dossier


class SourceRefused(Exception):
    """The source cannot be read as it is described: trying again changes nothing. The message is Vietnamese and holds no secret."""


class NotThere(SourceRefused):
    """The server answers, and has nothing at this address (HTTP 404, 410)."""


class NotLetIn(SourceRefused):
    """The server wants somebody it knows: it says so (HTTP 401, 403), or sends on and on to its own door."""


class SourceUnavailable(Exception):
    """The source could not be read now: a later try may. The message is Vietnamese and holds no secret.

    ``after`` is how many seconds the source asked to be left alone for (Retry-After); None where it did not say.
    """

    def __init__(self, words: str, *, after: int | None = None) -> None:
        super().__init__(words)
        self.after = after


State = Mapping[str, str]
"""Where a reading ended, as the adapter wrote it: for the next reading to go on from. Empty: read the whole."""
FROM_THE_START: State = {}


@dataclass(frozen=True, slots=True)
class Table:
    """What a source holds: the names of its columns and its lines as text, in order.

    ``digest`` tells this content from another ("" where it costs as much as reading); ``moved_at`` is the source's own time of its
    last change, where it tells one; ``decimal`` is the mark its numbers are written with. ``whole`` False: only what changed since
    the state that was given; ``state`` is where the next reading may go on.
    """

    columns: tuple[str, ...]
    lines: Iterable[Line]
    digest: str = ""
    moved_at: datetime | None = None
    decimal: str = "."
    notes: tuple[str, ...] = field(default=())
    whole: bool = True
    state: State = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing a source holds that could be read: its name as the place's ``key`` takes it, and words beside."""

    key: str
    name: str
    words: str = ""


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


@dataclass(frozen=True, slots=True)
class Split:
    """Some lines of a file: the number of the first, where each begins and what follows the last, their bytes without the line feed;
    ``bare``: no carriage return ends one either.

    ``columns``: the cells of the lines ``which`` (places in ``raws``, rising), by the column's place, as pyarrow's arrays. All other
    lines were not split.
    """

    number: int
    starts: npt.NDArray[np.int64]
    raws: list[bytes]
    which: npt.NDArray[np.intp]
    columns: dict[int, Any]
    bare: bool


@runtime_checkable
class Columned(Lines, Protocol):
    """Lines that can be had by columns, many at a time; ``width`` is how many columns each has, 0 where that is not known."""

    width: int

    def blocks(self, wanted: Sequence[int]) -> Iterator[Split]:
        """Yield all lines in their order as ``Split``, with the cells of the wanted columns."""
        ...

    def marked_from(self, start: int, number: int) -> Iterator[tuple[int, Sequence[str], bytes]]:
        """Yield what ``marked`` does from a place in the file on, where the line of a number begins."""
        ...


class DossierSystem(Protocol):
    """Answers for dossiers by their code."""

    def ask(self, code: str) -> Dossier | None:
        """Return where a dossier stands, None where there is none of this code; raises SourceRefused or SourceUnavailable."""
        ...


class Connector(Protocol):
    """Reads one source. Every method raises SourceRefused or SourceUnavailable."""

    def read(self, state: State = FROM_THE_START) -> Table:
        """Return what the source holds now, or what changed since a state. Two calls in a row give the same.

        A state that cannot be gone on from (of another column, ahead of the source) is answered with the whole.
        """
        ...

    def sample(self, most: int) -> Table:
        """Return the same columns and the first lines, asking the source for as little as it lets one ask."""
        ...

    def offers(self) -> list[Offer]:
        """Return what else could be read at this place, a thousand at most; empty where the kind cannot tell."""
        ...


class Reader:
    """What a kind does that has nothing better: a sample is the start of the whole, and nothing is on offer."""

    def read(self, state: State = FROM_THE_START) -> Table:
        """Return what the source holds now."""
        raise NotImplementedError

    def sample(self, most: int) -> Table:
        """Return the first lines of the whole."""
        return first_of(self.read(), most)

    def offers(self) -> list[Offer]:
        """Return nothing."""
        return []


def first_of(table: Table, most: int) -> Table:
    """Return a table with its first lines only."""
    return replace(table, lines=list(islice(table.lines, most)), digest="")
