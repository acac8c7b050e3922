"""One search over everything a citizen may see; suggestions as one types. What people type is not kept, and no cache beside theirs keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from smarthd.alerts.selectors import public as alerts
from smarthd.alerts.values import AlertView
from smarthd.citizen import commune, position
from smarthd.content.selectors.reach import units_concerning
from smarthd.fieldreports.selectors import searching as reports
from smarthd.fieldreports.selectors.rows import Row
from smarthd.finding.rules import kinds, typed
from smarthd.finding.selectors import searching
from smarthd.finding.values import Answer, Group, Hit, Reader
from smarthd.kernel import clock, lexemes, text
from smarthd.places import selectors as places
from smarthd.places.values import UnitView

REPORTS = 4
REPORTS_READ = 30
REPORTS_GROUP = "reports"
ONLY = frozenset({kinds.ROWS, REPORTS_GROUP, *map(str, kinds.Kind)})
WHY = {
    "near": gettext_lazy("Gần bà con"),
    "own": gettext_lazy("Ở xã, phường mình"),
    "new": gettext_lazy("Mới cập nhật"),
}
OFTEN = ("sổ đỏ", "căn cước", "lịch cắt điện", "nhà thuốc trực", "tuyển sinh", "bảo hiểm y tế", "chữ to", "xe buýt")
"""What people come for, by the tiles they press and the counters they ask at; not by what anybody typed."""


@dataclass(frozen=True, slots=True)
class Line:
    """An answer as the page shows it: ``said_why`` is what put it first, in words."""

    title: str
    note: str
    path: str
    icon: str
    numbers: tuple[Mapping[str, str], ...]
    said_why: str


@dataclass(frozen=True, slots=True)
class Section:
    """The answers of one kind; ``more`` is where all of them are, "" where all are here."""

    key: str
    word: str
    lines: tuple[Line, ...]
    more: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A kind to keep to; ``count`` is in words, "" where it is not known."""

    word: str
    count: str
    asked: str
    chosen: bool


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Answer a question, all kinds or the one asked for."""
    query = request.GET.get("q", "").strip()[: typed.LONGEST]
    only = request.GET.get("loai", "") if request.GET.get("loai", "") in ONLY else ""
    place = commune.of(request)
    context: dict[str, object] = {"here": "", "query": query, "only": only, "often": OFTEN, "count": 0}
    if typed.read(query):
        now, reader = clock.now(), reader_of(request, place)
        answer = (
            Answer(said=query, only=only)
            if only == REPORTS_GROUP
            else searching.search(query, reader, now=now, only=only)
        )
        found = _reports(query, answer, now=now) if only in {"", REPORTS_GROUP} else []
        warnings = _alerts(query) if not only else []
        context |= {
            "answer": answer,
            "alerts": warnings,
            "reports": found,
            "count": answer.count + len(found) + len(warnings),
            "chips": _chips(request, answer, only),
            "positioned": reader.at is not None,
            "sections": [_section(request, answer, group) for group in answer.groups],
            "as_typed": typed.read(query).said,
        }
    response = render(request, "citizen/search.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """Answer as one types."""
    reader = reader_of(request, commune.of(request))
    hits = searching.suggest(request.GET.get("q", "").strip()[: typed.LONGEST], reader, now=clock.now())
    items = [{"label": one.title, "note": _note(one), "href": one.path} for one in hits]
    response = JsonResponse({"items": items})
    response["Cache-Control"] = "private, max-age=60"
    response["Vary"] = "Cookie"
    return response


def _note(one: Hit) -> str:
    """Say in one line what kind of thing a suggestion is and what tells it apart."""
    numbers = " · ".join(number["shown"] for number in one.numbers[:2])
    told = numbers or one.note
    if one.group in {kinds.ROWS, str(kinds.Kind.PLACE)}:
        return one.note
    return f"{gettext(searching.word_of(one.group))} · {told}" if told else gettext(searching.word_of(one.group))


def reader_of(request: HttpRequest, place: UnitView | None) -> Reader:
    """Return what this one request tells of its reader; a position stands in its address and is kept nowhere."""
    own: tuple[int, ...] = ()
    centre = None
    if place is not None:
        today = clock.today()
        concerning = places.views(sorted(units_concerning(place.id, on=today)), today)
        own = tuple(sorted(key for key, view in concerning.items() if view.level in {"commune", "village"}))
        if place.lat is not None and place.lon is not None:
            centre = (place.lat, place.lon)
    return Reader(unit_ids=own, at=position.of(request), centre=centre)


def _section(request: HttpRequest, answer: Answer, group: Group) -> Section:
    long = not answer.only and group.more and len(group.hits) >= searching.EACH
    more = _address(request, **_asked(answer), loai=group.key) if long else ""
    return Section(group.key, gettext(group.word), tuple(map(_line, group.hits)), more)


def _line(hit: Hit) -> Line:
    told = [str(WHY[hit.why])] if hit.why else []
    if hit.km is not None:
        far = gettext("cách %(km)s km") % {"km": f"{hit.km:.1f}".replace(".", ",")}
        told.append(far)
    return Line(hit.title, hit.note, hit.path, hit.icon, hit.numbers, " · ".join(told))


def _reports(query: str, answer: Answer, *, now: datetime) -> list[Row]:
    """Return reports that hold the words; beside other answers only those that spell them as typed: "sợ đổ" is no "sổ đỏ"."""
    alone = answer.only == REPORTS_GROUP
    marked = typed.read(query).marked if answer.groups else ()
    found = reports.search(query, now=now, limit=REPORTS_READ if alone or marked else REPORTS).items
    kept = [row for row in found if _spells(row, marked)] if marked else list(found)
    return kept if alone else kept[:REPORTS]


def _spells(row: Row, marked: Sequence[str]) -> bool:
    """Say whether a report holds words as they are spelt, each as a beginning: the last may be half typed."""
    there = lexemes.spelt(f"{row.category} {row.text} {row.address} {row.commune}")
    return all(any(word.startswith(one) for word in there) for one in marked)


def _alerts(query: str) -> list[AlertView]:
    """Return the warnings in force whose words hold every typed word."""
    words = text.fold(query).split()
    return [
        one
        for one in alerts.active(clock.now())
        if all(f" {word}" in f" {text.fold(f'{one.headline_vi} {one.description_vi}')}" for word in words)
    ]


def _chips(request: HttpRequest, answer: Answer, only: str) -> list[Chip]:
    if only:
        return [
            Chip(gettext("Tất cả"), "", _address(request, loai=""), chosen=False),
            Chip(
                gettext("Phản ánh") if only == REPORTS_GROUP else gettext(searching.word_of(only)),
                "",
                _address(request, loai=only),
                chosen=True,
            ),
        ]
    chips = [
        Chip(gettext(group.word), _count(group), _address(request, **_asked(answer), loai=group.key), chosen=False)
        for group in answer.groups
    ]
    return [Chip(gettext("Tất cả"), "", _address(request, loai=""), chosen=True), *chips] if len(chips) > 1 else []


def _asked(answer: Answer) -> dict[str, str]:
    """Return the words that were asked in place of those typed: what leads on from the answers must ask them too."""
    return {"q": answer.instead} if answer.instead else {}


def _count(group: Group) -> str:
    if not group.count:
        return ""
    return gettext("hơn 1.000") if group.count > 1_000 else str(group.count)


def _address(request: HttpRequest, **changed: str) -> str:
    """Return the address of this search with something changed: its words, its kind, its position stay."""
    asked = {name: request.GET[name][:120] for name in ("q", "lat", "lon", "loai") if request.GET.get(name)} | changed
    return f"?{urlencode([(name, value) for name, value in asked.items() if value])}"
