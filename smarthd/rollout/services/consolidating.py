"""Consolidations: what the reports of a period say together, as of a system time, in versions that can be made again byte for byte."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from smarthd.kernel import audit
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.rollout import policies
from smarthd.rollout.errors import PeriodUnknown
from smarthd.rollout.models import Consolidation, Period
from smarthd.rollout.rules import consolidation
from smarthd.rollout.selectors import handed


@transaction.atomic
def consolidate(period_uid: UUID, form_key: str, *, agency_id: int, actor: Actor, now: datetime) -> Consolidation:
    """Consolidate what was handed in to an agency (the coordinator: by everybody), as it stands now.

    It never waits. When nothing changed, the newest version is returned; otherwise version n+1 with what is different.
    """
    period = Period.objects.select_for_update().select_related("campaign").filter(uid=period_uid).first()
    if period is None:
        raise PeriodUnknown
    require(
        policies.can_command(actor, period.campaign.coordinator_id)
        if agency_id == period.campaign.coordinator_id
        else policies.can_review(actor, agency_id)
    )
    whole = agency_id == period.campaign.coordinator_id
    lines = handed.lines_as_of(period, form_key, superior_id=None if whole else agency_id, as_of=now)
    content = consolidation.consolidate(*handed.read(lines))
    mark = fingerprint(content)
    newest = (
        Consolidation.objects.filter(period=period, form_key=form_key, agency_id=agency_id).order_by("-version").first()
    )
    if newest is not None and newest.content_hash == mark:
        return newest
    made = Consolidation.objects.create(
        period=period,
        form_key=form_key,
        agency_id=agency_id,
        version=1 if newest is None else newest.version + 1,
        as_of=now,
        basis=[list(line) for line in lines],
        content=content,
        content_hash=mark,
        diff=consolidation.difference(newest.content, content) if newest is not None else {},
        made_by=actor.account_id,
    )
    audit.record(actor, "rollout.consolidated", made, at=now, version=made.version, handed_in=content["handed_in"])
    return made


def made_again(made: Consolidation) -> dict[str, Any]:
    """Return what a consolidation says, made again from the rows of the trail it was read from: nothing later leaves a trace in it."""
    return consolidation.consolidate(*handed.read([handed.Line(*line) for line in made.basis]))


def reproduces(made: Consolidation) -> bool:
    """Say whether a consolidation, made again today from the trail, is the same to the byte."""
    again = made_again(made)
    return as_bytes(again) == as_bytes(made.content) and fingerprint(again) == made.content_hash


def as_bytes(content: Mapping[str, Any]) -> bytes:
    """Return the content as it is hashed and handed out."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def fingerprint(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a content."""
    return hashlib.sha256(as_bytes(content)).hexdigest()
