"""Rosters: 45,000 lines of a real workbook previewed and saved, beside a bare COPY of the same persons; chain and actor look-ups.

Runs on an embedded server of its own that is thrown away. The measured work runs in a child process, whose peak memory the kernel
counts; the workbook is written before, by the parent.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bench.figures import Figure, figure

ROOT = Path(__file__).resolve().parent.parent
PERSONS, COMMUNES, PARTS = 45_000, 235, 3_452
DAY, NOW = date(2024, 4, 1), datetime(2024, 4, 1, 2, tzinfo=UTC)


def run() -> list[Figure]:
    """Measure in a child on a fresh server; the targets are those of ROLLOUT's scale M."""
    from config import postgres

    with tempfile.TemporaryDirectory(prefix="smarthd-bench-agencies-") as folder:
        place = Path(folder)
        write_workbook(place / "roster.xlsx")
        environ = {**os.environ, "DATA_DIR": folder, "SMARTHD_MODE": "demo", "DATABASE_URL": "", "LOG_LEVEL": "ERROR"}
        postgres.start(place)
        try:
            step = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
            subprocess.run(step, env=environ, cwd=ROOT, check=True)
            step = [sys.executable, "-m", "bench.agencies", folder]
            done = subprocess.run(step, env=environ, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        finally:
            postgres.stop(place)
    return as_figures(json.loads(done.stdout.splitlines()[-1]))


def as_figures(seen: dict[str, float]) -> list[Figure]:
    """Name what was measured and put it beside its peer or limit."""
    total = seen["preview_s"] + seen["confirm_s"]
    name = f"roster of {PERSONS:,} rows"
    return [
        figure(
            f"{name}: previewed and saved", total, "s", target="≤ 30 s", met=total <= 30,
            peer="bare COPY of the same rows with the same constraints", peer_value=seen["copy_s"],
        ),
        figure(f"{name}: preview", seen["preview_s"], "s"),
        figure(f"{name}: confirmation", seen["confirm_s"], "s", peer="bare COPY", peer_value=seen["copy_s"]),
        figure(f"{name}: the same file again, previewed", seen["again_s"], "s"),
        figure(f"{name}: peak memory of the process", seen["peak_mb"], "MB", target="≤ 500 MB", met=seen["peak_mb"] <= 500),
        figure(f"closure of {seen['agencies']:,.0f} agencies on a day", seen["closure_ms"], "ms"),
        figure("actor of an account over the whole province", seen["actor_ms"], "ms"),
        figure("deadline in working hours, calendar in hand", seen["deadline_us"], "µs"),
    ]  # fmt: skip


def unit_name(number: int) -> str:
    """Return the name of the ``number``-th part of a commune."""
    return f"Đơn vị trực thuộc số {number}"


def write_workbook(path: Path) -> None:
    """Write the roster as offices send it: titles, capitals, telephones without their zero, one line a person."""
    import xlsxwriter

    drawn = random.Random(20240401)
    surnames, middles, givens = (
        ["Nguyễn", "Trần", "Lê", "Phạm", "Vũ", "Hoàng", "Bùi", "Đỗ"],
        ["Văn", "Thị", "Đức", "Minh", "Thu"],
        ["An", "Bình", "Cúc", "Dũng", "Hà", "Lan", "Quý", "Yến"],
    )
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet("Danh sách")
        page.write(0, 0, "DANH SÁCH CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC, NGƯỜI LAO ĐỘNG")
        page.write_row(2, 0, ["STT", "Họ và tên", "Chức vụ", "Số điện thoại", "Đơn vị", "Ghi chú"])
        for number in range(PERSONS):
            name = f"{drawn.choice(surnames)} {drawn.choice(middles)} {drawn.choice(givens)}"
            phone: object = f"0912.{number // 1000:03}.{number % 1000:03}" if number % 2 else 912_000_000 + number
            written = name.upper() if number % 3 == 0 else name
            page.write_row(3 + number, 0, [number + 1, written, "Chuyên viên", phone, unit_name(number % PARTS), ""])


def measure(folder: Path) -> dict[str, float]:
    """Do the work in this process and return what was seen."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from smarthd.agencies import calendar, selectors, services
    from smarthd.agencies.rules import Role
    from smarthd.kernel import actor as actors

    system = actors.system("bench")
    province = found_world()
    raw = (folder / "roster.xlsx").read_bytes()
    arguments: dict[str, Any] = {
        "file_name": "roster.xlsx", "agency_id": province, "complete": True, "actor": system, "now": NOW,
    }  # fmt: skip
    preview_s, upload = timed(lambda: services.preview_roster(raw, **arguments))
    assert upload.counts["new"] == PERSONS, upload.counts
    confirm_s, _ = timed(lambda: services.confirm_roster(import_uid=upload.uid, actor=system, now=NOW))
    again_s, again = timed(lambda: services.preview_roster(raw, **arguments))
    assert again.counts["unchanged"] == PERSONS, again.counts
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    closure_s, closure = best(lambda: selectors.agency_closure(DAY))
    account_id = administrator(province, Role.ADMINISTRATOR)
    actor_s, _ = best(lambda: selectors.actor_for(account_id, NOW, second_factor=True))
    works = calendar.working_calendar()
    deadline_s, _ = best(lambda: [works.add_working_hours(NOW, 40) for _ in range(1000)])
    return {
        "preview_s": preview_s, "confirm_s": confirm_s, "again_s": again_s, "peak_mb": peak_mb, "copy_s": bare_copy(),
        "closure_ms": closure_s * 1000, "agencies": len({leaf for _, leaf in closure}), "actor_ms": actor_s * 1000,
        "deadline_us": deadline_s * 1000,
    }  # fmt: skip


def found_world() -> int:
    """Found a province, its districts and communes, and the parts that keep rosters; return the province's agency."""
    from smarthd.agencies import services
    from smarthd.agencies.rules import Kind

    def found(kind: Kind, code: str, names: list[str], parents: list[int | None]) -> list[int]:
        new = [
            services.NewAgency(kind=kind, name=name, code=f"{code}-{number}", parent_id=parent)
            for number, (name, parent) in enumerate(zip(names, parents, strict=True))
        ]
        return [agency.pk for agency in services.found_agencies(new, valid_from=DAY)]

    (province,) = found(Kind.PROVINCE_COMMITTEE, "p", ["Ủy ban nhân dân tỉnh"], [None])
    districts = found(Kind.DISTRICT_COMMITTEE, "d", [f"Ủy ban nhân dân huyện {n}" for n in range(12)], [province] * 12)
    communes = found(
        Kind.COMMUNE_COMMITTEE, "c", [f"Ủy ban nhân dân xã {n}" for n in range(COMMUNES)],
        [districts[n % 12] for n in range(COMMUNES)],
    )  # fmt: skip
    found(Kind.SUB_UNIT, "s", [unit_name(n) for n in range(PARTS)], [communes[n % COMMUNES] for n in range(PARTS)])
    return province


def administrator(agency_id: int, role: Any) -> int:
    """Return an account that holds a role over everything."""
    from django.contrib.auth import get_user_model

    from smarthd.agencies import services
    from smarthd.kernel import actor as actors

    account_id: int = get_user_model().objects.create(created_at=NOW).pk
    services.grant_role(account_id=account_id, agency_id=agency_id, role=role, actor=actors.system("bench"), now=NOW)
    return account_id


def bare_copy() -> float:
    """Return how long PostgreSQL itself takes for the same rows: COPY into a table with the same indexes and constraints."""
    from django.db import connection

    with connection.cursor() as cursor:
        with cursor.copy("COPY agencies_staff TO STDOUT") as out:
            rows = b"".join(bytes(block) for block in out)
        cursor.execute("CREATE TABLE peer (LIKE agencies_staff INCLUDING ALL)")

        def copy() -> None:
            with cursor.copy("COPY peer FROM STDIN") as into:
                into.write(rows)

        seconds, _ = timed(copy)
        cursor.execute("SELECT count(*) FROM peer")
        assert cursor.fetchone()[0] == PERSONS
        cursor.execute("DROP TABLE peer")
    return seconds


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return seconds and the answer of one go."""
    started = time.perf_counter()
    answer = work()
    return time.perf_counter() - started, answer


def best(work: Callable[[], Any], goes: int = 7) -> tuple[float, Any]:
    """Return the median of several goes, and the last answer."""
    seen = sorted((timed(work) for _ in range(goes)), key=lambda pair: pair[0])
    return seen[goes // 2]


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
