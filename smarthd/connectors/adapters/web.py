"""HTTP to departments' servers: every address behind a name is looked at before any is used, again at each redirect; bounded in bytes and time.

Hosts inside the network are reached only where an operator named them (CONNECTOR_INSIDE_HOSTS).
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx

from smarthd.connectors.ports import NotThere, SourceRefused, SourceUnavailable
from smarthd.connectors.rules import addresses

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
WHOLE_S = 90.0
"""The longest all fetches of one reading may take, however steadily bytes drip."""
MOST_BYTES = 48 << 20
MOST_HOPS = 4
Lookup = Callable[[str, int], list[str]]
_AGAIN = {408, 425, 429}
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
    return found[0]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    body: bytes
    headers: Mapping[str, str]
    url: str


class Web:
    """Requests of one reading: without proxies or cookies; they share one limit of time."""

    def __init__(self, *, inside: Collection[str] = (), look_up: Lookup = lookup, most: int = MOST_BYTES) -> None:
        self._inside = {host.lower() for host in inside}
        self._look_up = look_up
        self._most = most
        self._ends = time.monotonic() + WHOLE_S

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        """Return the body behind an address, following redirects to allowed addresses only."""
        return self._ask("GET", url, headers or {}, None)

    def post(self, url: str, *, headers: Mapping[str, str] | None = None, form: Mapping[str, str]) -> Answer:
        """Return the answer to a form."""
        return self._ask("POST", url, headers or {}, form)

    def _ask(self, method: str, url: str, headers: Mapping[str, str], form: Mapping[str, str] | None) -> Answer:
        told = dict(headers)
        for _hop in range(MOST_HOPS):
            try:
                target = addresses.checked(url)
            except addresses.Forbidden as why:
                raise SourceRefused(str(why)) from None
            status, answered, body = self._once(method, target, told, form)
            if status not in _REDIRECTS:
                _require_good(status)
                return Answer(body, answered, url)
            if form is not None:
                msg = "máy chủ chuyển hướng một yêu cầu có mật khẩu"
                raise SourceRefused(msg)
            onward = urljoin(url, answered.get("location", ""))
            if addresses.netloc_of(onward) != target.netloc or onward.startswith("http:") > url.startswith("http:"):
                told = {name: value for name, value in told.items() if name.lower() == "accept"}  # secrets stay at home
            url = onward
        msg = "máy chủ chuyển hướng quá nhiều lần"
        raise SourceRefused(msg)

    def _once(
        self, method: str, target: addresses.Target, headers: Mapping[str, str], form: Mapping[str, str] | None
    ) -> tuple[int, Mapping[str, str], bytes]:
        address = pinned_address(target.host, target.port, inside=self._inside, look_up=self._look_up)
        name = f"[{address}]" if ":" in address else address
        pinned = f"{target.scheme}://{name}:{target.port}{target.path}"
        sent = {"Accept-Encoding": "identity", **headers, "Host": target.netloc}
        try:
            with (
                httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
                client.stream(
                    method,
                    pinned,
                    headers=sent,
                    data=dict(form) if form else None,
                    extensions={"sni_hostname": target.host},
                ) as answer,
            ):
                return answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, self._body(answer)
        except httpx.InvalidURL:
            msg = "địa chỉ không đọc được"
            raise SourceRefused(msg) from None
        except httpx.HTTPError as error:
            raise SourceUnavailable(_words(error)) from None

    def _body(self, answer: httpx.Response) -> bytes:
        got = bytearray()
        for piece in answer.iter_raw(chunk_size=64 * 1024):
            got += piece
            if len(got) > self._most:
                msg = f"dữ liệu lớn hơn {self._most >> 20} MB"
                raise SourceRefused(msg)
            if time.monotonic() > self._ends:
                msg = "máy chủ gửi quá chậm"
                raise SourceUnavailable(msg)
        return bytes(got)


def _require_good(status: int) -> None:
    if status >= 500 or status in _AGAIN:
        msg = f"máy chủ trả lời {status}"
        raise SourceUnavailable(msg)
    if status in {401, 403}:
        msg = f"máy chủ không cho vào ({status}): xem lại tài khoản, khóa"
        raise SourceRefused(msg)
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
