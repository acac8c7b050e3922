"""Reports at scale M: 3,700 units, 64 weeks: completeness, sums, handing in during the deadline hour, everything as one workbook.

Runs in a child process on an embedded server of its own that is thrown away; pages and handing in go over HTTP to the web server as
it runs by default. ``BENCH_SCALE=S`` plants a tenth, to develop with. The final Báo cáo is measured in the world of measurements
(``documents``), which has the figures it is made of.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import _desk
from bench.figures import Figure, figure
from bench.web import ROOT, memory_mb, serve

SMALL = os.environ.get("BENCH_SCALE", "M") == "S"
UNITS, PERIODS = (370, 8) if SMALL else (3_700, 64)
FORMS, FIELDS = 3, 10
RATE, SECONDS = 50, 20
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # Friday 20/11/2026, 16:00: the hour before the deadline
TERM = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
FOUNDED = date(2025, 7, 1)
KEY, FORM = "lenh", "bieu-0"


def run() -> list[Figure]:
    """Measure in a child on a fresh server, then the final report in the world of measurements."""
    from config import postgres

    with tempfile.TemporaryDirectory(prefix="smarthd-bench-reports-") as folder:
        environ = {
            **os.environ, "DATA_DIR": folder, "SMARTHD_MODE": "demo", "DATABASE_URL": "", "LOG_LEVEL": "ERROR",
            "SMARTHD_NOW": NOW.isoformat(), "SMARTHD_NOW_SET_AT": datetime.now(UTC).isoformat(),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }  # fmt: skip
        postgres.start(Path(folder))
        try:
            subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], env=environ, cwd=ROOT, check=True)
            step = [sys.executable, "-m", "bench.rollout_reports"]
            done = subprocess.run(step, env=environ, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        finally:
            postgres.stop(Path(folder))
    return [*as_figures(json.loads(done.stdout.splitlines()[-1])), *documents()]


def as_figures(seen: dict[str, Any]) -> list[Figure]:
    """Name what was measured."""
    reports = UNITS * PERIODS
    whole = seen["sent"] == seen["taken"]
    return [
        figure(f"completeness of {UNITS:,} units, p95", seen["completeness_ms"], "ms", target="≤ 120 ms", met=seen["completeness_ms"] <= 120),
        figure(f"board of {UNITS:,} units with completeness, page over HTTP, p95", seen["board_ms"], "ms", target="≤ 120 ms", met=seen["board_ms"] <= 120),
        figure(
            f"sum of {FORMS * FIELDS} fields × {UNITS:,} units, p95", seen["sums_ms"], "ms", target="≤ 80 ms", met=seen["sums_ms"] <= 80,
            peer="the same sums from the reports' JSON", peer_value=seen["sums_peer_ms"],
        ),
        figure(
            f"report handed in at {RATE}/s for {SECONDS} s over HTTP, p95", seen["submit_ms"], "ms", target="≤ 300 ms, 100 % success",
            met=seen["submit_ms"] <= 300 and whole,
        ),
        figure("report handed in: processor time of the web server", seen["submit_cpu_ms"], "ms each", target="≤ 20 ms: 50/s on one core", met=seen["submit_cpu_ms"] <= 20),
        figure("report handed in: success", 100 * seen["taken"] / seen["sent"], "%", target="100 %", met=whole),
        figure(f"{reports:,} reports as a streamed workbook", seen["export_s"], "s", target="≤ 60 s", met=seen["export_s"] <= 60),
        figure("the workbook: processor time of the web server", seen["export_cpu_s"], "s"),
        figure("the workbook: first bytes after", seen["first_s"], "s"),
        figure("the workbook: web process grew by", seen["grew_mb"], "MB", target="≤ 32 MB, whatever the count", met=seen["grew_mb"] <= 32),
        figure(f"consolidation of {UNITS:,} units made", seen["consolidate_s"], "s"),
    ]  # fmt: skip


def documents() -> list[Figure]:
    """Make the final Báo cáo of the province, figures gathered, Word and Excel files written and kept."""
    from config.seeding.world import LAST_DAY, NOW, use_world

    use_world(os.environ.get("BENCH_SCALE", "M"))
    from smarthd.agencies import selectors as agencies
    from smarthd.agencies.rules import Kind
    from smarthd.insights import services
    from smarthd.insights.models import ReportDocument
    from smarthd.kernel.actor import system
    from smarthd.rollout import selectors as rollout
    from smarthd.rollout import services as ordering

    day = LAST_DAY - timedelta(days=1)
    (issuer,) = agencies.agencies_on(day, kinds=(Kind.PROVINCE_COMMITTEE,))
    ReportDocument.objects.filter(cut_off=day, issuer_id=issuer.id).delete()
    if not rollout.campaigns():
        ordering.open_campaign(
            KEY, title="Đưa Smart-HaiDuong vào sử dụng", opens_on=day - timedelta(days=60), deadline_at=NOW + timedelta(days=30),
            coordinator_id=issuer.id, actor=system("bench"), now=NOW - timedelta(days=60),
        )  # fmt: skip
    asked: dict[str, Any] = {
        "campaign_key": rollout.campaigns()[0].key, "cut_off": day, "unit_id": None, "boundaries": day, "issuer_id": issuer.id,
    }  # fmt: skip
    started = time.perf_counter()
    services.make_report(**asked, actor=system("bench"), now=NOW)
    took = time.perf_counter() - started
    return [figure("final Báo cáo of the province, docx and xlsx made", took, "s", target="≤ 20 s", met=took <= 20)]


# --- in the child -----------------------------------------------------------------------------------------------------
def measure() -> dict[str, float]:
    """Plant, and measure one after the other."""
    import django

    django.setup()
    from django.db import connection

    from config.run import collect_static
    from smarthd.kernel.actor import system
    from smarthd.rollout import selectors, services

    collect_static(dict(os.environ))
    clerks, department, coordinator = _plant()
    period = selectors.periods_of(KEY)[0]
    seen: dict[str, float] = {
        "completeness_ms": _p95_ms(lambda: selectors.completeness(period, now=NOW)),
        "sums_ms": _p95_ms(lambda: [selectors.field_sums(period.pk, f"bieu-{number}") for number in range(FORMS)]),
        "sums_peer_ms": _p95_ms(lambda: _sums_from_json(period.pk), times=5),
    }
    started = time.perf_counter()
    services.consolidate(period.uid, FORM, agency_id=coordinator, actor=system("bench"), now=NOW)
    seen["consolidate_s"] = time.perf_counter() - started
    connection.close()
    with serve("config.wsgi:application") as (port, server):
        board = f"/can-bo/bao-cao-ky/ky/{period.uid}/"
        times = _desk.answer_times(port, board, {"Cookie": department, "Accept-Encoding": "gzip"}, times=20)
        seen["board_ms"] = _desk.p95(times) * 1000
        busy = cpu_s(server.pid)
        seen |= _hand_in(port, clerks)
        seen["submit_cpu_ms"] = 1000 * (cpu_s(server.pid) - busy) / len(clerks)
        before, busy = memory_mb(server.pid), cpu_s(server.pid)
        seen |= _export(port, department)
        seen["export_cpu_s"] = cpu_s(server.pid) - busy
        seen["grew_mb"] = memory_mb(server.pid) - before
    return seen


def cpu_s(parent: int) -> float:
    """Return the processor seconds a server's workers have used: what a busy machine does not change."""
    used = 0
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            row = place.read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        used += int(row[11]) + int(row[12]) if int(row[1]) == parent else 0
    return used / os.sysconf("SC_CLK_TCK")


def _p95_ms(act: Callable[[], object], *, times: int = 40) -> float:
    act()
    taken = []
    for _each in range(times):
        started = time.perf_counter()
        act()
        taken.append(time.perf_counter() - started)
    return _desk.p95(taken) * 1000


def _sums_from_json(period_id: int) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.form_key, v.key, sum((v.value)::float8) FROM rollout_obligation o "
            "JOIN rollout_periodicreport r ON r.obligation_id = o.id CROSS JOIN jsonb_each_text(r.values) v "
            "WHERE o.period_id = %s GROUP BY 1, 2",
            [period_id],
        )
        return cursor.fetchall()


def _plant() -> tuple[list[tuple[str, str]], str, int]:
    """Plant units, forms and weeks; return (cookie, obligation) of those who hand in, the Department's cookie, its agency."""
    from django.contrib.auth import get_user_model

    from smarthd.agencies import services as agencies
    from smarthd.agencies.models import RoleGrant
    from smarthd.agencies.rules import Kind, Role
    from smarthd.kernel.actor import system
    from smarthd.rollout import services
    from smarthd.rollout.models import Obligation
    from smarthd.rollout.rules import forms

    actor = system("bench")
    top = agencies.found_agency(
        agencies.NewAgency(kind=Kind.PROVINCE_COMMITTEE, name="UBND", code="ubnd-tp"), valid_from=FOUNDED
    ).pk
    coordinator = agencies.found_agency(
        agencies.NewAgency(kind=Kind.DEPARTMENT, name="Sở", code="so", parent_id=top), valid_from=FOUNDED
    ).pk
    units = agencies.found_agencies(
        [
            agencies.NewAgency(kind=Kind.SCHOOL, name=f"Đơn vị số {number}", code=f"dv-{number:05}", parent_id=top)
            for number in range(UNITS)
        ],
        valid_from=FOUNDED,
    )
    services.open_campaign(
        KEY, title="Lệnh", opens_on=FOUNDED, deadline_at=TERM + timedelta(days=30), coordinator_id=coordinator, actor=actor,
        now=NOW - timedelta(days=500),
    )  # fmt: skip
    for number in range(FORMS):
        plan = forms.FormPlan(
            tuple(
                forms.Field(key=f"f{field}", label=f"Số liệu {field}", kind=forms.FieldKind.COUNT)
                for field in range(FIELDS)
            )
        )
        services.draft_form(KEY, f"bieu-{number}", title=f"Biểu {number}", plan=plan, actor=actor, now=NOW)
        services.publish_form(KEY, f"bieu-{number}", actor=actor, now=NOW)
    weeks = [
        services.add_period(
            KEY, title=f"Tuần {week + 1}", cut_off=(TERM - timedelta(days=7 * (PERIODS - week) + 1)).date(),
            opens_at=TERM - timedelta(days=7 * (PERIODS - week) + 5), due_at=TERM - timedelta(days=7 * (PERIODS - week)),
            actor=actor, now=NOW,
        )
        for week in range(PERIODS)
    ]  # fmt: skip
    last = services.add_period(
        KEY, title="Tuần này", cut_off=TERM.date() - timedelta(days=1), opens_at=TERM - timedelta(days=5), due_at=TERM,
        actor=actor, now=NOW,
    )  # fmt: skip
    services.freeze_period(last.uid, kinds=[Kind.SCHOOL], actor=actor, now=NOW)
    _history([week.pk for week in weeks], last.pk)
    _this_week(last.pk)
    hands_in = list(
        Obligation.objects.filter(period=last, form_key=FORM).order_by("code").values_list("agency_id", "uid")
    )[: RATE * SECONDS]
    accounts = get_user_model().objects.bulk_create(
        [get_user_model()(created_at=NOW) for _each in range(len(hands_in) + 1)]
    )
    RoleGrant.objects.bulk_create(
        [
            RoleGrant(account_id=account.pk, agency_id=agency_id, role=Role.CLERK, valid_from=NOW - timedelta(days=9))
            for account, (agency_id, _uid) in zip(accounts[1:], hands_in, strict=True)
        ]
    )
    agencies.grant_role(
        account_id=accounts[0].pk,
        agency_id=coordinator,
        role=Role.ADMINISTRATOR,
        actor=actor,
        now=NOW - timedelta(days=9),
    )
    cookies = _desk.cookies_of([account.pk for account in accounts])
    assert len(units) == UNITS
    _analyse()
    return (
        [(cookie, str(uid)) for cookie, (_agency, uid) in zip(cookies[1:], hands_in, strict=True)],
        cookies[0],
        coordinator,
    )


def _history(weeks: list[int], model: int) -> None:
    """Copy this week's obligations of one form into every week before, all handed in and accepted."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO rollout_obligation (uid, period_id, form_key, agency_id, held_by_id, superior_id, name, code, first_due_at,
              due_at, exempt_reason)
            SELECT gen_random_uuid(), w.id, o.form_key, o.agency_id, o.held_by_id, o.superior_id, o.name, o.code, w.due_at, w.due_at, ''
            FROM rollout_obligation o CROSS JOIN rollout_period w WHERE o.period_id = %s AND o.form_key = %s AND w.id = ANY(%s)""",
            [model, FORM, weeks],
        )
        cursor.execute(
            """INSERT INTO rollout_periodicreport (uid, obligation_id, form_id, state, values, disputes, measured, content_hash, round,
              edits, minutes, submitted_at, first_submitted_at, in_time, first_in_time, endorsed_hash, not_reviewed, return_reasons, returns)
            SELECT gen_random_uuid(), o.id, f.id, 'accepted', v.values, '{}', '{}', 'a', 1, 2, 4, o.due_at - interval '1 hour',
              o.due_at - interval '1 hour', TRUE, TRUE, 'a', FALSE, '{}', 0
            FROM rollout_obligation o JOIN rollout_form f ON f.key = o.form_key
            CROSS JOIN LATERAL (SELECT jsonb_object_agg('f' || n, (o.id * (n + 3)) %% 500) AS values FROM generate_series(0, %s) n) v
            WHERE o.period_id = ANY(%s)""",
            [FIELDS - 1, weeks],
        )
        cursor.execute("UPDATE rollout_period SET frozen_at = opens_at WHERE id = ANY(%s)", [weeks])
    _in_force(weeks)


def _this_week(period: int) -> None:
    """Let four of five units have handed the other forms in, and the numbers of all forms be there to add up."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE rollout_periodicreport r SET values = v.values, content_hash = 'a', round = 1, submitted_at = %s,
              first_submitted_at = %s, in_time = TRUE, first_in_time = TRUE, state = 'submitted'
            FROM rollout_obligation o
            CROSS JOIN LATERAL (SELECT jsonb_object_agg('f' || n, (o.id * (n + 3)) %% 500) AS values FROM generate_series(0, %s) n) v
            WHERE o.id = r.obligation_id AND o.period_id = %s AND o.form_key <> %s""",
            [NOW, NOW, FIELDS - 1, period, FORM],
        )
        cursor.execute(
            """INSERT INTO rollout_report_value (form_key, period_id, field, agency_id, value)
            SELECT o.form_key, o.period_id, 'f' || n, o.agency_id, (o.id * (n + 3)) %% 500
            FROM rollout_obligation o CROSS JOIN generate_series(0, %s) n WHERE o.period_id = %s""",
            [FIELDS - 1, period],
        )


def _in_force(weeks: list[int]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO rollout_report_value (form_key, period_id, field, agency_id, value)
            SELECT o.form_key, o.period_id, 'f' || n, o.agency_id, (o.id * (n + 3)) %% 500
            FROM rollout_obligation o CROSS JOIN generate_series(0, %s) n WHERE o.period_id = ANY(%s)
            ORDER BY 1, 2, 3, 4""",
            [FIELDS - 1, weeks],
        )


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM ANALYZE rollout_obligation, rollout_periodicreport, rollout_report_value, agencies_rolegrant"
        )


def _hand_in(port: int, clerks: list[tuple[str, str]]) -> dict[str, float]:
    """Hand reports in at a steady rate, whether or not the ones before were answered; a wait for a free connection is part of the time."""
    token = "b" * 32
    body = json.dumps({"typed": {f"f{number}": str(number + 7) for number in range(FIELDS)}, "minutes": 3})
    taken: list[float] = []
    failed: list[str] = []
    ready = threading.Lock()
    coming = iter(enumerate(clerks))
    began = time.perf_counter() + 0.5

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with ready:
                number, (cookie, uid) = next(coming, (-1, ("", "")))
            if number < 0:
                return
            due = began + number / RATE
            time.sleep(max(0.0, due - time.perf_counter()))
            headers = {
                "Cookie": f"{cookie}; smarthd_csrf={token}",
                "X-CSRFToken": token,
                "Content-Type": "application/json",
            }
            connection.request("POST", f"/can-bo/bao-cao-ky/{uid}/gui/", body, headers)
            answer = connection.getresponse()
            said = answer.read()
            with ready:
                taken.append(time.perf_counter() - due)
                if answer.status != 200 or not json.loads(said)["in_time"]:
                    failed.append(f"{answer.status} {said[:200]!r}")

    threads = [threading.Thread(target=work) for _each in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        print(failed[0], file=sys.stderr)
    return {
        "submit_ms": _desk.p95(taken) * 1000, "submit_median_ms": statistics.median(taken) * 1000,
        "sent": len(clerks), "taken": len(clerks) - len(failed),
    }  # fmt: skip


def _export(port: int, cookie: str) -> dict[str, float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    started = time.perf_counter()
    connection.request("GET", f"/can-bo/chien-dich/{KEY}/bieu/{FORM}/bao-cao.xlsx", headers={"Cookie": cookie})
    answer = connection.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"{answer.status} {answer.read()[:300]!r}")
    first, size = 0.0, 0
    while block := answer.read(65536):
        first = first or time.perf_counter() - started
        size += len(block)
    return {"export_s": time.perf_counter() - started, "first_s": first, "export_mb": size / 1e6}


if __name__ == "__main__":
    print(json.dumps(measure()))
