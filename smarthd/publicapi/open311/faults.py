"""What is answered when a request cannot be fulfilled: 404 for what is not there, 403 for keys, 400 for everything else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from smarthd.fieldreports.rules import refusals as words
from smarthd.kernel import clock, errors, limits
from smarthd.programs import errors as programs
from smarthd.publicapi.open311.formats import Answer

_FIELDS = {
    "words": "description",
    "address": "address_string",
    "phone": "phone",
    "name": "first_name, last_name",
    "category": "service_code",
    "attachments": "media",
}
"""What our names of what was sent are called in Open311."""
_KEYS: dict[type[errors.Refusal], str] = {
    programs.KeyMissing: "Thiếu api_key. Xin khóa tại cơ quan vận hành hệ thống.",
    programs.KeyInvalid: "api_key không đúng hoặc đã bị thu. Chưa có gì được lưu.",
}


class Fault(errors.Invalid):
    """A request that cannot be fulfilled: a status and its description, in Vietnamese, for the person who reads it."""

    def __init__(self, *descriptions: str, status: int = 400, headers: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.status = status
        self.descriptions = descriptions
        self.headers = headers or {}


def answer(refusal: errors.Refusal) -> Answer:
    """Return the error document of a refusal."""
    fault = refusal if isinstance(refusal, Fault) else _translated(refusal)
    told = [{"code": fault.status, "description": said} for said in fault.descriptions]
    return Answer("errors", told, status=fault.status, headers=fault.headers)


def _translated(refusal: errors.Refusal) -> Fault:
    if type(refusal) in _KEYS:
        return Fault(_KEYS[type(refusal)], status=403)
    if isinstance(refusal, limits.TooManyAttempts):
        return _too_many(refusal)
    fields = refusal.facts.get("fields")
    if isinstance(fields, dict) and fields:
        return Fault(*(f"{_field(str(name))}: {said}" for name, said in fields.items()))
    title, body, _status = words.WORDS.get(refusal.name, ("Yêu cầu chưa thực hiện được", "Chưa có gì được lưu.", None))
    return Fault(f"{title}. {body}", status=404 if isinstance(refusal, errors.NotFound) else 400)


def _field(name: str) -> str:
    if name.startswith("answers."):
        return f"attribute[{name.removeprefix('answers.')}]"
    return _FIELDS.get(name, name)


def _too_many(refusal: errors.Refusal) -> Fault:
    retry: Any = refusal.facts.get("retry_at")
    wait = max(1, round((retry - clock.now()).total_seconds())) if isinstance(retry, datetime) else 3600
    return Fault(
        f"Gửi quá nhiều trong một thời gian ngắn. Chưa có gì được lưu; xin gửi lại sau {wait} giây.",
        status=429,
        headers={"Retry-After": str(wait)},
    )
