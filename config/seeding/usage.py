"""Persons and days of use as rows of ``rollout``: the projection of persons, devices, homes, seats, days.

What a row says is what rollout's handlers and services would have made of the same events (tests compare). Roll-ups are not made
here: rollout makes them from these rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np

from config.seeding import adoption, copying
from config.seeding.adoption import DaysOfUse, Ints
from config.seeding.persons import Rows
from config.seeding.planting import plant
from smarthd.rollout import rules

LATER = date.max.toordinal()


class Reached:
    """Each person's dates on the ladder (ordinals; LATER or 0: none), taken from days of use that may come in parts."""

    def __init__(self, rows: Rows) -> None:
        count, self.start = len(rows.who), rows.who.activated_on
        never = np.full(count, LATER, dtype=np.int64)
        self.first_used, self.used, self.returned, self.retained = never, never.copy(), never.copy(), never.copy()
        self.last_used = np.zeros(count, dtype=np.int64)
        self.last_launch = np.where(rows.counted, np.maximum(self.start, 0), 0)

    def take(self, use: DaysOfUse) -> None:
        """Take in some of the days of those who agreed to be counted."""
        acted = use.actions > 0
        person, day = use.person[acted], use.day[acted]
        age = day - self.start[person]
        for first, (low, high) in (
            (self.first_used, (0, LATER)),
            (self.used, (0, rules.USED_WITHIN_DAYS - 1)),
            (self.returned, (rules.RETURNED_FROM, rules.RETURNED_TO)),
            (self.retained, (rules.RETAINED_FROM, rules.RETAINED_TO)),
        ):
            within = (age >= low) & (age <= high)
            np.minimum.at(first, person[within], day[within])
        np.maximum.at(self.last_used, person, day)
        np.maximum.at(self.last_launch, use.person, use.day)


def plant_usage(rng: np.random.Generator, rows: Rows, use: DaysOfUse) -> int:
    """Write what rollout keeps of the persons and of their days; returns the number of rows."""
    return plant_usage_in_parts(rng, rows, [use])


def plant_usage_in_parts(rng: np.random.Generator, rows: Rows, parts: Iterable[DaysOfUse]) -> int:
    """Do as ``plant_usage`` where the days come in parts, so that a year of a province never stands in memory at once."""
    reached, days = Reached(rows), 0
    for use in parts:
        counted = rows.counted[use.person]
        kept = DaysOfUse(use.person[counted], use.day[counted], use.actions[counted])
        reached.take(kept)
        plant_days(rng, rows.account_id, rows.atom, kept)
        days += len(kept.person)
    holders = np.flatnonzero(rows.account_id >= 0)
    _plant_participants(rng, rows, reached, holders)
    _plant_devices(rng, rows)
    return 2 * len(holders) + len(rows.account_id) + days


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


def _plant_participants(rng: np.random.Generator, rows: Rows, reached: Reached, holders: Ints) -> None:
    start = rows.who.activated_on

    def days(values: Ints) -> copying.Column:
        chosen = values[holders]
        return copying.day(chosen, (chosen == LATER) | (chosen == 0))

    plant(
        "rollout.Participant",
        len(holders),
        rng,
        account_id=rows.account_id[holders],
        home_id=rows.atom[holders],
        installed_on=rows.who.installed_on[holders],
        activated_on=start[holders],
        first_used_on=days(reached.first_used),
        used_on=days(reached.used),
        returned_on=days(reached.returned),
        retained_on=days(reached.retained),
        last_used_on=days(reached.last_used),
        last_launch_on=days(reached.last_launch),
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


def _plant_devices(rng: np.random.Generator, rows: Rows) -> None:
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
