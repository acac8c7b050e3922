"""Keeping no longer than needed. Periods are written in docs/privacy.md; this is the only place that deletes by age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from smarthd.kernel import events, limits
from smarthd.people.models import Assistance, Binding, Consent, DataRequest, Install, SignInCode
from smarthd.people.services.assistance import lapse_assistances

__all__ = ["Kept", "apply_retention"]

CODES = timedelta(days=7)
ATTEMPTS = timedelta(days=2)
DELIVERED_EVENTS = timedelta(days=2)
ASSISTANCES = timedelta(days=365)
BINDINGS = timedelta(days=730)
INSTALLS = timedelta(days=730)
INSTALL_CONSENTS = timedelta(days=730)
REQUESTS = timedelta(days=5 * 365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How many rows of each kind were deleted."""

    codes: int
    attempts: int
    deliveries: int
    assistances: int
    bindings: int
    installs: int
    requests: int
    sessions: int


@transaction.atomic
def apply_retention(*, now: datetime) -> Kept:
    """Delete what has outlived its purpose; end what has lapsed. Running twice deletes nothing more."""
    lapse_assistances(now=now)
    old_bindings = Binding.objects.filter(ended_at__lt=now - BINDINGS)
    bindings = old_bindings.delete()[0]
    Consent.objects.filter(account=None, withdrawn_at__lt=now - INSTALL_CONSENTS).delete()
    unseen = Install.objects.filter(last_seen_at__lt=now - INSTALLS, bindings=None)
    Consent.objects.filter(account=None, install__in=unseen).delete()
    Consent.objects.filter(account__isnull=False, install__in=unseen).update(install=None)
    sessions = Session.objects.filter(expire_date__lt=now).delete()[0]
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return Kept(
        codes=SignInCode.objects.filter(requested_at__lt=now - CODES).delete()[0],
        attempts=limits.forget_attempts(before=now - ATTEMPTS),
        deliveries=events.forget_delivered(before=now - DELIVERED_EVENTS),
        assistances=Assistance.objects.filter(closed_at__lt=now - ASSISTANCES).delete()[0],
        bindings=bindings,
        installs=unseen.delete()[0],
        requests=DataRequest.objects.filter(closed_at__lt=now - REQUESTS).delete()[0],
        sessions=sessions,
    )
