"""Notices, and citizens' reports, as Atom feeds (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from xml.etree import ElementTree as ET

from smarthd.content.selectors import NoticeCard
from smarthd.content.selectors.idea_open import OpenIdea
from smarthd.fieldreports.rules.states import STATE_WORDS
from smarthd.fieldreports.selectors.rows import Row
from smarthd.kernel import clock

_ATOM = "http://www.w3.org/2005/Atom"
ET.register_namespace("", _ATOM)


def atom(cards: Sequence[NoticeCard], *, root: str, path: str, name: str, now: datetime) -> bytes:
    """Return the feed's bytes; it changes only when its newest notice does."""
    feed = ET.Element(f"{{{_ATOM}}}feed", {"xml:lang": "vi"})
    newest = max((card.published_at for card in cards), default=clock.start_of(clock.day_of(now)))
    _text(feed, "title", f"Thông báo – {name}" if name else "Thông báo toàn địa bàn")
    _text(feed, "id", f"{root}{path}")
    _text(feed, "updated", newest.isoformat(timespec="seconds"))
    _link(feed, "self", f"{root}{path}")
    _link(feed, "alternate", f"{root}/thong-bao/")
    for card in cards:
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _text(entry, "title", card.title)
        _text(entry, "id", f"urn:uuid:{card.uid}")
        _link(entry, "alternate", f"{root}{card.path}")
        _text(entry, "published", card.published_at.isoformat(timespec="seconds"))
        _text(entry, "updated", card.published_at.isoformat(timespec="seconds"))
        _text(ET.SubElement(entry, f"{{{_ATOM}}}author"), "name", card.agency_name or "Cơ quan đăng")
        _text(entry, "summary", card.summary)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _text(parent: ET.Element, tag: str, words: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{tag}").text = words


def _link(parent: ET.Element, rel: str, href: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}link", {"rel": rel, "href": href})


def reports_atom(rows: Sequence[Row], *, root: str, path: str, name: str, now: datetime) -> bytes:
    """Return the feed of public reports; words only of those an official has read."""
    feed = ET.Element(f"{{{_ATOM}}}feed", {"xml:lang": "vi"})
    newest = max((row.received_at for row in rows), default=clock.start_of(clock.day_of(now)))
    _text(feed, "title", f"Phản ánh hiện trường – {name}")
    _text(feed, "id", f"{root}{path}")
    _text(feed, "updated", newest.isoformat(timespec="seconds"))
    _link(feed, "self", f"{root}{path}")
    _link(feed, "alternate", f"{root}/phan-anh/")
    for row in rows:
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _text(entry, "title", f"{row.category}, {row.commune}: {STATE_WORDS[row.state]}")
        _text(entry, "id", f"urn:uuid:{row.uid}")
        _link(entry, "alternate", f"{root}/phan-anh/{row.code}/")
        _text(entry, "published", row.received_at.isoformat(timespec="seconds"))
        _text(entry, "updated", (row.ended_at or row.answered_at or row.received_at).isoformat(timespec="seconds"))
        _text(ET.SubElement(entry, f"{{{_ATOM}}}author"), "name", row.holder or "Nơi đang giữ")
        _text(entry, "summary", row.text)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def ideas_atom(ideas: Sequence[OpenIdea], *, root: str, path: str, name: str, now: datetime) -> bytes:
    """Return the feed of published ideas with where each stands; the author is named only where they let it be shown."""
    feed = ET.Element(f"{{{_ATOM}}}feed", {"xml:lang": "vi"})
    newest = max((one.changed_at for one in ideas), default=clock.start_of(clock.day_of(now)))
    _text(feed, "title", f"Hiến kế – {name}" if name else "Hiến kế")
    _text(feed, "id", f"{root}{path}")
    _text(feed, "updated", newest.isoformat(timespec="seconds"))
    _link(feed, "self", f"{root}{path}")
    _link(feed, "alternate", f"{root}/hien-ke/")
    for one in ideas:
        card, entry = one.card, ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _text(entry, "title", card.title)
        _text(entry, "id", f"urn:uuid:{one.uid}")
        _link(entry, "alternate", f"{root}{card.path}")
        _text(entry, "published", (card.published_at or one.changed_at).isoformat(timespec="seconds"))
        _text(entry, "updated", one.changed_at.isoformat(timespec="seconds"))
        _text(ET.SubElement(entry, f"{{{_ATOM}}}author"), "name", card.author_name or f"Người dân {card.place}".strip())
        ET.SubElement(entry, f"{{{_ATOM}}}category", {"term": card.state.value, "label": card.state_word})
        answer = f"\n\n{card.state_word}: {one.answer}" if one.answer else ""
        _text(entry, "summary", f"{card.words}{answer}")
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written
