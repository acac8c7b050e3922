"""How a source is read: one Protocol for every kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from smarthd.connectors.rules.checking import Line
from smarthd.connectors.rules.dossiers import Dossier


class SourceRefused(Exception):
    """The source cannot be read as it is described: trying again changes nothing. The message is Vietnamese and holds no secret."""


class NotThere(SourceRefused):
    """The server answers, and has nothing at this address (HTTP 404, 410)."""


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


class DossierSystem(Protocol):
    """Answers for dossiers by their code."""

    def ask(self, code: str) -> Dossier | None:
        """Return where a dossier stands, None where there is none of this code; raises SourceRefused or SourceUnavailable."""
        ...


class Connector(Protocol):
    """Reads one source."""

    def read(self) -> Table:
        """Return what the source holds now; raises SourceRefused or SourceUnavailable. Two calls in a row give the same."""
        ...
