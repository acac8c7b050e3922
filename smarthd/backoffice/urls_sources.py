"""Pages of data sources: from a clerk's file to what citizens see."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from smarthd.backoffice.views import (
    source_columns,
    source_dossiers,
    source_earlier,
    source_freshness,
    source_stations,
    source_use,
    source_versions,
    sources,
)

urlpatterns: list[URLPattern] = [
    path("nguon-du-lieu/", sources.index, name="sources"),
    path("nguon-du-lieu/lap/", sources.new, name="source_new"),
    path("nguon-du-lieu/do-moi/", source_freshness.board, name="source_freshness"),
    path("nguon-du-lieu/mot-cua/", source_dossiers.index, name="dossier_desks"),
    path("nguon-du-lieu/mot-cua/noi/", source_dossiers.edit, name="dossier_desk_new"),
    path("nguon-du-lieu/mot-cua/<uuid:uid>/", source_dossiers.edit, name="dossier_desk"),
    path("nguon-du-lieu/mot-cua/<uuid:uid>/thoi/", source_dossiers.end, name="dossier_desk_end"),
    path("nguon-du-lieu/<uuid:uid>/", sources.detail, name="source"),
    path("nguon-du-lieu/<uuid:uid>/nop/", sources.hand_in, name="source_hand_in"),
    path("nguon-du-lieu/<uuid:uid>/tep-mau.xlsx", sources.blank_file, name="source_blank"),
    path("nguon-du-lieu/<uuid:uid>/sua/", sources.edit, name="source_edit"),
    path("nguon-du-lieu/<uuid:uid>/cach-hien/", sources.shape, name="source_shape"),
    path("nguon-du-lieu/<uuid:uid>/cot/", source_columns.columns, name="source_columns"),
    path("nguon-du-lieu/<uuid:uid>/noi-lay/", sources.place, name="source_place"),
    path("nguon-du-lieu/<uuid:uid>/quy-tac/", sources.ground_rules, name="source_rules"),
    path("nguon-du-lieu/<uuid:uid>/ban-truoc/", source_earlier.page, name="source_earlier"),
    path("nguon-du-lieu/<uuid:uid>/ban-truoc/<slug:act>/", source_earlier.act, name="source_earlier_act"),
    path("nguon-du-lieu/<uuid:uid>/khoa/", sources.push_key, name="source_push_key"),
    path("nguon-du-lieu/<uuid:uid>/tram/", source_stations.index, name="source_stations"),
    path("nguon-du-lieu/<uuid:uid>/tram/them/", source_stations.edit, name="source_station_new"),
    path("nguon-du-lieu/<uuid:uid>/tram/<uuid:station_uid>/", source_stations.edit, name="source_station"),
    path("nguon-du-lieu/<uuid:uid>/tram/<uuid:station_uid>/thoi/", source_stations.end, name="source_station_end"),
    path("nguon-du-lieu/<uuid:uid>/luot-lay/", source_use.page, name="source_use"),
    re_path(
        r"^nguon-du-lieu/(?P<uid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/luot-lay\.(?P<suffix>csv|xlsx)$",
        source_use.export,
        name="source_use_file",
    ),
    path("nguon-du-lieu/<uuid:uid>/<slug:act>/", sources.act, name="source_act"),
    path("nguon-du-lieu/<uuid:uid>/ban/<int:number>/", source_versions.version, name="source_version"),
    path("nguon-du-lieu/<uuid:uid>/ban/<int:number>/dong-loi.xlsx", source_versions.faulty, name="source_faulty"),
    path("nguon-du-lieu/<uuid:uid>/ban/<int:number>/<slug:act>/", source_versions.act, name="source_version_act"),
]
