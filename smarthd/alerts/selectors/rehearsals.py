"""Rehearsals at full size: when one last passed, what the latest found."""

from __future__ import annotations

from datetime import datetime

from smarthd.alerts.models import Rehearsal


def last_passed_at() -> datetime | None:
    """Return when a rehearsal last passed, None when none ever did."""
    return Rehearsal.objects.filter(passed=True).order_by("-ran_at").values_list("ran_at", flat=True).first()


def latest() -> Rehearsal | None:
    """Return the latest rehearsal."""
    return Rehearsal.objects.order_by("-ran_at", "-id").first()
