"""Pages without sign-in: whoever was sent a bulletin reads and confirms it; a portal shows it in a frame or a tag."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from smarthd.publicapi.views import bulletins

app_name = "bulletins"
urlpatterns: list[URLPattern] = [
    path("kenh-phat/nhan/<str:token>/", bulletins.receiver, name="receiver"),
    re_path(r"^kenh-phat/nhan/(?P<token>[\w-]{20,43})/loi-doc\.(?P<suffix>docx|mp3|pdf)$", bulletins.file, name="file"),
    path("nhung/ban-tin/<slug:key>/", bulletins.frame, name="frame"),
    path("nhung/ban-tin/<slug:key>/du-lieu.json", bulletins.cards, name="cards"),
    path("nhung/ban-tin.js", bulletins.script, name="script"),
]
