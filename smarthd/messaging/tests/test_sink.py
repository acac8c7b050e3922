"""The transports' contract, against our own push service over HTTP/2 and TLS, and how that service misbehaves."""

from __future__ import annotations

import io
import json
import ssl
from collections.abc import Iterator
from time import monotonic

import httpx
import pytest

from smarthd.messaging.adapters.sink import server
from smarthd.messaging.adapters.sink.http2 import read_fields
from smarthd.messaging.adapters.sink.server import Sink
from smarthd.messaging.adapters.webpush.fake import ConsoleTransport, FakeTransport
from smarthd.messaging.adapters.webpush.transport import CurlTransport, Request

HEADERS = ["TTL: 60", "Topic: abc", "Content-Encoding: aes128gcm", "Expect:"]


@pytest.fixture(scope="module")
def sink(tmp_path_factory) -> Iterator[Sink]:
    with Sink(tmp_path_factory.mktemp("sink"), keep=True) as running:
        yield running


@pytest.fixture(autouse=True)
def _empty(sink: Sink) -> None:
    sink.box = server.Box()
    sink.misbehave("", 0)


@pytest.fixture
def curl(sink: Sink) -> Iterator[CurlTransport]:
    made = CurlTransport(trust=sink.certificate, answer_ms=400)
    yield made
    made.close()


def answered(transport, requests: list[Request], patience_s: float = 5) -> dict[object, int]:
    for request in requests:
        transport.start(request)
    found: dict[object, int] = {}
    ends = monotonic() + patience_s
    while len(found) < len(requests) and monotonic() < ends:
        found |= {answer.token: answer.status for answer in transport.answers(wait_s=0.05)}
    return found


@pytest.fixture(params=["fake", "console", "curl"])
def transport(request, curl):
    return {"fake": FakeTransport, "console": lambda: ConsoleTransport(io.StringIO()), "curl": lambda: curl}[
        request.param
    ]()


def test_every_request_is_answered_once_by_its_token(transport, sink: Sink) -> None:
    requests = [Request(f"{sink.origin}/p/ok/{n}", b"x" * 300, HEADERS, n) for n in range(250)]
    assert answered(transport, requests) == dict.fromkeys(range(250), 201)
    assert transport.in_flight == 0


def test_the_service_gets_each_message_whole_with_its_headers(curl, sink: Sink) -> None:
    bodies = {n: bytes([n]) * (200 + n) for n in range(50)}
    answered(curl, [Request(f"{sink.origin}/p/ok/{n}", body, HEADERS, n) for n, body in bodies.items()])
    assert {int(path.split("/")[3]): body for path, _, body in sink.box.letters} == bodies
    fields = sink.box.letters[-1][1]
    assert (fields["ttl"], fields["topic"], fields["content-encoding"], fields[":method"]) == (
        "60",
        "abc",
        "aes128gcm",
        "POST",
    )
    assert (sink.box.accepted, sink.box.duplicates) == (50, 0)


def test_a_second_message_to_a_subscription_is_a_duplicate(curl, sink: Sink) -> None:
    for _ in range(2):
        answered(curl, [Request(f"{sink.origin}/p/ok/1", b"x", HEADERS, 1)])
    assert (sink.box.accepted, sink.box.duplicates) == (2, 1)


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [("gone404", 404), ("gone410", 410), ("long413", 413), ("wait429", 429), ("broken500", 500), ("flaky", 503),
     ("denied403", 403), ("slow", 0), ("hang", 0)],
)  # fmt: skip
def test_the_service_misbehaves_as_the_address_asks(curl, sink: Sink, behaviour: str, status: int) -> None:
    found = answered(curl, [Request(f"{sink.origin}/p/{behaviour}/1", b"x", HEADERS, 1)])
    assert found == {1: status}
    assert sink.box.asked == {behaviour: 1}


def test_retry_after_is_told(curl, sink: Sink) -> None:
    curl.start(Request(f"{sink.origin}/p/wait429/1", b"x", HEADERS, 1))
    found = []
    while not found:
        found = curl.answers(wait_s=0.1)
    assert found[0].retry_after_s == server.RETRY_AFTER_S


def test_too_long_a_body_is_refused(curl, sink: Sink) -> None:
    assert answered(curl, [Request(f"{sink.origin}/p/ok/1", b"x" * 5000, HEADERS, 1)]) == {1: 413}


def test_after_goaway_messages_go_by_a_new_connection(curl, sink: Sink) -> None:
    requests = [Request(f"{sink.origin}/p/{'goaway' if n == 20 else 'ok'}/{n}", b"x", HEADERS, n) for n in range(60)]
    found = answered(curl, requests)
    assert set(found.values()) <= {0, 201}
    again = [request for request in requests if not found[request.token]]
    assert set(answered(curl, again).values()) <= {201}
    assert len(sink.box.got) == 60


def test_all_misbehaves_for_a_while_when_told(curl, sink: Sink) -> None:
    sink.misbehave("wait429", 30)
    assert answered(curl, [Request(f"{sink.origin}/p/ok/1", b"x", HEADERS, 1)]) == {1: 429}
    sink.misbehave("ok", 0)
    assert answered(curl, [Request(f"{sink.origin}/p/ok/1", b"x", HEADERS, 1)]) == {1: 201}


def test_control_and_counts_are_asked_over_http(curl, sink: Sink) -> None:
    said = json.dumps({"behaviour": "gone410", "seconds": 30}).encode()
    assert answered(curl, [Request(f"{sink.origin}/control", said, ["Expect:"], 0)]) == {0: 200}
    assert answered(curl, [Request(f"{sink.origin}/p/ok/1", b"x", HEADERS, 1)]) == {1: 410}


def test_a_service_nobody_vouches_for_gets_nothing(sink: Sink) -> None:
    stranger = CurlTransport(trust=None)
    assert answered(stranger, [Request(f"{sink.origin}/p/ok/1", b"x", HEADERS, 1)]) == {1: 0}
    stranger.close()
    assert sink.box.accepted == 0


def test_a_name_that_leads_inside_is_not_called(sink: Sink, monkeypatch) -> None:
    """DNS said a public address when the phone was taken in, and says one of ours now."""
    curl = CurlTransport(trust=sink.certificate)
    handle = curl._handle(loopback=False)
    import pycurl

    handle.setopt(pycurl.RESOLVE, ["fcm.googleapis.com:443:127.0.0.1"])
    handle.setopt(pycurl.URL, "https://fcm.googleapis.com/x")
    handle.setopt(pycurl.POSTFIELDS, b"x")
    with pytest.raises(pycurl.error):
        handle.perform()
    assert handle.getinfo(pycurl.NUM_CONNECTS) == 0
    handle.close()
    curl.close()


def test_header_blocks_without_state_are_read() -> None:
    """RFC 7541 appendix C.2.2, C.2.3 and C.2.4: literals without indexing, never indexed, and an indexed field."""
    assert read_fields(bytes.fromhex("040c2f73616d706c652f70617468")) == {":path": "/sample/path"}
    assert read_fields(bytes.fromhex("100870617373776f726406736563726574")) == {"password": "secret"}
    assert read_fields(bytes.fromhex("82")) == {":method": "GET"}
    assert read_fields(bytes.fromhex("20" "8286 84 418cf1e3c2e5f23a6ba0ab90f4ff".replace(" ", ""))) == {
        ":method": "GET", ":scheme": "http", ":path": "/", ":authority": "www.example.com"
    }  # fmt: skip


def test_http_1_is_hung_up_on(sink: Sink) -> None:
    with pytest.raises(httpx.HTTPError):
        httpx.get(f"{sink.origin}/counts", verify=ssl.create_default_context(cafile=str(sink.certificate)))
