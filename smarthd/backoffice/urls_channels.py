"""Pages of Kênh phát, under ``kenh-phat/``: bulletins and what became of them, outlets."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from smarthd.backoffice.views.channels import bulletins, notices, outlets

urlpatterns: list[URLPattern] = [
    path("kenh-phat/", bulletins.index, name="channels"),
    path("kenh-phat/soan/", bulletins.compose, name="channel_compose"),
    path("kenh-phat/thong-bao/", notices.index, name="channel_notices"),
    path("kenh-phat/thong-bao/<uuid:uid>/", notices.carry, name="channel_notice"),
    path("kenh-phat/noi-nhan/", outlets.index, name="channel_outlets"),
    path("kenh-phat/noi-nhan/them/<slug:kind>/", outlets.add, name="channel_outlet_add"),
    path("kenh-phat/noi-nhan/<uuid:uid>/", outlets.change, name="channel_outlet"),
    path("kenh-phat/minh-chung/<uuid:uid>/", bulletins.proof, name="channel_proof"),
    path("kenh-phat/luot/<uuid:uid>/gui-lai/", bulletins.resend, name="channel_resend"),
    path("kenh-phat/<uuid:uid>/", bulletins.detail, name="channel_bulletin"),
    path("kenh-phat/<uuid:uid>/minh-chung/", bulletins.prove, name="channel_prove"),
    re_path(
        r"^kenh-phat/(?P<uid>[0-9a-f-]{36})/tep\.(?P<suffix>docx|mp3|pdf)$", bulletins.download, name="channel_file"
    ),
]
