"""What the page says while one writes: which commune it is, which category it may be, who reported the same nearby."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from smarthd.citizen.forms.fieldreports import ReportForm
from smarthd.citizen.forms.start import communes_like
from smarthd.citizen.views.fieldreports.sending import others_nearby
from smarthd.fieldreports.errors import OutsideProvince
from smarthd.fieldreports.rules.intake import LONGEST
from smarthd.fieldreports.selectors import categories, ground, suggestions
from smarthd.kernel import clock
from smarthd.ui import refusals

_PARTS = "citizen/fieldreports/parts/"


@require_POST
@never_cache
def hints(request: HttpRequest) -> JsonResponse:
    """Answer with three small pieces of page: the place, the category (with its questions), the others nearby. Nothing is kept."""
    form = ReportForm(request.POST)
    form.is_valid()
    values = form.cleaned_data
    now = clock.now()
    point: tuple[float, float] | None = values.get("point")
    said = str(values.get("words", ""))[:LONGEST]
    place: dict[str, Any] = {}
    if point:
        try:
            where = ground.stand(point[0], point[1], now)
            place = {"unit": where.commune, "snapped_m": where.snapped_m}
        except OutsideProvince as outside:
            place = {"problem": refusals.words_of(outside)}
    chosen = values.get("category", "")
    guess = suggestions.categories_for(said)
    names = {leaf.key: leaf.name for root in categories.tree() for leaf in (root, *root.children)}
    candidates = [{"key": one.key, "name": names.get(one.key, ""), "because": one.because} for one in guess.candidates]
    nearby = others_nearby(point, values.get("commune_id"), chosen, said, now)
    parts = {
        "place": ("place.html", place),
        "category": ("category.html", {"candidates": candidates, "certain": guess.certain, "chosen": chosen}),
        "questions": ("questions.html", {"form": form}),
        "nearby": ("nearby.html", {"likely": nearby}),
    }
    told = {name: render_to_string(_PARTS + template, context, request) for name, (template, context) in parts.items()}
    return JsonResponse({**told, "category_key": guess.candidates[0].key if guess.certain else ""})


@require_safe
def communes(request: HttpRequest) -> JsonResponse:
    """Answer as one types a commune's name, old or new."""
    query = request.GET.get("q", "").strip()[:80]
    found = communes_like(query, limit=8) if query else []
    return JsonResponse({"items": [{"label": unit.full_name, "note": "", "value": str(unit.uid)} for unit in found]})
