"""Campaigns and what they ask of whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from smarthd.kernel import audit
from smarthd.kernel.actor import Actor
from smarthd.kernel.moves import Move
from smarthd.kernel.policies import require
from smarthd.rollout import policies, rules
from smarthd.rollout.errors import BadTarget, CampaignUnknown
from smarthd.rollout.models import Campaign, Target

RUN = Move(
    name="run",
    sources=frozenset({rules.CampaignStatus.DRAFT, rules.CampaignStatus.CLOSED}),
    target=rules.CampaignStatus.RUNNING,
)
CLOSE = Move(name="close", sources=frozenset({rules.CampaignStatus.RUNNING}), target=rules.CampaignStatus.CLOSED)
_MOVES = {rules.CampaignStatus.RUNNING: RUN, rules.CampaignStatus.CLOSED: CLOSE}


@transaction.atomic
def open_campaign(
    key: str,
    *,
    title: str,
    opens_on: date,
    deadline_at: datetime,
    actor: Actor,
    now: datetime,
    document_number: str = "",
    document_on: date | None = None,
    document_title: str = "",
    issued_by: str = "",
    cut_offs: Sequence[date] = (),
    coordinator_id: int | None = None,
) -> Campaign:
    """Take up an order as a draft campaign, or bring what is known of it up to date; its status stays."""
    known = Campaign.objects.select_for_update().filter(key=key).first()
    require(policies.can_keep_bases(actor) if known is None else policies.can_run(actor, known))
    if known is None and coordinator_id is not None:
        require(policies.can_command(actor, coordinator_id))
    campaign, _ = Campaign.objects.update_or_create(
        key=key,
        defaults={
            "title": title,
            "opens_on": opens_on,
            "deadline_at": deadline_at,
            "document_number": document_number,
            "document_on": document_on,
            "document_title": document_title,
            "issued_by": issued_by,
            **({"coordinator_id": coordinator_id} if coordinator_id is not None else {}),
            "cut_offs": [day.isoformat() for day in sorted(set(cut_offs))],
        },
    )
    audit.record(actor, "rollout.campaign_opened", campaign, at=now, key=key)
    return campaign


@transaction.atomic
def change_campaign_status(key: str, *, to: rules.CampaignStatus, actor: Actor, now: datetime) -> Campaign:
    """Start or close a campaign."""
    campaign = Campaign.objects.select_for_update().filter(key=key).first()
    if campaign is None:
        raise CampaignUnknown(key=key)
    require(policies.can_run(actor, campaign))
    campaign.status = _MOVES[to].apply(rules.CampaignStatus(campaign.status))
    campaign.save(update_fields=["status"])
    audit.record(actor, f"rollout.campaign_{to}", campaign, at=now)
    return campaign


@transaction.atomic
def set_target(
    campaign_key: str,
    *,
    scope: rules.Scope,
    indicator: str,
    value: float,
    actor: Actor,
    now: datetime,
    unit_id: int | None = None,
    agency_id: int | None = None,
) -> Target:
    """Set what an indicator shall reach: for all of a scope, or for one unit or agency, whose own word goes before."""
    from smarthd.rollout.selectors.indicators import KEYS  # the words know every key

    campaign = Campaign.objects.filter(key=campaign_key).first()
    if campaign is None:
        raise CampaignUnknown(key=campaign_key)
    require(policies.can_run(actor, campaign))
    if value <= 0 or indicator not in KEYS:
        raise BadTarget(indicator=indicator, value=value)
    kept = Target.objects.filter(campaign=campaign, scope=scope, indicator=indicator)
    kept = kept.filter(unit=None) if unit_id is None else kept.filter(unit=unit_id)
    kept = kept.filter(agency=None) if agency_id is None else kept.filter(agency=agency_id)
    target = kept.first() or Target(
        campaign=campaign, scope=scope, indicator=indicator, unit_id=unit_id, agency_id=agency_id
    )
    target.value = value
    target.save()
    audit.record(actor, "rollout.target_set", campaign, at=now, indicator=indicator, value=value)
    return target


@transaction.atomic
def drop_target(campaign_key: str, target_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a target away; that it stood is in the trail."""
    target = Target.objects.select_related("campaign").filter(pk=target_id, campaign__key=campaign_key).first()
    if target is None:
        raise BadTarget(target=target_id)
    require(policies.can_run(actor, target.campaign))
    audit.record(
        actor, "rollout.target_dropped", target.campaign, at=now, indicator=target.indicator, value=target.value
    )
    target.delete()
