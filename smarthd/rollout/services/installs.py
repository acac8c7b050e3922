"""Apps on phones: devices until a person stands on them. An install belongs to whoever stood on it first, in whatever order this is heard."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from smarthd.kernel import clock
from smarthd.rollout.models import InstallState
from smarthd.rollout.services import dirt
from smarthd.rollout.services.settling import settle


@transaction.atomic
def observe_install(install_uid: UUID, *, standalone: bool, atom_id: int | None, at: datetime) -> None:
    """Count an install from its first open; opening from the home screen makes a device of what was plain browsing.

    Where both openings name a place, the installed app's is taken.
    """
    day = clock.day_of(at)
    state = _lock_install(install_uid, standalone=standalone, day=day)
    since = min(day, state.opened_on)
    if atom_id and (standalone or not state.standalone or not state.atom_id):
        state.atom_id = atom_id
    _open(state, standalone=standalone, day=day)
    state.save(update_fields=["standalone", "opened_on", "atom_id"])
    if state.account_id is not None:
        settle([state.account_id])
    dirt.mark_dirty(since)


def claim_install(install_uid: UUID, *, account_id: int, day: date) -> None:
    """Take in that a person stands on an install that is known, from a day on; the first to stand there owns it.

    Of several on one day the oldest account does. Whoever owned it before by later word does so no longer.
    """
    state = InstallState.objects.select_for_update().get(pk=install_uid)
    _claim(state, account_id=account_id, day=day, since=state.opened_on)


def take_install(install_uid: UUID, *, account_id: int, day: date) -> None:
    """Take in that an account was activated on an install, which is therefore an installed app, known or not."""
    state = _lock_install(install_uid, standalone=True, day=day)
    since = min(day, state.opened_on)
    _open(state, standalone=True, day=day)
    state.save(update_fields=["standalone", "opened_on"])
    _claim(state, account_id=account_id, day=day, since=since)


def _lock_install(install_uid: UUID, *, standalone: bool, day: date) -> InstallState:
    new = InstallState(install_uid=install_uid, standalone=standalone, opened_on=day)
    InstallState.objects.bulk_create([new], ignore_conflicts=True)
    return InstallState.objects.select_for_update().get(pk=install_uid)


def _open(state: InstallState, *, standalone: bool, day: date) -> None:
    if standalone == state.standalone:
        state.opened_on = min(state.opened_on, day)
    elif standalone:
        state.standalone, state.opened_on = True, day


def _claim(state: InstallState, *, account_id: int, day: date, since: date) -> None:
    """Settle an install's owner; an erased owner keeps it without a name, so that no device comes back."""
    before = state.account_id
    if state.bound_on is None or (day, account_id) < (state.bound_on, before or 0):
        state.account_id, state.bound_on = account_id, day
        state.save(update_fields=["account_id", "bound_on"])
    settle([account_id] if before is None else [account_id, before])
    dirt.mark_dirty(since)
