"""An event as a file for one's own calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from smarthd.content.selectors.articles import ArticleShown

AN_HOUR = timedelta(hours=1)


def of_event(shown: ArticleShown, *, root: str, now: datetime) -> bytes:
    """Return an event as an iCalendar object (RFC 5545) in UTC; one without an end lasts an hour."""
    calendar = Calendar()
    calendar.add("prodid", "-//Smart-HaiDuong//Su kien//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    event = Event()
    event.add("uid", f"{shown.uid}@smart-haiduong")
    event.add("dtstamp", now.astimezone(UTC))
    if shown.starts_at is not None:
        event.add("dtstart", shown.starts_at.astimezone(UTC))
        event.add("dtend", (shown.ends_at or shown.starts_at + AN_HOUR).astimezone(UTC))
    event.add("summary", shown.title)
    event.add("description", shown.summary)
    event.add("location", shown.place)
    event.add("url", f"{root}{shown.path}")
    if shown.updated_at is not None:
        event.add("last-modified", shown.updated_at.astimezone(UTC))
    calendar.add_component(event)
    body: bytes = calendar.to_ical()
    return body
