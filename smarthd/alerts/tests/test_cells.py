"""A centre and a province, each with its own database and data folder, one NATS server between them; killed and coming back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from smarthd.alerts.adapters.exchanges import NatsExchange
from smarthd.alerts.tests.jetstream import JetStream
from tests.environment import ROOT

pytestmark = pytest.mark.slow
SOCKET = settings.DATABASES["default"]["HOST"]


class Cell:
    """One cell. Every act is a process of its own, as in two data centres."""

    def __init__(self, name: str, folder: Path, exchange: str) -> None:
        self.name, database = name, f"cell_{name.replace('-', '_')}_{os.getpid()}"
        self.database = database
        with psycopg.connect(host=SOCKET, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{os.environ["SMARTHD_TEST_TEMPLATE"]}"')
        self.environ = {
            **os.environ, "SMARTHD_MODE": "demo", "DATABASE_URL": f"postgresql://postgres@/{database}?host={SOCKET}",
            "DATA_DIR": str(folder / name), "ORIGIN": f"http://{name}.example", "RELAY_URL": exchange, "RELAY_CELL": name,
        }  # fmt: skip
        (folder / name).mkdir()
        self.relaying: subprocess.Popen[bytes] | None = None
        self.facts: dict[str, Any] = self.do("plant")

    def do(self, *act: Any) -> Any:
        command = [sys.executable, "-m", "smarthd.alerts.tests.cell", json.dumps(act)]
        done = subprocess.run(command, cwd=ROOT, env=self.environ, check=True, stdout=subprocess.PIPE)
        return json.loads(done.stdout.splitlines()[-1])

    def relay(self) -> None:
        command = [sys.executable, "-m", "config.cli", "alerts", "relay", "--agency", "ubnd-1"]
        self.relaying = subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip

    def kill(self) -> None:
        if self.relaying is not None:
            self.relaying.send_signal(signal.SIGKILL)
            self.relaying.wait(10)
            self.relaying = None

    def row(self, statement: str) -> Any:
        with psycopg.connect(host=SOCKET, user="postgres", dbname=self.database) as connection:  # fmt: skip
            found = connection.execute(statement).fetchone()
            return None if found is None else found[0]

    def imported(self) -> int:
        return int(self.row("SELECT count(*) FROM alerts_importedmessage"))

    def drop(self) -> None:
        self.kill()
        with psycopg.connect(host=SOCKET, user="postgres", dbname="postgres", autocommit=True) as connection:  # fmt: skip
            connection.execute(f'DROP DATABASE "{self.database}" WITH (FORCE)')


@pytest.fixture
def server() -> Iterator[JetStream]:
    with JetStream() as running:
        yield running


@pytest.fixture
def cells(server: JetStream, tmp_path: Path) -> Iterator[tuple[Cell, Cell]]:
    made = [Cell(name, tmp_path, server.url) for name in ("trung-uong", "hai-duong")]
    yield made[0], made[1]
    for one in made:
        one.drop()


def until(happened: Callable[[], bool], patience_s: float = 120) -> None:
    ends = time.monotonic() + patience_s
    while not happened():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.1)


def test_a_cell_killed_in_the_midst_catches_up_and_has_everything_once_and_in_order(
    server: JetStream, cells: tuple[Cell, Cell]
) -> None:
    centre, province = cells
    province.do("pin", "trung-uong", centre.facts["sender"], centre.facts["pem"])
    centre.relay()
    province.relay()
    until(lambda: province.row("SELECT seen_at FROM alerts_relayposition") is not None)
    until(lambda: centre.row("SELECT seen_at FROM alerts_relayposition") is not None)
    said = centre.do("issue", centre.facts, 8)
    until(lambda: province.imported() >= 3)
    province.kill()  # with some of the eight taken in, some perhaps not
    said.append(centre.do("change", centre.facts, "Update", said[0]["code"]))
    said.append(centre.do("change", centre.facts, "Cancel", said[1]["code"]))
    said += centre.do("issue", centre.facts, 2)
    server.kill()  # and the exchange itself dies: what is said now waits at home
    said.append(centre.do("change", centre.facts, "Cancel", said[8]["code"]))
    server.start()
    until(lambda: centre.row("SELECT count(*) FROM alerts_relaypost") == len(said))
    stranger = NatsExchange(server.url)
    stranger.open("gia-mao")
    stranger.post("forged", centre_like(centre))
    stranger.close()
    province.relay()
    until(lambda: province.row("SELECT count(*) FROM alerts_quarantinedmessage") == 1)
    province.kill()
    province.relay()  # and once more: nothing comes twice
    said += centre.do("issue", centre.facts, 1)
    until(lambda: province.imported() >= len(said))
    told = province.do("tell")
    assert told["identifiers"] == [one["identifier"] for one in said]
    assert told["drafts"] == 12  # fourteen said, two of them cancellations
    assert next(note for note in told["notes"] if note).startswith("bản tin Cancel: xem và tự hủy CB-")
    assert (told["sequence"], told["quarantined"]) == (len(said) + 1, 1)
    assert centre.do("tell")["posts"] == len(said)


def centre_like(centre: Cell) -> bytes:
    """Return a message of the centre with a word changed: rightly addressed, wrongly signed."""
    cap = centre.row("SELECT cap FROM alerts_alert WHERE cap IS NOT NULL ORDER BY id LIMIT 1")
    return bytes(cap).replace(b"Severe", b"Minor")


def test_a_province_goes_on_without_the_centre_and_both_hear_each_other_afterwards(
    server: JetStream, cells: tuple[Cell, Cell]
) -> None:
    centre, province = cells
    for here, there in ((centre, province), (province, centre)):
        here.do("pin", there.name, there.facts["sender"], there.facts["pem"])
        here.relay()
        until(lambda here=here: here.row("SELECT seen_at FROM alerts_relayposition") is not None)
    server.kill()
    until(lambda: province.row("SELECT fault FROM alerts_relayposition WHERE fault <> ''") is not None)
    ours = province.do("issue", province.facts, 2)
    theirs = centre.do("issue", centre.facts, 1)
    assert all(one["identifier"] for one in ours)  # the province warns as ever
    server.start()
    until(lambda: centre.imported() == 2 and province.imported() == 1)
    assert centre.do("tell")["identifiers"] == [one["identifier"] for one in ours]
    assert province.do("tell")["identifiers"] == [one["identifier"] for one in theirs]
    until(lambda: province.row("SELECT fault FROM alerts_relayposition") == "")
