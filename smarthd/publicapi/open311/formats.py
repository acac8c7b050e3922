"""One answer in two formats: JSON, and the XML that the specification's mapping makes of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

from django.http import HttpResponse

from smarthd.kernel import clock, text

TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
_ONE_OF = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
"""What one entry of a list is called in XML."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: ``root`` is the name of the XML document's element, ``value`` a list or a dict."""

    root: str
    value: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def respond(answer: Answer, suffix: str) -> HttpResponse:
    """Write an answer in the format of a suffix; XML where the suffix is none of ours, for XML is what every client reads."""
    kind = suffix if suffix in TYPES else "xml"
    body = as_json(answer.value) if kind == "json" else as_xml(answer.root, answer.value)
    response = HttpResponse(body, status=answer.status, content_type=TYPES[kind], headers=dict(answer.headers))
    response["Cache-Control"] = "no-store" if answer.status >= 400 else "no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def as_json(value: Any) -> bytes:
    """Return the value as JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, default=_plain).encode()


def as_xml(root: str, value: Any) -> bytes:
    """Return the value as an XML document in UTF-8; nothing is an empty element."""
    made = ET.Element(root)
    _fill(made, value)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(made, encoding="unicode").encode()


def _fill(element: ET.Element, value: Any) -> None:
    if isinstance(value, dict):
        for name, below in value.items():
            _fill(ET.SubElement(element, name), below)
    elif isinstance(value, list | tuple):
        for one in value:
            _fill(ET.SubElement(element, _ONE_OF[element.tag]), one)
    elif value is not None:
        element.text = _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return instant(value)
    return text.BIDI_AND_CONTROL.sub("", str(value)).replace("\r", "")


def instant(at: datetime) -> str:
    """Return an instant as the specification wants it (W3C note on dates): to the second, with its offset."""
    return at.astimezone(clock.ZONE).isoformat(timespec="seconds")
