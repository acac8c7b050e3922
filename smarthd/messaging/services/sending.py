"""The sender: one process, one loop. Claims chunks, keeps as many messages under way as each push service bears, writes answers down.

At no moment are more than ``rules.MOST_UNCERTAIN`` messages under way or unwritten: so many may go twice when the process is killed.
"""

from __future__ import annotations

import logging
import os
import random
import socket
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Protocol

from smarthd.messaging import rules
from smarthd.messaging.adapters.webpush.pool import KeyPool
from smarthd.messaging.adapters.webpush.transport import Answer, Request
from smarthd.messaging.rules import Outcome
from smarthd.messaging.services import ledger
from smarthd.messaging.services.ledger import Claim, Phone
from smarthd.messaging.services.writing import Signers, Writer

log = logging.getLogger(__name__)

MOST_CHUNKS = 16
MOST_OF_ORIGIN = 2
"""Chunks in hand, and of one push service: one that hangs must not keep a process from serving the others."""

LOOK_AGAIN_S = 0.25
WAIT_S = 0.02
_FLUSH_AT = rules.MOST_UNCERTAIN // 2


class Transport(Protocol):
    """Sends requests and brings their answers, many at a time."""

    @property
    def in_flight(self) -> int: ...

    def start(self, request: Request) -> None: ...

    def answers(self, *, wait_s: float) -> list[Answer]: ...

    def close(self) -> None: ...


@dataclass(slots=True)
class Work:
    """A chunk being sent. ``place``: where each phone's bit is."""

    claimed: Claim
    writer: Writer
    queue: deque[Phone]
    place: dict[int, int]
    prepared: dict[int, bytes]
    known: dict[str, int]
    in_flight: int = 0
    unwritten: int = 0
    written_at: float = field(default_factory=monotonic)
    gone: list[int] = field(default_factory=list)
    stopped: bool = False
    asked_wait: timedelta | None = None

    def stop(self, wait: timedelta | None = None) -> None:
        """Send no more of it in this round."""
        self.queue.clear()
        self.stopped = True
        if wait is not None:
            self.asked_wait = max(wait, self.asked_wait or wait)


class Sender:
    """Sends what the ledger holds. ``now`` is the product's clock; ``chance`` gives numbers of [0, 1) for the jitter."""

    def __init__(
        self,
        *,
        transport: Transport,
        pool: KeyPool | None,
        now: Callable[[], datetime],
        chance: Callable[[], float] = random.random,
        worker: str = "",
    ) -> None:
        self._transport, self._pool, self._now, self._chance = transport, pool, now, chance
        self._worker = worker or f"{socket.gethostname()[:30]}-{os.getpid()}-{os.urandom(4).hex()}"
        self._works: list[Work] = []
        self._windows: dict[str, rules.Window] = {}
        self._under_way: dict[str, int] = {}
        self._look_at, self._none_beside = 0.0, frozenset[str]()
        self._pauses: dict[str, timedelta] = {}
        self._refusals: dict[str, str] = {}
        self._ending = False
        self.accepted = 0
        self._signers = Signers()

    def step(self) -> bool:
        """Do a little; False when there was nothing to do.

        An error of the database may end it anywhere: what is known is kept, and the next step goes on from there.
        """
        self._claim()
        if not self._works:
            return False
        self._fill()
        self._listen(WAIT_S)
        self._leave_alone()
        self._write_down()
        self._settle()
        return True

    def finish(self) -> None:
        """Claim no more, see to what is under way, and let go of the rest."""
        for work in self._works:
            work.stop()
        self._ending = True
        while self._works:
            self.step()

    def listen_for(self, seconds: float) -> None:
        """Hear answers without the database, while that is away: nothing new is sent, nothing that was answered is forgotten."""
        ends = monotonic() + seconds
        while (left := ends - monotonic()) > 0:
            if self._transport.in_flight:
                self._listen(min(left, WAIT_S))
            else:
                sleep(left)

    def abandon(self) -> None:
        """Let go of everything without a word: what was claimed is taken up after its lease."""
        self._works.clear()
        self._transport.close()

    # --- claiming ---
    def _claim(self) -> None:
        if self._ending or len(self._works) >= MOST_CHUNKS:
            return
        occupied = self._occupied()
        if monotonic() < self._look_at and occupied >= self._none_beside:
            return
        claimed = ledger.claim(self._worker, now=self._now(), beside=occupied)
        if claimed is None:
            self._none_beside, self._look_at = occupied, monotonic() + LOOK_AGAIN_S
            return
        self._look_at = 0.0
        self._works.append(self._begun(claimed))
        self._works.sort(key=lambda work: work.claimed.rank)

    def _occupied(self) -> frozenset[str]:
        """Return the push services of which enough is in hand."""
        chunks = Counter(work.claimed.origin for work in self._works)
        queued = Counter[str]()
        for work in self._works:
            queued[work.claimed.origin] += len(work.queue)
        return frozenset(
            origin
            for origin, many in chunks.items()
            if many >= MOST_OF_ORIGIN or queued[origin] >= rules.MOST_UNCERTAIN
        )

    def _begun(self, claimed: Claim) -> Work:
        done = claimed.known["accepted"] | claimed.known["gone"] | claimed.known["failed"]
        place = {one: at for at, one in enumerate(claimed.ids) if not done >> at & 1}
        over = self._now() >= claimed.expires_at
        found = [] if over else ledger.phones(list(place))
        known = dict(claimed.known)
        if not over:
            for one in place.keys() - {phone.id for phone in found}:  # let go of since the message began
                known["gone"] |= 1 << place[one]
        writer = Writer.of(
            claimed.payloads,
            key=claimed.key,
            origin=claimed.origin,
            lane=claimed.lane,
            expires_at=claimed.expires_at,
            signers=self._signers,
        )
        spent = self._pool is not None and claimed.lane.from_pool
        prepared = self._pool.take(phone.id for phone in found) if spent and self._pool is not None else {}
        self._windows.setdefault(claimed.origin, rules.Window())
        return Work(claimed, writer, deque(found), place, prepared, known)

    # --- sending ---
    def _fill(self) -> None:
        now = self._now()
        room = rules.MOST_UNCERTAIN - self._transport.in_flight - sum(work.unwritten for work in self._works)
        for work in self._works:
            origin = work.claimed.origin
            window = int(self._windows[origin].size)
            while room > 0 and work.queue and self._under_way.get(origin, 0) < window:
                phone = work.queue.popleft()
                body = work.writer.body(phone, work.prepared.pop(phone.id, None))
                headers = work.writer.headers(phone, now=now)
                self._transport.start(Request(phone.endpoint, body, headers, (work, phone.id)))
                work.in_flight += 1
                self._under_way[origin] = self._under_way.get(origin, 0) + 1
                room -= 1

    # --- answers ---
    def _listen(self, wait_s: float) -> None:
        for answer in self._transport.answers(wait_s=wait_s):
            self._note(answer)

    def _note(self, answer: Answer) -> None:
        work, phone_id = answer.token
        origin, window = work.claimed.origin, self._windows[work.claimed.origin]
        work.in_flight -= 1
        self._under_way[origin] -= 1
        outcome = rules.outcome_of(answer.status)
        bit = 1 << work.place[phone_id]
        if outcome is Outcome.ACCEPTED:
            work.known["accepted"] |= bit
            self.accepted += 1
            window.accepted()
        elif outcome is Outcome.GONE:
            work.known["gone"] |= bit
            work.gone.append(phone_id)
        elif outcome is Outcome.FAILED:
            work.known["failed"] |= bit
        elif outcome is Outcome.OUR_FAULT:
            self._refused(origin, answer)
        else:
            self._pushed_back(work, window, answer)
        if outcome in {Outcome.ACCEPTED, Outcome.GONE, Outcome.FAILED}:
            work.unwritten += 1

    def _pushed_back(self, work: Work, window: rules.Window, answer: Answer) -> None:
        """Slow down; leave the service alone when it asks for that, or does not answer even one request at a time."""
        silent = answer.status == 0 and window.size <= rules.Window.LEAST
        window.pushed_back()
        if work.stopped or not (answer.status == 429 or answer.retry_after_s or silent):
            return
        asked = timedelta(seconds=answer.retry_after_s)
        wait = asked or rules.wait_after(work.claimed.attempt, chance=self._chance())
        self._pauses[work.claimed.origin] = wait
        for other in self._works:
            if other.claimed.origin == work.claimed.origin:
                other.stop(wait)

    def _refused(self, origin: str, answer: Answer) -> None:
        stopped = [work for work in self._works if work.claimed.origin == origin and not work.stopped]
        for work in stopped:
            work.stop()
        if stopped:
            self._refusals[origin] = f"HTTP {answer.status}"

    def _leave_alone(self) -> None:
        """Tell every process which push services want no more of us for now, and which refuse us."""
        for origin, wait in list(self._pauses.items()):
            ledger.pause(origin, wait)
            del self._pauses[origin]
        for origin, fault in list(self._refusals.items()):
            ledger.refuse(origin, fault, now=self._now())
            del self._refusals[origin]

    # --- writing down ---
    def _write_down(self) -> None:
        unwritten = sum(work.unwritten for work in self._works)
        now = monotonic()
        for work in self._works:
            since = now - work.written_at
            due = work.unwritten and (unwritten >= _FLUSH_AT or since >= rules.FLUSH_EVERY_S)
            if due or since >= rules.LEASE.total_seconds() / 3:
                self._flush(work)

    def _flush(self, work: Work) -> None:
        if not ledger.flush(work.claimed, work.known):
            work.stop()
        work.unwritten, work.written_at = 0, monotonic()

    def _settle(self) -> None:
        over = [work for work in self._works if not work.queue and not work.in_flight]
        for work in over:
            now = self._now()
            wait = rules.wait_after(work.claimed.attempt, chance=self._chance(), retry_after=work.asked_wait)
            ledger.settle(work.claimed, work.known, again_at=now + wait, now=now)
            if work.gone:
                ledger.forget_gone(work.gone)
            if work.known["accepted"] != work.claimed.known["accepted"]:
                ledger.reopen(work.claimed.origin)
            if self._pool is not None and work.prepared:
                self._pool.put(work.prepared)  # taken and not spent
            self._works.remove(work)
