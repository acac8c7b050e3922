"""What goes wrong in the midst of a rehearsal: a sender killed, the database gone from one moment to the next, its disk full."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from config import postgres
from config.rehearsal import disks

HOLD_S = 6.0
"""How long a disk stays full, a database down: shorter than a lease, longer than many flushes."""

_MOST_MB = 4000

AT = {"kill": (0.15, 0.55), "database": (0.3,), "disk": (0.75,)}
"""At which shares of accepted messages each fault strikes."""


def plan(chosen: tuple[str, ...]) -> list[tuple[float, str]]:
    """Return (share, fault), in order."""
    return sorted((share, fault) for fault in chosen for share in AT[fault])


def crash_database(data_dir: Path) -> str:
    """Let the database die as in a power cut, and come back after a while. Returns what happened, in words."""
    pid = int((postgres.folder(data_dir) / "postmaster.pid").read_text().split("\n", 1)[0])
    os.kill(pid, signal.SIGQUIT)  # immediate shutdown: no checkpoint, recovery at the next start
    _until_gone(data_dir)
    time.sleep(HOLD_S)
    postgres.start(data_dir, more=disks.FITTING)
    return f"cơ sở dữ liệu chết đột ngột, {HOLD_S:g} giây sau sống lại"


def fill_disk(data_dir: Path) -> str:
    """Fill the database's disk until it refuses a write, hold it so, then make room. Returns what happened. Raises where nothing was refused."""
    place = postgres.folder(data_dir)
    taken = disks.fill(place)
    refused = _provoke(data_dir)
    time.sleep(HOLD_S)
    disks.empty(place)
    if not postgres.is_alive(data_dir) or not postgres.is_running(data_dir):
        with suppress(OSError):
            _until_gone(data_dir)
        postgres.start(data_dir, more=disks.FITTING)
    if not refused:
        msg = "the full disk refused nothing"
        raise RuntimeError(msg)
    return f"đĩa đầy ({taken // 1_000_000} MB bị chiếm), cơ sở dữ liệu báo: {refused}"


def _provoke(data_dir: Path) -> str:
    """Use up the log files written beforehand, so that the next write of anybody meets the full disk. Returns the database's own words."""
    import psycopg

    sockets, log = str(postgres.socket_dir(data_dir)), postgres.folder(data_dir) / "server.log"
    known = log.stat().st_size
    try:
        with psycopg.connect(host=sockets, user=postgres.SUPERUSER, dbname=postgres.DATABASE, autocommit=True) as one:
            for _ in range(_MOST_MB):
                one.execute("SELECT pg_logical_emit_message(false, 'dien-tap', repeat('x', 1000000))")
    except psycopg.Error as refusal:
        said = log.read_bytes()[known:].decode(errors="replace").splitlines()
        graver = [line for line in said if "PANIC" in line] or [line for line in said if "ERROR" in line]
        told = graver or str(refusal).strip().splitlines()  # the log lies on the same disk: it may hold nothing of this
        return told[0].split("] ", 1)[-1][:140] if told else type(refusal).__name__
    return ""


def _until_gone(data_dir: Path) -> None:
    ends = time.monotonic() + 20
    while postgres.is_alive(data_dir) and time.monotonic() < ends:
        time.sleep(0.1)
