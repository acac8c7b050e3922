"""Writes of agencies: what higher packages may do."""

from __future__ import annotations

from smarthd.agencies.adapters.spreadsheets import check_size as check_roster_size
from smarthd.agencies.services.agencies import NewAgency, found_agencies, found_agency
from smarthd.agencies.services.committees import establish_committees, follow_places
from smarthd.agencies.services.exemptions import (
    ExemptionUnknown,
    StaffUnknown,
    approve_exemption,
    end_exemption,
    refuse_exemption,
    request_exemption,
)
from smarthd.agencies.services.linking import link_account, unlink_account
from smarthd.agencies.services.mailboxes import end_mailbox, set_mailbox
from smarthd.agencies.services.reorganise import (
    Passage,
    abolish_agency,
    merge_agencies,
    rename_agency,
    split_agency,
    transfer_agency,
)
from smarthd.agencies.services.roles import GrantUnknown, grant_role, revoke_role
from smarthd.agencies.services.roster_confirm import ImportUnknown, confirm_roster, withdraw_roster
from smarthd.agencies.services.roster_faulty import faulty_rows_workbook
from smarthd.agencies.services.roster_files import RosterFileCleared
from smarthd.agencies.services.roster_preview import preview_roster
from smarthd.agencies.services.roster_retention import clear_old_uploads
from smarthd.agencies.services.rosters import NewStaff, add_staff
from smarthd.agencies.services.sheets import read_uploaded_table

__all__ = [
    "ExemptionUnknown",
    "GrantUnknown",
    "ImportUnknown",
    "NewAgency",
    "NewStaff",
    "Passage",
    "RosterFileCleared",
    "StaffUnknown",
    "abolish_agency",
    "add_staff",
    "approve_exemption",
    "check_roster_size",
    "clear_old_uploads",
    "confirm_roster",
    "end_exemption",
    "end_mailbox",
    "establish_committees",
    "faulty_rows_workbook",
    "follow_places",
    "found_agencies",
    "found_agency",
    "grant_role",
    "link_account",
    "merge_agencies",
    "preview_roster",
    "read_uploaded_table",
    "refuse_exemption",
    "rename_agency",
    "request_exemption",
    "revoke_role",
    "set_mailbox",
    "split_agency",
    "transfer_agency",
    "unlink_account",
    "withdraw_roster",
]
