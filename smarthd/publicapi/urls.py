"""Addresses for machines."""

from __future__ import annotations

from django.urls import include, path

from smarthd.publicapi.api import api
from smarthd.publicapi.views import catalogue, health, metrics

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics.metrics),
    path("api/v1/", api.urls),
    path("", include("smarthd.publicapi.urls_bulletins")),
    path("open311/", include("smarthd.publicapi.open311.urls")),
    path("ogc/", include("smarthd.publicapi.ogc.urls")),
    path("catalog.jsonld", catalogue.jsonld),
    path("data.json", catalogue.data_json),
]
