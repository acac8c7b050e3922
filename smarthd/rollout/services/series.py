"""What a campaign is given besides its words: its document, a series of periods, a copy of itself for the next order."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, timedelta

from django.db import transaction

from smarthd.agencies import calendar
from smarthd.kernel import audit, clock, files
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.rollout import policies, rules
from smarthd.rollout.errors import BadDocument, BadPeriod, CampaignUnknown, KeyTaken
from smarthd.rollout.models import Campaign, Form, Period, Target
from smarthd.rollout.services.obligations import add_period

LIMIT_MB = 20
UNPACKED_MB = 200
MOST_PERIODS = 60
PDF, ZIP = b"%PDF-", b"PK\x03\x04"
WEEK = timedelta(days=7)


@transaction.atomic
def attach_document(key: str, content: bytes, *, file_name: str, actor: Actor, now: datetime) -> Campaign:
    """Keep the order's document, a PDF or Word file, under its sha256; the newest one is shown, earlier ones stay in the trail."""
    campaign = _commanded(key, actor)
    if not _is_document(content):
        raise BadDocument(words="Chỉ nhận tệp PDF hoặc Word (.docx).")
    kept = files.keep(io.BytesIO(content), limit_mb=LIMIT_MB)
    if content.startswith(ZIP):
        files.check_archive(kept.path, unpacked_limit_mb=UNPACKED_MB)
    campaign.document_sha256, campaign.document_size = kept.sha256, kept.size
    campaign.document_file = file_name.replace("\\", "/").rsplit("/", 1)[-1][-200:]
    campaign.save(update_fields=["document_sha256", "document_size", "document_file"])
    audit.record(actor, "rollout.document_attached", campaign, at=now, sha256=kept.sha256, size=kept.size)
    return campaign


def _is_document(content: bytes) -> bool:
    if content.startswith(PDF):
        return True
    if not content.startswith(ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "word/document.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False


@transaction.atomic
def add_weekly_periods(
    campaign_key: str, *, first_due_on: date, title: str, actor: Actor, now: datetime
) -> list[Period]:
    """Add one period a week until the campaign's deadline: open from the Monday, due at 17:00 (on a day off: the next worked day).

    ``title`` may hold ``{so}`` (the running number) and ``{ngay}`` (the day it is due). Data are cut off on the eve of the term.
    """
    campaign = _commanded(campaign_key, actor)
    last = clock.day_of(campaign.deadline_at)
    days = [first_due_on + WEEK * step for step in range(MOST_PERIODS + 1) if first_due_on + WEEK * step <= last]
    if not days or len(days) > MOST_PERIODS:
        raise BadPeriod(first_due_on=first_due_on.isoformat(), deadline=last.isoformat())
    working = calendar.working_calendar()
    made = []
    for number, day in enumerate(days, start=campaign.periods.count() + 1):
        due_at = working.due_on(day)
        due_on = clock.day_of(due_at)
        made.append(
            add_period(
                campaign_key,
                title=title.replace("{so}", str(number)).replace("{ngay}", f"{due_on:%d/%m/%Y}"),
                cut_off=due_on - timedelta(days=1),
                opens_at=clock.start_of(day - timedelta(days=day.weekday())),
                due_at=due_at,
                actor=actor,
                now=now,
            )
        )
    return made


@transaction.atomic
def clone_campaign(
    key: str, *, new_key: str, title: str, opens_on: date, deadline_at: datetime, actor: Actor, now: datetime
) -> Campaign:
    """Take up a later order like an earlier one: its general and particular targets and its published forms, as drafts again.

    Periods, obligations, reports and the document are the earlier order's own and stay there.
    """
    source = _commanded(key, actor)
    if Campaign.objects.filter(key=new_key).exists():
        raise KeyTaken(key=new_key)
    if deadline_at <= clock.start_of(opens_on):
        raise BadPeriod(opens_on=opens_on.isoformat(), deadline_at=deadline_at.isoformat())
    made = Campaign.objects.create(
        key=new_key,
        title=title.strip(),
        opens_on=opens_on,
        deadline_at=deadline_at,
        issued_by=source.issued_by,
        coordinator_id=source.coordinator_id,
        status=rules.CampaignStatus.DRAFT,
    )
    Target.objects.bulk_create(
        [
            Target(campaign=made, scope=one.scope, indicator=one.indicator, value=one.value,
                   unit_id=one.unit_id, agency_id=one.agency_id)
            for one in source.targets.order_by("id")
        ]
    )  # fmt: skip
    latest = {form.key: form for form in source.forms.order_by("key", "version")}
    Form.objects.bulk_create(
        [
            Form(campaign=made, key=form.key, version=1, title=form.title, plan=form.plan, made_by=actor.account_id, made_at=now)
            for form in latest.values()
        ]
    )  # fmt: skip
    audit.record(actor, "rollout.campaign_cloned", made, at=now, source=source.key, forms=len(latest))
    return made


def _commanded(key: str, actor: Actor) -> Campaign:
    campaign = Campaign.objects.select_for_update().filter(key=key).first()
    if campaign is None:
        raise CampaignUnknown(key=key)
    require(policies.can_command(actor, campaign.coordinator_id))
    return campaign
