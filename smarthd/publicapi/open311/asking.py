"""What a request asks: its parameters as text, in UTF-8, wherever they stand; empty ones are as good as none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt

from smarthd.kernel import clock, text
from smarthd.kernel.errors import Refusal
from smarthd.publicapi.open311 import faults, formats
from smarthd.publicapi.open311.faults import Fault
from smarthd.publicapi.open311.formats import Answer

MOST_VALUES = 1_000
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_LOST_PLUS = re.compile(r"(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) (\d{2}:?\d{2})$")
_UNREADABLE = "\ufffd"


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of one request. Where one that stands alone is said twice, the last one counts.

    ``repeat`` is the header ``Idempotency-Key``: what names a sending that may come again.
    """

    values: dict[str, list[str]]
    now: datetime
    repeat: str = ""

    def one(self, name: str) -> str:
        """Return a parameter without the spaces around it; empty where it was not given."""
        given = self.values.get(name, [])
        return given[-1].strip() if given else ""

    def many(self, name: str) -> list[str]:
        """Return a parameter's values, said several times or with commas between them."""
        found = [part.strip() for value in self.values.get(name, []) for part in value.split(",")]
        kept = list(dict.fromkeys(part for part in found if part))
        if len(kept) > MOST_VALUES:
            raise Fault(f"{name}: nhiều nhất {MOST_VALUES} giá trị.")
        return kept

    def instant(self, name: str, *, end: bool = False) -> datetime | None:
        """Return an instant of a parameter, None where it was not given; a day alone is its beginning, or with ``end`` its last second.

        An instant without zone is local. A "+" that came unescaped, and so as a space, is understood.
        """
        written = self.one(name)
        if not written:
            return None
        try:
            if len(written) == 10:
                return datetime.combine(date.fromisoformat(written), time(23, 59, 59) if end else time(), clock.ZONE)
            at = datetime.fromisoformat(_LOST_PLUS.sub(r"\1+\2", written))
            local = at if at.tzinfo is not None else at.replace(tzinfo=clock.ZONE)
            local.astimezone(clock.ZONE)  # an instant at the end of time has no local one
        except (ValueError, OverflowError):
            raise Fault(
                f"{name}: “{written[:40]}” không phải ngày giờ, ví dụ đúng 2026-11-24T08:00:00+07:00."
            ) from None
        return local


View = Callable[..., Answer]


def door(**views: View) -> Callable[..., HttpResponse]:
    """Return the view of an address: one function a method; every refusal becomes an error document of the asked format."""

    def view(request: HttpRequest, suffix: str = "", **place: str) -> HttpResponse:
        try:
            if suffix not in formats.TYPES:
                raise Fault("Không có địa chỉ này. Định dạng nhận được: .xml hoặc .json.", status=404)
            return formats.respond(_called(request, views, place), suffix)
        except Refusal as refusal:
            return formats.respond(faults.answer(refusal), suffix)

    return csrf_exempt(wraps(next(iter(views.values())))(view))


@csrf_exempt
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer every address that is none of ours, in the format it ends with."""
    fault = Fault("Không có địa chỉ này. Bắt đầu từ /open311/discovery.xml.", status=404)
    return formats.respond(faults.answer(fault), rest.rpartition(".")[2])


def _called(request: HttpRequest, views: dict[str, View], place: dict[str, str]) -> Answer:
    method = {"HEAD": "GET"}.get(request.method or "", request.method or "")
    called = views.get(method.lower())
    if called is None:
        allowed = ", ".join(sorted({*(name.upper() for name in views), *(["HEAD"] if "get" in views else [])}))
        raise Fault(f"Địa chỉ này chỉ nhận {allowed}.", status=405, headers={"Allow": allowed})
    repeat = text.nfc(request.headers.get("Idempotency-Key", ""))[:200]
    asked = Asked(_values(request), clock.now(), repeat)
    _jurisdiction(asked)
    files: dict[str, Any] = {"files": request.FILES} if method == "POST" else {}
    return called(asked, **{name: text.BIDI_AND_CONTROL.sub("", value) for name, value in place.items()}, **files)


def _values(request: HttpRequest) -> dict[str, list[str]]:
    request.encoding = "utf-8"  # whatever the request calls itself: the specification knows one encoding
    found = _read(request.GET)
    if request.method != "POST":
        return found
    if request.content_type not in _FORMS:
        raise Fault("Nội dung phải gửi theo kiểu application/x-www-form-urlencoded; charset=utf-8.")
    try:
        return found | _read(request.POST)
    except (SuspiciousOperation, BadRequest, MultiPartParserError):
        raise Fault("Nội dung gửi lên không đọc được. Chưa có gì được lưu.") from None


def _read(given: QueryDict) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, said in given.lists():
        kept = [text.BIDI_AND_CONTROL.sub("", str(value)) for value in said]
        if _UNREADABLE in name or any(_UNREADABLE in value for value in kept):
            raise Fault("Tham số không phải mã UTF-8. Chưa có gì được lưu.")
        kept = [value for value in kept if value.strip()]
        if kept:
            values[text.BIDI_AND_CONTROL.sub("", name)] = kept
    return values


def jurisdiction() -> str:
    """Return the identifier of this jurisdiction: the one configured, else the site's host without "www."."""
    return settings.OPEN311_JURISDICTION or (urlsplit(settings.ORIGIN).hostname or "").removeprefix("www.")


def _jurisdiction(asked: Asked) -> None:
    """Refuse another jurisdiction's identifier; one need not be given, for there is one only."""
    given = asked.one("jurisdiction_id")
    if given and given.lower() != jurisdiction():
        raise Fault(f"jurisdiction_id: không có “{given[:60]}”, ở đây là “{jurisdiction()}”.", status=404)
