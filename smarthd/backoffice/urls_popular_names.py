"""Addresses of the popular names of the search."""

from __future__ import annotations

from django.urls import URLPattern, path

from smarthd.backoffice.views import popular_names

urlpatterns: list[URLPattern] = [
    path("ten-thuong-goi/", popular_names.index, name="popular_names"),
    path("ten-thuong-goi/<uuid:uid>/thoi/", popular_names.end, name="popular_name_end"),
]
