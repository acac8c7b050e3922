"""Tables of this context."""

from smarthd.connectors.models.rows import Change, DataRow, FaultyLine
from smarthd.connectors.models.sources import Run, Source, Version

__all__ = ["Change", "DataRow", "FaultyLine", "Run", "Source", "Version"]
