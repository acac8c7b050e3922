"""The visit log's rush: many phones of teams send a week of offline work at once, replays included, beside the limit of ROLLOUT.

Runs in a child process on an embedded server of its own that is thrown away.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from bench.figures import Figure, figure

ROOT = Path(__file__).resolve().parent.parent
DEVICES = int(os.environ.get("BENCH_PHONES", "400"))
VISITS, BATCH, REPLAYED = 105, 50, 0.1
NOW, START = datetime(2026, 11, 24, 3, tzinfo=UTC), date(2026, 11, 1)
ALLOWED_S = 15 * 60


def run() -> list[Figure]:
    """Measure in a child on a fresh server."""
    from config import postgres

    with tempfile.TemporaryDirectory(prefix="smarthd-bench-teams-") as folder:
        environ = {**os.environ, "DATA_DIR": folder, "SMARTHD_MODE": "demo", "DATABASE_URL": "", "LOG_LEVEL": "ERROR"}
        postgres.start(Path(folder))
        try:
            step = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
            subprocess.run(step, env=environ, cwd=ROOT, check=True)
            step = [sys.executable, "-m", "bench.teams"]
            done = subprocess.run(step, env=environ, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        finally:
            postgres.stop(Path(folder))
    seen = json.loads(done.stdout.splitlines()[-1])
    name = f"{DEVICES} phones re-sync a week ({DEVICES * VISITS:,} visits, {REPLAYED:.0%} of batches twice)"
    whole = seen["rows"] == DEVICES * VISITS
    return [
        figure(
            name, seen["seconds"], "s", target="≤ 900 s, each visit once", met=seen["seconds"] <= ALLOWED_S and whole
        ),
        figure(f"{name}: one batch of {BATCH}, p95", seen["p95_ms"], "ms"),
    ]


def measure() -> dict[str, float]:
    """Send everything from four threads and count what arrived."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import connection

    from smarthd.kernel.actor import Actor
    from smarthd.rollout.models import Visit
    from smarthd.rollout.services import teams_visits

    phones = _phones()
    took: list[float] = []

    def send(phone: tuple[int, str]) -> None:
        account_id, village = phone
        device = uuid4()
        told = [_visit(village, number) for number in range(VISITS)]
        batches = [told[at : at + BATCH] for at in range(0, VISITS, BATCH)]
        for batch in [*batches, *batches[: account_id % 10 < REPLAYED * 10]]:
            began = time.perf_counter()
            teams_visits.receive_visits(
                batch, device_uid=device, sent_at=NOW, actor=Actor(account_id=account_id), now=NOW
            )
            took.append(time.perf_counter() - began)
        connection.close()

    began = time.perf_counter()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, phones))
    seconds = time.perf_counter() - began
    took.sort()
    return {"seconds": seconds, "p95_ms": took[int(len(took) * 0.95)] * 1000, "rows": Visit.objects.count()}


def _phones() -> list[tuple[int, str]]:
    """Set up teams of five, each with a village; return account and village of every member."""
    from django.contrib.auth import get_user_model

    from smarthd.agencies import services as agencies
    from smarthd.agencies.rules import Kind
    from smarthd.kernel.actor import system
    from smarthd.places import selectors as places
    from smarthd.places import services as place_services
    from smarthd.places.services.villages import NewVillage
    from smarthd.rollout.models import TeamMember
    from smarthd.rollout.services import teams_setup

    actor = system("bench")
    place_services.import_all(actor=actor, now=NOW)
    commune = places.units_on(START, "commune")[0]
    agency = agencies.found_agency(
        agencies.NewAgency(kind=Kind.COMMUNE_COMMITTEE, name="UBND", code="ubnd-x", place_id=commune.id),
        valid_from=date(2026, 1, 1),
    ).pk
    count = DEVICES // 5
    villages = place_services.add_villages_bulk(
        [NewVillage(commune.id, f"Thôn {number}", START) for number in range(count)], actor=actor, now=NOW
    )
    phones = []
    for number, village in enumerate(villages):
        team = teams_setup.establish_team(
            agency, name=f"Tổ {number}", decision_number="1/QĐ", decision_on=START, actor=actor, now=NOW
        )
        teams_setup.cover_villages(team.uid, [village], on=START, actor=actor, now=NOW)
        for member in range(1, 6):
            account = get_user_model().objects.create(created_at=NOW)
            TeamMember.objects.create(
                team=team, number=member, full_name_sealed=b"", account_id=account.pk, valid_from=START
            )
            phones.append((account.pk, str(places.unit_view(village, START).uid)))
    return phones


def _visit(village: str, number: int) -> dict[str, object]:
    return {
        "uid": str(UUID(bytes=os.urandom(16), version=4)),
        "village_uid": village,
        "household": f"Số {os.urandom(4).hex()}",
        "outcome": "helped",
        "consent": True,
        "adults": 3,
        "without_phone": 1,
        "helped": 1,
        "minutes": 10,
        "at": (NOW - timedelta(days=number % 7, minutes=number)).isoformat(),
    }


if __name__ == "__main__":
    print(json.dumps(measure()))
