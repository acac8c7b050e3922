"""Tables of this context."""

from smarthd.connectors.models.dossiers import DossierDesk, DossierFollow
from smarthd.connectors.models.following import Follow
from smarthd.connectors.models.rows import Change, DataRow, FaultyLine, ManifestPart, RowTerm, RowWords
from smarthd.connectors.models.sensors import Station, StationStep
from smarthd.connectors.models.sources import Run, Source, Version

__all__ = [
    "Change",
    "DataRow",
    "DossierDesk",
    "DossierFollow",
    "FaultyLine",
    "Follow",
    "ManifestPart",
    "RowTerm",
    "RowWords",
    "Run",
    "Source",
    "Station",
    "StationStep",
    "Version",
]
