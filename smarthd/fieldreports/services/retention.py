"""Keeping no longer than needed: unfinished uploads a day, loose files two, originals, recordings and contacts a year after the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from smarthd.fieldreports.models import Attachment, Report, Sender, Upload
from smarthd.fieldreports.rules import states
from smarthd.fieldreports.rules.attachments import Kind
from smarthd.fieldreports.services import photos

UPLOADS = timedelta(days=1)
LOOSE = timedelta(days=2)
ORIGINALS = timedelta(days=365)
CONTACTS = timedelta(days=365)
TOKENS = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Gone:
    """How many of each were destroyed."""

    uploads: int
    loose: int
    originals: int
    contacts: int
    tokens: int


def apply_retention(*, now: datetime) -> Gone:
    """Destroy what has outlived its purpose; running twice destroys nothing more."""
    return Gone(
        uploads=_uploads(now),
        loose=_loose(now),
        originals=_originals(now),
        contacts=_contacts(now),
        tokens=_over(now, TOKENS).filter(token_hash__isnull=False).update(token_hash=None),
    )


def _uploads(now: datetime) -> int:
    old = Upload.objects.filter(begun_at__lt=now - UPLOADS)
    count = old.count()
    old.delete()
    return count


@transaction.atomic
def _loose(now: datetime) -> int:
    rows = list(Attachment.objects.select_for_update().filter(report=None, answer=None, made_at__lt=now - LOOSE))
    hashes = [name for row in rows for name in (row.sha256, row.thumb_sha256, row.original_sha256)]
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
    transaction.on_commit(lambda: photos.forget_files(hashes))
    return len(rows)


@transaction.atomic
def _originals(now: datetime) -> int:
    over = Q(report__state__in=sorted(states.OVER), report__ended_at__lt=now - ORIGINALS) | Q(
        report__state__in=["declined", "merged"], report__received_at__lt=now - 2 * ORIGINALS
    )
    rows = list(Attachment.objects.select_for_update(of=("self",)).filter(over).exclude(original_sha256=""))
    return destroy_originals(rows)


def destroy_originals(rows: list[Attachment]) -> int:
    """Destroy the originals of these attachments, and recordings whole; the caller has locked them."""
    hashes = [row.original_sha256 for row in rows] + [row.sha256 for row in rows if row.kind == Kind.VOICE]
    for row in rows:
        row.original_sha256 = row.original_mark = ""
        if row.kind == Kind.VOICE:
            row.sha256, row.state, row.why = "", "refused", "gone"
        row.save()
    transaction.on_commit(lambda: photos.forget_files(hashes))
    return len(rows)


def _contacts(now: datetime) -> int:
    kept = Q(name_sealed__isnull=False) | Q(phone_sealed__isnull=False) | Q(phone_index__isnull=False)
    return _over(now, CONTACTS).filter(kept).update(name_sealed=None, phone_sealed=None, phone_index=None)


def _over(now: datetime, after: timedelta) -> QuerySet[Sender]:
    ended = Report.objects.filter(state__in=sorted(states.OVER), ended_at__lt=now - after)
    return Sender.objects.filter(report__in=ended)
