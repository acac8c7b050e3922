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


def looked(actor: Actor, act: str, *, at: datetime, **facts: object) -> None:
    """Append that somebody looked at, or took out, what is not everybody's; there is no single subject."""
    AuditEntry.objects.create(
        at=at, account_id=actor.account_id, system=actor.system, act=act, subject_type="", subject_id="", facts=facts
    )


def trail(
    *,
    act: str = "",
    subject: str = "",
    facts: dict[str, object] | None = None,
    limit: int = 50,
    before: int | None = None,
) -> list[AuditEntry]:
    """Return lines of the trail, newest first: acts that begin with ``act``, of one subject id, bearing some facts.

    ``before`` pages on by id. The caller decides who may look, and records that somebody looked.
    """
    entries = AuditEntry.objects.order_by("-id")
    if act:
        entries = entries.filter(act__startswith=act)
    if subject:
        entries = entries.filter(subject_id=subject)
    if facts:
        entries = entries.filter(facts__contains=facts)
    if before is not None:
        entries = entries.filter(id__lt=before)
    return list(entries[:limit])
