"""Addresses of the keys of other programs."""

from __future__ import annotations

from django.urls import URLPattern, path

from smarthd.backoffice.views import programs

urlpatterns: list[URLPattern] = [
    path("phan-mem-khac/", programs.index, name="programs"),
    path("phan-mem-khac/<uuid:uid>/", programs.key, name="program"),
    path("phan-mem-khac/<uuid:uid>/thu/", programs.end, name="program_end"),
]
