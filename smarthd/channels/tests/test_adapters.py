"""One contract for every adapter of a kind; Zalo's and Facebook's against answers in the shape their documentation gives."""

from __future__ import annotations

import io
import json
import threading
import time
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import pytest

from smarthd.channels.adapters.cluster import Cluster, over_http, over_mqtt
from smarthd.channels.adapters.console import ConsoleLoudspeaker, ConsolePage
from smarthd.channels.adapters.facebook import FacebookPage
from smarthd.channels.adapters.fake import FakeLoudspeaker, FakePage
from smarthd.channels.adapters.http import HttpLoudspeaker
from smarthd.channels.adapters.mqtt import MqttLoudspeaker
from smarthd.channels.adapters.zalo import ZaloPage
from smarthd.channels.ports import Job, OutletRefused, OutletUnavailable, Word
from smarthd.channels.rules.saying import Post
from smarthd.channels.tests import make
from smarthd.channels.tests.broker import broker

POST = Post("Bão số 3", "Không ra khỏi nhà", "Bão số 3\n\nGió cấp 8–9.", "https://smart.example.vn/canh-bao/X/")
NOW = make.NOW


class Network:
    """A social network on loopback that answers as told and keeps what it was asked."""

    def __init__(self, answers: dict[str, tuple[int, object]]) -> None:
        self.answers, self.asked = answers, []

    @contextmanager
    def open(self):
        network = self

        class Desk(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                network.asked.append((self.path, dict(self.headers), body))
                status, answer = network.answers[self.path.rsplit("/", 1)[-1]]
                raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, format, *args):
                return

        with ThreadingHTTPServer(("127.0.0.1", 0), Desk) as server:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
            yield f"http://127.0.0.1:{server.server_address[1]}"
            server.shutdown()


ZALO_GOOD = {
    "create": (200, {"error": 0, "message": "Success", "data": {"token": "d7b5a1"}}),
    "verify": (200, {"error": 0, "message": "Success", "data": {"id": "3d7da6b4"}}),
}
FACEBOOK_GOOD = {"feed": (200, {"id": "104837465_998877"})}


@contextmanager
def zalo(answers=None):
    network = Network(ZALO_GOOD | (answers or {}))
    with network.open() as base:
        yield ZaloPage("khoa-zalo", base), network


@contextmanager
def facebook(answers=None):
    network = Network(FACEBOOK_GOOD | (answers or {}))
    with network.open() as base:
        yield FacebookPage("104837465", "khoa-fb", base), network


@contextmanager
def plain(page):
    yield page, None


@pytest.mark.parametrize(
    "opened",
    [lambda: plain(ConsolePage("console:x", io.StringIO())), lambda: plain(FakePage()), zalo, facebook],
    ids=["console", "fake", "zalo", "facebook"],
)
def test_every_page_takes_a_post_and_names_it(opened):
    with opened() as (page, _network):
        assert page.publish(POST, key="k-1").reference


@pytest.mark.parametrize("opened", [zalo, facebook], ids=["zalo", "facebook"])
@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (500, OutletUnavailable),
        (503, OutletUnavailable),
        (429, OutletUnavailable),
        (302, OutletRefused),
        (400, OutletRefused),
        (403, OutletRefused),
    ],
)
def test_what_passes_is_told_from_what_does_not(opened, status, fault):
    with opened({"create": (status, b"<html>"), "feed": (status, b"<html>")}) as (page, _network), pytest.raises(fault):
        page.publish(POST, key="k-1")


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"error": -216, "message": "Access token is invalid"}, OutletUnavailable),
        ({"error": -32, "message": "rate limit"}, OutletUnavailable),
        ({"error": -201, "message": "title is invalid"}, OutletRefused),
        ({"error": 0, "data": {}}, OutletRefused),
        ([], OutletUnavailable),
    ],
)
def test_zalo_says_its_faults_in_an_answer_that_looks_good(answer, fault):
    with zalo({"create": (200, answer)}) as (page, _network), pytest.raises(fault) as raised:
        page.publish(POST, key="k-1")
    assert "khoa-zalo" not in str(raised.value)


@pytest.mark.parametrize(
    ("status", "error", "fault"),
    [
        (400, {"code": 190, "message": "Error validating access token", "type": "OAuthException"}, OutletUnavailable),
        (400, {"code": 100, "message": "Invalid parameter"}, OutletRefused),
        (403, {"code": 200, "message": "Permissions error"}, OutletRefused),
        (500, {"code": 9999, "message": "x", "is_transient": True}, OutletUnavailable),
        (400, {"code": 4, "message": "Application request limit reached"}, OutletUnavailable),
    ],
)
def test_facebook_says_whether_its_fault_passes(status, error, fault):
    with facebook({"feed": (status, {"error": error})}) as (page, _network), pytest.raises(fault):
        page.publish(POST, key="k-1")


def test_zalo_gets_an_article_with_its_token_in_the_head():
    with zalo() as (page, network):
        assert page.publish(POST, key="k-1").reference == "3d7da6b4"
    path, headers, body = network.asked[0]
    assert path == "/article/create"
    assert headers["access_token"] == "khoa-zalo"
    sent = json.loads(body)
    assert (sent["type"], sent["title"], sent["description"], sent["status"]) == (
        "normal",
        POST.title,
        POST.summary,
        "show",
    )
    assert [part["content"] for part in sent["body"]] == ["Bão số 3", "Gió cấp 8–9.", f"Xem thêm: {POST.link}"]


def test_an_article_zalo_has_not_made_yet_is_known_by_its_token():
    with zalo({"verify": (200, {"error": -1, "message": "processing"})}) as (page, _network):
        assert page.publish(POST, key="k-1").reference == "d7b5a1"


def test_facebook_gets_its_token_in_the_head_and_never_in_the_address():
    with facebook() as (page, network):
        assert page.publish(POST, key="k-1").reference == "104837465_998877"
    path, headers, body = network.asked[0]
    assert path == "/104837465/feed"
    assert headers["Authorization"] == "Bearer khoa-fb"
    assert "khoa-fb" not in body + path


@pytest.mark.parametrize(
    "page",
    [ZaloPage("t", "http://127.0.0.1:9"), FacebookPage("1", "t", "http://127.0.0.1:9")],
    ids=["zalo", "facebook"],
)
def test_a_network_that_is_away_is_unavailable(page):
    with pytest.raises(OutletUnavailable):
        page.publish(POST, key="k-1")


# --- loudspeakers ----------------------------------------------------------------------------------------------------
def job(**more) -> Job:
    given = {
        "key": str(uuid4()), "round": 1, "cluster": "cum-a", "priority": "urgent", "title": "Bão số 3", "text": "Bão số ba.",
        "audio_url": "", "audio_sha256": "", "repeats": 3, "not_before": NOW, "not_after": NOW + timedelta(hours=1), "drill": False,
    }  # fmt: skip
    return Job(**(given | more))


class Http:
    def open(self, stack: ExitStack, cluster: Cluster):
        address = stack.enter_context(over_http(cluster, token="mat"))
        return HttpLoudspeaker(address, "mat"), lambda words: None


class Mqtt:
    def open(self, stack: ExitStack, cluster: Cluster):
        address = stack.enter_context(broker())
        tell = stack.enter_context(over_mqtt(cluster, address))
        return MqttLoudspeaker(f"{address}/{cluster.name}", taken_s=1.0, quiet_s=1.5), tell


ROADS = [pytest.param(Http(), id="http"), pytest.param(Mqtt(), id="mqtt", marks=pytest.mark.slow)]


@pytest.mark.parametrize("road", [pytest.param(Http(), id="http"), pytest.param(Mqtt(), id="mqtt")])
def test_a_cluster_takes_a_job_once_plays_it_once_and_says_so(road):
    cluster = Cluster("cum-a")
    with ExitStack() as stack:
        loudspeaker, tell = road.open(stack, cluster)
        one, later = job(), job(not_before=NOW + timedelta(minutes=30))
        assert loudspeaker.play(one).reference == loudspeaker.play(one).reference
        loudspeaker.play(later)
        assert loudspeaker.words([one.key]) == []
        tell(cluster.play_due(NOW))
        assert loudspeaker.words([one.key, later.key]) == [Word(one.key, played=True, said="phát 3 lần")]
        loudspeaker.play(one)  # a repeated try after it was played is not played again
        tell(cluster.play_due(NOW))
        assert cluster.played == [(one.key, 1)]
        loudspeaker.play(job(key=one.key, round=2))  # an operator's second sending is
        cluster.fails = "mất điện"
        tell(cluster.play_due(NOW))
        assert loudspeaker.words([one.key]) == [Word(one.key, played=False, said="mất điện")]


@pytest.mark.parametrize("road", ROADS)
def test_a_job_that_replaces_another_stops_it(road):
    cluster = Cluster("cum-a")
    with ExitStack() as stack:
        loudspeaker, _tell = road.open(stack, cluster)
        first = job(not_before=NOW + timedelta(minutes=5))
        loudspeaker.play(first)
        second = job(replaces=first.key)
        loudspeaker.play(second)
        cluster.play_due(NOW + timedelta(minutes=10))
        assert cluster.played == [(second.key, 1)]


@pytest.mark.parametrize("road", ROADS)
def test_a_silent_cluster_is_unavailable(road):
    cluster = Cluster("cum-a", silent=True)
    with ExitStack() as stack:
        loudspeaker, _tell = road.open(stack, cluster)
        with pytest.raises(OutletUnavailable):
            loudspeaker.play(job())


def test_a_cluster_behind_http_may_refuse_and_asks_for_its_token():
    with over_http(Cluster("cum-a", refuses=True), token="mat") as address:
        with pytest.raises(OutletRefused):
            HttpLoudspeaker(address, "mat").play(job())
        with pytest.raises(OutletRefused):
            HttpLoudspeaker(address, "sai").play(job())


@pytest.mark.parametrize(
    "loudspeaker",
    [HttpLoudspeaker("http://127.0.0.1:9/x", ""), MqttLoudspeaker("mqtt://127.0.0.1:9/x")],
    ids=["http", "mqtt"],
)
def test_a_cluster_that_is_away_is_unavailable(loudspeaker):
    for act in (lambda: loudspeaker.play(job()), lambda: loudspeaker.words(["k"])):
        with pytest.raises(OutletUnavailable):
            act()


@pytest.mark.parametrize(
    "loudspeaker", [ConsoleLoudspeaker("console:x", io.StringIO()), FakeLoudspeaker()], ids=["console", "fake"]
)
def test_a_pretended_cluster_keeps_the_same_contract(loudspeaker):
    assert loudspeaker.play(job()).reference
    assert all(word.played for word in loudspeaker.words(["k"]))


def test_nothing_is_played_past_its_window_and_the_urgent_goes_first():
    cluster = Cluster("cum-a")
    late, calm, urgent = (
        job(not_after=NOW - timedelta(minutes=1), not_before=NOW - timedelta(hours=1)),
        job(priority="normal"),
        job(),
    )
    for one in (late, calm, urgent):
        cluster.take(one.as_json())
    words = {word["key"]: word["said"] for word in cluster.play_due(NOW)}
    assert [key for key, _round in cluster.played] == [urgent.key, calm.key]
    assert words[late.key] == "quá giờ phát"


@pytest.mark.slow
def test_a_word_said_while_nobody_listens_is_heard_later_once():
    cluster, one = Cluster("cum-a"), job()
    with broker() as address:
        loudspeaker = MqttLoudspeaker(f"{address}/cum-a", quiet_s=0.3)
        with over_mqtt(cluster, address) as tell:
            loudspeaker.play(one)
            tell(cluster.play_due(NOW))
            time.sleep(0.2)
        assert [word.played for word in loudspeaker.words([one.key])] == [True]
        assert any(loudspeaker.words([one.key]) == [] for _ in range(8))  # the broker forgets within moments
