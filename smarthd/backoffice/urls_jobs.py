"""Addresses of the background work."""

from __future__ import annotations

from django.urls import URLPattern, path

from smarthd.backoffice.views import jobs

urlpatterns: list[URLPattern] = [
    path("viec-nen/", jobs.index, name="jobs"),
    path("viec-nen/<int:number>/", jobs.job, name="job"),
    path("viec-nen/<int:number>/<slug:act>/", jobs.act, name="job_act"),
]
