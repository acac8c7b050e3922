"""What may be fetched from an address somebody gave us: hosts that were allowed by name, and never from inside a network."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

_PORTS = {"https": 443, "http": 80}
LONGEST = 2_000


class Forbidden(ValueError):
    """The address may not be fetched; the message says why, for the log and for officials."""


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address: where to connect, and the path to ask for."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def netloc(self) -> str:
        """The host as it is allowed and as it is asked: with its port where that is not the usual one."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _PORTS[self.scheme] else f"{name}:{self.port}"


def checked(url: str, *, hosts: Collection[str]) -> Target:
    """Return where an address leads, or raise Forbidden: no web address, a user in it, or a host nobody allowed."""
    if len(url) > LONGEST or not url.isprintable() or " " in url:
        msg = "địa chỉ không đọc được"
        raise Forbidden(msg)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        msg = "địa chỉ không đọc được"
        raise Forbidden(msg) from None
    if parts.scheme not in _PORTS or not parts.hostname:
        msg = "chỉ nhận địa chỉ http hoặc https"
        raise Forbidden(msg)
    if "@" in parts.netloc or "\\" in url:
        msg = "địa chỉ có tên người dùng hoặc ký tự lạ"
        raise Forbidden(msg)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    target = Target(parts.scheme, parts.hostname.rstrip("."), port or _PORTS[parts.scheme], path)
    if target.netloc not in {host.lower() for host in hosts}:
        msg = f"máy chủ {target.netloc[:100]} không nằm trong danh sách được phép"
        raise Forbidden(msg)
    return target


def is_outside(address: str) -> bool:
    """Say whether an IP address lies in the public Internet; addresses of IPv4 wrapped into IPv6 are looked at as what they wrap."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if wrapped is not None:
            return is_outside(str(wrapped))
        if ip in _NAT64:
            return is_outside(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
