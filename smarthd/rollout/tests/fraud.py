"""A test set of our own: honest people with their honest oddities, declared market days, and rings of five kinds among them.

Rows are written as the handlers would have written them. Everything comes from one seed; who belongs to a ring is known, so that what
is caught and who is wrongly set apart can be counted.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from smarthd.kernel import clock
from smarthd.rollout.models import ActivationTrace, BindingTrace, Participant
from smarthd.rollout.rules.integrity import DeclaredEvent, Signal, score

FIRST_ACCOUNT = 1_000_000
DAYS = 30


@dataclass
class World:
    """What was planted: whose accounts belong to which ring, who came on a declared market day, which gatherings were declared."""

    now: datetime
    honest: set[int] = field(default_factory=set)
    market: set[int] = field(default_factory=set)
    rings: dict[str, list[set[int]]] = field(default_factory=dict)
    events: list[DeclaredEvent] = field(default_factory=list)
    people: list[Participant] = field(default_factory=list)
    activations: list[ActivationTrace] = field(default_factory=list)
    bindings: list[BindingTrace] = field(default_factory=list)

    def declared(self, since: datetime, until: datetime) -> Iterable[DeclaredEvent]:
        """Return what teams declared beforehand."""
        return [event for event in self.events if event.ends_at > since and event.starts_at < until]

    @property
    def fraudulent(self) -> set[int]:
        """All accounts of all rings."""
        return {account for rings in self.rings.values() for ring in rings for account in ring}

    def write(self) -> None:
        """Write the rows."""
        Participant.objects.bulk_create(self.people, batch_size=5000)
        ActivationTrace.objects.bulk_create(self.activations, batch_size=5000)
        BindingTrace.objects.bulk_create(self.bindings, batch_size=5000)


@dataclass(frozen=True)
class Verdicts:
    """What scoring says of a planted world at one threshold: shares of ring members and of rings caught, of honest people wrongly."""

    members: float
    rings: float
    honest: float
    market: float


def judge(world: World, seen: dict[int, dict[Signal, float]], threshold: float) -> Verdicts:
    """Compare what would be set apart with what was planted; a ring is caught when at least half of it is."""
    apart = {account for account, evidence in seen.items() if score(evidence) >= threshold}
    rings = [ring for rings in world.rings.values() for ring in rings]
    return Verdicts(
        members=len(apart & world.fraudulent) / max(1, len(world.fraudulent)),
        rings=sum(1 for ring in rings if len(ring & apart) * 2 >= len(ring)) / max(1, len(rings)),
        honest=len(apart & (world.honest | world.market)) / max(1, len(world.honest | world.market)),
        market=len(apart & world.market) / max(1, len(world.market)),
    )


def plant(*, now: datetime, honest: int, rings: int, seed: int = 20240420) -> World:
    """Return a world of ``honest`` people over thirty days, one market day in forty of them, and ``rings`` rings of each kind."""
    maker = _Maker(World(now), random.Random(seed))
    maker.families(honest)
    maker.market_days(max(1, honest // 4000))
    maker.forgotten_gatherings(max(1, honest // 4000))
    for kind in (maker.device_farm, maker.number_bank, maker.slow_code, maker.alternators, maker.one_on_many):
        maker.world.rings[kind.__name__] = [kind() for _ in range(rings)]
    return maker.world


class _Maker:
    def __init__(self, world: World, rng: random.Random) -> None:
        self.world, self.rng, self._next = world, rng, FIRST_ACCOUNT

    def device(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)

    def some_time(self, *, days: int = DAYS) -> datetime:
        start = self.world.now - timedelta(days=days)
        return start + timedelta(seconds=self.rng.uniform(0, days * 86_400 - 3600))

    def account(self, at: datetime, device: UUID, *, code: str, seconds: float, neighbour: bool, returns: bool) -> int:
        """Add one activated account standing on a device."""
        self._next += 1
        day = clock.day_of(at)
        back = day + timedelta(days=self.rng.randint(1, 6)) if returns else None
        last = min(back, clock.day_of(self.world.now)) if back else (day if self.rng.random() < 0.7 else None)
        self.world.people.append(
            Participant(account_id=self._next, installed_on=day, activated_on=day, team_code=code, last_launch_on=last)
        )
        self.world.activations.append(
            ActivationTrace(
                account_id=self._next, opened_at=at - timedelta(seconds=seconds), activated_at=at, team_code=code, neighbour=neighbour
            )
        )  # fmt: skip
        self.bind(device, self._next, at)
        return self._next

    def bind(self, device: UUID, account: int, at: datetime) -> None:
        self.world.bindings.append(BindingTrace(install_uid=device, account_id=account, bound_at=at))

    # --- honest people -----------------------------------------------------------------------------------------------
    def families(self, count: int) -> None:
        """Most stand alone on a telephone; some share one, some change it; a few are quick, or have numbers side by side."""
        codes = [f"T{number:04d}" for number in range(max(3, count // 400))]
        lazy = {code: self.rng.uniform(0.35, 0.85) for code in codes}
        lazy[codes[0]] = 0.12  # one team whose people hardly come back, honestly
        while len(self.world.honest) < count:
            share = self.rng.random()
            size = 3 if share < 0.008 else 2 if share < 0.08 else 1
            at, device = self.some_time(), self.device()
            code = self.rng.choice(codes) if self.rng.random() < 0.4 else ""
            for member in range(size):
                when = at + timedelta(minutes=self.rng.uniform(4, 90) * member)
                account = self.account(
                    when, device, code=code, neighbour=self.rng.random() < (0.25 if size > 1 and member else 0.01),
                    seconds=self.rng.uniform(5, 15) if self.rng.random() < 0.015 else self.rng.lognormvariate(4.6, 0.6),
                    returns=self.rng.random() < lazy.get(code, 0.6),
                )  # fmt: skip
                self.world.honest.add(account)
                if self.rng.random() < 0.03:  # a new telephone, or a tablet beside it
                    for _ in range(self.rng.choice((1, 1, 2))):
                        self.bind(self.device(), account, when + timedelta(days=self.rng.uniform(0.1, 4)))
                if size == 2 and member and self.rng.random() < 0.3:  # two who take turns on one telephone
                    for turn in range(self.rng.randint(4, 12)):
                        self.bind(device, account - turn % 2, when + timedelta(hours=6 * turn + 1))

    def market_days(self, count: int) -> None:
        """A declared afternoon: forty to ninety people an hour under one code, on their own telephones, some of them quick."""
        for number in range(count):
            start, code = self.some_time(days=12), f"CHO{number:03d}"
            hours = self.rng.randint(2, 3)
            self.world.events.append(DeclaredEvent(code, start, start + timedelta(hours=hours)))
            for _ in range(self.rng.randint(40, 90) * hours):
                at = start + timedelta(seconds=self.rng.uniform(0, hours * 3600))
                account = self.account(
                    at, self.device(), code=code, neighbour=self.rng.random() < 0.01,
                    seconds=self.rng.uniform(6, 15) if self.rng.random() < 0.04 else self.rng.lognormvariate(4.4, 0.5),
                    returns=self.rng.random() < 0.5,
                )  # fmt: skip
                self.world.market.add(account)

    def forgotten_gatherings(self, count: int) -> None:
        """An honest afternoon nobody declared: fifteen to thirty people in an hour under a team's usual code."""
        for number in range(count):
            start = self.some_time(days=12)
            for _ in range(self.rng.randint(15, 30)):
                account = self.account(
                    start + timedelta(seconds=self.rng.uniform(0, 3600)), self.device(), code=f"T{number:04d}",
                    neighbour=self.rng.random() < 0.01, returns=self.rng.random() < 0.5,
                    seconds=self.rng.uniform(6, 15) if self.rng.random() < 0.04 else self.rng.lognormvariate(4.4, 0.5),
                )  # fmt: skip
                self.world.honest.add(account)

    # --- rings -------------------------------------------------------------------------------------------------------
    def device_farm(self) -> set[int]:
        """Accounts opened one after another on a few telephones in an evening."""
        start, code = self.some_time(days=12), f"R{self._next}"
        devices = [self.device() for _ in range(self.rng.randint(1, 3))]
        size = self.rng.randint(5, 9) * len(devices)
        return {
            self.account(
                start + timedelta(minutes=self.rng.uniform(3, 7) * index), devices[index % len(devices)], code=code,
                seconds=self.rng.uniform(4, 60), neighbour=self.rng.random() < 0.5, returns=self.rng.random() < 0.1,
            )
            for index in range(size)
        }  # fmt: skip

    def number_bank(self) -> set[int]:
        """A rack of numbers in a row, each on an emulated telephone, pushed through under one code within the hour."""
        start, code = self.some_time(days=12), f"R{self._next}"
        return {
            self.account(
                start + timedelta(seconds=60 * index + self.rng.uniform(0, 40)), self.device(), code=code,
                seconds=self.rng.uniform(2, 17), neighbour=bool(index) and self.rng.random() < 0.95, returns=self.rng.random() < 0.05,
            )
            for index in range(self.rng.randint(20, 50))
        }  # fmt: skip

    def slow_code(self) -> set[int]:
        """A code that stays under twelve an hour, day after day, with numbers in a row; nobody ever comes back."""
        start = self.world.now - timedelta(days=self.rng.uniform(12.5, 13.8))
        code = f"R{self._next}"
        return {
            self.account(
                start + timedelta(minutes=self.rng.uniform(6.5, 9) * index), self.device(), code=code,
                seconds=self.rng.uniform(3, 15.5), neighbour=bool(index) and self.rng.random() < 0.95, returns=self.rng.random() < 0.01,
            )
            for index in range(self.rng.randint(40, 80))
        }  # fmt: skip

    def alternators(self) -> set[int]:
        """A few accounts put through one telephone in turn, day after day, to look alive."""
        start, device = self.some_time(days=12), self.device()
        accounts = [
            self.account(
                start + timedelta(hours=20 * index), device, code="", seconds=self.rng.uniform(10, 80),
                neighbour=self.rng.random() < 0.5, returns=True,
            )
            for index in range(self.rng.randint(3, 5))
        ]  # fmt: skip
        for turn in range(self.rng.randint(12, 30)):
            at = start + timedelta(hours=20 * len(accounts) + 3 * turn)
            if at < self.world.now:
                self.bind(device, accounts[turn % len(accounts)], at)
        if start + timedelta(hours=20 * len(accounts) + 40) > self.world.now:
            for turn in range(14):  # caught in the act: what they had not yet time for, they hurry
                self.bind(device, accounts[turn % len(accounts)], self.world.now - timedelta(minutes=5 * (15 - turn)))
        return set(accounts)

    def one_on_many(self) -> set[int]:
        """One account carried over many telephones, so that each counts as a device in use."""
        start = self.some_time(days=10)
        account = self.account(start, self.device(), code="", seconds=60, neighbour=False, returns=True)
        for index in range(self.rng.randint(6, 12)):
            self.bind(self.device(), account, min(self.world.now, start + timedelta(hours=3 * (index + 1))))
        return {account}
