"""One contract for the Zalo account: console, fake, and the real one against replies as Zalo's documents show them."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.test import override_settings

from smarthd.messaging import services
from smarthd.messaging.adapters.console import ConsoleZalo
from smarthd.messaging.adapters.fake import FakeZalo
from smarthd.messaging.adapters.zalo import ZaloAccount
from smarthd.messaging.ports import GatewayRefused, GatewayUnavailable, ZaloNotice, ZaloSender

NOTICE = ZaloNotice("+84912345678", "Bão số 3", "Ở yên trong nhà.", "https://smart.haiduong.gov.vn/canh-bao/1/", "r-1")
TAKEN = {
    "error": 0,
    "message": "Success",
    "data": {"msg_id": "a4d0243feb163bd3af9c", "sent_time": "1626926349402", "quota": {"dailyQuota": "500", "remainingQuota": "499"}},
}  # fmt: skip


class Zalo:
    """Answers what is in line, else takes the message."""

    def __init__(self) -> None:
        self.replies: list[tuple[int, bytes]] = []
        self.asked: list[tuple[dict[str, str], dict[str, Any]]] = []


@pytest.fixture
def zalo() -> Iterator[Zalo]:
    book = Zalo()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            book.asked.append(({name.lower(): value for name, value in self.headers.items()}, body))
            status, reply = book.replies.pop(0) if book.replies else (200, json.dumps(TAKEN).encode())
            self.send_response(status)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        book.url = f"http://127.0.0.1:{server.server_port}/message/template"  # type: ignore[attr-defined]
        yield book
        server.shutdown()
        thread.join()


def account(book: Zalo) -> ZaloAccount:
    return ZaloAccount("the-token", "7895", url=book.url)  # type: ignore[attr-defined]


@pytest.fixture(params=["console", "fake", "zalo"])
def sender(request: pytest.FixtureRequest) -> ZaloSender:
    if request.param == "zalo":
        return account(request.getfixturevalue("zalo"))
    return FakeZalo() if request.param == "fake" else ConsoleZalo(io.StringIO())


def test_a_notice_is_taken_and_the_receipt_names_it(sender: ZaloSender) -> None:
    assert sender.send(NOTICE).reference


def test_the_account_is_asked_as_its_documents_say(zalo: Zalo) -> None:
    assert account(zalo).send(NOTICE).reference == "a4d0243feb163bd3af9c"
    [(headers, body)] = zalo.asked
    assert headers["access_token"] == "the-token"
    assert body == {
        "phone": "84912345678",
        "template_id": "7895",
        "template_data": {"tieu_de": NOTICE.title, "noi_dung": NOTICE.body, "lien_ket": NOTICE.url},
        "tracking_id": "r-1",
    }


@pytest.mark.parametrize(
    ("status", "reply"),
    [(200, b'{"error":-124,"message":"Access token invalid"}'), (200, b'{"error":-144,"message":"OA has exceeded its daily quota"}'),
     (200, b'{"error":-133,"message":"not allowed at night"}'), (503, b""), (200, b"<html>"), (200, b"[]"), (200, b'{"message":"?"}')],
)  # fmt: skip
def test_passing_faults_may_be_tried_again(zalo: Zalo, status: int, reply: bytes) -> None:
    zalo.replies = [(status, reply)]
    with pytest.raises(GatewayUnavailable):
        account(zalo).send(NOTICE)


@pytest.mark.parametrize("code", [-108, -109, -114, -118, -119, -131, -9999])
def test_refusals_are_not_tried_again(zalo: Zalo, code: int) -> None:
    zalo.replies = [(200, json.dumps({"error": code, "message": "x"}).encode())]
    with pytest.raises(GatewayRefused, match=str(code)):
        account(zalo).send(NOTICE)


def test_nobody_listening_is_unavailable() -> None:
    with pytest.raises(GatewayUnavailable):
        ZaloAccount("t", "1", url="http://127.0.0.1:9/x").send(NOTICE)


def test_the_terminal_is_the_account_until_one_is_configured() -> None:
    with override_settings(ZALO_TOKEN="", ZALO_TEMPLATE=""):
        assert isinstance(services.zalo(), ConsoleZalo)
    with override_settings(ZALO_TOKEN="t", ZALO_TEMPLATE="1"):
        assert isinstance(services.zalo(), ZaloAccount)
