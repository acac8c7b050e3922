"""Reads of official documents. Unseen means not found."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet

from smarthd.insights import errors, policies
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
