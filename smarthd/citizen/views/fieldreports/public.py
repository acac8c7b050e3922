"""What everybody may see of all reports: the list, the figures of agencies, the feed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind
from smarthd.citizen import feeds
from smarthd.citizen.forms.fieldreports import FilterForm
from smarthd.citizen.refusals import QuestionFaulty
from smarthd.fieldreports.selectors import lists, statistics
from smarthd.fieldreports.selectors.rows import Row
from smarthd.fieldreports.selectors.statistics import UnitFigures
from smarthd.kernel import clock
from smarthd.kernel.paging import Page

EACH_PAGE = 20
_FEED_SIZE = 40
PERIODS = {"30": 30, "90": 90, "365": 365}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List public reports, newest first, by commune, category, state, days and words; every answer has an address of its own."""
    form = FilterForm(request.GET)
    valid = form.is_valid()
    page: Page[Row] = Page(())
    if valid:
        cursor = request.GET.get("cursor", "")
        page = lists.public_list(form.query(), now=clock.now(), cursor=cursor, limit=EACH_PAGE)
    asked = [(name, value) for name in form.fields for value in request.GET.getlist(name) if value]
    context: dict[str, Any] = {
        "here": "phan-anh",
        "form": form,
        "page": page,
        "filtered": bool(asked),
        "asked": urlencode(asked),
        "unit": form.unit if valid else None,
    }
    return render(request, "citizen/fieldreports/list.html", context, status=200 if valid else 422)


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Show how each agency is doing over a period: how fast, both rates, satisfaction, each with its base."""
    days = PERIODS.get(request.GET.get("ngay", ""), 90)
    now, last = clock.now(), clock.today()
    first = last - timedelta(days=days - 1)
    context = {
        "here": "phan-anh",
        "days": days,
        "periods": PERIODS,
        "first": first,
        "last": last,
        "whole": statistics.of_everybody(first, last, now=now),
        "groups": _groups(statistics.by_agency(first, last, now=now), last),
        "few": statistics.FEW,
        "now": now,
    }
    return render(request, "citizen/fieldreports/figures.html", context)


def _groups(found: list[UnitFigures], on: date) -> list[tuple[str, list[tuple[UnitFigures, str]]]]:
    """Return like beside like: the communes, then departments and others, each with the name people say; no empty group."""
    views = agencies.agency_views([unit.agency_id for unit in found], on)
    communes: list[tuple[UnitFigures, str]] = []
    others: list[tuple[UnitFigures, str]] = []
    for unit in found:
        view = views.get(unit.agency_id)
        like = communes if view is not None and view.kind == Kind.COMMUNE_COMMITTEE else others
        like.append((unit, (view.short_name if view else "") or unit.agency or "–"))
    groups = [(_("Các xã, phường"), communes), (_("Các sở, ngành, cơ quan khác"), others)]
    return [(name, lines) for name, lines in groups if lines]


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Give the newest public reports, of a commune or of all, as an Atom feed; what is hidden is gone from it at once."""
    form = FilterForm(request.GET)
    if not form.is_valid():
        raise QuestionFaulty(fields={name: " ".join(map(str, said)) for name, said in form.errors.items()})
    page = lists.public_list(form.query(), now=clock.now(), limit=_FEED_SIZE)
    root = request.build_absolute_uri("/").rstrip("/")
    name = form.unit.full_name if form.unit else _("toàn địa bàn")
    body = feeds.reports_atom(page.items, root=root, path=request.get_full_path(), name=name, now=clock.now())
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    response["Cache-Control"] = "public, max-age=60"
    return response
