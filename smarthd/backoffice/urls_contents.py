"""Pages of the content desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from smarthd.backoffice.views import contents

urlpatterns: list[URLPattern] = [
    path("noi-dung/", contents.index, name="contents"),
    path("noi-dung/<uuid:uid>/<slug:kind>/", contents.section, name="content_section"),
    path("noi-dung/<uuid:uid>/<slug:kind>/da-xem/", contents.checked, name="content_checked"),
]
