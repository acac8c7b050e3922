"""Keeping what is public decent and right: hide a report, a photo, some words; blur more; correct, with the history kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from smarthd.fieldreports import policies
from smarthd.fieldreports.errors import AttachmentUnknown, FieldReportFaulty, OriginalGone
from smarthd.fieldreports.events import VisibilityChanged
from smarthd.fieldreports.models import Attachment, Report
from smarthd.fieldreports.rules import attachments, deadlines, intake, mapping
from smarthd.fieldreports.rules.states import OPEN, Visibility
from smarthd.fieldreports.selectors import categories, ground
from smarthd.fieldreports.services import intake as taking
from smarthd.fieldreports.services import photos, steps
from smarthd.fieldreports.services.steps import Held
from smarthd.fieldreports.values import Caller
from smarthd.kernel import audit, events, files, sealing
from smarthd.kernel.moves import IllegalMove
from smarthd.kernel.policies import require

CORRECTABLE = frozenset({"category", "urgent", "address", "point", "commune"})


def _lock(code: str, caller: Caller, now: datetime) -> Held:
    held = steps.lock(code, caller=caller, now=now)
    require(policies.can_moderate(caller.actor, held.standing, held.report), act="moderate")
    return held


@transaction.atomic
def hide_report(code: str, *, words: str, caller: Caller, now: datetime) -> Report:
    """Take a report out of all public sight, with a reason its sender reads."""
    held = _lock(code, caller, now)
    report = held.report
    if report.visibility == Visibility.HIDDEN:
        raise IllegalMove(move="hide", state=str(report.visibility))
    kept = steps.said(words)
    report.visibility_before, report.visibility = report.visibility, Visibility.HIDDEN
    report.hidden_reason = kept[:300]
    steps.conceal(report, now)
    steps.write(held, "hidden", kept, public=False)
    return report


@transaction.atomic
def show_report(code: str, *, words: str, caller: Caller, now: datetime) -> Report:
    """Bring a hidden report back to what it was."""
    held = _lock(code, caller, now)
    report = held.report
    if report.visibility != Visibility.HIDDEN:
        raise IllegalMove(move="show", state=str(report.visibility))
    report.visibility = report.visibility_before or Visibility.PUBLIC
    report.visibility_before = report.hidden_reason = ""
    if report.published_at is not None and policies.is_public(report):
        events.announce(VisibilityChanged(report_uid=report.uid, code=report.code, visible=True, at=now))
    steps.write(held, "shown", steps.said(words), public=False)
    return report


@transaction.atomic
def redact_text(code: str, *, public_text: str, words: str, caller: Caller, now: datetime) -> Report:
    """Say what the public reads instead (a name, a number, an insult taken out); handlers go on reading the whole."""
    held = _lock(code, caller, now)
    report = held.report
    kept = intake.cleaned(public_text)
    if len(kept) > intake.LONGEST:
        raise FieldReportFaulty(fields={"public_text": f"Dài quá {intake.LONGEST} chữ."})
    report.public_text = kept if kept != report.text else None
    report.folded = taking.folded_words(report.code, report.address, kept)
    steps.write(held, "text_redacted", steps.said(words), public=False)
    if report.published_at is not None and policies.is_public(report):
        events.announce(VisibilityChanged(report_uid=report.uid, code=report.code, visible=True, at=now))
    return report


@transaction.atomic
def hide_photo(uid: UUID, *, words: str, caller: Caller, now: datetime) -> Attachment:
    """Hide a photo from everybody but those who handle the report."""
    held, row = _attachment(uid, caller, now)
    row.hidden_at, row.hidden_reason = row.hidden_at or now, steps.said(words)[:300]
    row.save(update_fields=["hidden_at", "hidden_reason"])
    steps.write(held, "photo_hidden", words.strip(), public=False, note={"attachment": str(row.uid)})
    return row


@transaction.atomic
def show_photo(uid: UUID, *, words: str, caller: Caller, now: datetime) -> Attachment:
    """Show a hidden photo again."""
    held, row = _attachment(uid, caller, now)
    row.hidden_at, row.hidden_reason = None, ""
    row.save(update_fields=["hidden_at", "hidden_reason"])
    steps.write(held, "photo_shown", words.strip(), public=False, note={"attachment": str(row.uid)})
    return row


@transaction.atomic
def blur_more(uid: UUID, *, regions: Sequence[Sequence[float]], caller: Caller, now: datetime) -> Attachment:
    """Blur what the machine missed: regions as (left, top, right, bottom), shares of the picture's width and height, 0 to 1."""
    held, row = _attachment(uid, caller, now)
    if row.kind != attachments.Kind.PHOTO or row.state != attachments.State.READY:
        raise AttachmentUnknown
    asked = [[round(float(edge), 4) for edge in region] for region in regions]
    if not asked or len(asked) > 50 or not all(_is_region(region) for region in asked):
        raise FieldReportFaulty(fields={"regions": "Vùng che chưa đúng: kéo một khung trên ảnh rồi thử lại."})
    photos.blur_again(row, asked)
    steps.write(held, "photo_blurred", public=False, note={"attachment": str(row.uid), "regions": len(asked)})
    return row


def _is_region(region: Sequence[float]) -> bool:
    if len(region) != 4:
        return False
    left, top, right, bottom = region
    return 0 <= left < right <= 1 and 0 <= top < bottom <= 1


def _attachment(uid: UUID, caller: Caller, now: datetime) -> tuple[Held, Attachment]:
    row = Attachment.objects.select_for_update(of=("self",)).filter(uid=uid, report__isnull=False).first()
    if row is None or row.report is None:
        raise AttachmentUnknown
    return _lock(row.report.code, caller, now), row


@transaction.atomic
def open_original(uid: UUID, *, reason: str, caller: Caller, now: datetime) -> tuple[bytes, str]:
    """Return the file as it came in, and its type, to somebody who handles the report. That they looked, and why, is written down."""
    row = Attachment.objects.select_related("report").filter(uid=uid, report__isnull=False).first()
    if row is None or row.report is None:
        raise AttachmentUnknown
    found = policies.standing(caller, row.report)
    if not found.inside:
        raise AttachmentUnknown
    require(policies.can_open_originals(found), act="open_original")
    kept = steps.said(reason, field="reason")
    if not row.original_sha256 or not files.kept_path(row.original_sha256).exists():
        raise OriginalGone
    audit.record(caller.actor, "fieldreports.original_opened", row, at=now, report=row.report.code, reason=kept[:300])
    sealed = files.kept_path(row.original_sha256).read_bytes()
    return sealing.unseal_bytes(sealed, purpose=photos.ORIGINAL), row.content_type


@transaction.atomic
def correct(code: str, *, changes: Mapping[str, Any], words: str, caller: Caller, now: datetime) -> Report:
    """Put right what was entered wrongly: category (key), urgent, address, point ((lat, lon)), commune (unit id); old and new are kept.

    The original deadline stays; a category that allows more hours is an extension like any other and is counted as one.
    """
    held = _lock(code, caller, now)
    unknown = set(changes) - CORRECTABLE
    if unknown or not changes:
        raise FieldReportFaulty(fields=dict.fromkeys(unknown or {"changes"}, "Mục này không đính chính được."))
    if held.state not in OPEN:
        raise IllegalMove(move="correct", state=str(held.state))
    kept = steps.said(words)
    before: dict[str, Any] = {}
    for name, value in changes.items():
        before[name] = _corrected(held, name, value)
    after = {name: list(value) if isinstance(value, tuple) else value for name, value in changes.items()}
    steps.write(held, "corrected", kept, note={"before": before, "after": after})
    return held.report


def _corrected(held: Held, name: str, value: Any) -> Any:
    """Change one thing and return what it was."""
    report = held.report
    if name == "category":
        before = report.category.key
        report.category = categories.leaf(str(value))
        if report.category.sensitive and report.visibility == Visibility.PUBLIC:
            report.visibility = Visibility.PRIVATE
            steps.conceal(report, held.now)
        _rehours(held)
        return before
    if name == "urgent":
        was, report.urgent = report.urgent, bool(value)
        _rehours(held)
        return was
    if name == "address":
        old, report.address = report.address, intake.cleaned(str(value)).replace("\n", " ")[: intake.LONGEST_ADDRESS]
        words = report.text if report.public_text is None else report.public_text
        report.folded = taking.folded_words(report.code, report.address, words)
        return old
    if name == "point":
        lat, lon = (float(part) for part in value)
        there = ground.stand(lat, lon, held.now)
        was_at = [report.lat, report.lon]
        report.lat, report.lon = lat, lon
        report.mx, report.my = mapping.grid_of(lat, lon)
        report.commune_id, report.snapped_m = there.commune.id, there.snapped_m
        return was_at
    commune = ground.commune(int(value), held.now)
    was_in, report.commune_id = report.commune_id, commune.commune.id
    return was_in


def _rehours(held: Held) -> None:
    """Reckon the terms anew: freely before acceptance; afterwards only the term in force, counted as an extension if it is longer."""
    report = held.report
    terms = deadlines.terms(report.received_at, steps.hours_of(report), steps.working())
    if report.original_due_at is None:
        report.intake_due_at, report.due_at = terms.intake_due_at, terms.due_at
    elif terms.due_at > report.due_at:
        report.due_at = terms.due_at
        report.extensions += 1
