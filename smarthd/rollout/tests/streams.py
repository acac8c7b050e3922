"""Random streams of raw facts, and playing them through the services: repeated, out of order, in split batches."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from smarthd.agencies.selectors import StaffView
from smarthd.kernel.ids import uuid7
from smarthd.people import rules as people_rules
from smarthd.people import selectors
from smarthd.people import services as people
from smarthd.rollout import rules, services
from smarthd.rollout.services import seats as seats_module
from smarthd.rollout.tests import make, oracle

FIRST = date(2024, 1, 8)
SPAN = 110
TODAY = FIRST + timedelta(days=SPAN)
CODES = ("", "", "KHONG CO TO NAY", *oracle.TEAM_CODES)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@dataclass
class Stream:
    """Facts in phases: within one, order means nothing. Accounts and installs are small numbers until they are played."""

    agreed: set[int] = field(default_factory=set)
    seats: list[oracle.Seat] = field(default_factory=list)
    linked_late: set[int] = field(default_factory=set)
    holders: dict[int, int] = field(default_factory=dict)
    phases: list[list[Any]] = field(default_factory=list)

    def book(self) -> oracle.Book:
        """Return the oracle that has read it all."""
        book = oracle.Book(agreed=self.agreed, seats=self.seats, holders=self.holders)
        for phase in self.phases:
            for fact in phase:
                book.take(fact)
        return book


def _told(chance: random.Random, account: int, since: int, install: int | None = None) -> oracle.Told:
    received = make.noon(day(chance.randint(max(since - 2, 0), SPAN))) + timedelta(hours=chance.randint(-10, 10))
    events = []
    for _ in range(chance.randint(1, 4)):
        back = timedelta(minutes=chance.choice([0, 5, 60, 900, 1440, 4000, 8640, 11519, 11520, 11521]))
        ahead = timedelta(minutes=chance.choice([0, 0, 0, 30, 134, 135, 136]))
        events.append((received - back + ahead, chance.random() < 0.7))
    return oracle.Told(account, received, tuple(events), install)


def stream(chance: random.Random, atoms: Sequence[int], agencies: Sequence[int]) -> Stream:
    """Return a small stream: enough persons to meet in one cell, every kind of trouble, edges of every window."""
    made = Stream()
    before: list[Any] = []
    facts: list[Any] = []
    accounts = list(range(1, chance.randint(3, 7) + 1))
    installs = list(range(1, len(accounts) + 2))
    employed = [account for account in accounts if chance.random() < 0.5]
    _seats(chance, made, employed, agencies)
    for install in installs:
        facts += [
            oracle.Opened(install, standalone, chance.choice([0, *atoms]), day(chance.randint(0, 60)))
            for standalone in chance.choice([(True,), (False,), (False, True)])
        ]
    for account in accounts:
        start = chance.randint(0, 80)
        if chance.random() < 0.75:
            made.agreed.add(account)
        quiet = account in employed and account not in made.agreed
        install = chance.choice(installs)  # now and then two accounts share a phone
        home = chance.choice([None, *atoms])
        first = oracle.Activated(account, install, home, chance.choice(CODES), day(start))
        (before if quiet else facts).append(first)
        facts += [_told(chance, account, start) for _ in range(chance.randint(0, 6))]
        if chance.random() < 0.5:
            near = [0, 1, 6, 7, 8, 23, 24, 30, 31, 59, 60]
            at = make.noon(day(min(start + chance.choice(near), SPAN)))
            facts.append(oracle.Told(account, at, ((at, True),)))
        for _ in range(chance.choice([0, 0, 1, 2])):
            at = make.noon(day(chance.randint(0, SPAN))) + timedelta(hours=chance.choice([-3, -2, 1, 2, 3]))
            facts += [oracle.Moved(account, chance.choice([0, *atoms]), at) for _ in range(chance.choice([1, 1, 1, 2]))]
        if chance.random() < 0.2:
            facts.append(oracle.Marked(account, chance.random() < 0.7, make.noon(day(chance.randint(0, SPAN)))))
        if chance.random() < 0.1:
            facts.append(oracle.Held(account))
    for opened, told in _second_phones(chance, made, accounts, atoms):
        before.append(opened)
        facts.append(told)
    made.phases = [before, facts, *_leaving(chance, made, accounts, atoms)]
    return made


def _seats(chance: random.Random, made: Stream, employed: list[int], agencies: Sequence[int]) -> None:
    staff = 0
    for account in [*employed, None, None]:
        staff += 1
        first, until = day(chance.randint(0, 20)), chance.choice([None, None, day(chance.randint(30, 100))])
        agency = chance.choice(list(agencies))
        exempt = chance.random() < 0.25
        made.seats.append(oracle.Seat(staff, agency, account, exempt, first, until))
        if until is not None and chance.random() < 0.6:  # a mover: another stay elsewhere, or exempt from now on
            staff += 1
            made.seats.append(oracle.Seat(staff, chance.choice(list(agencies)), account, chance.random() < 0.3, until))


def _second_phones(
    chance: random.Random, made: Stream, accounts: list[int], atoms: Sequence[int]
) -> Iterator[tuple[oracle.Opened, oracle.Told]]:
    """A person takes another phone: opened first, then bound by people, and heard of by what it sends."""
    for install, account in enumerate(accounts, start=100):
        if chance.random() < 0.3:
            made.holders[install] = account
            atom = chance.choice([0, *atoms])
            opened = oracle.Opened(install, chance.random() < 0.8, atom, day(chance.randint(0, 90)))
            yield opened, _told(chance, account, 40, install)


def _leaving(chance: random.Random, made: Stream, accounts: list[int], atoms: Sequence[int]) -> list[list[Any]]:
    """Consent taken back (and given again), accounts erased, and what is told after that."""
    going: list[Any] = []
    after: list[Any] = []
    for account in accounts:
        fate, on = chance.random(), day(chance.randint(60, SPAN))
        if fate < 0.2:
            going.append(oracle.Erased(account, on))
        elif fate < 0.5 and account in made.agreed:
            going.append(oracle.Withdrew(account, on))
            if chance.random() < 0.7:
                after.append(oracle.Agreed(account))
    told: list[Any] = [_told(chance, account, 50) for account in accounts for _ in range(chance.randint(0, 2))]
    for account in accounts:
        at = make.noon(day(chance.randint(0, SPAN))) + timedelta(hours=4)
        if chance.random() < 0.1:
            told.append(oracle.Moved(account, chance.choice([0, *atoms]), at))
        if chance.random() < 0.1:
            told.append(oracle.Marked(account, chance.random() < 0.5, at))
    return [going, after, told]


class Player:
    """Plays a stream through people's and rollout's services."""

    def __init__(self, made: Stream, chance: random.Random, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made, self.chance = made, chance
        numbers = {one for phase in made.phases for fact in phase if (one := getattr(fact, "account", None))}
        numbers |= {seat.account for seat in made.seats if seat.account}
        self.accounts = {number: make.account(consent=number in made.agreed) for number in sorted(numbers)}
        opened = {one for phase in made.phases for fact in phase if (one := getattr(fact, "install", None))}
        self.installs: dict[int, UUID] = {number: uuid7() for number in sorted(opened)}
        self.erased: set[int] = set()
        self.unlinked: set[int] = set()
        for code in oracle.TEAM_CODES:
            make.team(code)
        for install, account in made.holders.items():
            people.bind_install(self.accounts[account], install_uid=self.installs[install], now=make.NOW)
        monkeypatch.setattr(
            seats_module, "agencies", SimpleNamespace(roster_on=self.roster_on, roster_changes=self.roster_changes)
        )

    # -- what agencies would say ----------------------------------------------------------------------------------------
    def roster_on(self, agency_ids: Iterable[int], on: date) -> list[StaffView]:
        wanted = set(agency_ids)
        return [
            StaffView(seat.staff, uuid7(), seat.agency, "x", "", self._account_of(seat), seat.exempt)
            for seat in self.made.seats
            if seat.agency in wanted and seat.holds(on)
        ]

    def roster_changes(self, agency_ids: Iterable[int], *, after: date, until: date) -> list[date]:
        wanted = set(agency_ids)
        days = {one for seat in self.made.seats if seat.agency in wanted for one in (seat.first, seat.until)}
        return sorted(one for one in days if one is not None and after < one <= until)

    def _account_of(self, seat: oracle.Seat) -> int | None:
        if seat.account is None or seat.account in self.erased or seat.staff in self.unlinked:
            return None
        return self.accounts[seat.account]

    def take_rosters(self, since: date) -> None:
        services.sync_seats({seat.agency for seat in self.made.seats}, day=since, now=make.noon(TODAY))

    # -- playing --------------------------------------------------------------------------------------------------------
    def play(self, *, between: Any = None) -> None:
        """Play every phase in any order, with some facts told twice; ``between`` is called now and then."""
        late = {
            seat.staff for seat in self.made.seats if seat.account in self.made.agreed and self.chance.random() < 0.5
        }
        self.unlinked = late
        make.order()
        self.take_rosters(FIRST)
        for number, phase in enumerate(self.made.phases):
            facts = self._split(phase)
            facts += [fact for fact in facts if self.chance.random() < 0.2 and not isinstance(fact, oracle.Agreed)]
            if number == 1:
                facts += [seat for seat in self.made.seats if seat.staff in late]
            self.chance.shuffle(facts)
            for fact in facts:
                self._tell(fact)
                if between is not None and self.chance.random() < 0.15:
                    between()
                if self.chance.random() < 0.03:
                    self.take_rosters(day(self.chance.randint(0, SPAN)))

    def _split(self, phase: list[Any]) -> list[Any]:
        facts: list[Any] = []
        for fact in phase:
            if isinstance(fact, oracle.Told) and self.chance.random() < 0.5:
                facts += [oracle.Told(fact.account, fact.received, (one,), fact.install) for one in fact.events]
            else:
                facts.append(fact)
        return facts

    def _tell(self, fact: Any) -> None:
        account = self.accounts.get(getattr(fact, "account", None) or 0, 0)
        match fact:
            case oracle.Opened():
                uid = self.installs[fact.install]
                at = make.noon(fact.day)
                services.observe_install(uid, standalone=fact.standalone, atom_id=fact.atom or None, at=at)
            case oracle.Activated():
                uid, at = self.installs[fact.install], make.noon(fact.day)
                services.activate_participant(account, install_uid=uid, home_id=fact.home, team_code=fact.code, at=at)
            case oracle.Moved():
                services.move_participant(account, home_id=fact.home or None, at=fact.at)
            case oracle.Marked():
                services.mark_test(account, is_test=fact.is_test, at=fact.at)
            case oracle.Held():
                services.quarantine(account, held=True, reason="thử", actor=make.SYSTEM, now=make.NOW)
            case oracle.Told():
                self._report(fact, account)
            case oracle.Withdrew():
                self._withdraw(account, fact.day)
            case oracle.Agreed():
                words = make.WORDING
                people.give_consent(account, purpose=people_rules.Purpose.USAGE, wording_version=words, now=make.NOW)
            case oracle.Erased():
                self._erase(fact, account)
            case oracle.Seat():
                self.unlinked.discard(fact.staff)
                services.link_staff(fact.staff, account_id=account, agency_id=fact.agency, at=make.noon(TODAY))

    def _report(self, fact: oracle.Told, account: int) -> None:
        read = rules.ValueAction.READ_NOTICE
        batch = [rules.Activity(at, read if acted else rules.LAUNCH) for at, acted in fact.events]
        if fact.install is None and self.chance.random() < 0.3:
            services.record_activities({account: batch}, now=fact.received)
            return
        uid = None if fact.install is None else self.installs[fact.install]
        services.record_activity(batch, now=fact.received, account_id=account, install_uid=uid)

    def _withdraw(self, account: int, on: date) -> None:
        if selectors.has_consent(account, people_rules.Purpose.USAGE):
            people.withdraw_consent(account, purpose=people_rules.Purpose.USAGE, now=make.NOW)
        services.forget_days(account, at=make.noon(on))

    def _erase(self, fact: oracle.Erased, account: int) -> None:
        if fact.account not in self.erased:
            people.erase_account(account, now=make.NOW)
        self.erased.add(fact.account)
        services.erase_participant(account, at=make.noon(fact.day))


def days_of(start: date, count: int) -> list[date]:
    return [start + timedelta(days=number) for number in range(count)]
