"""Warnings as feeds: Atom (RFC 4287, with the CAP message linked), RSS 2.0, JSON Feed 1.1, GeoJSON (RFC 7946)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from smarthd.alerts.rules import saying
from smarthd.alerts.rules.hazards import FACTS
from smarthd.alerts.rules.messages import NAMESPACE
from smarthd.alerts.selectors import ground, views
from smarthd.alerts.values import AlertView
from smarthd.kernel import clock

_ATOM = "http://www.w3.org/2005/Atom"
_CAP_TYPE = "application/cap+xml"
NAME = "Cảnh báo thiên tai, sự cố"
ET.register_namespace("cap", NAMESPACE)


def title_of(alert: AlertView) -> str:
    """Return the title with all that must stand in it."""
    return saying.title(views.told(alert))


def _summary(alert: AlertView) -> str:
    return f"{saying.notice(alert.status)}{alert.description_vi} {alert.instruction_vi}"


def _changed(alert: AlertView) -> datetime:
    return alert.ended_at or alert.issued_at or alert.effective_at


def _updated(alerts: Sequence[AlertView]) -> datetime:
    return max((_changed(one) for one in alerts), default=datetime(2024, 1, 1, tzinfo=UTC))


def _path(kind: str, code: str) -> str:
    return f"/canh-bao/feed.{kind}{f'?xa={code}' if code else ''}"


def atom(alerts: Sequence[AlertView], *, root: str, code: str) -> str:
    """Return the Atom feed; each entry carries the CAP fields readers sort by, and links to the signed message."""
    feed = ET.Element(f"{{{_ATOM}}}feed", {"xml:lang": "vi"})
    _atom(feed, "title", NAME)
    _atom(feed, "id", f"{root}{_path('atom', code)}")
    _atom(feed, "updated", _updated(alerts).isoformat(timespec="seconds"))
    ET.SubElement(feed, f"{{{_ATOM}}}link", {"rel": "self", "href": f"{root}{_path('atom', code)}"})
    ET.SubElement(feed, f"{{{_ATOM}}}link", {"rel": "alternate", "href": f"{root}/canh-bao/"})
    for alert in alerts:
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _atom(entry, "title", title_of(alert))
        _atom(entry, "id", f"urn:uuid:{alert.uid}")
        ET.SubElement(entry, f"{{{_ATOM}}}link", {"rel": "alternate", "href": f"{root}/canh-bao/{alert.code}/"})
        link = {"rel": "related", "type": _CAP_TYPE, "href": f"{root}/canh-bao/{alert.code}.xml"}
        ET.SubElement(entry, f"{{{_ATOM}}}link", link)
        _atom(entry, "published", (alert.issued_at or alert.effective_at).isoformat(timespec="seconds"))
        _atom(entry, "updated", _changed(alert).isoformat(timespec="seconds"))
        _atom(ET.SubElement(entry, f"{{{_ATOM}}}author"), "name", alert.sender_name)
        _atom(entry, "summary", _summary(alert))
        for tag, words in _cap_fields(alert):
            ET.SubElement(entry, f"{{{NAMESPACE}}}{tag}").text = words
    return _written(feed)


def _cap_fields(alert: AlertView) -> list[tuple[str, str]]:
    return [
        ("status", alert.status.value),
        ("msgType", alert.kind.value),
        ("event", FACTS[alert.hazard].vi),
        ("urgency", alert.urgency.value),
        ("severity", alert.severity.value),
        ("certainty", alert.certainty.value),
        ("effective", _local(alert.effective_at)),
        ("expires", _local(alert.expires_at)),
        ("areaDesc", saying.area_words(alert.places, most=40)),
    ]


def _local(at: datetime) -> str:
    return at.astimezone(clock.ZONE).isoformat(timespec="seconds")


def _atom(parent: ET.Element, tag: str, words: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{tag}").text = words


def _written(root: ET.Element) -> str:
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode")


def rss(alerts: Sequence[AlertView], *, root: str, code: str) -> str:
    """Return the RSS 2.0 feed."""
    top = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(top, "channel")
    for tag, words in (
        ("title", NAME),
        ("link", f"{root}/canh-bao/"),
        ("description", "Cảnh báo đang hiệu lực và vừa kết thúc; mỗi mục có bản tin CAP 1.2 đã ký."),
        ("language", "vi"),
        ("lastBuildDate", format_datetime(_updated(alerts))),
        ("ttl", "1"),
    ):
        ET.SubElement(channel, tag).text = words
    for alert in alerts:
        item = ET.SubElement(channel, "item")
        ET.SubElement(item, "title").text = title_of(alert)
        ET.SubElement(item, "link").text = f"{root}/canh-bao/{alert.code}/"
        ET.SubElement(item, "guid", {"isPermaLink": "false"}).text = f"urn:uuid:{alert.uid}"
        ET.SubElement(item, "pubDate").text = format_datetime(alert.issued_at or alert.effective_at)
        ET.SubElement(item, "category").text = FACTS[alert.hazard].vi
        ET.SubElement(item, "description").text = _summary(alert)
    return _written(top)


def json_feed(alerts: Sequence[AlertView], *, root: str, code: str) -> str:
    """Return the JSON Feed 1.1; ``_cap`` holds what a program sorts by."""
    items = [
        {
            "id": f"urn:uuid:{alert.uid}",
            "url": f"{root}/canh-bao/{alert.code}/",
            "title": title_of(alert),
            "content_text": _summary(alert),
            "date_published": (alert.issued_at or alert.effective_at).isoformat(timespec="seconds"),
            "date_modified": _changed(alert).isoformat(timespec="seconds"),
            "authors": [{"name": alert.sender_name}],
            "language": "vi",
            "attachments": [{"url": f"{root}/canh-bao/{alert.code}.xml", "mime_type": _CAP_TYPE}],
            "_cap": {**dict(_cap_fields(alert)), "level": alert.level, "state": alert.state.value},
        }
        for alert in alerts
    ]
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": NAME,
        "home_page_url": f"{root}/canh-bao/",
        "feed_url": f"{root}{_path('json', code)}",
        "language": "vi",
        "items": items,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def geojson(alerts: Sequence[AlertView], *, root: str, code: str) -> str:
    """Return the warnings as features: as drawn, else their communes' ground together."""
    features = [
        {
            "type": "Feature",
            "id": str(alert.uid),
            "geometry": ground.shape_of(
                alert.commune_ids, alert.ring, clock.day_of(alert.issued_at or alert.effective_at)
            ),
            "properties": {
                "code": alert.code,
                "title": title_of(alert),
                "url": f"{root}/canh-bao/{alert.code}/",
                "cap": f"{root}/canh-bao/{alert.code}.xml",
                "level": alert.level,
                "state": alert.state.value,
                "communes": list(alert.commune_codes),
                **dict(_cap_fields(alert)),
            },
        }
        for alert in alerts
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
