"""Addresses of the pages agencies keep: by kind, one page, its files; people to ask."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from smarthd.citizen.views import articles, ideas, staff_surveys, survey_phone, surveys
from smarthd.content.rules import kinds

urlpatterns: list[URLPattern] = [
    path("y-kien/", surveys.index, name="surveys"),
    path("y-kien/can-bo/", staff_surveys.index, name="staff_surveys"),
    path("y-kien/can-bo/<slug:slug>/", staff_surveys.detail, name="staff_survey"),
    path("y-kien/<slug:slug>/", surveys.detail, name="survey"),
    path("y-kien/<slug:slug>/so-dien-thoai/", survey_phone.ask, name="survey_phone"),
    path("y-kien/<slug:slug>/so-dien-thoai/ma/", survey_phone.code, name="survey_phone_code"),
    path("hien-ke/", ideas.index, name="ideas"),
    path("hien-ke/gui/", ideas.propose, name="idea_propose"),
    path("hien-ke/cua-toi/", ideas.mine, name="my_ideas"),
    path("hien-ke/nguon-tin.atom", ideas.feed, name="ideas_feed"),
    path("hien-ke/nguon-tin/<uuid:unit_uid>.atom", ideas.feed, name="ideas_feed_of"),
    path("hien-ke/anh/<uuid:uid>.jpg", ideas.picture, name="idea_picture"),
    path("hien-ke/dot/<slug:slug>/", ideas.round_page, name="idea_round"),
    path("hien-ke/<slug:code>/", ideas.detail, name="idea"),
    path("hien-ke/<slug:code>/sua/", ideas.mend, name="idea_mend"),
    path("hien-ke/<slug:code>/<slug:what>/", ideas.act, name="idea_act"),
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
