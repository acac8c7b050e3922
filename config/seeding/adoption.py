"""How persons take to the app: who installs when, who goes on to an account, who uses it on which day.

Pure numpy: arrays in, arrays out, one seed one world. The shape is what roll-outs look like: an S-curve of installs whose middle
differs from commune to commune (laggards start late and stay low), a drop between install and account, and use that falls off
in the first fortnight, breathes with the week and keeps a faithful core. Days are ordinals (``date.toordinal``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
NEVER = -1
ACTIVATES = 0.86  # of those who opened the installed app
SECOND_DAY_DECAY_DAYS = 9.0
CORE_SHARE = 0.45  # of a person's first-week habit that stays for good
WEEKDAY_RHYTHM = np.array([1.05, 1.0, 1.0, 1.0, 1.08, 0.95, 0.92])  # Monday first
CHUNK = 20_000


@dataclass(frozen=True)
class Wave:
    """One campaign's pull on each unit: ``reach`` share of its owners installing by the end, around ``middle`` (0..1 of the span)."""

    first: date
    last: date
    reach: Floats
    middle: Floats

    @property
    def days(self) -> int:
        """Return the number of days, both ends counted."""
        return self.last.toordinal() - self.first.toordinal() + 1


@dataclass(frozen=True)
class Persons:
    """One row a person: the unit (its place in the wave), day of install, day of account (NEVER = none), habit (chance of use a day)."""

    unit: Ints
    installed_on: Ints
    activated_on: Ints
    habit: Floats

    def __len__(self) -> int:
        return len(self.unit)


@dataclass(frozen=True)
class DaysOfUse:
    """One row a person and day of use; ``actions`` are bits of rollout.rules.ValueAction, 0 where it was only opened."""

    person: Ints
    day: Ints
    actions: Ints


def pull(rng: np.random.Generator, first: date, last: date, units: int, *, reach: float, laggards: float) -> Wave:
    """Return a wave with a mean ``reach``; a share ``laggards`` of the units starts late and reaches half as far."""
    late = rng.random(units) < laggards
    reaches = np.clip(rng.normal(reach, 0.08, units), 0.08, 0.97) * np.where(late, 0.5, 1.0)
    return Wave(first, last, reaches, np.clip(rng.normal(0.45, 0.07, units) + late * 0.22, 0.25, 0.85))


def install_days(rng: np.random.Generator, wave: Wave, unit: Ints) -> Ints:
    """Return each person's day of install: a logistic curve round the unit's middle, thinned on Sundays by moving to Monday."""
    drawn = np.clip(rng.random(len(unit)), 1e-6, 1 - 1e-6)
    when = wave.middle[unit] + np.log(drawn / (1 - drawn)) / 9.0
    day = wave.first.toordinal() + np.clip((when * wave.days).astype(np.int64), 0, wave.days - 1)
    sunday = (day - 1) % 7 == 6
    moved = sunday & (rng.random(len(unit)) < 0.4) & (day < wave.last.toordinal())
    moved_day: Ints = day + moved
    return moved_day


def persons(rng: np.random.Generator, wave: Wave, owners: Ints, *, habit: float) -> Persons:
    """Return those who installed: ``reach`` of each unit's smartphone owners, rounded; ``habit`` is their mean chance of use a day."""
    installed = np.rint(owners * wave.reach).astype(np.int64)
    unit = np.repeat(np.arange(len(owners)), installed)
    installed_on = install_days(rng, wave, unit)
    goes_on = rng.random(len(unit)) < ACTIVATES
    activated_on = np.where(goes_on, installed_on + rng.geometric(0.75, len(unit)) - 1, NEVER)
    # a few use it nearly daily, most now and then: a Beta with the mean wanted
    return Persons(unit, installed_on, activated_on, rng.beta(1.1, 1.1 * (1 - habit) / habit, len(unit)))


def days_of_use(rng: np.random.Generator, who: Persons, first: date, last: date) -> Iterator[DaysOfUse]:
    """Yield, in chunks of persons, the days of use between two days, both counted."""
    days = np.arange(first.toordinal(), last.toordinal() + 1)
    rhythm = WEEKDAY_RHYTHM[(days - 1) % 7]
    holders = np.flatnonzero(who.activated_on != NEVER)
    for start in range(0, len(holders), CHUNK):
        chunk = holders[start : start + CHUNK]
        age = days[None, :] - who.activated_on[chunk][:, None]
        keenness = CORE_SHARE + (1 - CORE_SHARE) * np.exp(-np.maximum(age, 0) / SECOND_DAY_DECAY_DAYS)
        chance = who.habit[chunk][:, None] * keenness * rhythm
        chance = np.where(age == 0, np.maximum(chance, 0.8), chance)
        used = (age >= 0) & (rng.random(age.shape) < chance)
        row, column = np.nonzero(used)
        yield DaysOfUse(chunk[row], days[column], _actions(rng, len(row)))


# Shares of rollout.rules.ValueAction in the order of its bits: reading a notice is the commonest, answering a survey the rarest.
ACTION_SHARES = np.array([0.40, 0.09, 0.07, 0.11, 0.10, 0.05, 0.09, 0.04, 0.01, 0.04])
ONLY_OPENED = 0.15  # days on which the app was opened and nothing of value done


def _actions(rng: np.random.Generator, count: int) -> Ints:
    """Return bits of one or two value actions, or 0 where the app was only opened."""
    first, second = rng.choice(len(ACTION_SHARES), (2, count), p=ACTION_SHARES)
    more, none = rng.random((2, count))
    bits: Ints = np.where(none < ONLY_OPENED, 0, (1 << first) | np.where(more < 0.3, 1 << second, 0))
    return bits
