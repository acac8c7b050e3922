"""Every address of the site, by audience."""

from __future__ import annotations

from django.urls import include, path
from wagtail.admin import urls as wagtail_admin_urls

from smarthd.content.editor import catalog

urlpatterns = [
    path("", include("smarthd.publicapi.urls")),
    path("can-bo/", include("smarthd.backoffice.urls")),
    path("tai-khoan/bao-mat/", include("smarthd.citizen.urls_allauth")),
    path("noi-dung-quan-tri/jsi18n/", catalog.words),
    path("noi-dung-quan-tri/", include(wagtail_admin_urls)),
    path("", include("smarthd.citizen.urls")),
]

handler400 = "smarthd.ui.refusals.bad_request"
handler403 = "smarthd.ui.refusals.forbidden"
handler404 = "smarthd.ui.refusals.not_found"
handler500 = "smarthd.ui.refusals.server_error"
