"""Addresses of the pages agencies keep: by kind, one page, its files; people to ask."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from smarthd.citizen.views import articles, surveys
from smarthd.content.rules import kinds

urlpatterns: list[URLPattern] = [
    path("y-kien/", surveys.index, name="surveys"),
    path("y-kien/<slug:slug>/", surveys.detail, name="survey"),
    path("noi-dung/", articles.overview, name="contents"),
    path("danh-ba/can-bo/", articles.people, name="people"),
    path("su-kien/<slug:slug>/lich.ics", articles.calendar, name="event_calendar"),
    re_path(
        r"^tep/noi-dung/(?P<uid>[0-9a-f-]{36})/(?P<mark>[0-9a-f]{16})\.vtt$", articles.captions, name="article_captions"
    ),
    path("tep/noi-dung/<uuid:uid>/<str:name>", articles.file, name="article_file"),
    *(
        pattern
        for name in kinds.PATHS.values()
        for pattern in (
            path(f"{name}/", articles.index, {"path": name}, name=f"articles_{name.replace('-', '_')}"),
            path(f"{name}/<slug:slug>/", articles.detail, {"path": name}, name=f"article_{name.replace('-', '_')}"),
        )
    ),
]
