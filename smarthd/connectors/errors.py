"""Refusals of this context."""

from __future__ import annotations

from smarthd.kernel.errors import Conflict, Invalid, NotFound


class DataSourceUnknown(NotFound):
    """No such source, or none this actor may see."""


class DatasetUnknown(NotFound):
    """No such public dataset."""


class RowUnknown(NotFound):
    """No such row in the public version."""


class VersionUnknown(NotFound):
    """No such version of the source."""


class EditionUnknown(NotFound):
    """No such version that may be taken away; facts: number."""


class EditionPublic(Conflict):
    """The version is what everybody sees now; facts: number."""


class DataSourceFaulty(Invalid):
    """A source is not described right; facts: fields."""


class MappingFaulty(Invalid):
    """A mapping cannot be used; facts: fields."""


class NoTable(Invalid):
    """No row that names columns was found in the file."""


class NothingRead(Conflict):
    """There is nothing to map yet: no file was read."""


class VersionOutdated(Conflict):
    """Another version was published since this one was checked."""


class SourceBusy(Conflict):
    """The source is being read now."""


class FileCleared(NotFound):
    """The file of this run is no longer kept."""


class ReleaseReasonMissing(Invalid):
    """A held version is let through without a reason; facts: fields."""


class NotPulled(Conflict):
    """The source is not read by us: its files are handed in, or its program sends."""


class NothingRunning(Conflict):
    """There is no reading under way to be stopped."""


class OwnHandIn(Conflict):
    """Two persons publish this source, and this one handed the version in."""


class PushRefused(Invalid):
    """What a program sent cannot be taken in; facts: fields."""


class PushKeyInvalid(NotFound):
    """The key or the signature of a program that sends is not right."""


class NotOpenData(NotFound):
    """The dataset is for looking only."""


class TooManyLines(Invalid):
    """A table has more lines than are taken in at once; facts: most."""


class PageNotTable(Invalid):
    """The file is a web page, or XML, whatever its name ends with: many programs "export to Excel" so."""


class LettersLost(Invalid):
    """The file was saved in an encoding without Vietnamese letters: question marks stand where they were."""


class LineBroken(Invalid):
    """A quotation mark is opened in a line and not closed; facts: line."""


class NotFollowed(Invalid):
    """This cannot be followed: rows of a look-up are nobody else's business."""


class FollowUnknown(NotFound):
    """No such follow of this account."""


class TooManyFollows(Conflict):
    """An account follows as much as it may; facts: most."""


class StationUnknown(NotFound):
    """No such station is watched in this dataset."""


class StationFaulty(Invalid):
    """What is to be watched is not described right; facts: fields."""


class DossierCodeStrange(Invalid):
    """What was typed is no code of any one-stop system; facts: fields."""


class DossierUnknown(NotFound):
    """The one-stop system knows no dossier of this code."""


class DossierDeskSilent(Conflict):
    """The one-stop system does not answer now."""


class DossierDeskUnknown(NotFound):
    """No such one-stop system, or none this actor may see."""


class DossierDeskFaulty(Invalid):
    """A one-stop system is not described right; facts: fields."""


class ConsentMissing(Invalid):
    """A person did not agree to what they asked for; facts: fields."""


class StillMissing(NotFound):
    """The row has no still picture, or it could not be fetched now."""
