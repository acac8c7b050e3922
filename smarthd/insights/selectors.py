"""Reads of official documents. Unseen means not found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet

from smarthd.insights import errors, issuers, material, policies
from smarthd.insights.documents import narrative, tokens
from smarthd.insights.models import ReportDocument
from smarthd.insights.rules import Status
from smarthd.kernel import files
from smarthd.kernel.actor import Actor


def reports_for(actor: Actor, *, campaign_key: str = "") -> QuerySet[ReportDocument]:
    """Return the reports an actor may see, newest first, without their material."""
    found = ReportDocument.objects.filter(policies.visible_to(actor)).defer("material", "narrative")
    if campaign_key:
        found = found.filter(campaign__key=campaign_key)
    return found.select_related("campaign").order_by("-made_at", "-id")


def report_for(actor: Actor, uid: UUID) -> ReportDocument:
    """Return one report, or raise ReportNotFound when there is none or the actor may not see it."""
    found = ReportDocument.objects.filter(policies.visible_to(actor), uid=uid).select_related("campaign").first()
    if found is None:
        raise errors.ReportNotFound
    return found


def waiting_for_signature(actor: Actor) -> QuerySet[ReportDocument]:
    """Return the drafts this actor may sign off: issued by the actor's own agency, made and edited by others."""
    at = [grant.agency_id for grant in actor.grants if grant.role in policies.SIGNERS]
    drafts = ReportDocument.objects.filter(status=Status.DRAFT, issuer_id__in=at).defer("material", "narrative")
    return drafts.exclude(made_by_id=actor.account_id).exclude(edited_by_id=actor.account_id).order_by("-made_at")


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a report's words: its paragraphs as they are kept, with tokens, and as they are read, with figures."""

    key: str
    heading: str
    level: int
    kept: tuple[str, ...]
    read: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigureToken:
    """A figure that may stand in a paragraph: what to write for it, its name, the annex it comes from."""

    token: str
    words: str
    annex: str


@dataclass(frozen=True, slots=True)
class ReportText:
    """A report as it is read and edited on a page."""

    report: ReportDocument
    material: material.Material
    sections: tuple[Section, ...]
    figures: tuple[FigureToken, ...]


def report_text_for(actor: Actor, uid: UUID) -> ReportText:
    """Return one report with its words and the figures they may use; ReportNotFound when the actor may not see it."""
    report = report_for(actor, uid)
    gathered = material.from_json(report.material)
    sections = tuple(
        Section(
            key=key,
            heading=heading,
            level=3 if key in narrative.SUBSECTIONS else 2,
            kept=tuple(report.narrative.get(key, [])),
            read=tuple(tokens.resolve(text, gathered) for text in report.narrative.get(key, [])),
        )
        for key, heading in narrative.SECTIONS
    )
    figures = tuple(
        FigureToken(tokens.token(annex.total.code, key), gathered.indicator(key).title, annex.title)
        for annex in gathered.annexes
        for key in annex.columns
    )
    return ReportText(report, gathered, sections, figures)


def scopes_for(actor: Actor, on: date) -> list[tuple[int, int | None, str]]:
    """Return (issuer id, unit id or None, words) of everything the actor may report on in the name of an own agency."""
    return issuers.scopes_for(actor, on)


def docx_path(report: ReportDocument) -> Path:
    """Return where the report's Word file is kept."""
    return files.kept_path(report.content_hash)


def annex_path(report: ReportDocument) -> Path:
    """Return where the report's Excel annex is kept."""
    return files.kept_path(report.annex_hash)


def file_name(report: ReportDocument, suffix: str) -> str:
    """Return the name under which a file of the report is handed out: ``bao-cao_chien-dich_2024-04-19_b1.docx``."""
    scope = "toan-tinh" if report.scope_unit_id is None else f"don-vi-{report.scope_unit_id}"
    return f"bao-cao_{report.campaign.key}_{scope}_{report.cut_off.isoformat()}_b{report.version}.{suffix}"
