"""Persons and days of use as rows of ``rollout``: the projection of persons, devices, homes, seats, days.

What a row says is what rollout's handlers and services would have made of the same events (tests compare). Roll-ups are not made
here: rollout makes them from these rows.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from config.seeding import adoption, copying
from config.seeding.adoption import DaysOfUse, Ints
from config.seeding.persons import Rows
from config.seeding.planting import plant
from smarthd.rollout import rules

LATER = date.max.toordinal()


def plant_usage(rng: np.random.Generator, rows: Rows, use: DaysOfUse) -> int:
    """Write what rollout keeps of the persons and of their days; returns the number of rows."""
    counted = rows.counted[use.person]
    kept = DaysOfUse(use.person[counted], use.day[counted], use.actions[counted])
    holders = np.flatnonzero(rows.account_id >= 0)
    _plant_participants(rng, rows, kept, holders)
    _plant_devices(rng, rows, kept)
    plant_days(rng, rows.account_id, rows.atom, kept)
    return 2 * len(holders) + len(rows.account_id) + len(kept.person)


def plant_days(rng: np.random.Generator, account_id: Ints, atom: Ints, use: DaysOfUse) -> None:
    """Write days of use of persons (rows of ``account_id`` and ``atom``) who agreed to be counted."""
    plant(
        "rollout.ActivityDay",
        len(use.person),
        rng,
        account_id=account_id[use.person],
        day=use.day,
        atom_id=atom[use.person],
        launched=True,
        actions=use.actions,
    )


def _first_in(use: DaysOfUse, start: Ints, window: tuple[int, int]) -> Ints:
    """Return each person's first day with a value action within days ``window`` after ``start``; LATER where there is none."""
    age = use.day - start[use.person]
    chosen = (use.actions > 0) & (age >= window[0]) & (age <= window[1])
    first = np.full(len(start), LATER, dtype=np.int64)
    np.minimum.at(first, use.person[chosen], use.day[chosen])
    return first


def _last(use: DaysOfUse, count: int, *, valuable: bool) -> Ints:
    chosen = use.actions > 0 if valuable else np.ones(len(use.day), dtype=bool)
    last = np.zeros(count, dtype=np.int64)
    np.maximum.at(last, use.person[chosen], use.day[chosen])
    return last


def _plant_participants(rng: np.random.Generator, rows: Rows, use: DaysOfUse, holders: Ints) -> None:
    start, count = rows.who.activated_on, len(rows.who)

    def days(values: Ints) -> copying.Column:
        chosen = values[holders]
        return copying.day(chosen, (chosen == LATER) | (chosen == 0))

    launched = np.maximum(_last(use, count, valuable=False), np.where(rows.counted, start, 0))
    plant(
        "rollout.Participant",
        len(holders),
        rng,
        account_id=rows.account_id[holders],
        home_id=rows.atom[holders],
        installed_on=rows.who.installed_on[holders],
        activated_on=start[holders],
        first_used_on=days(_first_in(use, start, (0, LATER))),
        used_on=days(_first_in(use, start, (0, rules.USED_WITHIN_DAYS - 1))),
        returned_on=days(_first_in(use, start, (rules.RETURNED_FROM, rules.RETURNED_TO))),
        retained_on=days(_first_in(use, start, (rules.RETAINED_FROM, rules.RETAINED_TO))),
        last_used_on=days(_last(use, count, valuable=True)),
        last_launch_on=days(launched),
        team_code=[rows.team_code[person] for person in holders],
    )
    plant(
        "rollout.Residence",
        len(holders),
        rng,
        account_id=rows.account_id[holders],
        said_on=start[holders],
        said_at=rows.activated_at[holders],
        atom_id=rows.atom[holders],
    )


def _plant_devices(rng: np.random.Generator, rows: Rows, use: DaysOfUse) -> None:
    bound = rows.who.activated_on
    plant(
        "rollout.InstallState",
        len(rows.who),
        rng,
        install_uid=copying.Column(rows.install_uid),
        standalone=rows.standalone.astype(np.uint8),
        atom_id=rows.atom,
        opened_on=rows.who.installed_on,
        account_id=copying.bigint(rows.account_id, rows.account_id < 0),
        bound_on=copying.day(bound, bound == adoption.NEVER),
    )


def plant_seats(rng: np.random.Generator, staff_id: Ints, agency_id: Ints, account_id: Ints, since: date) -> None:
    """Write each person's place on a roster as rollout keeps it; accounts of -1 are none."""
    plant(
        "rollout.StaffSeat",
        len(staff_id),
        rng,
        staff_id=staff_id,
        agency_id=agency_id,
        account_id=copying.bigint(account_id, account_id < 0),
        exempt=False,
        valid_from=since,
    )
