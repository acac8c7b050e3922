"""Reports as other programs read them: many by filters, one by its number, a number by its token."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from smarthd.fieldreports.rules import states, telling
from smarthd.fieldreports.rules.states import State
from smarthd.fieldreports.selectors import exchange
from smarthd.fieldreports.selectors.exchange import Shown
from smarthd.publicapi.open311.asking import Asked
from smarthd.publicapi.open311.faults import Fault
from smarthd.publicapi.open311.formats import Answer

SPAN = timedelta(days=90)
_STATUSES = ("open", "closed")


def requests(asked: Asked) -> Answer:
    """Return the reports asked for: some by their numbers, else the newest thousand of at most ninety days."""
    numbers = asked.many("service_request_id")
    if numbers:
        found = exchange.by_codes(numbers, now=asked.now)
    else:
        since, until = _period(asked)
        found = exchange.between(
            since, until, now=asked.now, category_keys=asked.many("service_code"), over=_over(asked.many("status"))
        )
    return Answer("service_requests", [_request(one) for one in found])


def request(asked: Asked, service_request_id: str) -> Answer:
    """Return one report; one that is not public is not there."""
    return Answer("service_requests", [_request(exchange.one(service_request_id, now=asked.now))])


def token(asked: Asked, token: str) -> Answer:
    """Return the number of a report for the token its sending program got; empty until an official has looked at it."""
    try:
        uid = UUID(hex=token)
    except ValueError:
        raise Fault("token: không có mã này.", status=404) from None
    return Answer("service_requests", [{"service_request_id": exchange.code_by_uid(uid), "token": token}])


def _period(asked: Asked) -> tuple[datetime, datetime]:
    """Return the period asked for: both ends given, one given and ninety days beside it, or the last ninety days."""
    since, until = asked.instant("start_date"), asked.instant("end_date", end=True)
    try:
        if since is None:
            until = until or asked.now
            return until - SPAN, until
        if until is None:
            return since, since + SPAN
    except OverflowError:
        raise Fault("start_date, end_date: ngày nằm ngoài khoảng tính được.") from None
    if until < since:
        raise Fault("end_date: phải sau start_date.")
    if until - since > SPAN:
        raise Fault("start_date, end_date: cách nhau nhiều nhất 90 ngày. Xin hỏi từng đoạn.")
    return since, until


def _over(wanted: list[str]) -> bool | None:
    lowered = {one.lower() for one in wanted}
    wrong = lowered - set(_STATUSES)
    if wrong:
        raise Fault(f"status: không có “{sorted(wrong)[0][:40]}”, chỉ có open, closed.")
    return None if len(lowered) != 1 else lowered == {"closed"}


def _request(one: Shown) -> dict[str, Any]:
    row = one.row
    return {
        "service_request_id": row.code,
        "status": "closed" if one.over else "open",
        "status_notes": _notes(one),
        "service_name": row.category,
        "service_code": row.category_key,
        "description": row.text or None,
        "agency_responsible": row.holder or None,
        "service_notice": _notice(one),
        "requested_datetime": row.received_at,
        "updated_datetime": one.updated_at,
        "expected_datetime": None if row.paused else row.due_at,
        "address": ", ".join(part for part in (row.address, row.commune) if part),
        "address_id": one.commune_code or None,
        "zipcode": None,
        "lat": row.lat,
        "long": row.lon,
        "media_url": _media(row.thumb_uid),
    }


def _notes(one: Shown) -> str:
    """Return our exact state in words, and what the agency said of it: two statuses are too few for thirteen states."""
    words = states.STATE_WORDS[one.row.state]
    if one.row.state is State.MERGED and one.into:
        return f"{words} vào {one.into}."
    return f"{words}. {one.why}" if one.why else f"{words}."


def _notice(one: Shown) -> str | None:
    """Say of an extended deadline what was promised first; nothing where the first promise still stands."""
    if not one.row.extensions or one.row.original_due_at is None:
        return None
    return f"Đã gia hạn {one.row.extensions} lần; hạn gốc {telling.instant(one.row.original_due_at)}."


def _media(uid: UUID | None) -> str | None:
    return f"{settings.ORIGIN}{reverse('citizen:report_file', args=[uid])}" if uid is not None else None
