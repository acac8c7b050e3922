"""Which push endpoints we send to. An endpoint is an address a stranger gives us and our server then calls: it is looked at closely."""

from __future__ import annotations

import ipaddress
from base64 import urlsafe_b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from smarthd.kernel.errors import Conflict, Invalid

LONGEST_ENDPOINT = 1000
HOSTS = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "push.services.mozilla.com",
    "notify.windows.com",
    "push.apple.com",
    "push.samsungosp.com",
)
"""The push services of the browsers: Chrome and its kin, Firefox, Edge, Safari, Samsung Internet. A host is one of them or below one."""

# The curve P-256 (FIPS 186-4, D.1.2.3): y² = x³ − 3x + b over the field of p.
_P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B


class BadSubscription(Invalid):
    """The browser's subscription cannot be used; ``facts["fields"]`` says which part and why."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A push endpoint that may be called. ``origin`` is ``https://host[:port]``; ``loopback`` only where tests allow it."""

    url: str
    origin: str
    host: str
    loopback: bool


def endpoint(url: str, *, loopback_allowed: bool = False) -> Endpoint:
    """Return the endpoint, or raise BadSubscription. Hosts are compared after parsing, never by a pattern on the text."""
    if len(url) > LONGEST_ENDPOINT or not url.isascii() or any(ord(sign) <= 0x20 or sign == "\\" for sign in url):
        raise _bad("endpoint", "Địa chỉ nhận thông báo không đúng dạng.")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise _bad("endpoint", "Địa chỉ nhận thông báo không đúng dạng.") from None
    if parts.scheme != "https":
        raise _bad("endpoint", "Địa chỉ nhận thông báo phải là https.")
    if "@" in parts.netloc or parts.fragment:
        raise _bad("endpoint", "Địa chỉ nhận thông báo không được có tên đăng nhập.")
    loopback = loopback_allowed and host in {"127.0.0.1", "localhost", "::1"}
    known = any(host == name or host.endswith(f".{name}") for name in HOSTS)
    if not loopback and not (known and port in {None, 443}):
        raise _bad("endpoint", "Không phải máy chủ thông báo của một trình duyệt mà hệ thống biết.")
    shown = f"[{host}]" if ":" in host else host
    return Endpoint(url, f"https://{shown}" + (f":{port}" if port not in {None, 443} else ""), host, loopback)


def require_public(addresses: Iterable[str]) -> None:
    """Raise BadSubscription unless every address a host resolved to is one of the public internet."""
    found = [ipaddress.ip_address(address.split("%", 1)[0]) for address in addresses]
    if not found or any(not one.is_global or one.is_multicast for one in found):
        raise _bad("endpoint", "Máy chủ thông báo không ở trên mạng công cộng.")


def public_key(text: str) -> bytes:
    """Return the 65 bytes of an uncompressed point that lies on P-256 (RFC 8291 section 3.1), or raise BadSubscription."""
    raw = _decoded(text)
    if raw is None or len(raw) != 65 or raw[0] != 4:
        raise _bad("keys.p256dh", "Khóa của trình duyệt phải dài 65 byte.")
    x, y = int.from_bytes(raw[1:33], "big"), int.from_bytes(raw[33:], "big")
    if x >= _P or y >= _P or (y * y - (x * x * x - 3 * x + _B)) % _P:
        raise _bad("keys.p256dh", "Khóa của trình duyệt không nằm trên đường cong P-256.")
    return raw


def auth_secret(text: str) -> bytes:
    """Return the 16 bytes of the authentication secret (RFC 8291 section 3.2), or raise BadSubscription."""
    raw = _decoded(text)
    if raw is None or len(raw) != 16:
        raise _bad("keys.auth", "Mã xác thực của trình duyệt phải dài 16 byte.")
    return raw


def _decoded(text: str) -> bytes | None:
    """Return the bytes of unpadded or padded base64url; None for anything else."""
    bare = text.rstrip("=")
    if len(bare) > 200 or any(not (sign.isascii() and (sign.isalnum() or sign in "-_")) for sign in bare):
        return None
    try:
        return urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except ValueError:
        return None


def _bad(field: str, words: str) -> BadSubscription:
    return BadSubscription(fields={field: words})


class NotAgreed(Conflict):
    """A phone not yet known must bring the words its owner agreed to just now."""


class TooManyCommunes(Invalid):
    """A phone follows its home and at most some more communes; facts: most."""
