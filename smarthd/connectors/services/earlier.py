"""Whether earlier versions of a dataset may be taken away, and which of them never (docs/adr/0132)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from smarthd.connectors import policies
from smarthd.connectors.errors import EditionPublic, VersionUnknown
from smarthd.connectors.models import Source, Version
from smarthd.connectors.services import sources
from smarthd.kernel import audit
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require


@transaction.atomic
def allow_earlier(*, uid: UUID, allowed: bool, actor: Actor, now: datetime) -> Source:
    """Let the earlier public versions of a dataset be taken away, or no longer."""
    source = sources.locked(uid, actor)
    require(policies.can_open_earlier(actor, source.agency_id))
    source.earlier_open = allowed
    source.save(update_fields=["earlier_open"])
    audit.record(actor, "connectors.earlier_opened" if allowed else "connectors.earlier_closed", source, at=now)
    return source


@transaction.atomic
def recall(*, uid: UUID, number: int, all_before: bool, actor: Actor, now: datetime) -> int:
    """Keep a version that was public from being taken away for good, alone or with all before it. Return how many were recalled.

    Raises VersionUnknown where it never was public, EditionPublic where it is what everybody sees now.
    """
    source = sources.locked(uid, actor)
    require(policies.can_open_earlier(actor, source.agency_id))
    once = Version.objects.filter(source=source).exclude(published_at=None)
    if not once.filter(number=number).exists():
        raise VersionUnknown(number=number)
    if number == source.version:
        raise EditionPublic(number=number)
    found = once.filter(number__lte=number) if all_before else once.filter(number=number)
    count = found.filter(recalled_at=None).update(recalled_at=now)
    audit.record(actor, "connectors.version_recalled", source, at=now, number=number, all_before=all_before)
    return count


def recall_between(source: Source, old: int, again: int, *, now: datetime) -> None:
    """Recall what was public between a version and the one that brought its rows back."""
    between = Version.objects.filter(source=source, number__gt=old, number__lt=again, recalled_at=None)
    between.exclude(published_at=None).update(recalled_at=now)
