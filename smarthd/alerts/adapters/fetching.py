"""Fetching another house's messages: https only, no address inside our own network, no redirects, bounded in bytes and seconds."""

from __future__ import annotations

import ipaddress
import socket
import time
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from smarthd.alerts.cap.reading import LARGEST
from smarthd.alerts.ports import SourceSilent

WITHIN_S = 20
_REASONS = {401: "đòi mật khẩu", 403: "không cho phép", 404: "không có ở địa chỉ này", 410: "không còn ở địa chỉ này"}


class HttpsFetcher:
    """Fetches by httpx. ``loopback`` admits plain http on this very machine, for tests and the demonstration."""

    def __init__(self, *, loopback: bool | None = None) -> None:
        self._loopback = settings.PUSH_LOOPBACK if loopback is None else loopback

    def fetch(self, url: str) -> bytes:
        """Return the bytes, or raise SourceSilent with the reason in words."""
        self._refuse_inside(url)
        ends = time.monotonic() + WITHIN_S
        body = bytearray()
        try:
            with httpx.stream("GET", url, timeout=10, follow_redirects=False) as answer:
                if answer.status_code != 200:
                    raise SourceSilent(f"máy chủ trả lời {answer.status_code}, {_reason(answer.status_code)}")
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > LARGEST:
                        raise SourceSilent(f"bản tin lớn hơn {LARGEST // 1000} kB, đã ngừng tải")
                    if time.monotonic() > ends:
                        raise SourceSilent(f"máy chủ gửi quá chậm, hơn {WITHIN_S} giây")
        except httpx.HTTPError as fault:
            raise SourceSilent(f"không kết nối được máy chủ ({type(fault).__name__})") from None
        return bytes(body)

    def _refuse_inside(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or 443
        except ValueError:
            raise SourceSilent("địa chỉ viết sai") from None
        if not host or parts.username or parts.scheme not in ({"https", "http"} if self._loopback else {"https"}):
            raise SourceSilent("chỉ lấy bản tin từ địa chỉ https")
        try:
            found = {ipaddress.ip_address(info[4][0]) for info in socket.getaddrinfo(host, port)}
        except OSError:
            raise SourceSilent(f"không tìm thấy máy chủ {host}") from None
        if self._loopback and all(one.is_loopback for one in found):
            return
        if parts.scheme != "https" or not all(one.is_global for one in found):
            raise SourceSilent("địa chỉ nằm trong mạng nội bộ, không lấy bản tin từ đó")


def _reason(status: int) -> str:
    if 300 <= status < 400:
        return "chuyển sang địa chỉ khác; xin ghi đúng địa chỉ cuối"
    return _REASONS.get(status, "đang trục trặc" if status >= 500 else "không nhận yêu cầu")
