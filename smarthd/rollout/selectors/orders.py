"""Campaigns and their targets, for others to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from smarthd.rollout import rules
from smarthd.rollout.errors import CampaignUnknown
from smarthd.rollout.models import Campaign, Target


@dataclass(frozen=True, slots=True)
class TargetView:
    """What an indicator shall reach, for all of a scope or for one unit or agency."""

    scope: str
    indicator: str
    value: float
    unit_id: int | None
    agency_id: int | None
    id: int = 0


@dataclass(frozen=True, slots=True)
class CampaignView:
    """An order being carried out."""

    id: int
    uid: UUID
    key: str
    title: str
    document_number: str
    document_on: date | None
    document_title: str
    issued_by: str
    opens_on: date
    deadline_at: datetime
    cut_offs: tuple[date, ...]
    status: str
    coordinator_id: int | None
    targets: tuple[TargetView, ...]
    document_file: str = ""
    document_size: int = 0
    document_sha256: str = ""


def _view(row: Campaign) -> CampaignView:
    return CampaignView(
        id=row.pk,
        uid=row.uid,
        key=row.key,
        title=row.title,
        document_number=row.document_number,
        document_on=row.document_on,
        document_title=row.document_title,
        issued_by=row.issued_by,
        opens_on=row.opens_on,
        deadline_at=row.deadline_at,
        cut_offs=tuple(date.fromisoformat(day) for day in row.cut_offs),
        status=row.status,
        coordinator_id=row.coordinator_id,
        targets=tuple(
            TargetView(one.scope, one.indicator, one.value, one.unit_id, one.agency_id, one.pk)
            for one in row.targets.all()
        ),
        document_file=row.document_file,
        document_size=row.document_size,
        document_sha256=row.document_sha256,
    )


def campaigns() -> list[CampaignView]:
    """Return every campaign, the latest first."""
    return [_view(row) for row in Campaign.objects.prefetch_related("targets").order_by("-opens_on", "-id")]


def campaign(key: str) -> CampaignView:
    """Return one campaign, or raise CampaignUnknown."""
    row = Campaign.objects.prefetch_related("targets").filter(key=key).first()
    if row is None:
        raise CampaignUnknown(key=key)
    return _view(row)


def running_campaign() -> CampaignView | None:
    """Return the latest campaign that is being carried out."""
    running = [view for view in campaigns() if view.status == rules.CampaignStatus.RUNNING]
    return running[0] if running else None


def running_deadline() -> datetime | None:
    """Return until when the latest campaign that is being carried out runs. One query."""
    running = Campaign.objects.filter(status=rules.CampaignStatus.RUNNING).order_by("-opens_on", "-id")
    return running.values_list("deadline_at", flat=True).first()


def targets_of(key: str, *, scope: rules.Scope) -> dict[str, float]:
    """Return a campaign's general targets of a scope by indicator; CampaignUnknown if there is no such campaign."""
    if not Campaign.objects.filter(key=key).exists():
        raise CampaignUnknown(key=key)
    rows = Target.objects.filter(campaign__key=key, scope=scope, unit=None, agency=None)
    return dict(rows.values_list("indicator", "value"))
