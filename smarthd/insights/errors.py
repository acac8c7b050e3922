"""What insights refuses, by name."""

from __future__ import annotations

from smarthd.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class ReportNotFound(NotFound):
    """There is no such document, or none this actor may see."""


class ScopeNotFound(NotFound):
    """No unit bears this code on the day of the boundaries."""


class UnknownFigureToken(Invalid):
    """A paragraph names a figure the document does not have; ``facts["tokens"]`` lists them."""


class UnknownSection(Invalid):
    """A paragraph was given for a section the document does not have."""


class CutOffAhead(Invalid):
    """A report cannot be closed on a day that is not over yet."""


class NotTheIssuer(NotAllowed):
    """The actor may not make reports of this agency, or the agency may not report on this unit."""


class OwnReportSignOff(NotAllowed):
    """Who made a report does not sign it off."""


class ReportSignedOff(Conflict):
    """A signed-off report is not changed; a new version is made instead."""


class ReportOutdated(Conflict):
    """The figures have changed since this version was made; make a new version first."""
