"""What is owed is carried through a reorganisation: an ended agency's reports are handed in, and looked at, by who came after it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from smarthd.agencies import selectors as agencies
from smarthd.kernel import audit, clock
from smarthd.kernel.actor import Actor, system
from smarthd.rollout.models import Obligation
from smarthd.rollout.rules.reports import State


@transaction.atomic
def follow_agencies(*, now: datetime, period_id: int | None = None) -> int:
    """Give what ended agencies hold, and what waits for them, to who came after them. Return how many obligations changed hands.

    What is owed stays owed, once, in the name of who owes it: nothing is written anew and nothing falls away. Where an agency ended
    without an heir, its last superior's people hold it; where a superior did, whoever stands above the holder now looks at it.
    """
    found = Obligation.objects.exclude(report__state=State.ACCEPTED)
    if period_id is not None:
        found = found.filter(period_id=period_id)
    held = set(found.values_list("held_by_id", flat=True))
    looked_at = set(found.exclude(superior=None).values_list("superior_id", flat=True))
    heirs = agencies.heirs_on(held | looked_at, clock.day_of(now))
    actor = system("carrying")
    moved = _move_holders(found, {one for one in held if heirs.get(one) != one}, heirs, actor=actor, now=now)
    return moved + _move_superiors(found, {one for one in looked_at if heirs.get(one) != one}, heirs, actor, now)


def _move_holders(
    found: QuerySet[Obligation], gone: set[int], heirs: dict[int, int], *, actor: Actor, now: datetime
) -> int:
    if not gone:
        return 0
    above = agencies.last_superiors(gone)
    standing = agencies.heirs_on(above.values(), clock.day_of(now))
    moved = 0
    for row in found.filter(held_by__in=gone).select_for_update(of=("self",)).order_by("id"):
        to = heirs.get(row.held_by_id) or standing.get(above.get(row.held_by_id, 0))
        if to is None:
            continue  # nobody stands in its place: the coordinator's board shows it, and exempts it
        audit.record(actor, "rollout.obligation_carried", row, at=now, held_by=row.held_by_id, now_by=to)
        row.held_by_id = to
        row.save(update_fields=["held_by"])
        moved += 1
    return moved


def _move_superiors(
    found: QuerySet[Obligation], gone: set[int], heirs: dict[int, int], actor: Actor, now: datetime
) -> int:
    if not gone:
        return 0
    rows = list(found.filter(superior__in=gone).select_for_update(of=("self",)).order_by("id"))
    views = agencies.agency_views({row.held_by_id for row in rows}, clock.day_of(now))
    for row in rows:
        view = views.get(row.held_by_id)
        to = heirs.get(row.superior_id or 0) or (view.parent_id if view is not None else None)
        audit.record(actor, "rollout.superior_carried", row, at=now, superior=row.superior_id, now_by=to)
        row.superior_id = to
        row.save(update_fields=["superior"])
    return len(rows)
