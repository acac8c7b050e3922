"""Writes of agencies: what higher packages may do."""

from __future__ import annotations

from smarthd.agencies.services.agencies import NewAgency, found_agencies, found_agency
from smarthd.agencies.services.roles import GrantUnknown, grant_role, revoke_role
from smarthd.agencies.services.rosters import NewStaff, add_staff

__all__ = [
    "GrantUnknown",
    "NewAgency",
    "NewStaff",
    "add_staff",
    "found_agencies",
    "found_agency",
    "grant_role",
    "revoke_role",
]
