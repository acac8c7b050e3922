"""Pages of citizens' reports at the desk, under ``phan-anh/``: the queue, one case, acts, intake for others, rules, agencies."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from smarthd.backoffice.views.fieldreports import (
    acts,
    agencies,
    answering,
    by_mail,
    case,
    files,
    filters,
    joining,
    many,
    moderation,
    papers,
    queue,
    settings,
    taking,
)

urlpatterns: list[URLPattern] = [
    path("tra-loi/<str:token>/", by_mail.page, name="fieldreport_by_mail"),
    path("tra-loi/<str:token>/anh/<uuid:uid>/", by_mail.photo, name="fieldreport_by_mail_photo"),
    path("phan-anh/", queue.index, name="fieldreports"),
    re_path(r"^phan-anh/bang\.(?P<suffix>csv|xlsx)$", queue.export, name="fieldreports_export"),
    path("phan-anh/nhieu/", many.many, name="fieldreports_many"),
    path("phan-anh/bo-loc/", filters.save, name="fieldreport_filter_save"),
    path("phan-anh/bo-loc/<uuid:uid>/bo/", filters.drop, name="fieldreport_filter_drop"),
    path("phan-anh/ban-giao/", papers.handover, name="fieldreport_handover"),
    path("phan-anh/ghi-ho/", taking.take, name="fieldreport_take"),
    path("phan-anh/ghi-ho/giong/", taking.alike, name="fieldreport_alike"),
    path("phan-anh/co-quan/", agencies.index, name="fieldreport_agencies"),
    re_path(r"^phan-anh/co-quan/bang\.(?P<suffix>csv|xlsx)$", agencies.export, name="fieldreport_figures"),
    path("phan-anh/co-quan/<uuid:uid>/", agencies.detail, name="fieldreport_agency"),
    path("phan-anh/phan-viec/", settings.rules, name="fieldreport_rules"),
    path("phan-anh/phan-viec/thu/", settings.bench, name="fieldreport_bench"),
    path("phan-anh/phan-viec/<uuid:uid>/ket-thuc/", settings.rule_end, name="fieldreport_rule_end"),
    path("phan-anh/linh-vuc/", settings.categories, name="fieldreport_categories"),
    path("phan-anh/linh-vuc/<slug:key>/", settings.category, name="fieldreport_category"),
    path("phan-anh/mau/", settings.frames, name="fieldreport_frames"),
    path("phan-anh/mau/<uuid:uid>/thoi-dung/", settings.frame_end, name="fieldreport_frame_end"),
    path("phan-anh/tep/<uuid:uid>/", files.shown, name="fieldreport_file"),
    path("phan-anh/tep/<uuid:uid>/nho/", files.small, name="fieldreport_thumb"),
    path("phan-anh/tep/<uuid:uid>/goc/", files.original, name="fieldreport_original"),
    path("phan-anh/<slug:code>/", case.detail, name="fieldreport"),
    path("phan-anh/<slug:code>/viec/", acts.act, name="fieldreport_act"),
    path("phan-anh/<slug:code>/nguoi-gui/", case.sender, name="fieldreport_sender"),
    path("phan-anh/<slug:code>/tra-loi/", answering.answer, name="fieldreport_answer"),
    path("phan-anh/<slug:code>/gop/", joining.merge, name="fieldreport_merge"),
    path("phan-anh/<slug:code>/tach/", joining.split, name="fieldreport_split"),
    path("phan-anh/<slug:code>/kiem-duyet/", moderation.moderate, name="fieldreport_moderate"),
    path("phan-anh/<slug:code>/in/", papers.sheet, name="fieldreport_sheet"),
]
