"""Pages of the citizen's app."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from smarthd.citizen import (
    urls_account,
    urls_alerts,
    urls_articles,
    urls_content,
    urls_datasets,
    urls_fieldreports,
    urls_open_data,
)
from smarthd.citizen.views import (
    addresses,
    directory,
    gallery,
    guide,
    home,
    me,
    notices,
    push,
    pwa,
    search,
    start,
    teams,
)

app_name = "citizen"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("sw.js", pwa.worker, name="worker"),
    path("bat-dau/", start.choose, name="start"),
    path("bat-dau/vi-tri/", start.locate, name="start_locate"),
    path("bat-dau/hien-thi/", start.display, name="start_display"),
    path("bat-dau/do-luong/", start.measure, name="start_measure"),
    path("thong-bao/", notices.index, name="notices"),
    path("thong-bao/<slug:slug>/", notices.detail, name="notice"),
    path("danh-ba/", directory.index, name="directory"),
    path("dia-chi/", addresses.index, name="addresses"),
    path("dia-chi/goi-y/", addresses.suggest, name="address_suggest"),
    path("dia-chi/<uuid:uid>/", addresses.detail, name="address"),
    path("tim/", search.index, name="search"),
    path("tim/goi-y/", search.suggest, name="search_suggest"),
    path("m/", teams.typed, name="typed"),
    path("m/<str:code>/", teams.scanned, name="scanned"),
    path("toi/", me.me, name="me"),
    path("toi/nhan-thong-bao/", push.index, name="push_wishes"),
    path("cai-dat/", me.preferences, name="settings"),
    path("cai-dat-ung-dung/", guide.install, name="install_guide"),
    path("tro-giup/", guide.help_page, name="help"),
    path("huong-dan/<slug:slug>/", guide.of_role, name="guide"),
    path("huong-dan/hinh/<slug:name>.png", guide.picture, name="guide_picture"),
    path("quyen-rieng-tu/", guide.privacy, name="privacy"),
    path("ngoai-tuyen/", guide.offline, name="offline"),
    *urls_alerts.urlpatterns,
    *urls_articles.urlpatterns,
    *urls_content.urlpatterns,
    *urls_open_data.urlpatterns,
    *urls_datasets.urlpatterns,
    *urls_fieldreports.urlpatterns,
    *urls_account.urlpatterns,
]
if not settings.PRODUCTION:
    urlpatterns.append(path("ve-giao-dien/", gallery.gallery, name="gallery"))
