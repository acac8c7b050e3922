"""Reads of agencies: what higher packages may ask."""

from __future__ import annotations

from smarthd.agencies.selectors.actors import actor_for, grants_at, holders_of
from smarthd.agencies.selectors.agencies import (
    AgencyUnknown,
    agencies_of_places,
    agencies_on,
    agency_by_code,
    agency_by_uid,
    agency_closure,
    agency_view,
    agency_views,
    below,
    chain_of,
    search_agencies,
)
from smarthd.agencies.selectors.rosters import roster_on, roster_sizes
from smarthd.agencies.selectors.values import AgencyView, GrantView, StaffView

__all__ = [
    "AgencyUnknown",
    "AgencyView",
    "GrantView",
    "StaffView",
    "actor_for",
    "agencies_of_places",
    "agencies_on",
    "agency_by_code",
    "agency_by_uid",
    "agency_closure",
    "agency_view",
    "agency_views",
    "below",
    "chain_of",
    "grants_at",
    "holders_of",
    "roster_on",
    "roster_sizes",
    "search_agencies",
]
