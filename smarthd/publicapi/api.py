"""The API for machines and for the app's own background calls: ``/api/v1/``."""

from __future__ import annotations

from ninja import NinjaAPI

from smarthd.publicapi import answers
from smarthd.publicapi.routers import activity, earlier, ideas, open_data, push, teams

api = NinjaAPI(
    title="Smart-HaiDuong",
    version="1",
    urls_namespace="api-1",
    openapi_url="/openapi.json",
    docs_url=None,
)
answers.register(api)
api.add_router("", activity.router)
api.add_router("", push.router)
api.add_router("", teams.router)
api.add_router("", open_data.router)
api.add_router("", earlier.router)
api.add_router("", ideas.router)
