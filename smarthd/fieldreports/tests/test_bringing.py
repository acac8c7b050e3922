"""Pictures that are only named: what may be fetched, from where, how much; and what handlers are told when it cannot be had."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from smarthd.fieldreports.adapters.fake import FakeFetcher
from smarthd.fieldreports.adapters.web import WebFetcher
from smarthd.fieldreports.models import ReportStep
from smarthd.fieldreports.ports import FetchRefused, FetchUnavailable
from smarthd.fieldreports.rules import fetching
from smarthd.fieldreports.selectors import gate
from smarthd.fieldreports.services import bringing
from smarthd.fieldreports.tests import make
from smarthd.fieldreports.values import Caller

HOST = "anh.example.vn"
URL = f"https://{HOST}/a.jpg"


# --- rules -----------------------------------------------------------------------------------------------------------
def test_an_allowed_address_is_taken_apart():
    target = fetching.checked("https://Anh.Example.vn/a/b.jpg?x=1#y", hosts=[HOST])
    assert (target.host, target.port, target.path, target.netloc) == (HOST, 443, "/a/b.jpg?x=1", HOST)
    with_port = fetching.checked("http://anh.example.vn:8080", hosts=[f"{HOST}:8080"])
    assert (with_port.port, with_port.path, with_port.netloc) == (8080, "/", f"{HOST}:8080")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "240.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "192.0.2.1", "198.18.0.1", "rác", "",
        "0.0.0.0",  # noqa: S104
    ],
)  # fmt: skip
def test_an_address_inside_a_network_is_never_outside(address):
    assert not fetching.is_outside(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "203.162.0.181", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_a_public_address_is_outside(address):
    assert fetching.is_outside(address)


# --- the real fetcher, against a server of our own -------------------------------------------------------------------
class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Host"]))  # type: ignore[attr-defined]
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "/a.jpg")
            self.end_headers()
            return
        status = {"/gone": 404, "/broken": 503}.get(self.path, 200)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(b"x" * 1_000)

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def fetcher(site: ThreadingHTTPServer, *, inside: bool = True, found: tuple[str, ...] = ("127.0.0.1",)) -> WebFetcher:
    """A fetcher that looks our host up as this machine."""
    return WebFetcher([f"{HOST}:{site.server_port}"], inside=inside, addresses=lambda _host, _port: list(found))


def address(site: ThreadingHTTPServer, path: str = "/a.jpg") -> str:
    return f"http://{HOST}:{site.server_port}{path}"


def test_a_body_is_fetched_from_the_address_that_was_looked_up(site):
    assert fetcher(site).fetch(address(site), most=1_000) == b"x" * 1_000
    assert site.asked == [("/a.jpg", f"{HOST}:{site.server_port}")]


def test_too_much_is_refused(site):
    with pytest.raises(FetchRefused, match="lớn quá"):
        fetcher(site).fetch(address(site), most=999)


@pytest.mark.parametrize(
    ("path", "kind"), [("/redirect", FetchRefused), ("/gone", FetchRefused), ("/broken", FetchUnavailable)]
)
def test_what_is_no_plain_answer_is_not_followed(site, path, kind):
    with pytest.raises(kind):
        fetcher(site).fetch(address(site, path), most=1_000)
    assert [one for one, _host in site.asked] == [path]


@pytest.mark.parametrize("found", [("127.0.0.1",), ("203.162.0.181", "127.0.0.1"), ("::ffff:127.0.0.1",), ()])
def test_a_name_that_leads_inside_is_never_connected_to(site, found):
    with pytest.raises(FetchRefused, match="nội bộ"):
        fetcher(site, inside=False, found=found).fetch(address(site), most=1_000)
    assert site.asked == []


def test_a_host_nobody_allowed_is_not_even_looked_up():
    looked: list[str] = []
    with pytest.raises(FetchRefused, match="danh sách"):
        WebFetcher([HOST], addresses=lambda host, _port: looked.append(host) or []).fetch("https://khac.vn/", most=1)
    assert looked == []


def test_a_host_nobody_knows_may_be_known_later():
    def unknown(_host: str, _port: int) -> list[str]:
        raise OSError

    with pytest.raises(FetchUnavailable):
        WebFetcher([HOST], addresses=unknown).fetch(URL, most=1)


def test_a_server_that_does_not_answer_may_answer_later(site):
    port = site.server_port
    site.shutdown()
    site.server_close()
    with pytest.raises(FetchUnavailable):
        WebFetcher([f"{HOST}:{port}"], inside=True, addresses=lambda _h, _p: ["127.0.0.1"]).fetch(
            f"http://{HOST}:{port}/", most=1
        )


# --- what comes of it ------------------------------------------------------------------------------------------------
def noted(land, report) -> list[str]:
    return [step.text for step in ReportStep.objects.filter(report=report, act="noted")]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"<svg/>", "không phải ảnh"),
        (FetchRefused("máy chủ trả lời 404"), "máy chủ trả lời 404"),
        (FetchUnavailable("ConnectTimeout"), "ConnectTimeout"),
    ],
)
def test_a_picture_that_cannot_be_had_is_noted_for_who_handles_the_report(land, answer, said):
    report = make.sent(land)
    assert not bringing.bring(report.uid, url=URL, hosts=[HOST], now=make.NOW, using=FakeFetcher({URL: answer}))
    [note] = noted(land, report)
    assert said in note
    report.refresh_from_db()
    assert report.photos == 0
    assert all(step.act != "noted" for step in gate.report_for(Caller(), report.code, now=make.NOW).timeline)
    assert any(step.act == "noted" for step in gate.report_for(land.clerk, report.code, now=make.NOW).timeline)


def test_an_unreachable_picture_is_tried_again_before_it_is_noted(land):
    report = make.sent(land)
    using = FakeFetcher({URL: FetchUnavailable("ConnectTimeout")})
    with pytest.raises(FetchUnavailable):
        bringing.bring(report.uid, url=URL, hosts=[HOST], now=make.NOW, last=False, using=using)
    assert noted(land, report) == []


def test_a_picture_brought_again_after_a_worker_died_is_the_one_it_was(land):
    report = make.sent(land)
    for colour in ("#000000", "#000001"):
        using = FakeFetcher({URL: make.picture(colour=colour)})
        assert bringing.bring(report.uid, url=URL, hosts=[HOST], now=make.NOW, using=using)
    report.refresh_from_db()
    assert (report.photos, report.attachments.count(), noted(land, report)) == (1, 1, [])


def test_a_seventh_picture_is_not_bound(land):
    report = make.sent(land)
    for number in range(7):
        url = f"{URL}?{number}"
        using = FakeFetcher({url: make.picture(colour=f"#00000{number}")})
        bringing.bring(report.uid, url=url, hosts=[HOST], now=make.NOW, using=using)
    report.refresh_from_db()
    assert (report.photos, report.attachments.count()) == (6, 6)
    assert len(noted(land, report)) == 1
