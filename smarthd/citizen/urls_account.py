"""Addresses of signing in and of a person's own account; included in the citizen's addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from smarthd.citizen.views.account import (
    assist,
    consents,
    devices,
    erasure,
    identity,
    inbox,
    objecting,
    ordered,
    own_data,
    profile,
    signin,
)

urlpatterns: list[URLPattern] = [
    path("dang-nhap/", signin.ask, name="signin"),
    path("dang-nhap/ma/", signin.code, name="signin_code"),
    path("dang-nhap/ma/gui-lai/", signin.resend, name="signin_resend"),
    path("dang-nhap/dinh-danh/", signin.identity, name="signin_identity"),
    path("dang-xuat/", signin.sign_out, name="signout"),
    path("toi/hop-thu/", inbox.index, name="inbox"),
    path("toi/hop-thu/doc-het/", inbox.read_all, name="inbox_read_all"),
    path("toi/hop-thu/<uuid:uid>/", inbox.read, name="inbox_read"),
    path("toi/theo-yeu-cau/", ordered.index, name="ordered"),
    path("toi/giai-trinh/", objecting.index, name="objecting"),
    path("toi/tai-khoan/", profile.account, name="account"),
    path("toi/tai-khoan/ten/", profile.name, name="account_name"),
    path("toi/tai-khoan/so-dien-thoai/", profile.phone, name="account_phone"),
    path("toi/tai-khoan/so-dien-thoai/ma/", profile.phone_code, name="account_phone_code"),
    path("toi/tai-khoan/dong-y/", consents.index, name="account_consents"),
    path("toi/tai-khoan/dong-y/<slug:purpose>/", consents.decide, name="account_consent"),
    path("toi/tai-khoan/thiet-bi/", devices.index, name="account_devices"),
    path("toi/tai-khoan/dinh-danh/", identity.index, name="account_identity"),
    path("toi/tai-khoan/du-lieu/", own_data.index, name="account_data"),
    path("toi/tai-khoan/du-lieu/xem/", own_data.see, name="account_data_see"),
    path("toi/tai-khoan/du-lieu/tai/", own_data.download, name="account_data_download"),
    path("toi/tai-khoan/du-lieu/yeu-cau/", own_data.ask, name="account_request"),
    path("toi/tai-khoan/du-lieu/yeu-cau/<str:code>/rut/", own_data.cancel, name="account_request_cancel"),
    path("toi/tai-khoan/du-lieu/han-che/", own_data.restrict, name="account_restrict"),
    path("toi/tai-khoan/xoa/", erasure.erase, name="account_erase"),
    path("toi/tai-khoan/da-xoa/", erasure.done, name="account_erased"),
    path("toi/duoc-giup/", assist.answer, name="assisted"),
    path("giup-mo-tai-khoan/", assist.index, name="assist"),
    path("giup-mo-tai-khoan/<uuid:uid>/dung/", assist.end, name="assist_end"),
]
