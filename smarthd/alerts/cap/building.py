"""Building one CAP 1.2 message (OASIS Common Alerting Protocol 1.2). Both languages travel in it as two ``info`` blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from smarthd.alerts.rules import areas, saying
from smarthd.alerts.rules.hazards import FACTS, Hazard
from smarthd.alerts.rules.levels import LEVELS
from smarthd.alerts.rules.messages import NAMESPACE, Kind, Status
from smarthd.kernel import clock

GEOCODE = "GSO"
"""The name under which a commune's code of the General Statistics Office's catalogue stands; with the catalogue's day: ``GSO-2025-07-01``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """All that stands in a message. ``references`` are (sender, identifier, sent) of every unexpired earlier one."""

    identifier: str
    sender: str
    sent: datetime
    status: Status
    kind: Kind
    incident: str
    references: Sequence[tuple[str, str, datetime]]
    hazard: Hazard
    level: int | None
    urgency: str
    severity: str
    certainty: str
    responses: Sequence[str]
    texts: dict[str, tuple[str, str, str]]
    sender_name: str
    contact: str
    effective: datetime
    expires: datetime
    web: str
    places: Sequence[str]
    codes: Sequence[tuple[str, str]]
    ring: Sequence[Sequence[float]]
    note: str = ""


def stamp(at: datetime) -> str:
    """Return an instant as CAP writes it: local, to the second, with the offset and never ``Z`` (section 3.3.2)."""
    return at.astimezone(clock.ZONE).replace(microsecond=0).isoformat()


def element(message: Message) -> Any:
    """Return the message as an element, unsigned."""
    alert = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})
    _add(alert, "identifier", message.identifier)
    _add(alert, "sender", message.sender)
    _add(alert, "sent", stamp(message.sent))
    _add(alert, "status", message.status)
    _add(alert, "msgType", message.kind)
    _add(alert, "scope", "Public")
    note = message.note or saying.notice(message.status).strip()
    if note:
        _add(alert, "note", note)
    if message.references:
        listed = " ".join(f"{sender},{identifier},{stamp(sent)}" for sender, identifier, sent in message.references)
        _add(alert, "references", listed)
    _add(alert, "incidents", message.incident)
    for language, code in (("vi", "vi-VN"), ("en", "en-US")):
        _info(alert, message, language, code)
    return alert


def _info(alert: Any, message: Message, language: str, code: str) -> None:
    facts, english = FACTS[message.hazard], language == "en"
    headline, description, instruction = message.texts[language]
    info = etree.SubElement(alert, f"{{{NAMESPACE}}}info")
    _add(info, "language", code)
    for category in facts.categories:
        _add(info, "category", category)
    _add(info, "event", saying.marked(message.status, facts.en if english else facts.vi, english=english))
    for response in message.responses:
        _add(info, "responseType", response)
    _add(info, "urgency", message.urgency)
    _add(info, "severity", message.severity)
    _add(info, "certainty", message.certainty)
    _add(info, "effective", stamp(message.effective))
    _add(info, "expires", stamp(message.expires))
    _add(info, "senderName", message.sender_name)
    _add(info, "headline", saying.marked(message.status, headline, english=english))
    _add(info, "description", saying.notice(message.status, english=english) + description)
    _add(info, "instruction", saying.notice(message.status, english=english) + instruction)
    _add(info, "web", message.web)
    _add(info, "contact", message.contact)
    if message.level is not None:
        level = LEVELS[message.level]
        _pair(info, "parameter", "VN:RiskLevel", str(message.level))
        _pair(info, "parameter", "VN:RiskLevelWords", f"{level.words}, {level.risk}")
    _area(info, message)


def _area(info: Any, message: Message) -> None:
    area = etree.SubElement(info, f"{{{NAMESPACE}}}area")
    _add(area, "areaDesc", ", ".join(message.places))
    if message.ring:
        _add(area, "polygon", areas.cap_polygon(message.ring))
    for catalogue, code in message.codes:
        _pair(area, "geocode", f"{GEOCODE}-{catalogue}", code)


def _add(parent: Any, tag: str, words: str) -> None:
    etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}").text = str(words)


def _pair(parent: Any, tag: str, name: str, value: str) -> None:
    pair = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    _add(pair, "valueName", name)
    _add(pair, "value", value)
