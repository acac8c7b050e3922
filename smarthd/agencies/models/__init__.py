"""Tables: agencies in time, roles, rosters, exemptions, the working calendar."""

from __future__ import annotations

from smarthd.agencies.models.agency import Agency, AgencyEdge, AgencyEvent, AgencyLineage, AgencyMailbox, AgencyVersion
from smarthd.agencies.models.calendar import CalendarDay, OfficeHours
from smarthd.agencies.models.roles import RoleGrant
from smarthd.agencies.models.roster import Exemption, RosterImport, RosterImportRow, Staff

__all__ = [
    "Agency",
    "AgencyEdge",
    "AgencyEvent",
    "AgencyLineage",
    "AgencyMailbox",
    "AgencyVersion",
    "CalendarDay",
    "Exemption",
    "OfficeHours",
    "RoleGrant",
    "RosterImport",
    "RosterImportRow",
    "Staff",
]
