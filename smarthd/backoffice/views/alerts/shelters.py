"""Shelters at the desk: the list with how each stands, one shelter, a table of them, the list as a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.agencies.rules import encodings
from smarthd.alerts.errors import ShelterTableFaulty
from smarthd.alerts.policies import SHELTERING
from smarthd.alerts.rules import shelters as rules
from smarthd.alerts.rules.hazards import FACTS
from smarthd.alerts.rules.shelters import Column, Stand
from smarthd.alerts.selectors import shelters as selectors
from smarthd.alerts.services import sheltering
from smarthd.backoffice import sheets
from smarthd.backoffice.forms.shelters import ShelterForm, ShelterTableForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.views.alerts.asking import actor_of
from smarthd.kernel import clock, errors

FACES = {Stand.READY: ("plain", "house"), Stand.OPEN: ("ok", "check"), Stand.FULL: ("warn", "warning"), Stand.CLOSED: ("bad", "stop")}  # fmt: skip


@require_GET
@official(*SHELTERING)
def index(request: HttpRequest) -> HttpResponse:
    """List the shelters an official keeps, and let each be opened, filled and closed."""
    found = selectors.shelters_at_desk(actor_of(request), clock.today())
    context = {
        "rows": [(one, *FACES[one.stand], _hazards(one.told)) for one in found],
        "count": len(found),
        "open": sum(one.stand is Stand.OPEN for one in found),
        "room": sum(one.told.capacity or 0 for one in found if one.stand is Stand.OPEN),
        "stands": [(stand.value, words) for stand, words in rules.STAND_WORDS.items()],
        "nav_here": "shelters",
    }
    return render(request, "backoffice/alerts/shelters.html", context)


@require_http_methods(["GET", "POST"])
@official(*SHELTERING)
def add(request: HttpRequest) -> HttpResponse:
    """Add a shelter."""
    actor, now = actor_of(request), clock.now()
    communes = selectors.kept_by(actor, clock.day_of(now))
    if not communes:
        raise PageNotFound
    form = ShelterForm(request.POST or None, communes=communes)
    if request.method == "POST" and form.is_valid():
        try:
            sheltering.add_shelter(form.told(), commune_id=int(form.cleaned_data["commune"]), actor=actor, now=now)
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã thêm nơi tránh trú. Khi có cảnh báo, người dân thấy nơi này."))
            return redirect("backoffice:shelters")
    return _form(request, form)


@require_http_methods(["GET", "POST"])
@official(*SHELTERING)
def change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Change what is said of a shelter, or take it off the list."""
    actor, now = actor_of(request), clock.now()
    view = selectors.shelter_for(actor, uid, clock.day_of(now))
    told = {name: getattr(view.told, name) for name in view.told.__slots__}
    initial = told | {"hazards": [one.value for one in view.told.hazards]}
    form = ShelterForm(request.POST or None, communes=[], initial=initial)
    if request.method == "POST" and request.POST.get("viec") == "bo":
        sheltering.withdraw_shelter(uid, actor=actor, now=now)
        messages.success(request, _("Đã bỏ nơi này khỏi danh sách."))
        return redirect("backoffice:shelters")
    if request.method == "POST" and form.is_valid():
        try:
            sheltering.change_shelter(uid, form.told(), actor=actor, now=now)
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("backoffice:shelters")
    return _form(request, form, view=view)


def _form(request: HttpRequest, form: ShelterForm, **more: Any) -> HttpResponse:
    context = {"form": form, "nav_here": "shelters", **more}
    return render(request, "backoffice/alerts/shelter.html", context, status=422 if form.errors else 200)


@require_POST
@official(*SHELTERING)
def stand(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say that a shelter is open, full, not yet open or of no use."""
    wanted = request.POST.get("stand", "")
    if wanted not in set(Stand):
        raise PageNotFound
    sheltering.set_stand(uid, Stand(wanted), actor=actor_of(request), now=clock.now())
    messages.success(request, _("Đã ghi; người dân thấy ngay."))
    return redirect("backoffice:shelters")


@require_http_methods(["GET", "POST"])
@official(*SHELTERING)
def table(request: HttpRequest) -> HttpResponse:
    """Take a table of shelters in, all lines or none."""
    actor, lines = actor_of(request), []
    more = 0
    if not selectors.kept_by(actor, clock.today()):
        raise PageNotFound
    form = ShelterTableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        encoding = encodings.Encoding(typed["encoding"]) if typed["encoding"] else None
        try:
            added, changed = sheltering.import_shelters(
                typed["file"], file_name=form.file_name, encoding=encoding, actor=actor, now=clock.now()
            )
        except ShelterTableFaulty as refusal:
            lines, more = list(refusal.facts["lines"]), int(str(refusal.facts.get("more", 0)))  # type: ignore[call-overload]
            form.refuse_any(refusal)
        except (errors.Invalid, errors.Conflict) as refusal:
            form.refuse_any(refusal)
        else:
            said = _("Đã thêm %(added)s nơi, sửa %(changed)s nơi.") % {"added": added, "changed": changed}
            messages.success(request, said)
            return redirect("backoffice:shelters")
    context = {
        "form": form,
        "lines": lines,
        "more": more,
        "heads": list(rules.COLUMN_WORDS.values()),
        "nav_here": "shelters",
    }
    return render(request, "backoffice/alerts/shelters_table.html", context, status=422 if form.errors else 200)


@require_GET
@official(*SHELTERING)
def export(request: HttpRequest, suffix: str) -> HttpResponse:
    """Hand the list out; it can be mended and sent in again as it is."""
    found = selectors.shelters_at_desk(actor_of(request), clock.today())
    heads = [*(rules.COLUMN_WORDS[one] for one in Column), _("Tình trạng")]
    lines = [
        (
            one.told.name, one.told.address, one.commune, one.told.lat, one.told.lon, one.told.capacity,
            _("có") if one.told.accessible else _("không"), one.told.contact, "; ".join(_hazards(one.told)), one.told.note, one.stand_words,
        )
        for one in found
    ]  # fmt: skip
    about = [_("Nơi tránh trú, %(count)s nơi") % {"count": len(found)}]
    return sheets.hand_out("noi-tranh-tru", suffix, about=about, heads=heads, lines=lines)


def _hazards(told: rules.Told) -> list[str]:
    return [FACTS[one].vi for one in told.hazards]
