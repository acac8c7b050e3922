"""Addresses that belong to notices beside their pages: feeds and pictures."""

from __future__ import annotations

from django.urls import URLPattern, path

from smarthd.citizen.views import content

urlpatterns: list[URLPattern] = [
    path("thong-bao/nguon-tin/<uuid:unit_uid>.atom", content.feed, name="notices_feed"),
    path("thong-bao/nguon-tin.atom", content.feed, name="notices_feed_all"),
    path("tep/noi-dung/anh/<str:name>", content.picture, name="picture"),
]
