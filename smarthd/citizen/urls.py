"""Pages of the citizen's app."""

from __future__ import annotations

from django.urls import URLPattern, path

from smarthd.citizen import urls_content
from smarthd.citizen.views import home

app_name = "citizen"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    *urls_content.urlpatterns,
]
