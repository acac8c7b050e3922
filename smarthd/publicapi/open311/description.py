"""Open311 as an OpenAPI 3.1 document, for tools: what may be asked, and what is answered in JSON. The words of the specification are its own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from smarthd.publicapi.open311.describing import ROOT

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE: dict[str, Any] = {"type": ["string", "null"]}
_NUMBER: dict[str, Any] = {"type": ["number", "null"]}
_INSTANT: dict[str, Any] = {"type": "string", "format": "date-time"}
_FORMAT = {"name": "format", "in": "path", "required": True, "schema": {"type": "string", "enum": ["json", "xml"]}}
_JURISDICTION = {"name": "jurisdiction_id", "in": "query", "schema": _TEXT}
_REQUEST = {
    "service_request_id": _TEXT,
    "status": {"type": "string", "enum": ["open", "closed"]},
    "status_notes": _TEXT,
    "service_name": _TEXT,
    "service_code": _TEXT,
    "description": _MAYBE,
    "agency_responsible": _MAYBE,
    "service_notice": _MAYBE,
    "requested_datetime": _INSTANT,
    "updated_datetime": _INSTANT,
    "expected_datetime": {"type": ["string", "null"], "format": "date-time"},
    "address": _TEXT,
    "address_id": _MAYBE,
    "zipcode": {"type": "null"},
    "lat": _NUMBER,
    "long": _NUMBER,
    "media_url": _MAYBE,
}
_SERVICE = {
    "service_code": _TEXT,
    "service_name": _TEXT,
    "description": _MAYBE,
    "metadata": {"type": "boolean"},
    "type": {"type": "string", "enum": ["realtime", "batch"]},
    "keywords": _TEXT,
    "group": _MAYBE,
}
_FORM = (
    "api_key", "service_code", "lat", "long", "address_string", "address_id", "email", "device_id", "account_id", "first_name",
    "last_name", "phone", "description", "media_url", "jurisdiction_id",
)  # fmt: skip


def _all_of(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _list_of(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _all_of(fields)}


def _answer(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "", "content": {"application/json": {"schema": schema}, "text/xml": {}}}


def _operation(
    summary: str, schema: dict[str, Any], *parameters: dict[str, Any], status: str = "200"
) -> dict[str, Any]:
    return {
        "summary": summary,
        "parameters": [_FORMAT, _JURISDICTION, *parameters],
        "responses": {status: _answer(schema), "default": _answer(_list_of({"code": {"type": "integer"}, "description": _TEXT}))},
    }  # fmt: skip


def _asked(name: str, place: str = "query") -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": _TEXT}


def document() -> dict[str, Any]:
    """Return the description."""
    filters = [_asked(name) for name in ("service_request_id", "service_code", "start_date", "end_date", "status")]
    sent = {
        name: {"type": ["string", "null"]} for name in ("service_request_id", "token", "service_notice", "account_id")
    }
    one_sent = {"type": "array", "items": {"type": "object", "properties": sent, "additionalProperties": False}}
    post = _operation("Gửi phản ánh", one_sent, status="201")
    form = {"type": "object", "properties": dict.fromkeys(_FORM, _TEXT), "required": ["api_key", "service_code"]}
    post["requestBody"] = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": form}}}
    definition = {"service_code": _TEXT, "attributes": {"type": "array", "items": {"type": "object"}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Smart-HaiDuong Open311 GeoReport v2", "version": "2"},
        "servers": [{"url": f"{settings.ORIGIN}{ROOT}"}],
        "paths": {
            "/services.{format}": {"get": _operation("Các lĩnh vực", _list_of(_SERVICE))},
            "/services/{service_code}.{format}": {
                "get": _operation("Câu hỏi của một lĩnh vực", _all_of(definition), _asked("service_code", "path"))
            },
            "/requests.{format}": {"get": _operation("Các phản ánh", _list_of(_REQUEST), *filters), "post": post},
            "/requests/{service_request_id}.{format}": {
                "get": _operation("Một phản ánh", _list_of(_REQUEST), _asked("service_request_id", "path"))
            },
            "/tokens/{token}.{format}": {
                "get": _operation(
                    "Mã phản ánh theo mã tạm",
                    _list_of({"service_request_id": _MAYBE, "token": _TEXT}),
                    _asked("token", "path"),
                )
            },
        },
    }


@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """Give the description."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})
