"""Addresses of citizens' reports: sending, one's own, the public list, map, figures, open data, one case."""

from __future__ import annotations

from django.urls import URLPattern, path

from smarthd.citizen.views.fieldreports import acts, case, files, hints, map_, mine, open_data, public, sending, uploads

urlpatterns: list[URLPattern] = [
    path("phan-anh/", public.index, name="reports"),
    path("phan-anh/ban-do/", map_.page, name="reports_map"),
    path("phan-anh/ban-do/diem.json", map_.points, name="reports_points"),
    path("tep/dia-gioi/xa-phuong.json", map_.ground, name="reports_ground"),
    path("phan-anh/thong-ke/", public.figures, name="reports_figures"),
    path("phan-anh/du-lieu-mo/", open_data.page, name="reports_open_data"),
    path("phan-anh/du-lieu-mo/phan-anh.<str:kind>", open_data.download, name="reports_download"),
    path("phan-anh/nguon-tin.atom", public.feed, name="reports_feed"),
    path("phan-anh/gui/", sending.page, name="report_send"),
    path("phan-anh/gui/khung/", sending.shell, name="report_send_shell"),
    path("phan-anh/gui/ve.json", uploads.ticket, name="report_ticket"),
    path("phan-anh/gui/goi-y/", hints.hints, name="report_hints"),
    path("phan-anh/gui/noi/", hints.communes, name="report_communes"),
    path("phan-anh/gui/tep/", uploads.begin, name="report_upload"),
    path("phan-anh/gui/tep/<uuid:uid>/", uploads.piece, name="report_piece"),
    path("phan-anh/gui/tep/<uuid:uid>/xong/", uploads.finish, name="report_finish"),
    path("phan-anh/cua-toi/", mine.page, name="my_reports"),
    path("phan-anh/cua-toi/khung/", mine.shell, name="my_reports_shell"),
    path("phan-anh/cua-toi/nhan/", mine.adopt, name="my_reports_adopt"),
    path("phan-anh/theo-doi-noi/", mine.follow_place, name="report_follow_place"),
    path("phan-anh/tep/<uuid:uid>/", files.show, name="report_file"),
    path("phan-anh/<str:code>/", case.page, name="report"),
    path("phan-anh/<str:code>/<slug:act>/", acts.act, name="report_act"),
]
