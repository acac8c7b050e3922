"""Fetching over HTTP from allowed hosts: the name is looked up once, every address behind it must be outside, and that address is used."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Collection

import httpx

from smarthd.fieldreports.ports import FetchRefused, FetchUnavailable
from smarthd.fieldreports.rules import fetching

TIMEOUT = httpx.Timeout(10.0, connect=4.0)
WHOLE_S = 60.0
"""The longest a whole fetch may take, however steadily its bytes drip."""
Lookup = Callable[[str, int], list[str]]


def lookup(host: str, port: int) -> list[str]:
    """Return the addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class WebFetcher:
    """GET, without redirects, proxies or cookies. ``inside`` lets it reach private addresses: for servers an operator named."""

    def __init__(self, hosts: Collection[str], *, inside: bool = False, addresses: Lookup = lookup) -> None:
        self._hosts = tuple(hosts)
        self._inside = inside
        self._addresses = addresses

    def fetch(self, url: str, *, most: int) -> bytes:
        """Return the body, at most ``most`` bytes."""
        try:
            target = fetching.checked(url, hosts=self._hosts)
        except fetching.Forbidden as why:
            raise FetchRefused(str(why)) from None
        address = self._address(target)
        name = f"[{address}]" if ":" in address else address
        pinned = f"{target.scheme}://{name}:{target.port}{target.path}"
        try:
            with httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client:
                headers = {"Host": target.netloc, "Accept-Encoding": "identity"}
                with client.stream("GET", pinned, headers=headers, extensions={"sni_hostname": target.host}) as answer:
                    return _body(answer, most)
        except httpx.HTTPError as error:
            raise FetchUnavailable(type(error).__name__) from None
        except httpx.InvalidURL:
            msg = "địa chỉ không đọc được"
            raise FetchRefused(msg) from None

    def _address(self, target: fetching.Target) -> str:
        try:
            found = self._addresses(target.host, target.port)
        except (OSError, UnicodeError):
            msg = "không tìm thấy máy chủ"
            raise FetchUnavailable(msg) from None
        if not found or not (self._inside or all(fetching.is_outside(one) for one in found)):
            msg = "máy chủ nằm trong mạng nội bộ"
            raise FetchRefused(msg)
        return found[0]


def _body(answer: httpx.Response, most: int) -> bytes:
    if answer.status_code >= 500 or answer.status_code in {408, 425, 429}:
        msg = f"máy chủ trả lời {answer.status_code}"
        raise FetchUnavailable(msg)
    if answer.status_code != 200:
        msg = f"máy chủ trả lời {answer.status_code}"
        raise FetchRefused(msg)
    begun, got = time.monotonic(), bytearray()
    for piece in answer.iter_raw(chunk_size=64 * 1024):
        got += piece
        if len(got) > most:
            msg = "tệp lớn quá mức nhận"
            raise FetchRefused(msg)
        if time.monotonic() - begun > WHOLE_S:
            msg = "máy chủ gửi quá chậm"
            raise FetchUnavailable(msg)
    return bytes(got)
