"""How a value of a dataset is written for people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from smarthd.connectors.rules.fields import Kind
from smarthd.kernel import telephones


def said(kind: Kind, value: object) -> str:
    """Return a value in words: 1.234,5 · 1.250.000 đ · 24/11/2026 · 08:30 ngày 24/11/2026 · 0220 3123 456; nothing is a dash."""
    if value is None or value == "":
        return "–"
    return _SAYS.get(kind, str)(value)


def _number(value: float) -> str:
    whole, _, part = f"{value:,.4f}".partition(".")
    part = part.rstrip("0")
    return whole.replace(",", ".") + (f",{part}" if part else "")


def _instant(value: Any) -> str:
    instant = datetime.fromisoformat(str(value))
    return f"{instant:%H:%M} ngày {instant:%d/%m/%Y}"


_SAYS: dict[Kind, Callable[[Any], str]] = {
    Kind.NUMBER: lambda value: _number(value) if isinstance(value, (int, float)) else str(value),
    Kind.MONEY: lambda value: f"{_number(value)} đ" if isinstance(value, (int, float)) else str(value),
    Kind.DAY: lambda value: f"{date.fromisoformat(str(value)):%d/%m/%Y}",
    Kind.MOMENT: _instant,
    Kind.PHONE: lambda value: telephones.grouped(str(value)),
    Kind.LATITUDE: lambda value: str(value).replace(".", ","),
    Kind.LONGITUDE: lambda value: str(value).replace(".", ","),
}


def said_if_known(written: str) -> str:
    """Return an ISO day or instant of another system in words, or what it wrote where it is neither."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return written
    return f"{found:%d/%m/%Y}" if len(written) <= 10 else f"{found:%H:%M} ngày {found:%d/%m/%Y}"
