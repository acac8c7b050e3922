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
    heirs_on,
    kinds_of,
    last_names,
    last_superiors,
    places_of,
    search_agencies,
)
from smarthd.agencies.selectors.imports import (
    ExemptionShare,
    ExemptionView,
    ImportNotFound,
    ImportRowView,
    ImportView,
    exemption_shares,
    exemptions_for,
    import_for,
    import_rows_for,
    imports_for,
    imports_to_confirm,
    roster_for,
)
from smarthd.agencies.selectors.mailboxes import mailboxes_of
from smarthd.agencies.selectors.phones import staff_phones
from smarthd.agencies.selectors.rosters import (
    officials_by_account,
    roster_changes,
    roster_on,
    roster_sizes,
    rosters_of,
)
from smarthd.agencies.selectors.succession import with_predecessors
from smarthd.agencies.selectors.values import AgencyView, GrantView, StaffView

__all__ = [
    "AgencyUnknown",
    "AgencyView",
    "ExemptionShare",
    "ExemptionView",
    "GrantView",
    "ImportNotFound",
    "ImportRowView",
    "ImportView",
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
    "exemption_shares",
    "exemptions_for",
    "grants_at",
    "heirs_on",
    "holders_of",
    "import_for",
    "import_rows_for",
    "imports_for",
    "imports_to_confirm",
    "kinds_of",
    "last_names",
    "last_superiors",
    "mailboxes_of",
    "officials_by_account",
    "places_of",
    "roster_changes",
    "roster_for",
    "roster_on",
    "roster_sizes",
    "rosters_of",
    "search_agencies",
    "staff_phones",
    "with_predecessors",
]
