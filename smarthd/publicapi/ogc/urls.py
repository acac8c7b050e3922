"""Addresses of OGC API – Features."""

from __future__ import annotations

from django.urls import path

from smarthd.publicapi.ogc import views

urlpatterns = [
    path("", views.landing),
    path("conformance", views.conformance),
    path("api", views.api),
    path("collections", views.collections),
    path("collections/<str:key>", views.collection),
    path("collections/<str:key>/queryables", views.queryables),
    path("collections/<str:key>/items", views.items),
    path("collections/<str:key>/items/<str:code>", views.item),
]
