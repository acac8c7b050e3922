"""Web addresses somebody gave us: what they mean, before anything is asked of anybody. Where addresses lie is fieldreports' rule."""

from __future__ import annotations

from urllib.parse import urlsplit

from smarthd.fieldreports.rules import fetching
from smarthd.fieldreports.rules.fetching import Forbidden, Target, is_outside

__all__ = ["Forbidden", "Target", "checked", "is_outside", "netloc_of"]

_PORTS = {"https": 443, "http": 80}


def netloc_of(url: str) -> str:
    """Return host and port of an address as they are asked, or "" where it is none."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    if not host:
        return ""
    name = f"[{host}]" if ":" in host else host
    return name if port is None or port == _PORTS.get(parts.scheme) else f"{name}:{port}"


def checked(url: str) -> Target:
    """Return where an address leads, or raise Forbidden: no web address, or a user or password in it."""
    return fetching.checked(url, hosts=[netloc_of(url)])
