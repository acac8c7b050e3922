"""One contract for every gateway: the console, the fake, and HTTP against a real server on loopback."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import pytest

from smarthd.kernel.ids import uuid7
from smarthd.messaging.adapters.console import ConsoleGateway
from smarthd.messaging.adapters.fake import FakeGateway
from smarthd.messaging.adapters.http import HttpGateway
from smarthd.messaging.ports import GatewayRefused, GatewayUnavailable, TextGateway


class GatewayServer:
    """A small SMS gateway: answers with the statuses in line, else takes each reference once."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.taken: dict[str, dict[str, Any]] = {}
        self.tokens: set[str] = set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.tokens.add(self.headers["Authorization"])
                status = outer.statuses.pop(0) if outer.statuses else 202
                if status < 300:
                    outer.taken.setdefault(self.headers["Idempotency-Key"], body)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(b'{"id": "m-1"}' if status < 300 else b"")

            def log_message(self, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/send"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def server() -> Iterator[GatewayServer]:
    running = GatewayServer()
    yield running
    running.close()


@pytest.fixture(params=["console", "fake", "http"])
def gateway(request: pytest.FixtureRequest, server: GatewayServer) -> TextGateway:
    if request.param == "console":
        return ConsoleGateway(io.StringIO())
    return FakeGateway() if request.param == "fake" else HttpGateway(server.url, "token")


def test_a_message_is_taken_and_the_receipt_names_it(gateway: TextGateway) -> None:
    assert gateway.send(phone="+84912345678", text="Ma: 123456", reference=uuid7()).reference


def test_the_same_reference_may_be_sent_again(gateway: TextGateway) -> None:
    reference = uuid7()
    for _ in range(2):
        assert gateway.send(phone="+84912345678", text="Ma: 123456", reference=reference)


def test_http_brings_number_words_reference_and_token(server: GatewayServer) -> None:
    reference = UUID(int=7)
    HttpGateway(server.url, "token").send(phone="+84912345678", text="Ma: 123456", reference=reference)
    assert server.taken[str(reference)] == {"to": "+84912345678", "text": "Ma: 123456", "reference": str(reference)}
    assert server.tokens == {"Bearer token"}


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_http_may_be_tried_again_after_a_passing_fault(server: GatewayServer, status: int) -> None:
    server.statuses = [status]
    with pytest.raises(GatewayUnavailable):
        HttpGateway(server.url, "token").send(phone="+84912345678", text="x", reference=uuid7())


@pytest.mark.parametrize("status", [400, 401, 403, 422, 302])
def test_http_is_not_tried_again_after_a_refusal(server: GatewayServer, status: int) -> None:
    server.statuses = [status]
    with pytest.raises(GatewayRefused):
        HttpGateway(server.url, "token").send(phone="+84912345678", text="x", reference=uuid7())


def test_nobody_listening_is_unavailable(server: GatewayServer) -> None:
    url = server.url
    server.server.server_close()
    with pytest.raises(GatewayUnavailable):
        HttpGateway(url.replace("/send", "/nobody"), "token").send(phone="+84912345678", text="x", reference=uuid7())


def test_the_console_prints_one_line_with_the_code() -> None:
    stream = io.StringIO()
    ConsoleGateway(stream).send(phone="+84912345678", text="Ma: 123456\n\n@host #123456", reference=uuid7())
    assert stream.getvalue().count("\n") == 1
    assert "123456" in stream.getvalue()
