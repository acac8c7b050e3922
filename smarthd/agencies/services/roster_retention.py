"""Uploads do not outlive their use."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from smarthd.agencies.models import RosterImport, RosterImportRow
from smarthd.agencies.rules import roster
from smarthd.agencies.services import roster_files
from smarthd.kernel import actor, audit

PREVIEW_LIVES = timedelta(days=7)
FILE_LIVES = timedelta(days=30)
SYSTEM = actor.system("agencies.retention")


def clear_old_uploads(*, now: datetime) -> int:
    """Expire previews nobody confirmed in a week; after 30 days destroy files and row-level copies. Returns how many uploads."""
    waiting = RosterImport.objects.filter(status=roster.ImportStatus.PREVIEWED, uploaded_at__lt=now - PREVIEW_LIVES)
    old = RosterImport.objects.filter(uploaded_at__lt=now - FILE_LIVES).exclude(kept_sha256="")
    touched = set(waiting.values_list("id", flat=True)) | set(old.values_list("id", flat=True))
    for upload_id in sorted(touched):
        _clear(upload_id, now)
    return len(touched)


@transaction.atomic
def _clear(upload_id: int, now: datetime) -> None:
    upload = RosterImport.objects.select_for_update().get(id=upload_id)
    if roster.EXPIRE.may_start(roster.ImportStatus(upload.status)) and upload.uploaded_at < now - PREVIEW_LIVES:
        upload.status = roster.EXPIRE.apply(roster.ImportStatus(upload.status))
        audit.record(SYSTEM, "agencies.roster_preview_expired", upload, at=now, agency_id=upload.agency_id)
    if upload.kept_sha256 and upload.uploaded_at < now - FILE_LIVES:
        RosterImportRow.objects.filter(roster_import=upload).delete()
        kept, upload.kept_sha256 = upload.kept_sha256, ""
        audit.record(SYSTEM, "agencies.roster_file_cleared", upload, at=now, agency_id=upload.agency_id)
        transaction.on_commit(lambda: roster_files.clear(kept))
    upload.save(update_fields=["status", "kept_sha256"])
