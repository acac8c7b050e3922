"""Addresses of departments' datasets: all of them, one as list, map, chart or look-up, one row, the whole as a file."""

from __future__ import annotations

from django.urls import URLPattern, path

from smarthd.citizen.views import dataset_follows, dataset_map, datasets, dossiers

urlpatterns: list[URLPattern] = [
    path("du-lieu/", datasets.index, name="datasets"),
    path("tra-cuu-ho-so/", dossiers.page, name="dossiers"),
    path("tra-cuu-ho-so/bao-tin/", dossiers.follow, name="dossier_follow"),
    path("tra-cuu-ho-so/<uuid:uid>/thoi/", dossiers.unfollow, name="dossier_unfollow"),
    path("toi/du-lieu-theo-doi/", dataset_follows.index, name="dataset_follows"),
    path("toi/du-lieu-theo-doi/<uuid:uid>/thoi/", dataset_follows.unfollow, name="dataset_unfollow"),
    path("du-lieu/<slug:key>/", datasets.page, name="dataset"),
    path("du-lieu/<slug:key>/theo-doi/", dataset_follows.follow, name="dataset_follow"),
    path("du-lieu/<slug:key>/ca-ban/", datasets.copy, name="dataset_copy"),
    path("du-lieu/<slug:key>/diem.json", dataset_map.points, name="dataset_points"),
    path("du-lieu/<slug:key>/tai-ve.<str:kind>", datasets.download, name="dataset_download"),
    path("du-lieu/<slug:key>/anh/<slug:code>.jpg", datasets.still, name="dataset_still"),
    path("du-lieu/<slug:key>/muc/<slug:code>/", datasets.row, name="dataset_row"),
]
