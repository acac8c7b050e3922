"""Tables of this context."""

from smarthd.connectors.models.rows import Change, DataRow, FaultyLine, ManifestPart, RowWords
from smarthd.connectors.models.sources import Run, Source, Version

__all__ = ["Change", "DataRow", "FaultyLine", "ManifestPart", "RowWords", "Run", "Source", "Version"]
