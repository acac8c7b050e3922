"""The columns of a source: what each holds, how it is made, what is demanded of it; named on the screen from the newest file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from smarthd.agencies import selectors as agencies
from smarthd.backoffice.forms.columns import MADE, MOST_MADE, MOST_RULES, made_slots, mapping_from, typed_of
from smarthd.backoffice.gate import official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import SOURCES
from smarthd.backoffice.views.sources import after_run
from smarthd.connectors.rules import fields, forms, grids
from smarthd.connectors.rules.demands import CheckName, RuleName
from smarthd.connectors.rules.sound import SUITS
from smarthd.connectors.selectors import sources as selectors
from smarthd.connectors.services import around, reading, rehearsing
from smarthd.kernel import clock, errors

SEEN = 3
SCALES = (
    ("1", _("như trong tệp")),
    ("1000", _("nghìn → đơn vị (nhân 1.000)")),
    ("1e+06", _("triệu → đơn vị (nhân 1.000.000)")),
    ("1e+09", _("tỷ → đơn vị (nhân 1.000.000.000)")),
    ("0.0001", _("m² → ha (chia 10.000)")),
    ("10000", _("ha → m² (nhân 10.000)")),
    ("0.001", _("m → km, kg → tấn (chia 1.000)")),
    ("0.01", _("cm → m (chia 100)")),
    ("0.1", _("tạ → tấn (chia 10)")),
)
RULES = (
    (RuleName.ORDER, _("A không sau, không lớn hơn B")),
    (RuleName.EITHER, _("Ghi ít nhất một trong A, B, C")),
    (RuleName.NEEDED, _("Cần ghi A khi có B (hoặc khi B là…)")),
    (RuleName.INSIDE, _("Tọa độ nằm trong xã, phường đã ghi")),
)
_TEXTS = (
    "least", "most", "form", "pattern", "shortest", "longest", "values", "unique", "exists", "scale",
    "made", "constant", "from", "mark", "part", "and0", "and1", "and2", "name",
    *(f"{one.value}-notice" for one in CheckName),
)  # fmt: skip
_SAYS_SOMETHING = (
    ("least", "most"),
    ("form",),
    ("pattern",),
    ("shortest", "longest"),
    ("values",),
    ("unique",),
    ("exists",),
)


@require_http_methods(["GET", "POST"])
@official(*SOURCES)
def columns(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show every column with cells of it and what it is taken for; try what is chosen with the file, or keep it and check the file with it."""
    actor = cast("DeskRequest", request).actor
    source = selectors.source_for(actor, uid)
    sample = selectors.sample_for(actor, uid)
    typed = request.POST.dict() if request.POST else typed_of(sample.mapping, sample.columns, sample.guess)
    problems: list[str] = []
    trial = None
    if request.method == "POST" and "add" in request.POST:
        _add(typed, request.POST["add"])
    elif request.method == "POST":
        try:
            mapped = mapping_from(typed, sample.columns, sample.mapping)
            if "try" not in request.POST:
                return after_run(
                    request, uid, reading.map_columns(uid=uid, mapped=mapped, actor=actor, now=clock.now())
                )
            trial = rehearsing.rehearse(uid=uid, mapped=mapped, actor=actor, now=clock.now())
        except errors.Invalid as refusal:
            told = refusal.facts.get("fields")
            problems = [str(words) for words in told.values()] if isinstance(told, dict) else []
    shown = _columns(sample, typed, trial.by_column if trial else {})
    context = {
        "source": source,
        "agency": agencies.agency_view(source.agency_id, clock.today()),
        "file_name": sample.file_name,
        "guessed": sample.guessed,
        "notes": sample.notes,
        "gone": sample.gone,
        "columns": shown,
        "between": _between(typed),
        "trial": trial,
        "decimal": typed.get("decimal", ""),
        "grid": typed.get("grid", ""),
        "problems": problems,
        "nav_here": "sources",
        **_choices(source, sample.columns),
    }
    return render(request, "backoffice/sources/columns.html", context, status=422 if problems else 200)


def _choices(source: Any, headers: tuple[str, ...]) -> dict[str, Any]:
    return {
        "kinds": fields.WORDS.items(),
        "forms": [(key, form.words, form.example) for key, form in forms.FORMS.items()],
        "scales": SCALES,
        "grids": grids.MERIDIANS.items(),
        "rules": RULES,
        "headers": [header for header in headers if header],
        "datasets": [
            (title, [(f"{key}/{field}", label) for field, label in listed])
            for key, title, listed in around.offered(source)
        ],
        "suits": {name.value: " ".join(sorted(SUITS[name])) for name in CheckName},
    }


def _add(typed: dict[str, str], what: str) -> None:
    """Make room for one more field that is no column, or one more rule between columns."""
    if what in MADE:
        slot = next((slot for number in range(MOST_MADE) if (slot := f"x{number}") not in set(made_slots(typed))), None)
        if slot:
            typed |= {
                f"made-{slot}": what,
                f"use-{slot}": "on",
                f"shown-{slot}": "on",
                f"kind-{slot}": fields.Kind.TEXT.value,
            }
            typed["opened"] = slot
    elif what == "rule":
        number = next((number for number in range(MOST_RULES) if not typed.get(f"rule-{number}")), None)
        if number is not None:
            typed[f"rule-{number}"] = RuleName.ORDER.value


def _columns(sample: selectors.Sample, typed: Mapping[str, str], found: Mapping[str, int]) -> list[dict[str, Any]]:
    shown = []
    for index, header in enumerate(sample.columns):
        if header:
            cells = list(dict.fromkeys(line[index] for line in sample.lines if index < len(line) and line[index]))
            shown.append(_column(str(index), header, [cell[:60] for cell in cells[:SEEN]], typed))
    shown += [_column(slot, "", [], typed) for slot in made_slots(typed)]
    for one in shown:
        one["found"] = found.get(one["label"], 0)
    return shown


def _column(slot: str, header: str, cells: list[str], typed: Mapping[str, str]) -> dict[str, Any]:
    told = {name.replace("-", "_"): typed.get(f"{name}-{slot}", "") for name in _TEXTS}
    label, kind = typed.get(f"label-{slot}", header), typed.get(f"kind-{slot}") or fields.Kind.TEXT.value
    ticks = {name: typed.get(f"{name}-{slot}") is not None for name in ("use", "shown", "required", "filtered", "key")}
    return {
        "slot": slot,
        "header": header,
        "label": label,
        "cells": cells,
        "kind": kind,
        "told": told,
        "rules": sum(any(told[name] for name in names) for names in _SAYS_SOMETHING),
        "opened": typed.get("opened") == slot,
        **ticks,
    }


def _between(typed: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {
            "number": str(number),
            "rule": typed[f"rule-{number}"],
            **{place: typed.get(f"rule-{place}-{number}", "") for place in "abc"},
            "told": typed.get(f"rule-told-{number}", ""),
            "metres": typed.get(f"rule-metres-{number}", ""),
            "notice": typed.get(f"rule-notice-{number}", ""),
        }
        for number in range(MOST_RULES)
        if typed.get(f"rule-{number}")
    ]
