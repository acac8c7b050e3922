"""Pages of the officials' desk, under /can-bo/."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from smarthd.backoffice.views import (
    agencies,
    audit,
    exemptions,
    integrity,
    letters,
    province,
    reports,
    rosters,
    second_factor,
    units,
    work,
)

app_name = "backoffice"
urlpatterns: list[URLPattern] = [
    path("", work.index, name="work"),
    path("xac-thuc/", second_factor.SecondFactorView.as_view(), name="second_factor"),
    path("don-vi/", units.index, name="units"),
    path("don-vi/<uuid:uid>/", units.detail, name="unit"),
    path("don-vi/<uuid:uid>/da-nhac/", units.remind, name="remind"),
    path("don-vi/<uuid:uid>/mien/", exemptions.ask, name="exemption_request"),
    path("don-vi/<uuid:uid>/mien/<uuid:exemption>/", exemptions.decide, name="exemption_decide"),
    path("danh-sach/", rosters.index, name="rosters"),
    path("danh-sach/nop/<uuid:uid>/", rosters.upload, name="roster_upload"),
    path("danh-sach/<uuid:uid>/", rosters.detail, name="roster"),
    path("danh-sach/<uuid:uid>/xac-nhan/", rosters.confirm, name="roster_confirm"),
    path("danh-sach/<uuid:uid>/bo/", rosters.withdraw, name="roster_withdraw"),
    path("danh-sach/<uuid:uid>/dong-loi.xlsx", rosters.faulty, name="roster_faulty"),
    path("toan-tinh/", province.index, name="province"),
    re_path(r"^toan-tinh/bang\.(?P<suffix>csv|xlsx)$", province.export, name="province_export"),
    path("toan-tinh/<uuid:uid>/", province.unit, name="province_unit"),
    path("bao-cao/", reports.index, name="reports"),
    path("bao-cao/<uuid:uid>/", reports.detail, name="report"),
    path("bao-cao/<uuid:uid>/loi-van/", reports.edit, name="report_edit"),
    path("bao-cao/<uuid:uid>/doi-chieu/", reports.check, name="report_check"),
    path("bao-cao/<uuid:uid>/ky-duyet/", reports.sign, name="report_sign"),
    re_path(r"^bao-cao/(?P<uid>[0-9a-f-]{36})/tep\.(?P<suffix>docx|xlsx)$", reports.download, name="report_file"),
    path("bao-cao-ky/cong-van/<uuid:uid>.docx", letters.download, {"suffix": "docx"}, name="letter_docx"),
    path("bao-cao-ky/cong-van/<uuid:uid>.xlsx", letters.download, {"suffix": "xlsx"}, name="letter_xlsx"),
    path("co-quan/", agencies.index, name="agencies"),
    path("co-quan/<uuid:uid>/", agencies.detail, name="agency"),
    path("co-quan/<uuid:uid>/hop-thu/", agencies.mailbox, name="agency_mailbox"),
    path("co-quan/<uuid:uid>/thu-hoi/<uuid:grant>/", agencies.revoke, name="role_revoke"),
    path("trung-thuc/", integrity.index, name="integrity"),
    path("trung-thuc/<uuid:uid>/", integrity.decide, name="integrity_decide"),
    path("nhat-ky/", audit.index, name="audit"),
]
