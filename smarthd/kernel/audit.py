"""The audit trail. ``record`` is called inside the transaction of the act."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Model

from smarthd.kernel.actor import Actor
from smarthd.kernel.models import AuditEntry


def record(actor: Actor, act: str, subject: Model, *, at: datetime, **facts: object) -> None:
    """Append one line: ``act`` is ``context.past_participle``; ``facts`` must be JSON and free of personal data."""
    AuditEntry.objects.create(
        at=at,
        account_id=actor.account_id,
        system=actor.system,
        act=act,
        subject_type=subject._meta.label_lower,
        subject_id=str(getattr(subject, "uid", subject.pk)),
        facts=facts,
    )
