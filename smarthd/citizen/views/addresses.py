"""Old and new addresses: what was my commune called, what is it called now; one question where it was split."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from smarthd.content import selectors as content
from smarthd.content.selectors import articles
from smarthd.kernel import clock
from smarthd.places import selectors as places
from smarthd.places.values import Match, UnitView

LEVELS = ("commune", "district", "province")
MOST = 10
NOTICES = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One suggestion: what matched, where it lay, what it leads to."""

    label: str
    note: str
    href: str


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Ask for a name and list what it can mean."""
    query = request.GET.get("q", "").strip()[:80]
    lines = place_lines(query) if query else []
    context = {"here": "dia-chi", "query": query, "lines": lines}
    return render(request, "citizen/addresses.html", context)


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """Answer as one types."""
    lines = place_lines(request.GET.get("q", "").strip()[:80])
    items = [{"label": line.label, "note": line.note, "href": line.href} for line in lines]
    response = JsonResponse({"items": items})
    response["Cache-Control"] = "public, max-age=300"
    return response


@require_safe
def detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say what a unit is called now and what it was before; ask one question where there are several answers."""
    today = clock.today()
    unit = places.unit_by_uid(uid, today)
    chosen = _uuid(request.GET.get("phan", ""))
    change = places.address_change(unit.id, today)
    answer = unit if unit.standing else change.answer
    if answer is None and chosen is not None:
        answer = next((choice.unit for choice in change.choices if choice.unit.uid == chosen), None)
    first_day = unit.valid_from
    context = {
        "here": "dia-chi",
        "unit": unit,
        "standing": unit.standing,
        "unit_path": places.path(unit.id, today if unit.standing else first_day),
        "answer": answer,
        "answer_path": places.path(answer.id, today) if answer else [],
        "choices": change.choices,
        "asked": answer is None and len(change.choices) > 1,
        "successors": [] if unit.standing else places.successors(unit.id, today),
        "predecessors": places.predecessors(unit.id, today),
        "told": articles.of_unit(unit.id, now=clock.now()),
        "notices": content.notices_page(unit.id, today, only_mine=True, size=NOTICES).items,
    }
    return render(request, "citizen/address.html", context)


def place_lines(query: str) -> list[Line]:
    """Return what a typed name can mean, best first, old names with what they have become."""
    lines: dict[tuple[str, str], Line] = {}
    for match in places.search(query, clock.today(), limit=MOST, levels=LEVELS):
        line = _line(match)
        lines.setdefault((line.label, line.note), line)  # two identities of one name and fate are one answer
    return list(lines.values())


def _line(match: Match) -> Line:
    above = ", ".join(match.parents)
    if match.old and match.now:
        now = _now_words(match.now)
        note = f"{above} · {now}" if above else now
    elif match.old:
        note = _("%(place)s (tên cũ)") % {"place": above} if above else _("tên cũ")
    else:
        note = above
    return Line(label=match.label, note=note, href=reverse("citizen:address", args=[match.unit.uid]))


def _now_words(units: tuple[UnitView, ...]) -> str:
    if len(units) == 1:
        return _("nay thuộc %(unit)s") % {"unit": units[0].full_name}
    return _("nay chia về %(count)d nơi") % {"count": len(units)}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
