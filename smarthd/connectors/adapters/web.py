"""HTTP to departments' servers: every address behind a name is looked at before any is used, again at each redirect; bounded in bytes and time.

Hosts inside the network are reached only where an operator named them (CONNECTOR_INSIDE_HOSTS).
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode, urljoin

import httpx

from smarthd.connectors.adapters import stopping
from smarthd.connectors.adapters.landing import Landing
from smarthd.connectors.ports import NotLetIn, NotThere, SourceRefused, SourceUnavailable
from smarthd.connectors.rules import addresses
from smarthd.kernel import clock

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
WHOLE_S = 90.0
"""The longest all fetches of one reading may take, however steadily bytes drip."""
MOST_BYTES = 48 << 20
MOST_HOPS = 4
Lookup = Callable[[str, int], list[str]]
_AGAIN = {408, 425, 429}
_BUSY = {429, 503}
_FAULTS = {400, 404, 500}
_REDIRECTS = {301, 302, 303, 307, 308}


def lookup(host: str, port: int) -> list[str]:
    """Return the addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def pinned_address(host: str, port: int, *, inside: Collection[str], look_up: Lookup = lookup) -> str:
    """Return an address of a host that may be connected to. All of them must lie outside, unless the host was named for inside."""
    try:
        found = look_up(host, port)
    except (OSError, UnicodeError):
        msg = f"không tìm thấy máy chủ {host[:80]}"
        raise SourceUnavailable(msg) from None
    named = host.lower() in inside or f"{host.lower()}:{port}" in inside
    if not found or not (named or all(addresses.is_outside(one) for one in found)):
        msg = f"máy chủ {host[:80]} nằm trong mạng nội bộ và chưa được người vận hành cho phép"
        raise SourceRefused(msg)
    return min(
        found, key=lambda address: ":" in address
    )  # a server with both is asked by IPv4: not every office has a way by IPv6


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    body: bytes
    headers: Mapping[str, str]
    url: str


MOST_WAIT_S = 20
"""A server that asks to be left alone no longer than this is asked again in the same reading; at most three times."""
LONGEST_S = 480.0
"""The longest a reading may take with all the pauses it was told to make; well under a run's lease."""


@dataclass(slots=True)
class Ask:
    """One request; ``faults`` takes an error for an answer where it is XML (SOAP and OGC services say there what was wrong);
    ``landing`` is where a good answer's body is laid down instead of being held in memory."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None = None
    faults: bool = False
    landing: Landing | None = None


class Web:
    """Requests of one reading: without proxies or cookies; they share one limit of time. ``per_minute`` holds them apart."""

    def __init__(
        self,
        *,
        inside: Collection[str] = (),
        look_up: Lookup = lookup,
        most: int = MOST_BYTES,
        per_minute: int = 0,
        wait: Callable[[float], None] | None = None,
        trusted: ssl.SSLContext | None = None,
        timeout: httpx.Timeout | None = None,
        whole_s: float | None = None,
    ) -> None:
        self._inside = {host.lower() for host in inside}
        self._look_up, self._most, self._wait = look_up, most, wait
        self._pause = 60 / per_minute if per_minute else 0.0
        self._trusted = trusted or httpx.create_ssl_context(trust_env=False)
        self._timeout, self._begun = timeout or TIMEOUT, time.monotonic()
        self._ends = self._begun + (WHOLE_S if whole_s is None else whole_s)
        self._asked = 0

    def slower(self, seconds: float) -> None:
        """Hold requests at least so far apart from here on."""
        self._pause = max(self._pause, seconds)

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, faults: bool = False) -> Answer:
        """Return the body behind an address, following redirects to allowed addresses only."""
        return self._ask(Ask("GET", url, dict(headers or {}), faults=faults))

    def fetch(self, url: str, landing: Landing, *, headers: Mapping[str, str] | None = None) -> Answer:
        """Lay the file behind an address down, and return what was answered beside it; a large one is given time while it comes steadily."""
        return self._ask(Ask("GET", url, dict(headers or {}), landing=landing))

    def post(self, url: str, *, headers: Mapping[str, str] | None = None, form: Mapping[str, str]) -> Answer:
        """Return the answer to a form."""
        body = urlencode(form).encode()
        return self.send(url, headers=headers, body=body, content_type="application/x-www-form-urlencoded")

    def send(
        self,
        url: str,
        *,
        body: bytes,
        content_type: str,
        headers: Mapping[str, str] | None = None,
        faults: bool = False,
    ) -> Answer:
        """Return the answer to a body; with ``faults`` also XML in which a server says that it erred."""
        return self._ask(Ask("POST", url, {**(headers or {}), "Content-Type": content_type}, body, faults))

    def _ask(self, ask: Ask) -> Answer:
        for _hop in range(MOST_HOPS):
            try:
                target = addresses.checked(ask.url)
            except addresses.Forbidden as why:
                raise SourceRefused(str(why)) from None
            status, answered, body = self._patiently(target, ask)
            if status not in _REDIRECTS:
                if not (ask.faults and status in _FAULTS and body.lstrip()[:5] == b"<?xml"):
                    _require_good(status, answered)
                return Answer(body, answered, ask.url)
            if ask.body is not None:
                msg = "máy chủ chuyển hướng một yêu cầu có mật khẩu"
                raise SourceRefused(msg)
            onward = urljoin(ask.url, answered.get("location", ""))
            if addresses.netloc_of(onward) != target.netloc or onward.startswith("http:") > ask.url.startswith("http:"):
                ask.headers = {
                    name: value for name, value in ask.headers.items() if name.lower() == "accept"
                }  # secrets stay at home
            ask.url = onward
        msg = "máy chủ chuyển hướng quá nhiều lần"
        raise NotLetIn(msg)

    def _patiently(self, target: addresses.Target, ask: Ask) -> tuple[int, Mapping[str, str], bytes]:
        """Ask, held apart from the request before; a server that asks for a moment (Retry-After) is given it."""
        for attempt in range(4):
            if self._asked:
                self._rest(self._pause)
            self._asked += 1
            status, answered, body = self._once(target, ask)
            after = retry_after(answered)
            if status not in _BUSY or after is None or after > MOST_WAIT_S or attempt == 3:
                break
            self._rest(after)
        return status, answered, body

    def _rest(self, seconds: float) -> None:
        if seconds <= 0:
            return
        self._ends = min(self._ends + seconds, self._begun + LONGEST_S)
        if time.monotonic() + seconds > self._ends:
            msg = "máy chủ đòi chờ lâu hơn một lần đọc"
            raise SourceUnavailable(msg)
        (self._wait or stopping.current().wait)(seconds)

    def _once(self, target: addresses.Target, ask: Ask) -> tuple[int, Mapping[str, str], bytes]:
        address = pinned_address(target.host, target.port, inside=self._inside, look_up=self._look_up)
        name = f"[{address}]" if ":" in address else address
        pinned = f"{target.scheme}://{name}:{target.port}{target.path}"
        sent = {"Accept-Encoding": "identity", **ask.headers, "Host": target.netloc}
        line = stopping.Line()
        try:
            with (
                stopping.current().broken_by(line.cut),
                self._within_time(line.cut),
                httpx.Client(
                    timeout=self._timeout, follow_redirects=False, trust_env=False, verify=self._trusted
                ) as client,
                client.stream(
                    ask.method,
                    pinned,
                    headers=sent,
                    content=ask.body,
                    extensions={"sni_hostname": target.host, "trace": line.heard},
                ) as answer,
            ):
                headers = {k.lower(): v for k, v in answer.headers.items()}
                if ask.landing is not None and answer.is_success:
                    self._land(answer, headers, ask.landing)
                    return answer.status_code, headers, b""
                return answer.status_code, headers, self._body(answer)
        except httpx.InvalidURL:
            msg = "địa chỉ không đọc được"
            raise SourceRefused(msg) from None
        except httpx.HTTPError as error:
            raise SourceUnavailable(_words(error)) from None

    @contextmanager
    def _within_time(self, cut: Callable[[], None]) -> Iterator[None]:
        """Break off what goes on for longer than all fetches may together, however steadily bytes drip, in heads as in bodies."""
        done = threading.Event()

        def watch() -> None:
            while not done.wait(max(0.01, self._ends - time.monotonic())):
                if time.monotonic() >= self._ends:  # it may have been put off meanwhile
                    cut()
                    return

        threading.Thread(target=watch, name="connectors-limit", daemon=True).start()
        try:
            yield
        except httpx.HTTPError:
            self._require_time()
            raise
        finally:
            done.set()
        self._require_time()

    def _require_time(self) -> None:
        if time.monotonic() >= self._ends:
            msg = "máy chủ gửi quá chậm"
            raise SourceUnavailable(msg)

    def _land(self, answer: httpx.Response, headers: Mapping[str, str], landing: Landing) -> None:
        told = headers.get("content-length", "")
        landing.require_room(int(told) if told.isascii() and told.isdigit() else 0)
        ends = self._ends
        for piece in answer.iter_raw():
            landing.write(piece)
            self._ends = max(self._ends, min(ends + landing.more_time_s, self._begun + LONGEST_S))
            self._require_time()

    def _body(self, answer: httpx.Response) -> bytes:
        got = bytearray()
        for piece in answer.iter_raw():  # as they come: pieces of a size would be waited for
            got += piece
            if len(got) > self._most:
                msg = f"dữ liệu lớn hơn {self._most >> 20} MB"
                raise SourceRefused(msg)
            self._require_time()
        return bytes(got)


def retry_after(headers: Mapping[str, str]) -> int | None:
    """Return how many seconds a server asks to be left alone (RFC 9110, 10.2.3): a number, or an instant; None where it does not."""
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        return min(int(told), 10**6)
    try:
        until = parsedate_to_datetime(told)
    except (ValueError, TypeError):
        return None
    now = clock.now()
    return max(0, round((until - now).total_seconds())) if until.tzinfo else None


def _require_good(status: int, headers: Mapping[str, str]) -> None:
    if status >= 500 or status in _AGAIN:
        words = "máy chủ xin ta hỏi chậm lại" if status == 429 else f"máy chủ trả lời {status}"
        raise SourceUnavailable(words, after=retry_after(headers))
    if status in {401, 403}:
        msg = f"máy chủ không cho vào ({status}): xem lại tài khoản, khóa"
        raise NotLetIn(msg)
    if status in {404, 410}:
        msg = f"máy chủ trả lời {status}"
        raise NotThere(msg)
    if not 200 <= status < 300:
        msg = f"máy chủ trả lời {status}"
        raise SourceRefused(msg)


def _words(error: httpx.HTTPError) -> str:
    """Say what went wrong without what was sent: an error's own text may hold the address with its secrets."""
    if isinstance(error, httpx.TimeoutException):
        return "máy chủ không trả lời kịp"
    if "CERTIFICATE" in str(error).upper():
        return "chứng chỉ TLS của máy chủ không hợp lệ hoặc đã hết hạn"
    if isinstance(error, httpx.ConnectError):
        return "không nối được tới máy chủ"
    return f"đường truyền hỏng ({type(error).__name__})"
