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
    postgres.start(data_dir)
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
        postgres.start(data_dir)
    if not refused:
        msg = "the full disk refused nothing"
        raise RuntimeError(msg)
    return f"đĩa đầy ({taken // 1_000_000} MB bị chiếm), cơ sở dữ liệu báo: {refused}"


def _provoke(data_dir: Path) -> str:
    """Use up the log files written beforehand, so that the next write meets the full disk. Returns the database's own words."""
    import psycopg

    sockets = str(postgres.socket_dir(data_dir))
    for _ in range(60):
        try:
            with psycopg.connect(
                host=sockets, user=postgres.SUPERUSER, dbname=postgres.DATABASE, autocommit=True
            ) as one:
                one.execute(
                    "CREATE TABLE IF NOT EXISTS day_dia AS SELECT repeat('x', 500) AS x FROM generate_series(1, 20000)"
                )
                one.execute("DROP TABLE IF EXISTS day_dia")
                one.execute("SELECT pg_switch_wal()")
        except psycopg.Error as refusal:
            return str(refusal).strip().splitlines()[0][:120] if str(refusal).strip() else type(refusal).__name__
    return ""


def _until_gone(data_dir: Path) -> None:
    ends = time.monotonic() + 20
    while postgres.is_alive(data_dir) and time.monotonic() < ends:
        time.sleep(0.1)
