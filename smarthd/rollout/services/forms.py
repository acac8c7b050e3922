"""Forms: drawn up as a draft, published as a version that never changes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from smarthd.kernel import audit
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.rollout import policies
from smarthd.rollout.errors import BadForm, CampaignUnknown, FormUnknown
from smarthd.rollout.models import Campaign, Form
from smarthd.rollout.rules import forms


@transaction.atomic
def draft_form(campaign_key: str, key: str, *, title: str, plan: forms.FormPlan, actor: Actor, now: datetime) -> Form:
    """Keep a form's draft, new or changed. It may still be faulty: what is wrong is shown beside it and refused at publishing."""
    campaign = _commanded(campaign_key, actor)
    newest = Form.objects.filter(campaign=campaign, key=key).aggregate(newest=Max("version"))["newest"] or 0
    form = Form.objects.select_for_update().filter(campaign=campaign, key=key, published_at=None).first()
    if form is None:
        form = Form(campaign=campaign, key=key, version=newest + 1, made_at=now)
    form.title, form.plan, form.made_by, form.made_at = title.strip(), forms.to_json(plan), actor.account_id, now
    form.save()
    audit.record(actor, "rollout.form_drafted", form, at=now, key=key, version=form.version)
    return form


@transaction.atomic
def publish_form(campaign_key: str, key: str, *, actor: Actor, now: datetime) -> Form:
    """Publish the draft. Periods frozen from now on use it; reports already begun keep the version they were begun with."""
    campaign = _commanded(campaign_key, actor)
    form = Form.objects.select_for_update().filter(campaign=campaign, key=key, published_at=None).first()
    if form is None:
        raise FormUnknown(key=key)
    faults = forms.faults(forms.from_json(form.plan))
    if not form.title:
        faults[""] = "Biểu chưa có tên."
    if faults:
        raise BadForm(fields=faults)
    form.published_at = now
    form.save(update_fields=["published_at"])
    audit.record(actor, "rollout.form_published", form, at=now, key=key, version=form.version)
    return form


def _commanded(campaign_key: str, actor: Actor) -> Campaign:
    campaign = Campaign.objects.filter(key=campaign_key).first()
    if campaign is None:
        raise CampaignUnknown(key=campaign_key)
    require(policies.can_command(actor, campaign.coordinator_id))
    return campaign
