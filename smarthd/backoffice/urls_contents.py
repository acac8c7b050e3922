"""Pages of the content desk."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from smarthd.backoffice.views import contents, ideas, papers, surveys

urlpatterns: list[URLPattern] = [
    path("y-kien/", surveys.index, name="surveys"),
    path("y-kien/soan/", surveys.new, name="survey_new"),
    path("y-kien/<uuid:uid>/", surveys.detail, name="survey"),
    re_path(
        r"^y-kien/(?P<uid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/tai-ve\.(?P<suffix>csv|xlsx)$",
        surveys.export,
        name="survey_export",
    ),
    path("y-kien/phieu/", papers.index, name="survey_papers"),
    path("y-kien/phieu/<slug:slug>/", papers.enter, name="survey_paper"),
    path("y-kien/<uuid:uid>/nhom/", surveys.group, name="survey_group"),
    path("y-kien/<uuid:uid>/<slug:what>/", surveys.act, name="survey_act"),
    path("hien-ke/", ideas.index, name="ideas"),
    path("hien-ke/dot/soan/", ideas.new_round, name="idea_round_new"),
    path("hien-ke/dot/<uuid:uid>/<slug:what>/", ideas.act_round, name="idea_round_act"),
    re_path(r"^hien-ke/tai-ve\.(?P<suffix>csv|xlsx)$", ideas.export, name="idea_export"),
    path("hien-ke/<slug:code>/", ideas.detail, name="idea"),
    path("hien-ke/<slug:code>/<slug:what>/", ideas.act, name="idea_act"),
    path("noi-dung/", contents.index, name="contents"),
    path("noi-dung/<uuid:uid>/lay-tin/", contents.feed, name="content_feed"),
    path("noi-dung/<uuid:uid>/<slug:kind>/", contents.section, name="content_section"),
    path("noi-dung/<uuid:uid>/<slug:kind>/da-xem/", contents.checked, name="content_checked"),
]
