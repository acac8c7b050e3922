"""Outlets: who carries the words on, what each kind needs, which bulletins reach it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from smarthd.channels.errors import OutletFaulty


class Kind(StrEnum):
    """Kinds of outlets."""

    PRESS = "press"  # hộp thư tòa soạn
    RADIO = "radio"  # đài phát thanh, truyền hình
    PORTAL = "portal"  # cổng, trang thông tin điện tử
    ZALO = "zalo"  # Zalo Official Account
    FACEBOOK = "facebook"  # trang Facebook
    LOUDSPEAKER = "loudspeaker"  # cụm loa truyền thanh


KIND_WORDS = {
    Kind.PRESS: "Báo chí (thư)",
    Kind.RADIO: "Đài phát thanh (thư kèm lời đọc, bản ghi)",
    Kind.PORTAL: "Cổng, trang thông tin điện tử",
    Kind.ZALO: "Zalo Official Account",
    Kind.FACEBOOK: "Trang Facebook",
    Kind.LOUDSPEAKER: "Cụm loa truyền thanh",
}
ADDRESS_HINTS = {
    Kind.PRESS: "hộp thư, ví dụ toasoan@bao.vn",
    Kind.RADIO: "hộp thư, ví dụ thoisu@dai.vn",
    Kind.PORTAL: "địa chỉ gốc của trang, ví dụ https://namsach.haiduong.gov.vn",
    Kind.ZALO: "mã của Official Account, chỉ gồm chữ số",
    Kind.FACEBOOK: "mã của trang, chỉ gồm chữ số",
    Kind.LOUDSPEAKER: "https://máy-chủ/đường-dẫn, mqtts://máy-chủ:8883/tên-cụm, hoặc console:tên-cụm",
}
NEEDS_SECRET = frozenset({Kind.ZALO, Kind.FACEBOOK})
BY_MAIL = frozenset({Kind.PRESS, Kind.RADIO})
SOCIAL = frozenset({Kind.ZALO, Kind.FACEBOOK})
_MAILBOX = re.compile(r"[^@\s,;<>]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_CLUSTER = re.compile(r"[A-Za-z0-9_-]{1,60}")
_SAFE, _OPEN = frozenset({"https", "mqtts"}), frozenset({"http", "mqtt"})


@dataclass(frozen=True, slots=True)
class Reach:
    """What decides whether a bulletin goes to an outlet. ``commune_id`` is None for one of the whole province."""

    kind: Kind
    commune_id: int | None
    enabled: bool
    drills: bool


def wants(outlet: Reach, *, communes: Collection[int], kinds: Collection[Kind], drill: bool) -> bool:
    """Say whether a bulletin for these communes (none: the whole province), by these kinds of roads, goes to an outlet."""
    if not outlet.enabled or outlet.kind not in kinds or (drill and not outlet.drills):
        return False
    return outlet.commune_id is None or not communes or outlet.commune_id in communes


def address_of(kind: Kind, typed: str, *, loopback: bool) -> str:
    """Return an address as it is kept, or raise OutletFaulty. ``loopback`` admits unencrypted addresses of this very machine."""
    address = typed.strip()
    if len(address) <= 300 and _fits(kind, address, loopback=loopback):
        return address.rstrip("/") if kind is Kind.PORTAL else address
    words = f"Địa chỉ chưa đúng. Cần {ADDRESS_HINTS[kind]}."
    raise OutletFaulty(words, fields={"address": words})


def _fits(kind: Kind, address: str, *, loopback: bool) -> bool:
    if address.startswith("console:"):
        return bool(_CLUSTER.fullmatch(address.removeprefix("console:")))
    if kind in BY_MAIL:
        return bool(_MAILBOX.fullmatch(address))
    if kind in SOCIAL:
        return address.isascii() and address.isdigit() and 3 <= len(address) <= 30
    return _is_place(kind, address, loopback=loopback)


def _is_place(kind: Kind, address: str, *, loopback: bool) -> bool:
    """Say whether an address on the network fits a portal or a cluster."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    known = parts.scheme in _SAFE or (parts.scheme in _OPEN and loopback and _is_loopback(host))
    clean = not (parts.username or parts.password or parts.query or parts.fragment or set(address) & set(" ;,'\"#?"))
    if kind is Kind.PORTAL:
        fits = parts.scheme in {"http", "https"} and parts.path in {"", "/"}
    else:
        fits = parts.scheme in {"http", "https"} or bool(_CLUSTER.fullmatch(parts.path.strip("/")))
    return known and clean and fits and bool(host)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
