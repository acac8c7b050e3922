"""Import from another Open311 server: a real one on this machine, which cuts its answers off, fails, and speaks both formats."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

import pytest
from click.testing import CliRunner

from smarthd.fieldreports.commands import group
from smarthd.fieldreports.errors import FileUnreadable, SourceUnreachable
from smarthd.fieldreports.models import ImportRun, Report
from smarthd.fieldreports.rules import exchanging as rules
from smarthd.fieldreports.rules.importing import Unreadable
from smarthd.fieldreports.rules.states import State, Visibility
from smarthd.fieldreports.services import exchanging
from smarthd.fieldreports.services.importing import Imported
from smarthd.fieldreports.tests import make
from smarthd.fieldreports.tests.make import NOW
from smarthd.kernel import clock
from smarthd.kernel.actor import ANONYMOUS
from smarthd.kernel.errors import NotAllowed

DAY = timedelta(days=1)
SINCE = NOW - 60 * DAY


class _Server(BaseHTTPRequestHandler):
    """An Open311 server: answers for a period, ``most`` at a time, in XML and JSON."""

    def do_GET(self) -> None:
        site: Any = self.server
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        site.asked.append(asked)
        since, until = (datetime.fromisoformat(asked[name]) for name in ("start_date", "end_date"))
        if site.fails_after is not None and len(site.asked) > site.fails_after:
            self.send_response(503)
            self.end_headers()
            return
        found = [one for one in site.requests if since <= datetime.fromisoformat(one["requested_datetime"]) <= until]
        body = site.body or _written(found[-site.most :], parts.path.rpartition(".")[2])
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        pass


def _written(found: list[dict[str, Any]], suffix: str) -> bytes:
    if suffix == "json":
        return json.dumps(found).encode()
    entries = "".join(
        "<request>"
        + "".join(f"<{name}>{escape(str(value or ''))}</{name}>" for name, value in one.items())
        + "</request>"
        for one in found
    )
    return f"<?xml version='1.0' encoding='utf-8'?><service_requests>{entries}</service_requests>".encode()


@pytest.fixture
def other() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    server.asked, server.requests, server.most, server.fails_after, server.body = [], [], 1_000, None, b""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def entry(land: make.Land, number: int, **changes: Any) -> dict[str, Any]:
    """Return a request as such servers write it."""
    plain = {
        "service_request_id": f"A-{number}",
        "status": "open",
        "status_notes": None,
        "service_name": "Đèn đường tắt, hỏng",
        "service_code": "017",
        "description": f"Đèn số {number} ở đầu ngõ tắt cả tuần nay",
        "requested_datetime": (NOW - 50 * DAY + timedelta(hours=number)).isoformat(),
        "updated_datetime": (NOW - 40 * DAY + timedelta(hours=number)).isoformat(),
        "address": "",
        "lat": land.place.lat,
        "long": land.place.lon,
    }
    return plain | changes


def host(other: Any) -> str:
    return f"127.0.0.1:{other.server_port}"


def brought(other: Any, **changes: Any) -> Imported:
    asked: dict[str, Any] = {
        "since": SINCE, "until": NOW, "hosts": [host(other)], "actor": make.SYSTEM.actor, "now": NOW,
    }  # fmt: skip
    return exchanging.import_from(f"http://{host(other)}/open311/v2", **asked | changes)


# --- what comes over -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("suffix", ["xml", "json"])
def test_reports_come_over_once_with_their_dates(land, other, suffix):
    other.requests = [entry(land, 1), entry(land, 2, status="closed", status_notes="Đã thay bóng mới ngày hôm sau")]
    done = brought(other, suffix=suffix, jurisdiction="kia.vn")
    assert (done.lines, done.made, done.known, done.faults) == (2, 2, 0, ())
    assert other.asked[0]["jurisdiction_id"] == "kia.vn"
    first, second = Report.objects.order_by("foreign_id")
    assert (first.source, first.foreign_id, first.state) == (host(other), "A-1", State.RECEIVED)
    assert first.received_at == NOW - 50 * DAY + timedelta(hours=1)
    assert first.visibility == Visibility.PRIVATE  # nobody here has read it
    assert (second.state, second.answers.get().words) == (State.CLOSED, "Đã thay bóng mới ngày hôm sau")
    assert second.ended_at == NOW - 40 * DAY + timedelta(hours=2)


def test_asking_again_brings_nothing_twice(land, other):
    other.requests = [entry(land, number) for number in range(5)]
    assert brought(other).made == 5
    again = brought(other, since=NOW - 89 * DAY)
    assert (again.lines, again.made, again.known) == (5, 0, 5)
    assert Report.objects.count() == 5
    assert ImportRun.objects.count() == 2


def test_two_systems_may_use_the_same_numbers(land, other):
    other.requests = [entry(land, 1)]
    assert brought(other, source="Hệ thống A").made == 1
    assert brought(other, source="Hệ thống B").made == 1


def test_a_server_that_cuts_off_is_asked_in_smaller_periods(land, other):
    other.requests, other.most = [entry(land, number) for number in range(23)], 4
    done = brought(other, most=4)
    assert (done.lines, done.made, done.known) == (23, 23, 0)
    assert len(other.asked) > 6


def test_more_than_ninety_days_are_asked_in_parts(land, other):
    brought(other, since=NOW - 200 * DAY)
    spans = [datetime.fromisoformat(one["end_date"]) - datetime.fromisoformat(one["start_date"]) for one in other.asked]
    assert spans == [90 * DAY, 90 * DAY, 20 * DAY]


def test_what_lies_on_the_edge_of_two_parts_comes_once(land, other):
    other.requests = [entry(land, 1, requested_datetime=(SINCE + 10 * DAY).isoformat())]
    done = brought(other, since=SINCE + 10 * DAY - 90 * DAY)
    assert (done.lines, done.made) == (1, 1)


def test_many_in_one_minute_do_not_divide_for_ever(land, other):
    same = (NOW - 30 * DAY).isoformat()
    other.requests, other.most = [entry(land, number, requested_datetime=same) for number in range(3)], 3
    assert brought(other, most=3).made == 3


def test_categories_and_places_are_known_by_their_names(land, other):
    other.requests = [
        entry(land, 1, service_code="den-duong"),
        entry(land, 2, service_code="x", service_name="Ổ gà, mặt đường hư hỏng", description="Ổ gà to giữa đường"),
        entry(land, 3, lat="", long="", address="Số 5 phố Chợ, Xã c0, Huyện d1"),
        entry(land, 4, description=""),
    ]
    assert brought(other).made == 4
    made = {one.foreign_id: one for one in Report.objects.select_related("category")}
    assert made["A-1"].category.key == "den-duong"
    assert made["A-2"].category.key == "o-ga-mat-duong"
    assert (made["A-3"].commune_id, made["A-3"].lat) == (land.place.id, None)
    assert made["A-4"].text == "Đèn đường tắt, hỏng"  # the other system's own name of the service


def test_what_is_wrong_is_said_by_its_number_and_the_rest_comes(land, other):
    other.requests = [
        entry(land, 1, lat=10.7, long=106.7),
        entry(land, 2, service_request_id=""),
        entry(land, 3, lat="", long=""),
        entry(land, 4, lat="rác"),
        entry(land, 5, status="closed", updated_datetime="rác"),
        entry(land, 6),
    ]
    done = brought(other)
    assert (done.lines, done.made, len(done.faults)) == (6, 1, 5)
    assert all(fault.startswith("Mục ") for fault in done.faults)
    assert "ngoài địa bàn" in done.faults[0]


# --- where from ------------------------------------------------------------------------------------------------------
def test_a_host_nobody_allowed_is_not_asked(land, other):
    with pytest.raises(SourceUnreachable) as refused:
        brought(other, hosts=[])
    assert "danh sách" in str(refused.value.facts["words"])
    assert other.asked == []


def test_only_the_system_imports(land, other):
    with pytest.raises(NotAllowed):
        brought(other, actor=ANONYMOUS)
    assert other.asked == []


def test_what_came_before_a_failure_stays_and_is_written_down(land, other):
    other.requests = [entry(land, 1, requested_datetime=(NOW - 85 * DAY).isoformat())]
    other.fails_after = 1
    with pytest.raises(SourceUnreachable):
        brought(other, since=NOW - 95 * DAY)
    run = ImportRun.objects.get()
    assert (run.made, len(run.faults)) == (1, 1)
    other.fails_after = None
    assert brought(other, since=NOW - 95 * DAY).known == 1


@pytest.mark.parametrize(
    "body", [b"<html>", b"<errors/>", b"", b"\xff", b"[1]", b'{"a": 1}', b"[" * 100_000, b'<!DOCTYPE x [<!ENTITY a "b">]><service_requests/>']
)  # fmt: skip
@pytest.mark.parametrize("suffix", ["xml", "json"])
def test_what_is_no_open311_document_is_refused(land, other, body, suffix):
    if body:
        other.body = body
        with pytest.raises(FileUnreadable):
            brought(other, suffix=suffix)
    with pytest.raises(Unreadable):
        rules.entries(body, suffix)
    assert Report.objects.count() == 0


# --- by the command line ---------------------------------------------------------------------------------------------
def test_the_command_says_what_became_of_it(land, other, settings):
    settings.OPEN311_SOURCES = [host(other)]
    clock.set_now(NOW)
    other.requests = [entry(land, 1), entry(land, 2, lat=10.7, long=106.7)]
    asked = ["import-open311", f"http://{host(other)}/open311/v2", "--from", "2024-01-15", "--to", "2024-04-08"]
    done = CliRunner().invoke(group, asked)
    assert done.exit_code == 0, done.output
    assert "2 mục: 1 phản ánh mới, 0 đã có, 1 mục sai." in done.output
    settings.OPEN311_SOURCES = []
    refused = CliRunner().invoke(group, asked)
    clock.set_now(None)
    assert refused.exit_code == 1
    assert "OPEN311_SOURCES" in refused.output


# --- our own documents are read by ourselves -------------------------------------------------------------------------
def test_periods_and_halves_cover_everything_once():
    parts = list(rules.periods(SINCE - 200 * DAY, NOW))
    assert parts[0][0] == SINCE - 200 * DAY
    assert parts[-1][1] == NOW
    assert all(one[1] == following[0] for one, following in itertools.pairwise(parts))
    assert rules.halves(NOW, NOW + timedelta(seconds=59)) == []
    first, second = rules.halves(SINCE, NOW)
    assert (first[0], first[1], second[1]) == (SINCE, second[0], NOW)
