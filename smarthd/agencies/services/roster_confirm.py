"""Saving a previewed roster: one transaction, in bulk, and only if nothing moved since."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import F, QuerySet

from smarthd.agencies import policies
from smarthd.agencies.errors import ImportClosed, RosterChangedSince
from smarthd.agencies.events import RosterConfirmed, StaffLeft
from smarthd.agencies.models import Agency, RosterImport, Staff
from smarthd.agencies.rules import roster
from smarthd.agencies.services.linking import link_known_accounts
from smarthd.kernel import audit, events
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import NotFound
from smarthd.kernel.moves import Move

_CHANGED = """
UPDATE agencies_staff s SET
  full_name = r.full_name, name_key = r.name_key, position = r.position,
  account_id = CASE WHEN r.phone_index IS NULL OR r.phone_index = s.phone_index THEN s.account_id END,
  phone_sealed = COALESCE(r.phone_sealed, s.phone_sealed), phone_index = COALESCE(r.phone_index, s.phone_index)
FROM agencies_rosterimportrow r
WHERE r.roster_import_id = %(upload)s AND r.outcome = 'changed' AND s.id = r.staff_id
RETURNING s.agency_id
"""
_GONE = """
UPDATE agencies_staff s SET
  valid_to = GREATEST(s.valid_from, %(as_of)s, CASE WHEN r.outcome = 'moved' THEN r.starts_on END),
  left_reason = CASE r.outcome WHEN 'moved' THEN 'moved' ELSE 'left' END
FROM agencies_rosterimportrow r
WHERE r.roster_import_id = %(upload)s AND r.outcome IN ('left', 'moved') AND s.id = r.staff_id
RETURNING s.id, s.agency_id, s.valid_to
"""
_ENTERED = """
INSERT INTO agencies_staff (uid, agency_id, full_name, name_key, position, phone_sealed, phone_index, account_id, valid_from, valid_to,
  left_reason, previous_id, source_import_id)
SELECT gen_random_uuid(), r.agency_id, r.full_name, r.name_key, r.position, COALESCE(r.phone_sealed, s.phone_sealed),
  COALESCE(r.phone_index, s.phone_index),
  CASE WHEN r.phone_index IS NULL OR r.phone_index = s.phone_index THEN s.account_id END,
  GREATEST(%(as_of)s, r.starts_on, s.valid_from), NULL, '', s.id, %(upload)s
FROM agencies_rosterimportrow r LEFT JOIN agencies_staff s ON s.id = r.staff_id
WHERE r.roster_import_id = %(upload)s AND r.outcome IN ('new', 'moved')
ORDER BY r.id
RETURNING id, agency_id
"""


class ImportUnknown(NotFound):
    """No upload answers to this identifier, or none this actor may see."""


def confirm_roster(*, import_uid: UUID, actor: Actor, now: datetime) -> RosterImport:
    """Save a previewed roster. Confirming twice saves once; faulty lines are left out.

    Raises ImportUnknown, NotAllowed, ImportClosed, or RosterChangedSince when any roster it leans on changed after the preview.
    """
    try:
        with transaction.atomic():
            return _confirm(import_uid, actor, now)
    except IntegrityError as error:
        if "staff_phone_once_a_day" in str(error):
            raise RosterChangedSince(import_uid=str(import_uid)) from error
        raise


def _confirm(import_uid: UUID, actor: Actor, now: datetime) -> RosterImport:
    upload = _locked(import_uid, actor)
    if upload.status == roster.ImportStatus.CONFIRMED:
        return upload
    upload.status = _moved(roster.CONFIRM, upload.status)
    _refuse_stale(upload)
    touched, left = _write(upload)
    upload.confirmed_by_id, upload.confirmed_at = actor.account_id, now
    upload.save(update_fields=["status", "confirmed_by", "confirmed_at"])
    if touched:
        Agency.objects.filter(id__in=touched).update(roster_version=F("roster_version") + 1)
    audit.record(actor, "agencies.roster_confirmed", upload, at=now, agency_id=upload.agency_id, counts=upload.counts)
    for (agency_id, left_on), staff_ids in left.items():
        events.announce(StaffLeft(staff_ids=tuple(staff_ids), agency_id=agency_id, left_on=left_on, at=now))
    if touched:
        events.announce(
            RosterConfirmed(
                import_uid=upload.uid,
                agency_id=upload.agency_id,
                agency_ids=tuple(sorted(touched)),
                as_of=upload.as_of,
                at=now,
            )
        )
    return upload


def withdraw_roster(*, import_uid: UUID, actor: Actor, now: datetime) -> RosterImport:
    """Give up a preview: nothing of it will be saved. Raises ImportUnknown, NotAllowed, ImportClosed."""
    with transaction.atomic():
        upload = _locked(import_uid, actor)
        upload.status = _moved(roster.WITHDRAW, upload.status)
        upload.save(update_fields=["status"])
        audit.record(actor, "agencies.roster_withdrawn", upload, at=now, agency_id=upload.agency_id)
        return upload


def _locked(import_uid: UUID, actor: Actor) -> RosterImport:
    upload = RosterImport.objects.select_for_update().filter(uid=import_uid).first()
    if upload is None:
        raise ImportUnknown(uid=str(import_uid))
    policies.require(policies.can_import_roster(actor, upload.agency_id), act="import_roster")
    return upload


def _moved(move: Move[roster.ImportStatus], status: str) -> roster.ImportStatus:
    state = roster.ImportStatus(status)
    if not move.may_start(state):
        raise ImportClosed(status=state.value)
    return move.apply(state)


def _refuse_stale(upload: RosterImport) -> None:
    """Lock every agency the preview leaned on, in order of id, and compare the counts of their rosters' changes."""
    seen = {int(pk): version for pk, version in upload.roster_versions.items()}
    now_there = Agency.objects.select_for_update().filter(id__in=seen).order_by("id")
    changed = [pk for pk, version in now_there.values_list("id", "roster_version") if seen[pk] != version]
    if changed:
        raise RosterChangedSince(import_uid=str(upload.uid), agency_ids=changed)


def _write(upload: RosterImport) -> tuple[set[int], dict[tuple[int, date], list[int]]]:
    """Apply the rows; return the agencies touched, and who left by (agency, day)."""
    parameters: dict[str, int | date] = {"upload": upload.pk, "as_of": upload.as_of}
    left: dict[tuple[int, date], list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, parameters)
        touched = {agency_id for (agency_id,) in cursor.fetchall()}
        cursor.execute(_GONE, parameters)
        for staff_id, agency_id, valid_to in cursor.fetchall():
            touched.add(agency_id)
            left.setdefault((agency_id, valid_to), []).append(staff_id)
        cursor.execute(_ENTERED, parameters)
        touched |= {agency_id for _, agency_id in cursor.fetchall()}
    if touched:
        link_known_accounts(Staff.objects.filter(source_import=upload, account=None) | _changed_unlinked(upload))
    return touched, left


def _changed_unlinked(upload: RosterImport) -> QuerySet[Staff]:
    changed = upload.rows.filter(outcome=roster.Outcome.CHANGED).values("staff_id")
    return Staff.objects.filter(id__in=changed, account=None)
