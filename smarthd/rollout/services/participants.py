"""The projection of persons, kept from people's events. Each function may be called again and in any order."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from smarthd.kernel import audit, clock
from smarthd.kernel.actor import Actor
from smarthd.rollout import policies, rules
from smarthd.rollout.models import ActivityDay, InstallState, Participant, Residence, StaffSeat
from smarthd.rollout.selectors import channel_codes
from smarthd.rollout.services import citizen_counts, dirt, installs, staff_counts, teams_codes, teams_setup
from smarthd.rollout.services.settling import settle


def lock_participant(account_id: int) -> Participant | None:
    """Return the person's row locked, making it if need be; None once it was erased."""
    Participant.objects.bulk_create([Participant(account_id=account_id)], ignore_conflicts=True)
    person = Participant.objects.select_for_update().get(pk=account_id)
    return None if person.erased_on else person


@transaction.atomic
def activate_participant(
    account_id: int, *, install_uid: UUID, home_id: int | None, team_code: str, at: datetime
) -> None:
    """Take in that a verified account stands on an installed app (L2); the earliest such day is the person's."""
    if Participant.objects.filter(pk=account_id, erased_on__isnull=False).exists():
        return  # erased meanwhile: what was counted stands in the ledger
    day = clock.day_of(at)
    installs.take_install(install_uid, account_id=account_id, day=day)
    person = lock_participant(account_id)
    if person is None:
        return
    if person.activated_on is None or day < person.activated_on:
        person.activated_on = day
    person.installed_on = min(person.installed_on or day, day)
    person.team_code = person.team_code or _brought_by(account_id, text=team_code, at=at)
    person.save(update_fields=["activated_on", "installed_on", "team_code"])
    if home_id is not None:
        _say_home(person, home_id=home_id, at=at)
    settle([account_id])
    dirt.mark_dirty(Participant.objects.values_list("installed_on", flat=True).get(pk=account_id))


def _brought_by(account_id: int, *, text: str, at: datetime) -> str:
    """Return what brought a person, to be kept once: the short code of the team that helped, or a channel's code that we gave."""
    return teams_codes.credit_person(account_id, text=text, at=at) or channel_codes.known_code(text)


@transaction.atomic
def move_participant(account_id: int, *, home_id: int | None, at: datetime) -> None:
    """Take in where a person lives now. Days before keep the home of then; days before the first word take the first.

    Of two words said at one instant the greater atom holds, whichever is heard first: the order of hearing must not change a count.
    """
    person = lock_participant(account_id)
    if person is not None:
        _say_home(person, home_id=home_id or 0, at=at)


def _say_home(person: Participant, *, home_id: int, at: datetime) -> None:
    day = clock.day_of(at)
    before = list(Residence.objects.filter(account_id=person.pk).order_by("said_on").values_list("said_on", "atom_id"))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO rollout_residence AS r (account_id, said_on, said_at, atom_id) VALUES (%s, %s, %s, %s)
            ON CONFLICT (account_id, said_on) DO UPDATE SET said_at = excluded.said_at, atom_id = excluded.atom_id
            WHERE (excluded.said_at, excluded.atom_id) > (r.said_at, r.atom_id)""",
            [person.pk, day, at, home_id],
        )
    after = list(Residence.objects.filter(account_id=person.pk).order_by("said_on").values_list("said_on", "atom_id"))
    if before == after:
        return
    person.home_id = after[-1][1]
    person.moved = len({atom for _, atom in after}) > 1
    person.save(update_fields=["home_id", "moved"])
    first_of_all = len(before) == 0 or after[0] != before[0]
    dirt.mark_dirty(_counted_from(person) if first_of_all else day)


def _counted_from(person: Participant) -> date | None:
    return min((day for day in (person.installed_on, person.activated_on) if day is not None), default=None)


@transaction.atomic
def mark_test(account_id: int, *, is_test: bool, at: datetime) -> None:
    """Show an account apart as a test account, on every day, or no longer; the latest word holds."""
    person = lock_participant(account_id)
    if person is None or (person.test_said_at is not None and person.test_said_at > at):
        return
    changed = person.is_test != is_test
    person.is_test = is_test
    person.test_said_at = at
    person.save(update_fields=["is_test", "test_said_at"])
    if changed:
        dirt.mark_dirty(_counted_from(person))


@transaction.atomic
def quarantine(account_id: int, *, held: bool, reason: str, actor: Actor, now: datetime) -> None:
    """Set an account apart from the figures, or give it back, with a reason; nothing is deleted."""
    policies.require_integrity(actor)
    person = lock_participant(account_id)
    if person is None or person.quarantined == held:
        return
    person.quarantined = held
    person.save(update_fields=["quarantined"])
    act = "rollout.quarantined" if held else "rollout.quarantine_lifted"
    audit.record(actor, act, person, at=now, reason=reason)
    dirt.mark_dirty(_counted_from(person))


@transaction.atomic
def forget_days(account_id: int, *, at: datetime) -> None:
    """Forget a person's days of use (consent withdrawn): their share in past counts becomes numbers without a person.

    Level and dates stay, for staff also the spells in which they held them. From the next day the person is no longer counted as
    active: we do not know any more. Days up to this one are not taken in again, so that nobody is counted twice.
    """
    dirt.lock_counting()
    person = lock_participant(account_id)
    if person is None:
        return
    day = clock.day_of(at)
    until = day + timedelta(days=1)
    _to_ledger(account_id, until=until, stocks=False)
    if StaffSeat.objects.filter(account_id=account_id).exists():
        _keep_spells(account_id)
    ActivityDay.objects.filter(account_id=account_id).delete()
    person.forgotten_on = max(person.forgotten_on or day, day)
    person.save(update_fields=["forgotten_on"])
    dirt.mark_dirty(until)


@transaction.atomic
def erase_participant(account_id: int, *, at: datetime) -> None:
    """Destroy what is known of a person; the counts they were part of stay true, as numbers without a person."""
    dirt.lock_counting()
    person = lock_participant(account_id)
    if person is None:
        return
    day = clock.day_of(at)
    settle([account_id])
    _to_ledger(account_id, until=day + timedelta(days=1), stocks=True)
    ActivityDay.objects.filter(account_id=account_id).delete()
    Residence.objects.filter(account_id=account_id).delete()
    InstallState.objects.filter(account_id=account_id).update(account_id=None)
    StaffSeat.objects.filter(account_id=account_id).update(account_id=None)
    teams_codes.forget_credited(account_id, now=at)
    teams_setup.forget_helper(account_id, now=at)
    Participant.objects.filter(pk=account_id).delete()
    Participant.objects.create(account_id=account_id, erased_on=day)
    dirt.mark_dirty(day + timedelta(days=1))


def _keep_spells(account_id: int) -> None:
    """Keep of a staff member's days what the order rests on: a level and the dates between which it was held."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE rollout_participant p SET
              active_during = COALESCE(p.active_during, '{{}}') + COALESCE(d.active, '{{}}'),
              kept_during = COALESCE(p.kept_during, '{{}}') + COALESCE(d.kept, '{{}}')
            FROM (SELECT range_agg(daterange(a.day, a.day + {rules.STAYS_ACTIVE_DAYS})) FILTER (WHERE a.actions <> 0) AS active,
                    range_agg(daterange(a.day, a.day + {rules.LAPSED_AFTER_DAYS})) AS kept
                  FROM rollout_activity_day a JOIN rollout_participant w USING (account_id)
                  WHERE a.account_id = %(account)s AND a.day >= w.activated_on) d
            WHERE p.account_id = %(account)s""",
            {"account": account_id},
        )


def _to_ledger(account_id: int, *, until: date, stocks: bool) -> None:
    """Add the person's share in the counts to the ledgers; activity ends at ``until``."""
    parameters: dict[str, list[int] | date] = {
        "accounts": [account_id],
        "first": rules.BEGINNING + timedelta(days=60),
        "last": date(9000, 1, 1),
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(citizen_counts.ledger_sql(stocks=stocks), parameters)
        if stocks:
            cursor.execute(staff_counts.ledger_sql(), parameters)
