"""The API for machines and for the app's own background calls: ``/api/v1/``."""

from __future__ import annotations

from ninja import NinjaAPI

api = NinjaAPI(
    title="Smart-HaiDuong",
    version="1",
    urls_namespace="api-1",
    openapi_url="/openapi.json",
    docs_url=None,
)
