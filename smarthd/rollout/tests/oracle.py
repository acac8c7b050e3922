"""The counting oracle: ROLLOUT.md's definitions over raw facts, person by person and day by day. No SQL, nothing of rollout's own code.

It is slow and obvious on purpose. ``Book.take`` absorbs one fact; facts may come in any order, except that what a person takes back
(consent, account) freezes what was counted of them until that day.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
CITIZEN_COLUMNS = [
    "installed",
    "activated",
    "assisted",
    "used",
    "reached_3",
    "reached_4",
    "retained",
    "aged_7",
    "used_aged",
    "aged_8",
    "returned_aged",
    "aged_31",
    "retained_aged",
    "active_1",
    "active_7",
    "active_28",
    "active_30",
    "devices",
    "browsers",
    "test",
    "quarantined",
]
STAFF_COLUMNS = [
    "roster",
    "exempt",
    "installed",
    "activated",
    "used",
    "reached_3",
    "reached_4",
    "retained",
    "active_28",
    "lapsed",
    "activated_net",
    "used_net",
    "active_28_net",
]

TEAM_CODES = ("TO-1",)
"""Codes of teams that stand; what else is typed as a code helps nobody to anything."""

Counts = dict[str, float]


@dataclass(frozen=True)
class Opened:
    """The first open of an install, in a browser or from the home screen."""

    install: int
    standalone: bool
    atom: int
    day: date


@dataclass(frozen=True)
class Activated:
    """A verified account stood on an installed app."""

    account: int
    install: int
    home: int | None
    code: str
    day: date


@dataclass(frozen=True)
class Moved:
    """A person's word on where they live."""

    account: int
    home: int
    at: datetime


@dataclass(frozen=True)
class Marked:
    """An account is a test account, or none."""

    account: int
    is_test: bool
    at: datetime


@dataclass(frozen=True)
class Held:
    """An account was set apart."""

    account: int


@dataclass(frozen=True)
class Told:
    """What a phone tells: instants by its own clock, and whether something useful was done."""

    account: int
    received: datetime
    events: tuple[tuple[datetime, bool], ...]
    install: int | None = None


@dataclass(frozen=True)
class Withdrew:
    account: int
    day: date


@dataclass(frozen=True)
class Agreed:
    account: int


@dataclass(frozen=True)
class Erased:
    account: int
    day: date


@dataclass(frozen=True)
class Seat:
    """One stay on a roster, the last day exclusive."""

    staff: int
    agency: int
    account: int | None
    exempt: bool
    first: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.until is None or day < self.until)


@dataclass
class Person:
    activated: date | None = None
    installed: date | None = None
    assisted: bool = False
    words: dict[date, tuple[datetime, int]] = field(default_factory=dict)
    test: tuple[datetime, bool] | None = None
    held: bool = False
    agreed: bool = False
    days: dict[date, bool] = field(
        default_factory=dict
    )  # days of use kept with consent: whether something useful was done
    past: dict[date, bool] = field(default_factory=dict)  # days known by level and date only
    forgotten: date = date.min
    last: date = date.max  # the last day on which rolling windows count

    def home(self, day: date) -> int:
        before = [said for said in self.words if said <= day]
        said = max(before) if before else min(self.words, default=None)
        return 0 if said is None else self.words[said][1]

    def uses(self, *, kept_only: bool) -> list[date]:
        told = (
            self.days
            if kept_only
            else {d: self.days.get(d, False) or self.past.get(d, False) for d in {*self.days, *self.past}}
        )
        return [day for day, acted in told.items() if acted and self.activated is not None and day >= self.activated]

    def reached(self, first: int, last: int) -> date | None:
        """The first day of use so many days after activation."""
        assert self.activated is not None
        return min((d for d in self.uses(kept_only=False) if first <= (d - self.activated).days <= last), default=None)

    def active(self, day: date, window: int, *, kept_only: bool) -> bool:
        return day <= self.last and any(0 <= (day - use).days < window for use in self.uses(kept_only=kept_only))

    def lapsed(self, day: date) -> bool:
        assert self.activated is not None
        launches = {*self.days, *self.past, self.activated}
        return not any(0 <= (day - d).days < 60 for d in launches if d >= self.activated)


def _by(what: date | None, day: date) -> bool:
    return what is not None and what <= day


class Book:
    """Everything told so far, and what it amounts to on any day."""

    def __init__(self, *, agreed: Iterable[int], seats: Iterable[Seat], holders: dict[int, int] | None = None) -> None:
        self.people: dict[int, Person] = defaultdict(Person)
        for account in agreed:
            self.people[account].agreed = True
        self.seats = list(seats)
        self.holders = holders or {}  # who stands on an install by people's word
        self.opened: dict[int, list[Opened]] = defaultdict(list)
        self.claims: dict[int, list[tuple[date, int]]] = defaultdict(list)
        self.erased: dict[int, Person] = {}
        self.withdrawn: list[Person] = []  # persons as they were when they took their consent back
        self.facts: list[Any] = []

    def take(self, fact: Any) -> None:
        if getattr(fact, "account", None) in self.erased:
            return
        getattr(self, f"_{type(fact).__name__.lower()}")(fact)

    # -- facts ----------------------------------------------------------------------------------------------------------
    def _opened(self, fact: Opened) -> None:
        self.opened[fact.install].append(fact)

    def _activated(self, fact: Activated) -> None:
        person = self.people[fact.account]
        person.activated = min(person.activated or fact.day, fact.day)
        person.assisted = person.assisted or fact.code in TEAM_CODES
        self.opened[fact.install].append(Opened(fact.install, standalone=True, atom=0, day=fact.day))
        self.claims[fact.install].append((fact.day, fact.account))
        if fact.home is not None:
            self._moved(
                Moved(fact.account, fact.home, datetime(fact.day.year, fact.day.month, fact.day.day, 12, tzinfo=LOCAL))
            )

    def _moved(self, fact: Moved) -> None:
        words, day = self.people[fact.account].words, fact.at.astimezone(LOCAL).date()
        if day not in words or words[day] < (fact.at, fact.home):
            words[day] = (fact.at, fact.home)

    def _marked(self, fact: Marked) -> None:
        person = self.people[fact.account]
        if person.test is None or person.test[0] <= fact.at:
            person.test = (fact.at, fact.is_test)

    def _held(self, fact: Held) -> None:
        self.people[fact.account].held = True

    def _told(self, fact: Told) -> None:
        person, received = self.people[fact.account], fact.received.astimezone(LOCAL).date()
        if fact.install is not None and self.holders.get(fact.install) == fact.account:
            self.claims[fact.install].append((received, fact.account))
        seated = any(seat.account == fact.account and seat.holds(received) for seat in self.seats)
        for at, acted in fact.events:
            if at > fact.received + timedelta(hours=2, minutes=15) or at < fact.received - timedelta(days=8):
                continue
            day = min(at, fact.received).astimezone(LOCAL).date()
            if person.agreed and day > person.forgotten:
                person.days[day] = person.days.get(day, False) or acted
            elif seated:
                person.past[day] = person.past.get(day, False) or acted

    def _withdrew(self, fact: Withdrew) -> None:
        person = self.people[fact.account]
        before = copy.deepcopy(person)
        before.last = fact.day
        self.withdrawn.append(before)
        for day, acted in person.days.items():
            person.past[day] = person.past.get(day, False) or acted
        person.days, person.forgotten, person.agreed = {}, fact.day, False

    def _agreed(self, fact: Agreed) -> None:
        self.people[fact.account].agreed = True

    def _erased(self, fact: Erased) -> None:
        self._install_everyone()
        person = self.people.pop(fact.account)
        person.last = fact.day
        self.erased[fact.account] = person

    # -- counts ---------------------------------------------------------------------------------------------------------
    def _owner(self, install: int) -> tuple[date, int] | None:
        return min(self.claims[install], default=None)

    def _first_open(self, install: int) -> date | None:
        return min((one.day for one in self.opened[install] if one.standalone), default=None)

    def _install_everyone(self) -> None:
        for account, person in self.people.items():
            mine = [self._first_open(i) for i in list(self.claims) if (owner := self._owner(i)) and owner[1] == account]
            person.installed = min((d for d in [*mine, person.activated] if d is not None), default=None)

    def citizens(self, day: date) -> dict[int, Counts]:
        """Counts by atom at the end of a day."""
        self._install_everyone()
        found: dict[int, Counts] = defaultdict(lambda: dict.fromkeys(CITIZEN_COLUMNS, 0))
        for person in [*self.people.values(), *self.erased.values()]:
            for column in self._columns(person, day):
                found[person.home(day)][column] += 1
        for person in self.withdrawn:
            for column in self._rolling_alone(person, day):
                found[person.home(day)][column] += 1
        for install, opens in self.opened.items():
            column = self._device(install, opens, day)
            if column:
                atoms = {one.standalone: one.atom for one in opens if one.atom}
                found[atoms.get(True) or atoms.get(False) or 0][column] += 1
        return {atom: counts for atom, counts in found.items() if any(counts.values())}

    def _device(self, install: int, opens: list[Opened], day: date) -> str:
        first, owner = self._first_open(install), self._owner(install)
        if first is None:
            return "browsers" if min(one.day for one in opens) <= day else ""
        return "devices" if first <= day and not (owner and owner[0] <= day) else ""

    def _columns(self, person: Person, day: date) -> list[str]:
        """The columns in which one person counts."""
        if person.test is not None and person.test[1]:
            return ["test"] if _by(person.activated, day) else []
        if person.held:
            return ["quarantined"] if _by(person.activated, day) else []
        columns = ["installed"] if _by(person.installed, day) else []
        if person.activated is None or person.activated > day:
            return columns
        age = (day - person.activated).days
        used, returned, retained = person.reached(0, 6), person.reached(1, 7), person.reached(24, 30)
        active = {window: person.active(day, window, kept_only=True) for window in (1, 7, 28, 30)}
        told = {
            "activated": True,
            "assisted": person.assisted,
            "used": _by(used, day),
            "reached_3": _by(used, day) or _by(retained, day) or active[28],
            "reached_4": _by(retained, day) or active[28],
            "retained": _by(retained, day),
            "aged_7": age >= 7,
            "used_aged": age >= 7 and used is not None,
            "aged_8": age >= 8,
            "returned_aged": age >= 8 and returned is not None,
            "aged_31": age >= 31,
            "retained_aged": age >= 31 and retained is not None,
            **{f"active_{window}": value for window, value in active.items()},
        }
        return columns + [column for column, holds in told.items() if holds]

    def _rolling_alone(self, person: Person, day: date) -> list[str]:
        """What stays counted, without a name, of a person who took their consent back: windows, not what dates still tell."""
        if person.activated is None or person.held or (person.test is not None and person.test[1]):
            return []
        active = {window: person.active(day, window, kept_only=True) for window in (1, 7, 28, 30)}
        used, retained = person.reached(0, 6), person.reached(24, 30)
        columns = [f"active_{window}" for window, holds in active.items() if holds]
        if active[28] and not _by(used, day) and not _by(retained, day):
            columns.append("reached_3")
        if active[28] and not _by(retained, day):
            columns.append("reached_4")
        return columns

    def level(self, person: Person, day: date) -> int:
        """The highest rung at the end of a day, by what compliance may rest on."""
        if person.activated is None or person.activated > day:
            return 1 if _by(person.installed, day) else 0
        if _by(person.reached(24, 30), day):
            return 5
        if person.active(day, 28, kept_only=False):
            return 4
        return 3 if _by(person.reached(0, 6), day) else 2

    def staff_person(self, account: int | None, day: date) -> Person | None:
        """The person behind a seat: nobody if the account is a test account, set apart, or erased before the day."""
        person = self.people.get(account or 0) or self.erased.get(account or 0)
        if person is None or day > person.last or person.held or (person.test is not None and person.test[1]):
            return None
        return person

    def staff(self, day: date) -> dict[int, Counts]:
        """Counts by agency at the end of a day, own rosters only."""
        self._install_everyone()
        found: dict[int, Counts] = defaultdict(lambda: dict.fromkeys(STAFF_COLUMNS, 0))
        for seat in self.seats:
            if not seat.holds(day):
                continue
            counts = found[seat.agency]
            counts["roster"] += 1
            counts["exempt"] += seat.exempt
            person = self.staff_person(seat.account, day)
            if person is None:
                continue
            level = self.level(person, day)
            activated = level >= 2
            lapsed = activated and person.lapsed(day)
            told = {
                "installed": level >= 1,
                "activated": activated,
                "used": level >= 3 and not lapsed,
                "reached_3": level >= 3,
                "reached_4": level >= 4,
                "retained": level == 5,
                "active_28": activated and person.active(day, 28, kept_only=False),
                "lapsed": lapsed,
            }
            for column, holds in told.items():
                counts[column] += holds
                if f"{column}_net" in counts and not seat.exempt:
                    counts[f"{column}_net"] += holds
        return dict(found)


# -- figures: what the counts of atoms amount to under some boundaries --------------------------------------------------------
OWNERS, ADULTS = "smartphone_owners", "adults"
CITIZEN_FIGURES: dict[str, tuple[str, str]] = {
    "installed": ("installed", OWNERS),
    "activated": ("activated", OWNERS),
    "installed_adults": ("installed", ADULTS),
    "activated_adults": ("activated", ADULTS),
    "used_owners": ("reached_3", OWNERS),
    "use_rate": ("used_aged", "aged_7"),
    "active_28": ("active_28", "activated"),
    "active_7": ("active_7", "activated"),
    "dau": ("active_1", "activated"),
    "wau": ("active_7", "activated"),
    "mau": ("active_30", "activated"),
    "d7": ("returned_aged", "aged_8"),
    "d30": ("retained_aged", "aged_31"),
    "retained": ("retained", "activated"),
    "assisted": ("assisted", "activated"),
    "devices": ("devices", ""),
    "browsers": ("browsers", ""),
    "test": ("test", ""),
    "quarantined": ("quarantined", ""),
}
STAFF_FIGURES: dict[str, tuple[str, str]] = {
    "staff_used": ("used", "roster"),
    "staff_used_net": ("used_net", "roster_net"),
    "staff_activated": ("activated", "roster"),
    "staff_activated_net": ("activated_net", "roster_net"),
    "staff_active_28": ("active_28", "roster"),
    "staff_active_28_net": ("active_28_net", "roster_net"),
    "staff_lapsed": ("lapsed", "activated"),
    "staff_exempt": ("exempt", "roster"),
}
Weights = dict[int, dict[int, float]]  # atom -> unit -> weight, at one level of one boundary set
Parts = tuple[float | None, float | None, float | None]  # numerator, denominator, ratio


@dataclass(frozen=True)
class Base:
    """One base that was entered."""

    unit: int
    measure: str
    value: float
    on: date


def parts(numerator: float, denominator: float) -> Parts:
    """A figure's parts: without a base there is no ratio."""
    return (numerator, denominator, numerator / denominator) if denominator else (numerator, None, None)


def added_up(counts: dict[int, Counts], weights: Weights) -> dict[int, Counts]:
    """Counts of atoms added up by unit; ``estimated`` is the share of the activated that rests on parts of atoms."""
    found: dict[int, Counts] = defaultdict(lambda: dict.fromkeys([*CITIZEN_COLUMNS, "estimated"], 0.0))
    for atom, columns in counts.items():
        for unit, weight in weights.get(atom, {}).items():
            for column, value in columns.items():
                found[unit][column] += value * weight
            if weight < 1:
                found[unit]["estimated"] += columns["activated"] * weight
    for columns in found.values():
        columns["estimated"] = columns["estimated"] / columns["activated"] if columns["activated"] else 0.0
    return dict(found)


def everyone(counts: dict[int, Counts], names: list[str]) -> Counts:
    """Counts of all atoms, or of all agencies, together."""
    return {name: sum(columns[name] for columns in counts.values()) for name in names}


def applicable(entered: Iterable[Base], day: date, own: Weights) -> list[Base]:
    """The newest base of each unit up to a day, less what newer bases of its heirs cover (``own``: the communes of that day)."""
    newest: dict[tuple[str, int], Base] = {}
    for base in entered:
        key = (base.measure, base.unit)
        if base.on <= day and (key not in newest or newest[key].on < base.on):
            newest[key] = base
    found = []
    for base in newest.values():
        heirs = own.get(base.unit, {})
        newer = [
            one for one in newest.values() if one.measure == base.measure and one.unit != base.unit and one.on > base.on
        ]
        covered = sum(heirs.get(one.unit, 0.0) for one in newer)
        found.append(Base(base.unit, base.measure, base.value * max(0.0, 1 - covered), base.on))
    return [base for base in found if base.value > 0]


def bases_under(standing: Iterable[Base], weights: Weights) -> dict[int, dict[str, tuple[float, date]]]:
    """Bases by unit and measure: the sum, and the oldest day of its parts; unit 0 is all."""
    found: dict[int, dict[str, tuple[float, date]]] = defaultdict(dict)
    for base in standing:
        for unit, weight in {**weights.get(base.unit, {}), 0: 1.0}.items():
            value, on = found[unit].get(base.measure, (0.0, base.on))
            found[unit][base.measure] = (value + base.value * weight, min(on, base.on))
    return found


def citizen_figures(counts: Counts, bases: dict[str, tuple[float, date]]) -> dict[str, Parts]:
    """Every figure of one unit."""
    told: dict[str, Parts] = {}
    for key, (numerator, base) in CITIZEN_FIGURES.items():
        if not base:
            told[key] = (counts[numerator], None, None)
        else:
            told[key] = parts(counts[numerator], bases[base][0] if base in bases else counts.get(base, 0.0))
    return told


def staff_figures(counts: Counts) -> dict[str, Parts]:
    """Every figure of one agency, or of several together."""
    whole = {**counts, "roster_net": counts["roster"] - counts["exempt"]}
    return {key: parts(whole[numerator], whole[base]) for key, (numerator, base) in STAFF_FIGURES.items()}
