"""Making, editing, checking and signing off official documents."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import ModuleType
from uuid import UUID

from django.db import transaction

from smarthd.agencies import selectors as agencies
from smarthd.insights import errors, gather, issuers, material, policies, rules
from smarthd.insights.documents import annex, narrative, tokens
from smarthd.insights.letter_files import LetterFiles, letter_files, letter_is_reproduced
from smarthd.insights.models import ReportDocument
from smarthd.kernel import audit, clock, files
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.kernel.text import nfc
from smarthd.rollout import selectors as rollout

__all__ = [
    "LetterFiles",
    "Verification",
    "edit_narrative",
    "figures_hash",
    "letter_files",
    "letter_is_reproduced",
    "make_report",
    "paragraphs",
    "sign_off",
    "verify",
]

LIMIT_MB = 100
Narrative = narrative.Narrative


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a report can be made again byte for byte from what was kept, and whether the platform still says the same."""

    same_docx: bool
    same_annex: bool
    same_figures: bool


@transaction.atomic
def make_report(
    *,
    campaign_key: str,
    cut_off: date,
    unit_id: int | None,
    boundaries: date,
    issuer_id: int,
    actor: Actor,
    now: datetime,
) -> ReportDocument:
    """Make a report of the province (``unit_id`` None) or of one unit in an agency's name, closed on a day that is over.

    When nothing has changed since the newest version, that version is returned; otherwise version n+1 is made, taking over
    the sections people have edited. Raises CutOffAhead, CampaignUnknown, NothingMeasured, NotTheIssuer.
    """
    if cut_off >= clock.day_of(now):
        raise errors.CutOffAhead(cut_off=cut_off.isoformat())
    if not policies.can_make(actor, issuer_id):
        raise errors.NotTheIssuer
    campaign = rollout.campaign(campaign_key)
    if not issuers.covers(agencies.agency_view(issuer_id, cut_off), unit_id, boundaries):
        raise errors.NotTheIssuer
    gathered = gather.material(campaign, cut_off=cut_off, unit_id=unit_id, boundaries=boundaries, issuer_id=issuer_id)
    same = ReportDocument.objects.select_for_update().filter(
        campaign_id=campaign.id, cut_off=cut_off, scope_unit_id=unit_id, issuer_id=issuer_id, boundaries=boundaries
    )
    newest = same.order_by("-version").first()
    fingerprint = figures_hash(gathered)
    if newest is not None and newest.figures_hash == fingerprint:
        return newest
    words = _taken_over(newest, gathered)
    version = newest.version + 1 if newest is not None else 1
    docx, sheet = _kept(gathered, words, version=version, number="")
    report = ReportDocument.objects.create(
        campaign_id=campaign.id,
        cut_off=cut_off,
        scope_unit_id=unit_id,
        issuer_id=issuer_id,
        boundaries=boundaries,
        boundary_key=gathered.boundary_key,
        version=version,
        title=_writer().abstract(gathered),
        material=material.to_json(gathered),
        figures_hash=fingerprint,
        narrative=words,
        content_hash=docx,
        annex_hash=sheet,
        made_by_id=actor.account_id,
        made_at=now,
    )
    audit.record(actor, "insights.report_made", report, at=now, version=version, content_hash=docx)
    return report


@transaction.atomic
def edit_narrative(*, uid: UUID, words: Mapping[str, str], actor: Actor, now: datetime) -> ReportDocument:
    """Replace paragraphs of a draft; ``words`` maps a section to its text, paragraphs apart by an empty line.

    Raises UnknownSection, UnknownFigureToken, ReportSignedOff, NotTheIssuer.
    """
    report = _locked(uid)
    require(policies.can_make(actor, report.issuer_id))
    _still_draft(report)
    gathered = material.from_json(report.material)
    known = {key for key, _ in narrative.SECTIONS}
    if set(words) - known:
        raise errors.UnknownSection(sections=sorted(set(words) - known))
    for text in words.values():
        tokens.check(text, gathered)
    edited: Narrative = {**report.narrative, **{key: paragraphs(text) for key, text in words.items()}}
    if edited == report.narrative:
        return report
    report.narrative = edited
    report.content_hash, report.annex_hash = _kept(gathered, edited, version=report.version, number=report.number)
    report.edited_by_id, report.edited_at = actor.account_id, now
    report.save(update_fields=["narrative", "content_hash", "annex_hash", "edited_by", "edited_at"])
    audit.record(
        actor, "insights.report_edited", report, at=now, sections=sorted(words), content_hash=report.content_hash
    )
    return report


@transaction.atomic
def sign_off(*, uid: UUID, number: str, actor: Actor, now: datetime) -> ReportDocument:
    """Sign a draft off under the number the agency's register gives it.

    Raises NotAllowed, OwnReportSignOff (its maker or editor), ReportSignedOff, ReportOutdated (figures changed since).
    """
    report = _locked(uid)
    require(policies.can_sign(actor, report.issuer_id))
    _still_draft(report)
    if actor.account_id in {report.made_by_id, report.edited_by_id}:
        raise errors.OwnReportSignOff
    if _present_hash(report) != report.figures_hash:
        raise errors.ReportOutdated
    report.status = rules.SIGN_OFF.apply(rules.Status(report.status))
    report.number = number.strip()
    signed = _with_signer(material.from_json(report.material), report.issuer_id, actor, now)
    report.material = material.to_json(signed)
    report.content_hash, report.annex_hash = _kept(
        signed, report.narrative, version=report.version, number=report.number
    )
    report.signed_by_id, report.signed_at = actor.account_id, now
    report.save(update_fields=["status", "number", "material", "content_hash", "annex_hash", "signed_by", "signed_at"])
    audit.record(
        actor, "insights.report_signed_off", report, at=now, number=report.number, content_hash=report.content_hash
    )
    return report


def verify(report: ReportDocument) -> Verification:
    """Make both files again from the kept material and compare; gather the figures again and compare."""
    kept = material.from_json(report.material)
    docx = _writer().write(kept, report.narrative, version=report.version, number=report.number)
    sheet = annex.write(kept, version=report.version)
    return Verification(
        same_docx=_sha256(docx) == report.content_hash,
        same_annex=_sha256(sheet) == report.annex_hash,
        same_figures=_present_hash(report) == report.figures_hash,
    )


def figures_hash(gathered: material.Material) -> str:
    """Return the fingerprint of a material: SHA-256 of its canonical JSON."""
    written = json.dumps(material.to_json(gathered), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return _sha256(written.encode())


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of an edited text: what stands apart by an empty line, lines of one joined, no control characters."""
    blocks = [nfc(block) for block in text.replace("\r\n", "\n").split("\n\n")]
    return [block for block in blocks if block]


def _locked(uid: UUID) -> ReportDocument:
    report = ReportDocument.objects.select_for_update(of=("self",)).select_related("campaign").filter(uid=uid).first()
    if report is None:
        raise errors.ReportNotFound
    return report


def _with_signer(kept: material.Material, issuer_id: int, actor: Actor, now: datetime) -> material.Material:
    """Put the signer's name, as the agency's roster has it, under the signature."""
    roster = agencies.roster_on([issuer_id], clock.day_of(now))
    name = next((person.full_name for person in roster if person.account_id == actor.account_id), "")
    return dataclasses.replace(kept, issuer=dataclasses.replace(kept.issuer, signer_name=name))


def _still_draft(report: ReportDocument) -> None:
    if report.status != rules.Status.DRAFT:
        raise errors.ReportSignedOff


def _present_hash(report: ReportDocument) -> str:
    campaign = rollout.campaign(report.campaign.key)
    return figures_hash(
        gather.material(
            campaign,
            cut_off=report.cut_off,
            unit_id=report.scope_unit_id,
            boundaries=report.boundaries,
            issuer_id=report.issuer_id,
        )
    )


def _taken_over(newest: ReportDocument | None, gathered: material.Material) -> Narrative:
    """Return first words, with the sections a person rewrote in the version before, where their figures still exist."""
    fresh = narrative.first_words(gathered)
    if newest is None:
        return fresh
    before = narrative.first_words(material.from_json(newest.material))
    for key, texts in newest.narrative.items():
        if texts == before.get(key):
            continue
        try:
            tokens.check("\n".join(texts), gathered)
        except errors.UnknownFigureToken:
            continue  # a row it spoke of is gone: the fresh words stand, and the version before keeps the old ones
        fresh[key] = texts
    return fresh


def _kept(gathered: material.Material, words: Narrative, *, version: int, number: str) -> tuple[str, str]:
    docx = files.keep(io.BytesIO(_writer().write(gathered, words, version=version, number=number)), limit_mb=LIMIT_MB)
    sheet = files.keep(io.BytesIO(annex.write(gathered, version=version)), limit_mb=LIMIT_MB)
    return docx.sha256, sheet.sha256


def _writer() -> ModuleType:
    """Return the module that writes the Báo cáo. Its library is loaded where a document is made, not in every web process."""
    from smarthd.insights.documents import bao_cao

    return bao_cao


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
