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
