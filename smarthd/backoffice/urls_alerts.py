"""Pages of warnings at the desk, under ``canh-bao/``: the board, writing, one warning, approval, the duty desk."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from smarthd.backoffice.views.alerts import acts, approving, board, composing, desk, shelters, sources

urlpatterns: list[URLPattern] = [
    path("canh-bao/", board.index, name="alerts"),
    path("canh-bao/soan/", composing.choose, name="alert_choose"),
    path("canh-bao/soan/<slug:hazard>/", composing.compose, name="alert_compose"),
    path("canh-bao/nguoi-nhan.json", composing.audience, name="alert_audience"),
    path("canh-bao/vung-mau/", composing.preset, name="alert_preset"),
    path("canh-bao/noi-tranh-tru/", shelters.index, name="shelters"),
    path("canh-bao/noi-tranh-tru/them/", shelters.add, name="shelter_add"),
    path("canh-bao/noi-tranh-tru/bang/", shelters.table, name="shelter_table"),
    re_path(r"^canh-bao/noi-tranh-tru/danh-sach\.(?P<suffix>csv|xlsx)$", shelters.export, name="shelter_export"),
    path("canh-bao/noi-tranh-tru/<uuid:uid>/", shelters.change, name="shelter"),
    path("canh-bao/noi-tranh-tru/<uuid:uid>/tinh-trang/", shelters.stand, name="shelter_stand"),
    path("canh-bao/nguon-tin/", sources.index, name="alert_sources"),
    path("canh-bao/nguon-tin/them/", sources.add, name="alert_source_add"),
    path("canh-bao/nguon-tin/<slug:key>/", sources.change, name="alert_source"),
    path("canh-bao/nguon-tin/<slug:key>/lay/", sources.ask, name="alert_source_ask"),
    path("canh-bao/<str:code>/", board.detail, name="alert"),
    path("canh-bao/<str:code>/sua/", composing.edit, name="alert_edit"),
    path("canh-bao/<str:code>/viec/", acts.act, name="alert_act"),
    path("canh-bao/<str:code>/tra-lai/", approving.send_back, name="alert_return"),
    path("canh-bao/<str:code>/duyet/", approving.approve, name="alert_approve"),
    path("canh-bao/<str:code>/khoa/", approving.passkey, name="alert_passkey"),
    path("canh-bao/<str:code>/phat-khan/", approving.break_glass, name="alert_break_glass"),
    path("canh-bao/<str:code>/truc/", desk.index, name="alert_desk"),
    path("canh-bao/<str:code>/truc/<uuid:uid>/", desk.help_act, name="alert_help"),
]
