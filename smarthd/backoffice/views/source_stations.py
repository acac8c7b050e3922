"""Stations of a source that are watched: where each stands, its levels, what happened."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.backoffice.forms.stations import StationForm, initial_of
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import SOURCES
from smarthd.connectors import policies
from smarthd.connectors.selectors import sensors as selectors
from smarthd.connectors.selectors import sources as source_selectors
from smarthd.connectors.services import sensors
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


@require_GET
@official(*SOURCES)
def index(request: HttpRequest, uid: UUID) -> HttpResponse:
    """List the stations of a source and their newest changes."""
    actor = _actor(request)
    source = source_selectors.source_for(actor, uid)
    context = {
        "source": source,
        "stations": [(one, selectors.level_words(one)) for one in selectors.stations_for(actor, uid)],
        "steps": selectors.steps_of(source.pk),
        "may_set": policies.can_release(actor, source.agency_id),
        "nav_here": "sources",
    }
    return render(request, "backoffice/sources/stations.html", context)


@require_http_methods(["GET", "POST"])
@official(*SOURCES)
def edit(request: HttpRequest, uid: UUID, station_uid: UUID | None = None) -> HttpResponse:
    """Watch a station, or change its levels."""
    actor = _actor(request)
    source = source_selectors.source_for(actor, uid)
    if not policies.can_release(actor, source.agency_id):
        raise PageNotFound
    station = selectors.station_for(actor, uid, station_uid) if station_uid else None
    form = StationForm(request.POST or None, initial=initial_of(station) if station else {"stale_minutes": 120})
    if request.method == "POST" and form.is_valid():
        try:
            agency_id = station.agency_id if station else source.agency_id
            sensors.keep_station(uid, form.watch(agency_id), station_uid=station_uid, actor=actor, now=clock.now())
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã ghi ngưỡng. Trạm được theo dõi từ bây giờ."))
            return redirect("backoffice:source_stations", uid=uid)
    context = {"source": source, "form": form, "station": station, "nav_here": "sources"}
    return render(request, "backoffice/sources/station.html", context, status=422 if form.errors else 200)


@require_POST
@official(*SOURCES)
def end(request: HttpRequest, uid: UUID, station_uid: UUID) -> HttpResponse:
    """Watch a station no more."""
    actor = _actor(request)
    source_selectors.source_for(actor, uid)
    sensors.end_station(uid, station_uid, actor=actor, now=clock.now())
    messages.success(request, _("Đã thôi theo dõi trạm."))
    return redirect("backoffice:source_stations", uid=uid)
