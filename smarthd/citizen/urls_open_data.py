"""Addresses of open data for people: the catalogue, one dataset with its formats and calls."""

from __future__ import annotations

from django.urls import URLPattern, path

from smarthd.citizen.views import open_data

urlpatterns: list[URLPattern] = [
    path("du-lieu/mo/", open_data.index, name="open_data"),
    path("du-lieu/mo/<slug:key>/", open_data.page, name="open_dataset"),
]
