"""Reading others' CAP messages: bounded, entities off, the schema's shape, then only what the signature covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from lxml import etree

from smarthd.alerts.rules.messages import NAMESPACE

LARGEST = 900_000
_DEEPEST_SECONDS = 120
_PARSER: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_comments": False,
    "remove_pis": False,
}


class Unreadable(Exception):
    """It is no CAP 1.2 message we accept; the message says why, in a few words of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One ``info`` of a message."""

    language: str
    event: str
    headline: str
    description: str
    instruction: str
    urgency: str
    severity: str
    certainty: str
    responses: tuple[str, ...]
    sender_name: str
    contact: str
    effective: datetime | None
    expires: datetime | None
    area: str
    polygons: tuple[tuple[tuple[float, float], ...], ...]
    geocodes: tuple[tuple[str, str], ...]
    level: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A message as it was read."""

    identifier: str
    sender: str
    sent: str
    status: str
    kind: str
    references: str
    blocks: tuple[Block, ...]


def parse(raw: bytes) -> Any:
    """Return the root of a document; refuses what is too large, has a DTD, or is no XML."""
    if len(raw) > LARGEST:
        msg = "too large"
        raise Unreadable(msg)
    if b"<!DOCTYPE" in raw[:4096].upper() or b"<!ENTITY" in raw.upper():
        msg = "a document type is not accepted"
        raise Unreadable(msg)
    try:
        root = etree.fromstring(raw, etree.XMLParser(**_PARSER))
    except (etree.XMLSyntaxError, ValueError) as problem:
        msg = "no well-formed XML"
        raise Unreadable(msg) from problem
    if root.getroottree().docinfo.doctype:
        msg = "a document type is not accepted"
        raise Unreadable(msg)
    return root


@cache
def schema() -> Any:
    """Return the CAP 1.2 schema (OASIS) that ships with this package."""
    text = files("smarthd.alerts").joinpath("data/CAP-v1.2-schema.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(text))


def check_shape(alert: Any) -> None:
    """Refuse what the schema refuses."""
    if alert.tag != f"{{{NAMESPACE}}}alert":
        msg = "no CAP 1.2 alert"
        raise Unreadable(msg)
    found = schema()
    if not found.validate(alert):
        msg = f"not as the schema says: {str(found.error_log.last_error)[:160]}"
        raise Unreadable(msg)


def read(alert: Any) -> Read:
    """Return what a message says. ``alert`` must have passed :func:`check_shape`, and be the part its signature covers."""
    return Read(
        identifier=_text(alert, "identifier"),
        sender=_text(alert, "sender"),
        sent=_text(alert, "sent"),
        status=_text(alert, "status"),
        kind=_text(alert, "msgType"),
        references=_text(alert, "references"),
        blocks=tuple(_block(info) for info in alert.findall(f"{{{NAMESPACE}}}info")),
    )


def _block(info: Any) -> Block:
    area = info.findall(f"{{{NAMESPACE}}}area")
    parameters = dict(_pairs(info, "parameter"))
    level = parameters.get("VN:RiskLevel", "")
    return Block(
        language=_text(info, "language") or "en-US",
        event=_text(info, "event"),
        headline=_text(info, "headline"),
        description=_text(info, "description"),
        instruction=_text(info, "instruction"),
        urgency=_text(info, "urgency"),
        severity=_text(info, "severity"),
        certainty=_text(info, "certainty"),
        responses=tuple(_texts(info, "responseType")),
        sender_name=_text(info, "senderName"),
        contact=_text(info, "contact"),
        effective=_instant(_text(info, "effective")),
        expires=_instant(_text(info, "expires")),
        area="; ".join(_text(one, "areaDesc") for one in area),
        polygons=tuple(ring for one in area for ring in _rings(one)),
        geocodes=tuple(pair for one in area for pair in _pairs(one, "geocode")),
        level=int(level) if level in {"1", "2", "3", "4", "5"} else None,
    )


def _rings(area: Any) -> list[tuple[tuple[float, float], ...]]:
    rings = []
    for written in _texts(area, "polygon"):
        try:
            points = [tuple(float(part) for part in pair.split(",")) for pair in written.split()[:20_000]]
            ring = tuple((point[1], point[0]) for point in points if len(point) == 2)
        except ValueError:
            continue
        if len(ring) >= 4:
            rings.append(ring)
    return rings


def _texts(parent: Any, tag: str) -> list[str]:
    return [(child.text or "").strip() for child in parent.findall(f"{{{NAMESPACE}}}{tag}")]


def _text(parent: Any, tag: str) -> str:
    return next(iter(_texts(parent, tag)), "")


def _pairs(parent: Any, tag: str) -> list[tuple[str, str]]:
    return [(_text(child, "valueName"), _text(child, "value")) for child in parent.findall(f"{{{NAMESPACE}}}{tag}")]


def _instant(written: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
