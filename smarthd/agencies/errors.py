"""Refusals of this context, by name."""

from __future__ import annotations

from smarthd.kernel.errors import Conflict, Invalid


class AgencyCodeTaken(Conflict):
    """Another agency bears this code on that day."""


class AgencyEnded(Conflict):
    """The agency does not exist on the effective day."""


class AgencyStillHasSubordinates(Conflict):
    """Ending the agency would leave agencies below it without a superior; ``facts["agency_ids"]`` names them."""


class ChainWouldCircle(Conflict):
    """The new superior stands below the agency itself."""


class SharesDoNotSum(Invalid):
    """Shares of one agency's staff must sum to 1."""


class RoleAlreadyHeld(Conflict):
    """The account holds this role at this agency already."""


class RolesClash(Conflict):
    """The account holds a role there that this one may not be combined with; ``facts["held"]`` names it."""


class AsOfOutOfReach(Invalid):
    """A roster cannot hold from a day to come."""


class RosterIsNewer(Conflict):
    """A roster of a later day was confirmed for this agency; ``facts["newest"]`` is its day."""


class NoRosterFound(Invalid):
    """No sheet holds a header with a person's name; ``facts["words"]`` says what was seen."""


class RosterChangedSince(Conflict):
    """A roster changed after the preview was made: it must be made again."""


class ImportClosed(Conflict):
    """The preview was withdrawn, or its time has run out."""


class PlacesUnknown(Conflict):
    """No administrative unit stands on the day: the catalogue is imported first."""


class ExemptionIncomplete(Invalid):
    """A request or decision lacks something; ``facts["fields"]`` says what."""


class ExemptionOpen(Conflict):
    """An exemption of this person is asked for or holds already."""


class BadMailbox(Invalid):
    """The text is no e-mail address; ``facts["fields"]`` says so."""
