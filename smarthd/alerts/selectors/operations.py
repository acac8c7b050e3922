"""How soon warnings were accepted by push services, counted from the approval; for whoever watches the machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from smarthd.alerts.models import Alert
from smarthd.alerts.rules.states import OUT
from smarthd.alerts.services.broadcasting import key_of
from smarthd.messaging import selectors as messaging

MOST = 20


@dataclass(frozen=True, slots=True)
class Accepted:
    """One warning: within how many seconds of its approval shares (0.5, 0.95, 0.99) of what was accepted so far were."""

    code: str
    drill: bool
    within: Mapping[float, float]


def accepted_since(since: datetime) -> list[Accepted]:
    """Return the warnings approved since, the newest first, at most MOST; without those nothing of which was accepted yet."""
    rows = Alert.objects.filter(state__in=list(OUT), approved_at__gte=since).order_by("-approved_at")
    alerts = list(rows.values_list("uid", "code", "status", "approved_at")[:MOST])
    found = messaging.acceptance_of([key_of(uid) for uid, *_ in alerts])
    return [
        Accepted(code, status != "Actual", _from_approval(found[key_of(uid)], approved_at))
        for uid, code, status, approved_at in alerts
        if key_of(uid) in found and approved_at is not None
    ]


def _from_approval(accepted: messaging.Acceptance, approved_at: datetime) -> dict[float, float]:
    before = max((accepted.began_at - approved_at).total_seconds(), 0.0)
    return {share: round(before + seconds, 3) for share, seconds in accepted.within.items()}
