"""The rehearsal itself, inside its own installation: plants, fills, approves, counts. Prints words as it goes and the figures at last."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smarthd.alerts.models import Alert
    from smarthd.alerts.rules.rehearsals import Figures, Sending
    from smarthd.kernel.actor import Actor

LOOK_S = 0.1
PATIENCE_S = 3600.0
UP_WITHIN_S = 60.0
TICK = os.sysconf("SC_CLK_TCK")


def say(words: str) -> None:
    """Tell whoever watches."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def start(*arguments: str) -> subprocess.Popen[bytes]:
    """Start one of our own processes, as in production; its words go to the rehearsal's log."""
    from config.rehearsal import LOG

    with (Path(os.environ["DATA_DIR"]) / LOG).open("ab") as log:
        return subprocess.Popen([sys.executable, "-m", *arguments], stdout=log, stderr=log)


@dataclass
class Senders:
    """The sending processes, what each had used at the approval, and those that were killed."""

    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    before: dict[int, float] = field(default_factory=dict)
    over: list[Sending] = field(default_factory=list)

    def add(self) -> None:
        """Start one more."""
        self.running.append(start("config.cli", "messaging", "send"))

    def mark(self) -> None:
        """Note what was used until now."""
        self.before = {one.pid: _used(one.pid)[0] for one in self.running}

    def kill_one(self) -> str:
        """Kill the first as a machine would, and start another as its supervisor would."""
        victim = self.running.pop(0)
        self.over.append(self._sending(victim, killed=True))
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        self.add()
        return f"kill -9 tiến trình gửi {victim.pid}"

    def stop(self) -> list[Sending]:
        """Stop all; return what each used."""
        found = [*self.over, *(self._sending(one) for one in self.running)]
        for one in self.running:
            one.terminate()
        for one in self.running:
            one.wait(30)
        self.running.clear()
        return found

    def _sending(self, one: subprocess.Popen[bytes], *, killed: bool = False) -> Sending:
        from smarthd.alerts.rules.rehearsals import Sending

        cpu, rss = _used(one.pid)
        return Sending(cpu_s=round(cpu - self.before.get(one.pid, 0.0), 2), rss_mb=round(rss, 1), killed=killed)


def _used(pid: int) -> tuple[float, float]:
    """Return a process's seconds of processor and its most memory in MB."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0, 0.0
    peak = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)
    return (int(fields[11]) + int(fields[12])) / TICK, peak / 1024


def place() -> tuple[int, tuple[int, ...], Actor, Actor]:
    """Bring in the province: its communes, its committee, a duty officer and another who approves."""
    from django.contrib.auth import get_user_model

    from smarthd.agencies import selectors as agencies
    from smarthd.agencies import services as agency_services
    from smarthd.agencies.rules import Kind, Role
    from smarthd.alerts.services.approving import PROOF
    from smarthd.kernel import clock
    from smarthd.kernel.actor import system
    from smarthd.places import selectors as places
    from smarthd.places import services as place_services

    now, actor = clock.now(), system("rehearsal")
    day = clock.day_of(now)
    place_services.import_all(actor=actor, now=now)
    province = places.units_on(day, "province")[0]
    new = agency_services.NewAgency(kind=Kind.PROVINCE_COMMITTEE, name="DIỄN TẬP", code="dien-tap", parent_id=None, place_id=province.id)  # fmt: skip
    agency = agency_services.found_agency(new, valid_from=day).pk

    def officer(role: Role) -> Actor:
        account = int(get_user_model().objects.create(created_at=now).pk)
        agency_services.grant_role(account_id=account, agency_id=agency, role=role, actor=actor, now=now)
        return agencies.actor_for(account, clock.now() + timedelta(seconds=1), second_factor=True)

    communes = tuple(unit.id for unit in places.units_on(day, "commune"))
    return agency, communes, officer(Role.ALERT_AUTHOR), officer(Role.ALERT_APPROVER).knowing(**{PROOF: "totp"})


def handed_in(agency: int, communes: tuple[int, ...], author: Actor) -> Alert:
    """Return the warning, handed in for approval: an exercise, for every commune, of the lane that saves lives."""
    from smarthd.alerts.rules.hazards import Hazard
    from smarthd.alerts.rules.messages import Certainty, Channel, Response, Severity, Status, Urgency
    from smarthd.alerts.services import composing
    from smarthd.alerts.values import Draft
    from smarthd.kernel import clock

    now = clock.now()
    draft = Draft(
        hazard=Hazard.RIVER_FLOOD, status=Status.EXERCISE, level=4, urgency=Urgency.IMMEDIATE, severity=Severity.EXTREME,
        certainty=Certainty.OBSERVED, responses=(Response.MONITOR,), headline_vi="Diễn tập hằng tháng: không có gì xảy ra",
        description_vi="Tin này chỉ để thử đường truyền, gửi tới máy chủ giả trên chính máy này.", instruction_vi="Không phải làm gì.",
        headline_en="Monthly rehearsal: nothing is happening", description_en="This only tries the way of messages.",
        instruction_en="Nothing to do.", contact="0220 000 000", effective_at=now, expires_at=now + timedelta(hours=2),
        communes=communes, channels=(Channel.APP,),
    )  # fmt: skip
    alert = composing.compose(draft, agency_id=agency, actor=author, now=now)
    return composing.submit(alert.uid, version=alert.version, actor=author, now=clock.now())


@dataclass
class Stage:
    """What stands while the message goes out."""

    plan: dict[str, Any]
    origin: str
    data_dir: Path
    senders: Senders
    began: float = 0.0
    curve: list[tuple[float, int]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, Any]:
        """Return the push service's own counts."""
        from smarthd.messaging.adapters.sink.client import ask
        from smarthd.messaging.adapters.sink.server import IDENTITY

        return ask(self.origin, "/counts", certificate=self.data_dir / "push-sink" / IDENTITY)

    def look(self) -> int:
        """Note how many were accepted by now."""
        accepted = int(self.counts()["accepted"])
        self.curve.append((time.monotonic() - self.began, accepted))
        return accepted

    def when(self, share: float, total: int) -> float:
        """Return after how many seconds a share of all was accepted, to the tenth of a second of looking."""
        return round(next((at for at, many in self.curve if many >= share * total), self.curve[-1][0]), 2)

    def strike(self, fault: str) -> None:
        """Let something go wrong."""
        from django.db import connection

        from config.rehearsal import faults

        connection.close()
        words = (
            self.senders.kill_one() if fault == "kill"
            else faults.crash_database(self.data_dir) if fault == "database"
            else faults.fill_disk(self.data_dir)
        )  # fmt: skip
        self.faults.append(words)
        say(f"  ! {words}")


def go_out(stage: Stage, alert: Alert, approver: Actor) -> datetime:
    """Approve, and look until every phone's answer is known. Returns the instant of approval."""
    from config.rehearsal import faults
    from smarthd.alerts.services import approving
    from smarthd.kernel import clock

    stage.senders.mark()
    at, stage.began = clock.now(), time.monotonic()
    approving.approve_alert(alert.uid, content_hash=alert.content_hash, actor=approver, now=at)
    total, due = int(stage.plan["phones"]), faults.plan(tuple(stage.plan["faults"]))
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        accepted = stage.look()
        while due and accepted >= due[0][0] * total:
            stage.strike(due.pop(0)[1])
        if accepted >= total and not due and _finished(alert):
            return at
        time.sleep(LOOK_S)
    msg = "the message did not come to its end"
    raise TimeoutError(msg)


def _finished(alert: Alert) -> bool:
    from django.db import InterfaceError, OperationalError, connection

    from smarthd.alerts.services import broadcasting
    from smarthd.messaging import selectors
    from smarthd.messaging.errors import FanoutUnknown

    try:
        return selectors.fanout(broadcasting.key_of(alert.uid)).state == "finished"
    except FanoutUnknown:
        return False
    except (OperationalError, InterfaceError):
        connection.close()
        return False


def rehearse(plan: dict[str, Any]) -> Figures:
    """Do all of it."""
    from django.conf import settings

    from smarthd.alerts.rules.rehearsals import Figures
    from smarthd.alerts.services import broadcasting
    from smarthd.kernel import clock
    from smarthd.messaging import rules, selectors
    from smarthd.messaging import services as messaging

    load = os.getloadavg()[0]
    port, data_dir = os.environ["REHEARSAL_PORT"], Path(settings.DATA_DIR)
    stage = Stage(plan, f"https://127.0.0.1:{port}", data_dir, Senders())
    beside = [start("config.cli", "messaging", "sink", "--port", port), start("config.worker")]
    try:
        agency, communes, author, approver = place()
        say(f"  ✓ Bản diễn tập riêng: {len(communes)} xã, phường")
        messaging.plant_phones(communes, plan["phones"], origin=stage.origin, now=clock.now())
        say(f"  ✓ {plan['phones']} máy diễn tập")
        keys = _prepare() if plan["pool"] else 0
        say(f"  ✓ {keys} khóa làm sẵn")
        _until_up(stage)
        for _ in range(plan["processes"]):
            stage.senders.add()
        time.sleep(4)  # they stand ready, as in production
        alert = handed_in(agency, communes, author)
        go_out(stage, alert, approver)
        used = stage.senders.stop()
        view, counted = selectors.fanout(broadcasting.key_of(alert.uid)), stage.counts()
        struck = plan["faults"]
        killed = sum(one.killed for one in used)
        outages = sum(fault in {"database", "disk"} for fault in struck)
        total = view.targeted
        return Figures(
            phones=plan["phones"], targeted=total, accepted=view.accepted, sink_accepted=counted["accepted"],
            sink_subscriptions=counted["subscriptions"],
            may_be_twice=rules.MOST_UNCERTAIN * (killed + outages * plan["processes"]),
            p50=stage.when(0.5, total), p95=stage.when(0.95, total), p99=stage.when(0.99, total), all_s=stage.when(1.0, total),
            ready_s=round(next((at for at, many in stage.curve if many), 0.0), 2), per_second=counted["per_second"],
            senders=used, faults=stage.faults, pool_keys=keys, load_before=round(load, 2),
        )  # fmt: skip
    finally:
        for one in [*stage.senders.running, *beside]:
            one.terminate()


def _prepare() -> int:
    """Prepare keys for every phone, and say how many there are."""
    from smarthd.messaging import services as messaging

    command = [sys.executable, "-m", "config.cli", "messaging", "pool", "--seconds", "3600"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return messaging.pool_level()[0]


def _until_up(stage: Stage) -> None:
    from smarthd.messaging.adapters.sink.client import SinkSilent

    ends = time.monotonic() + UP_WITHIN_S
    while True:
        try:
            stage.counts()
        except SinkSilent:
            if time.monotonic() > ends:
                raise
            time.sleep(0.2)
        else:
            return


def main() -> None:
    """Rehearse, and print the figures as the last line."""
    import django

    django.setup()
    say(json.dumps(asdict(rehearse(json.loads(sys.argv[1])))))


if __name__ == "__main__":
    main()
