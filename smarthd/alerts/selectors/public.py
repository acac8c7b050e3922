"""What everybody may read: warnings in force and past; drills are marked, tests are nobody's but their testers'."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from smarthd.alerts.errors import AlertUnknown
from smarthd.alerts.models import Alert
from smarthd.alerts.rules import codes
from smarthd.alerts.rules.messages import Kind, Severity, Status
from smarthd.alerts.rules.states import OUT, State
from smarthd.alerts.selectors import views
from smarthd.alerts.values import AlertView

_TTL_S = 2.0
_known: dict[str, tuple[float, tuple[AlertView, ...]]] = {}
_RANK = {Severity.EXTREME: 0, Severity.SEVERE: 1, Severity.MODERATE: 2, Severity.MINOR: 3, Severity.UNKNOWN: 4}
SHOWN_AFTER = timedelta(hours=6)
"""How long a cancellation goes on being shown: people must hear that it is over."""


def active(now: datetime) -> tuple[AlertView, ...]:
    """Return what is in force for everybody: the real before drills, the worst first, then the newest. Remembered for two seconds.

    What is past its time is left out at once, whatever is remembered.
    """
    read_at, found = _known.get("active", (float("-inf"), ()))
    if time.monotonic() - read_at >= _TTL_S:
        found = _read(now)
        _known["active"] = (time.monotonic(), found)
    return tuple(one for one in found if one.expires_at > now and not _told_over(one, now))


def active_now(now: datetime) -> tuple[AlertView, ...]:
    """Return the same, asked of the database in this instant."""
    return tuple(one for one in _read(now) if not _told_over(one, now))


def _read(now: datetime) -> tuple[AlertView, ...]:
    rows = Alert.objects.filter(state=State.ISSUED, expires_at__gt=now).exclude(status=Status.TEST).defer("cap")
    return tuple(sorted((views.view(row) for row in rows), key=_order))


def _told_over(alert: AlertView, now: datetime) -> bool:
    return alert.kind is Kind.CANCEL and alert.issued_at is not None and alert.issued_at + SHOWN_AFTER <= now


def _order(alert: AlertView) -> tuple[bool, bool, int, float]:
    issued = alert.issued_at.timestamp() if alert.issued_at else 0.0
    return (alert.drill, alert.kind is Kind.CANCEL, _RANK[alert.severity], -issued)


def forget() -> None:
    """Make the next ``active`` ask the database."""
    _known.clear()


def active_for(commune_id: int | None, now: datetime) -> tuple[AlertView, ...]:
    """Return what concerns a commune now; without one, everything, for the reader may be anywhere."""
    return tuple(one for one in active(now) if commune_id is None or commune_id in one.commune_ids)


def mark(now: datetime) -> str:
    """Return what changes whenever what is in force does: part of the key of pages made once for many."""
    return ",".join(one.code for one in active(now))


def alert_page(code: str, *, account_id: int | None) -> AlertView:
    """Return one warning that went out, in force or past; a test only for its testers. Raises AlertUnknown."""
    row = Alert.objects.filter(code=codes.as_code(code), state__in=list(OUT)).defer("cap").first()
    if row is None or (row.status == Status.TEST and account_id not in row.testers):
        raise AlertUnknown
    return views.view(row, replaced_by=views.successors([row]).get(row.pk, ""))


def recent(now: datetime, *, days: int = 30, limit: int = 50) -> list[AlertView]:
    """Return what went out in the last days and is over, the newest first."""
    rows = (
        Alert.objects.filter(state__in=list(OUT - {State.ISSUED}), issued_at__gte=now - timedelta(days=days))
        .exclude(status=Status.TEST)
        .defer("cap")
        .order_by("-issued_at")[:limit]
    )
    kept = list(rows)
    replaced = views.successors(kept)
    return [views.view(row, replaced_by=replaced.get(row.pk, "")) for row in kept]


def earlier_of(alert: AlertView) -> list[AlertView]:
    """Return the other messages of a warning's incident that went out, the newest first."""
    rows = Alert.objects.filter(incident=alert.incident, state__in=list(OUT)).exclude(uid=alert.uid).defer("cap")
    return [views.view(row) for row in rows.order_by("-issued_at")]


def cap_of(code: str) -> bytes:
    """Return the signed message as it went out. Raises AlertUnknown; tests are not published."""
    found = (
        Alert.objects.filter(code=codes.as_code(code), state__in=list(OUT))
        .exclude(status=Status.TEST)
        .values_list("cap", flat=True)
        .first()
    )
    if found is None:
        raise AlertUnknown
    return bytes(found)


def feed(now: datetime, commune_id: int | None = None, limit: int = 60) -> Sequence[AlertView]:
    """Return what the feeds hold: what is in force, then what ended within two days so that readers learn that it did."""
    over = [one for one in recent(now, days=2, limit=limit) if commune_id is None or commune_id in one.commune_ids]
    return [*active_for(commune_id, now), *over][:limit]
