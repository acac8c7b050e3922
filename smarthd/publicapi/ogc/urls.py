"""Addresses of OGC API – Features."""

from __future__ import annotations

from django.urls import path

from smarthd.publicapi.ogc import views

app_name = "ogc"
urlpatterns = [  # what is asked most comes first
    path("collections/<str:key>/items/<str:code>", views.item, name="item"),
    path("collections/<str:key>/items", views.items, name="items"),
    path("", views.landing, name="landing"),
    path("conformance", views.conformance, name="conformance"),
    path("api", views.api, name="api"),
    path("collections", views.collections, name="collections"),
    path("collections/<str:key>", views.collection, name="collection"),
    path("collections/<str:key>/queryables", views.queryables, name="queryables"),
]
