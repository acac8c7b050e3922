"""What waits for one official at their own agencies: how many of each, and the nearest term of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from smarthd.fieldreports import policies
from smarthd.fieldreports.models import Report, Support
from smarthd.fieldreports.rules import states
from smarthd.fieldreports.rules.states import State
from smarthd.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Held:
    """How many wait, and the nearest term among them (None: nothing waits)."""

    count: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class OfficialsWork:
    """New ones to look at, those at work, those given to the official in person, refusals to judge, parts asked as support."""

    new: Held
    working: Held
    mine: Held
    contested: Held
    support: int


def waiting_for(actor: Actor) -> OfficialsWork | None:
    """Return what waits for an official; None for who neither handles reports nor judges refusals. At most two statements."""
    own, judging = policies.works_at(actor), policies.judges_at(actor)
    if not own:
        return None
    ours = Q(holder_id__in=sorted(own))
    groups = {
        "new": ours & Q(state=State.RECEIVED),
        "working": ours & Q(state__in=sorted(states.WORKING)),
        "mine": ours & Q(state__in=sorted(states.WORKING), worker=actor.account_id or -1),
        "contested": Q(state=State.CONTESTED, judge_id__in=sorted(judging)),
    }
    found = Report.objects.filter(ours | groups["contested"], state__in=[str(one) for one in sorted(states.OPEN)])
    counted = found.aggregate(
        **{f"{name}_count": Count("id", filter=group) for name, group in groups.items()},
        **{
            f"{name}_due": Min("intake_due_at" if name == "new" else "due_at", filter=group)
            for name, group in groups.items()
        },
    )
    support = Support.objects.filter(
        agency_id__in=sorted(own), done_at=None, report__state__in=[str(one) for one in sorted(states.OPEN)]
    ).count()
    told = {name: Held(counted[f"{name}_count"], counted[f"{name}_due"]) for name in groups}
    return OfficialsWork(**told, support=support)
