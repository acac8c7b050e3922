"""Reading another Open311 server: its documents as lines to import, and the periods it is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from smarthd.fieldreports.rules.importing import Line, Unreadable

SPAN = timedelta(days=90)
"""The longest period a server has to answer for."""
MOST = 1_000
"""So many requests a server has to give at once; one that gives as many may have cut the others off."""
SHORTEST = timedelta(minutes=1)
"""A period that is not divided further, however much happened in it."""

_NAMES = {
    "foreign_id": "service_request_id",
    "words": "description",
    "category": "service_code",
    "lat": "lat",
    "lon": "long",
    "address": "address",
    "received_at": "requested_datetime",
    "answer": "status_notes",
    "state": "status",
}


def periods(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield periods of at most ninety days, the oldest first, each beginning where the one before ends."""
    while since < until:
        end = min(since + SPAN, until)
        yield since, end
        since = end


def halves(since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """Return a period as two, cut at a whole second; empty where it is too short to be divided."""
    middle = (since + (until - since) / 2).replace(microsecond=0)
    return [] if until - since <= SHORTEST or not since < middle < until else [(since, middle), (middle, until)]


def address_of(root: str, suffix: str, since: datetime, until: datetime, jurisdiction: str) -> str:
    """Return the address that answers for a period."""
    asked = {"start_date": since.isoformat(timespec="seconds"), "end_date": until.isoformat(timespec="seconds")}
    if jurisdiction:
        asked["jurisdiction_id"] = jurisdiction
    return f"{root.rstrip('/')}/requests.{suffix}?{urlencode(asked)}"


def entries(raw: bytes, suffix: str) -> list[dict[str, str]]:
    """Return the requests of a document, its fields as text; raises Unreadable where it is none."""
    try:
        return _of_json(raw) if suffix == "json" else _of_xml(raw)
    except (ValueError, ParseError, DefusedXmlException, RecursionError):
        msg = f"Máy chủ trả lời không phải tài liệu Open311 dạng {suffix.upper()}."
        raise Unreadable(msg) from None


def _of_json(raw: bytes) -> list[dict[str, str]]:
    read: Any = json.loads(raw)
    if not isinstance(read, list) or not all(isinstance(one, dict) for one in read):
        raise ValueError
    return [{str(name): "" if value is None else str(value) for name, value in one.items()} for one in read]


def _of_xml(raw: bytes) -> list[dict[str, str]]:
    root = ElementTree.fromstring(raw)
    if root.tag != "service_requests":
        raise ValueError
    return [{child.tag: (child.text or "").strip() for child in one} for one in root.iterfind("request")]


def line_of(number: int, entry: dict[str, str]) -> Line:
    """Return a request as a line to import. One without words is told by the name of its service; one that is over was answered then."""
    values = {name: entry.get(theirs, "") for name, theirs in _NAMES.items()}
    values["words"] = values["words"].strip() or entry.get("service_name", "")
    if values["state"].strip().lower() == "closed":
        values["answered_at"] = entry.get("updated_datetime", "")
    values["category_name"] = entry.get("service_name", "")
    return Line(number, values)
