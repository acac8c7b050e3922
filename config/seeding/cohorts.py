"""Who the persons of a campaign are: citizens by unit, staff by agency; and the days they used the app.

Still pure: units and agencies are places in an array, persons are rows of arrays. The chapters of the demonstration and the load
world turn the places into ids and write the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from config.seeding import adoption
from config.seeding.adoption import DaysOfUse, Ints, Persons

CITIZEN_HABIT, STAFF_HABIT = 0.2, 0.4


@dataclass(frozen=True)
class Cohort:
    """Persons and every day one of them opened the app (rows sorted by nothing in particular)."""

    who: Persons
    use: DaysOfUse

    @property
    def last_use(self) -> Ints:
        """Each person's last day of opening the app (ordinal), 0 where there was none."""
        last = np.zeros(len(self.who), dtype=np.int64)
        np.maximum.at(last, self.use.person, self.use.day)
        return last


def _joined(chunks: list[DaysOfUse]) -> DaysOfUse:
    if not chunks:
        empty = np.zeros(0, dtype=np.int64)
        return DaysOfUse(empty, empty, empty)
    return DaysOfUse(
        np.concatenate([chunk.person for chunk in chunks]),
        np.concatenate([chunk.day for chunk in chunks]),
        np.concatenate([chunk.actions for chunk in chunks]),
    )


def until(who: Persons, today: date) -> Persons:
    """Return the persons as they stand on a day: who installed by then; accounts of later days are not open yet."""
    present = who.installed_on <= today.toordinal()
    activated = np.where(who.activated_on <= today.toordinal(), who.activated_on, adoption.NEVER)
    return Persons(who.unit[present], who.installed_on[present], activated[present], who.habit[present])


def with_use(rng: np.random.Generator, who: Persons, spans: list[tuple[date, date]]) -> Cohort:
    """Return the persons with their days of use in the given spans (both ends counted)."""
    return Cohort(
        who, _joined([chunk for first, last in spans for chunk in adoption.days_of_use(rng, who, first, last)])
    )


def citizens(rng: np.random.Generator, wave: adoption.Wave, owners: Ints, taken: Ints) -> Persons:
    """Return citizens of each unit, leaving room for the ``taken`` owners who come in as staff: nobody is counted beyond the owners."""
    room = np.maximum(owners - taken, 0)
    reach = np.minimum(wave.reach * owners / np.maximum(room, 1), 1.0)
    return adoption.persons(rng, adoption.Wave(wave.first, wave.last, reach, wave.middle), room, habit=CITIZEN_HABIT)


def staff(
    rng: np.random.Generator, first: date, last: date, sizes: Ints, *, laggards: npt.NDArray[np.bool_]
) -> Persons:
    """Return staff by agency: ordered to, most install in the first half; agencies marked ``laggards`` reach about half.

    Every person of a roster is there: who has not installed has ``installed_on`` after ``last``.
    """
    agency = np.repeat(np.arange(len(sizes)), sizes)
    late = laggards[agency]
    middle = np.where(late, 0.7, 0.35)
    drawn = np.clip(rng.random(len(agency)), 1e-6, 1 - 1e-6)
    span = last.toordinal() - first.toordinal() + 1
    day = first.toordinal() + np.clip(
        ((middle + np.log(drawn / (1 - drawn)) / 12) * span).astype(np.int64), 0, span - 1
    )
    installs = rng.random(len(agency)) < np.where(late, 0.55, 0.985)
    installed_on = np.where(installs, day, last.toordinal() + 10_000)
    activated_on = np.where(rng.random(len(agency)) < 0.99, installed_on, adoption.NEVER)
    return Persons(
        agency, installed_on, activated_on, rng.beta(2.0, 2.0 * (1 - STAFF_HABIT) / STAFF_HABIT, len(agency))
    )
