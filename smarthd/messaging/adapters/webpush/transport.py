"""Many requests on few connections: libcurl's multi interface, HTTP/2 over TLS."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import getproxies

import pycurl

CONNECTIONS = 4
STREAMS = 100
CONNECT_MS, ANSWER_MS = 5_000, 15_000
_LOOPBACK = ("https://127.0.0.1:", "https://localhost:", "https://[::1]:")


@dataclass(slots=True)
class Request:
    """One POST. ``headers`` may be shared between requests: the same list object is handed to libcurl once a handle."""

    url: str
    body: bytes
    headers: list[str]
    token: Any


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for a request's token: ``status`` 0 is none, ``fault`` then says why; ``retry_after_s`` 0 is not said."""

    token: Any
    status: int
    retry_after_s: int
    fault: str


class BeyondRehearsal(RuntimeError):
    """A rehearsal was about to reach a push service outside this machine."""


class CurlTransport:
    """Sends; not for threads. ``trust`` is a file of certificates for loopback services, whatever the system trusts for others.

    ``only_here``: what is not for this machine is not sent but raises BeyondRehearsal.
    """

    def __init__(self, *, trust: Path | None = None, answer_ms: int = ANSWER_MS, only_here: bool = False) -> None:
        self._trust, self._answer_ms, self._only_here = trust, answer_ms, only_here
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_PIPELINING, 2)  # multiplex
        self._multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, CONNECTIONS)
        self._multi.setopt(pycurl.M_MAX_CONCURRENT_STREAMS, STREAMS)
        self._free: dict[bool, list[pycurl.Curl]] = {True: [], False: []}
        self._under_way: dict[pycurl.Curl, Request] = {}
        self._headers: dict[pycurl.Curl, list[str]] = {}
        self._behind_proxy = "https" in getproxies()

    @property
    def in_flight(self) -> int:
        """How many requests wait for their answer."""
        return len(self._under_way)

    def start(self, request: Request) -> None:
        """Send a request; its answer comes by ``answers``."""
        loopback = request.url.startswith(_LOOPBACK)
        if self._only_here and not loopback:
            raise BeyondRehearsal
        free = self._free[loopback]
        handle = free.pop() if free else self._handle(loopback=loopback)
        handle.setopt(pycurl.URL, request.url)
        handle.setopt(pycurl.POSTFIELDS, request.body)
        if self._headers.get(handle) is not request.headers:
            handle.setopt(pycurl.HTTPHEADER, request.headers)
            self._headers[handle] = request.headers
        self._under_way[handle] = request
        self._multi.add_handle(handle)

    def answers(self, *, wait_s: float) -> list[Answer]:
        """Return what has been answered, waiting for the network at most so long when nothing has."""
        self._perform()
        found = self._finished()
        if not found and self._under_way and wait_s > 0:
            self._multi.select(wait_s)
            self._perform()
            found = self._finished()
        return found

    def close(self) -> None:
        """End all connections; what is under way is given up."""
        for handle in list(self._under_way):
            self._multi.remove_handle(handle)
            handle.close()
        for free in self._free.values():
            for handle in free:
                handle.close()
        self._multi.close()

    def _perform(self) -> None:
        while True:
            state, _running = self._multi.perform()
            if state != pycurl.E_CALL_MULTI_PERFORM:
                return

    def _finished(self) -> list[Answer]:
        found: list[Answer] = []
        while True:
            waiting, good, bad = self._multi.info_read()
            found += [self._closed(handle, "") for handle in good]
            found += [self._closed(handle, f"{number} {words}") for handle, number, words in bad]
            if not waiting:
                return found

    def _closed(self, handle: pycurl.Curl, fault: str) -> Answer:
        request = self._under_way.pop(handle)
        status = 0 if fault else int(handle.getinfo(pycurl.RESPONSE_CODE))
        retry_after_s = int(handle.getinfo(pycurl.RETRY_AFTER)) if status in {429, 503} else 0
        self._multi.remove_handle(handle)
        self._free[request.url.startswith(_LOOPBACK)].append(handle)
        return Answer(request.token, status, retry_after_s, fault)

    def _handle(self, *, loopback: bool) -> pycurl.Curl:
        handle = pycurl.Curl()
        handle.setopt(pycurl.POST, 1)
        handle.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS)
        handle.setopt(pycurl.PIPEWAIT, 1)
        handle.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTPS)
        handle.setopt(pycurl.FOLLOWLOCATION, 0)
        handle.setopt(pycurl.NOSIGNAL, 1)
        handle.setopt(pycurl.CONNECTTIMEOUT_MS, CONNECT_MS)
        handle.setopt(pycurl.TIMEOUT_MS, self._answer_ms)
        handle.setopt(pycurl.USERAGENT, "Smart-HaiDuong")
        handle.setopt(pycurl.WRITEFUNCTION, len)
        if loopback:
            handle.setopt(pycurl.NOPROXY, "*")
            if self._trust is not None:
                handle.setopt(pycurl.CAINFO, str(self._trust))
        elif not self._behind_proxy:
            handle.setopt(pycurl.OPENSOCKETFUNCTION, _public_socket)
        return handle


def _public_socket(_purpose: int, address: Sequence[Any]) -> socket.socket | int:
    """Open a socket to an address of the public internet only: a name that changed its address after it was checked leads nowhere."""
    family, kind, protocol, place = address
    host = place[0].decode() if isinstance(place[0], bytes) else str(place[0])
    if not ipaddress.ip_address(host.split("%", 1)[0]).is_global:
        return int(pycurl.SOCKET_BAD)
    return socket.socket(family, kind, protocol)
