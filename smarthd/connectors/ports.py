"""How a source is read: one Protocol for every kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

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


class Connector(Protocol):
    """Reads one source."""

    def read(self) -> Table:
        """Return what the source holds now; raises SourceRefused or SourceUnavailable. Two calls in a row give the same."""
        ...
