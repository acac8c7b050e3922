"""Addresses of warnings: the list, one warning, answers to it; feeds and files for machines."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from smarthd.citizen.views.alerts import answering, feeds, files, pages

urlpatterns: list[URLPattern] = [
    path("canh-bao/", pages.index, name="alerts"),
    re_path(r"^canh-bao/feed\.(?P<kind>atom|rss|json|geojson)$", feeds.feed, name="alerts_feed"),
    path("canh-bao/chung-thu.pem", files.certificate, name="alerts_certificate"),
    path("canh-bao/xa/<slug:code>.json", files.commune_file, name="alerts_commune"),
    path("canh-bao/luong/<slug:code>/", files.stream, name="alerts_stream"),
    re_path(r"^canh-bao/(?P<code>[A-Za-z]{2}-[A-Za-z0-9]{4,8})\.xml$", files.cap, name="alert_cap"),
    path("canh-bao/<str:code>/", pages.detail, name="alert"),
    path("canh-bao/<str:code>/vung.geojson", files.area, name="alert_area"),
    path("canh-bao/<str:code>/tra-loi/", answering.answer, name="alert_answer"),
    path("canh-bao/<str:code>/da-mo/", answering.opened, name="alert_opened"),
    path("canh-bao/<str:code>/da-hien/", answering.echoed, name="alert_echoed"),
]
