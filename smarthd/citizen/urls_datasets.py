"""Addresses of departments' datasets: all of them, one as list, map, chart or look-up, one row, the whole as a file."""

from __future__ import annotations

from django.urls import URLPattern, path

from smarthd.citizen.views import datasets

urlpatterns: list[URLPattern] = [
    path("du-lieu/", datasets.index, name="datasets"),
    path("du-lieu/<slug:key>/", datasets.page, name="dataset"),
    path("du-lieu/<slug:key>/diem.json", datasets.points, name="dataset_points"),
    path("du-lieu/<slug:key>/tai-ve.<str:kind>", datasets.download, name="dataset_download"),
    path("du-lieu/<slug:key>/muc/<slug:code>/", datasets.row, name="dataset_row"),
]
