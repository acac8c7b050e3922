"""Uploads and exemptions, through the gate: what this actor may not see is not found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from smarthd.agencies import policies
from smarthd.agencies.models import Exemption, RosterImport, RosterImportRow
from smarthd.agencies.rules import exemptions
from smarthd.agencies.rules.roster import ImportStatus, Outcome
from smarthd.agencies.selectors.agencies import IN_FORCE
from smarthd.agencies.selectors.rosters import roster_on
from smarthd.agencies.selectors.values import StaffView
from smarthd.kernel import paging
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import NotAllowed, NotFound


class ImportNotFound(NotFound):
    """No upload answers to this identifier, or none this actor may see."""


@dataclass(frozen=True, slots=True)
class ImportView:
    """An upload and what it would change, or changed: ``counts`` by outcome, ``notes`` in Vietnamese."""

    uid: UUID
    agency_id: int
    status: str
    file_name: str
    encoding: str
    complete: bool
    as_of: date
    counts: dict[str, int]
    notes: tuple[str, ...]
    uploaded_at: datetime
    uploaded_by_id: int | None
    confirmed_at: datetime | None
    has_file: bool


@dataclass(frozen=True, slots=True)
class ImportRowView:
    """One line of a preview. ``messages`` are dicts of column, value, text, mend, fault; ``row_number`` None for who is missing."""

    id: int
    sheet: str
    row_number: int | None
    outcome: str
    agency_id: int | None
    full_name: str
    position: str
    has_phone: bool
    messages: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class ExemptionView:
    """One exemption asked for or decided."""

    uid: UUID
    staff_id: int
    staff_name: str
    agency_id: int
    status: str
    reason: str
    note: str
    evidence: str
    valid_from: date
    valid_to: date | None
    requested_by_id: int | None
    decision_note: str


@dataclass(frozen=True, slots=True)
class ExemptionShare:
    """How many of a roster are exempt on a day; ``flagged`` above 5%."""

    agency_id: int
    roster: int
    exempt: int
    flagged: bool


def import_for(actor: Actor, uid: UUID) -> ImportView:
    """Return one upload the actor may handle, or raise ImportNotFound."""
    upload = RosterImport.objects.filter(uid=uid).first()
    if upload is None or not policies.can_import_roster(actor, upload.agency_id):
        raise ImportNotFound(uid=str(uid))
    return _view(upload)


def imports_for(actor: Actor, agency_id: int, limit: int = 20) -> list[ImportView]:
    """Return the latest uploads of an agency, newest first; none for an actor who may not import there."""
    if not policies.can_import_roster(actor, agency_id):
        return []
    rows = RosterImport.objects.filter(agency_id=agency_id).order_by("-uploaded_at", "-id")[:limit]
    return [_view(row) for row in rows]


def imports_to_confirm(actor: Actor, agency_ids: Iterable[int]) -> dict[int, list[ImportView]]:
    """Return the uploads that wait to be confirmed, newest first, by agency; of agencies where the actor may import. One query."""
    reach = [agency_id for agency_id in agency_ids if policies.can_import_roster(actor, agency_id)]
    rows = RosterImport.objects.filter(agency_id__in=reach, status=ImportStatus.PREVIEWED)
    found: dict[int, list[ImportView]] = {}
    for row in rows.order_by("-uploaded_at", "-id"):
        found.setdefault(row.agency_id, []).append(_view(row))
    return found


def import_rows_for(
    actor: Actor, uid: UUID, *, outcome: Outcome | None = None, cursor: str = "", size: int = 50
) -> paging.Page[ImportRowView]:
    """Return a page of the lines of an upload in the order of the file, optionally of one outcome."""
    import_for(actor, uid)
    rows = RosterImportRow.objects.filter(roster_import__uid=uid)
    if outcome is not None:
        rows = rows.filter(outcome=outcome)
    if cursor:
        (after,) = paging.decode_cursor(cursor, length=1)
        if not isinstance(after, int):
            raise paging.BadCursor
        rows = rows.filter(id__gt=after)
    found = list(rows.order_by("id")[: size + 1])
    more = paging.encode_cursor(found[size - 1].pk) if len(found) > size else ""
    return paging.Page([_row_view(row) for row in found[:size]], more)


def roster_for(actor: Actor, agency_id: int, day: date) -> list[StaffView]:
    """Return the persons of an agency's own roster for a page, or raise NotAllowed."""
    if not policies.can_edit_roster_persons(actor, agency_id):
        raise NotAllowed(act="see_roster")
    return roster_on([agency_id], day)


def exemptions_for(
    actor: Actor, agency_ids: Iterable[int], status: exemptions.Status | None = None
) -> list[ExemptionView]:
    """Return the exemptions of the agencies whose roster the actor keeps or whose requests the actor decides, newest first."""
    visible = [agency_id for agency_id in agency_ids if policies.can_edit_roster_persons(actor, agency_id)]
    rows = Exemption.objects.filter(staff__agency_id__in=visible).select_related("staff")
    if status is not None:
        rows = rows.filter(status=status)
    return [
        ExemptionView(
            row.uid, row.staff_id, row.staff.full_name, row.staff.agency_id, row.status, row.reason, row.note, row.evidence,
            row.valid_from, row.valid_to, row.requested_by_id, row.decision_note,
        )
        for row in rows.order_by("-requested_at", "-id")
    ]  # fmt: skip


def exemption_shares(agency_ids: Iterable[int], day: date) -> dict[int, ExemptionShare]:
    """Return for each agency with a roster how many of it are exempt on the day; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.agency_id, count(DISTINCT s.id), count(DISTINCT x.staff_id) FROM agencies_staff s LEFT JOIN agencies_exemption x "
            f"ON x.staff_id = s.id AND x.status IN ('approved', 'ended') AND {IN_FORCE.format('x')} "
            f"WHERE s.agency_id = ANY(%(agencies)s) AND {IN_FORCE.format('s')} GROUP BY 1",
            {"agencies": list(agency_ids), "day": day},
        )
        return {
            agency_id: ExemptionShare(agency_id, roster, exempt, exemptions.too_many(exempt=exempt, roster=roster))
            for agency_id, roster, exempt in cursor.fetchall()
        }


def _view(upload: RosterImport) -> ImportView:
    return ImportView(
        upload.uid, upload.agency_id, upload.status, upload.file_name, upload.encoding, upload.complete, upload.as_of,
        dict(upload.counts), tuple(upload.notes), upload.uploaded_at, upload.uploaded_by_id, upload.confirmed_at,
        bool(upload.kept_sha256),
    )  # fmt: skip


def _row_view(row: RosterImportRow) -> ImportRowView:
    return ImportRowView(
        row.pk, row.sheet, row.row_number, row.outcome, row.agency_id, row.full_name, row.position,
        row.phone_index is not None, tuple(row.messages),
    )  # fmt: skip
