"""What the API answers to what it cannot take: Vietnamese, by field, in one shape ``{"error": {...}}``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from smarthd.kernel import clock
from smarthd.kernel.errors import Refusal
from smarthd.ui import refusals

_WORDS = {
    "missing": "Thiếu mục này.",
    "uuid_parsing": "Không phải mã định danh (UUID) hợp lệ.",
    "uuid_type": "Không phải mã định danh (UUID) hợp lệ.",
    "timezone_aware": "Thiếu múi giờ, ví dụ 2026-11-24T08:00:00+07:00.",
    "datetime_from_date_parsing": "Không đọc được ngày giờ, ví dụ đúng: 2026-11-24T08:00:00+07:00.",
    "datetime_parsing": "Không đọc được ngày giờ, ví dụ đúng: 2026-11-24T08:00:00+07:00.",
    "datetime_type": "Không đọc được ngày giờ, ví dụ đúng: 2026-11-24T08:00:00+07:00.",
    "bool_parsing": "Chỉ nhận true hoặc false.",
    "bool_type": "Chỉ nhận true hoặc false.",
    "int_parsing": "Phải là số nguyên.",
    "int_type": "Phải là số nguyên.",
    "string_type": "Phải là chữ.",
    "list_type": "Phải là một danh sách.",
}
_LIMITS = {
    "too_long": "Nhiều hơn {max_length} mục.",
    "too_short": "Phải có ít nhất {min_length} mục.",
    "string_too_long": "Dài hơn {max_length} ký tự.",
    "enum": "Không có giá trị này; các giá trị nhận: {expected}.",
    "literal_error": "Không có giá trị này; các giá trị nhận: {expected}.",
}
READABLE = {"ensure_ascii": False}
"""Words in JSON as they are written: who reads an answer in a terminal reads Vietnamese."""

refusals.say(
    "CrossOrigin", "Yêu cầu đến từ trang khác", "Chỉ ứng dụng Smart-HaiDuong được gửi yêu cầu này.", status=403
)
refusals.say("NotJson", "Yêu cầu chưa đọc được", "Nội dung phải là JSON (Content-Type: application/json).", status=415)
refusals.say("UnknownAtom", "Địa bàn chưa đúng", "Chưa có gì được lưu. Xin chọn lại xã, phường hoặc thôn, khu.")
refusals.say("TooManyAttempts", "Gửi quá nhiều lần", "Xin chờ ít phút rồi gửi lại.", status=429)
refusals.say("KeyInvalid", "Khóa không đúng", "Khóa không phải của hệ thống này, hoặc đã bị thu.", status=401)
refusals.say(
    "TooManyCalls",
    "Đã hết số lần gọi của giờ này",
    "Mỗi giờ được %(limit)s lần. Xin chờ, hoặc xin khóa có giới hạn cao hơn, hoặc tải tệp cả bộ một lần.",
    status=429,
)
refusals.say("FileBeingMade", "Tệp đang được chuẩn bị", "Bộ dữ liệu lớn; xin gọi lại sau %(retry_s)s giây.", status=503)
refusals.say(
    "FormatUnknown",
    "Bộ dữ liệu này không có dạng ấy",
    "Các dạng có: %(formats)s. Xin gọi lại với một trong các dạng này.",
)
refusals.say("AskFaulty", "Tham số chưa đúng", "Xin sửa các tham số nêu dưới rồi gọi lại.", status=400)


def register(api: NinjaAPI) -> None:
    """Let the API answer refusals and wrong input as the rest of the house does."""
    api.add_exception_handler(Refusal, _refused)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _unreadable)


def _refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    answer = refusals.answer(request, refusal)
    for name, said in beside(refusal, answer.status_code).items():
        answer.headers[name] = said
    return answer


def beside(refusal: Refusal, status: int) -> dict[str, str]:
    """Return the headers a refusal goes with: when to call again; with what one may (RFC 9110, 11.6.1, demands it of a 401)."""
    told = {"WWW-Authenticate": 'Bearer realm="Smart-HaiDuong"'} if status == 401 else {}
    if wait := seconds_to_wait(refusal):
        told["Retry-After"] = str(wait)
    return told


def seconds_to_wait(refusal: Refusal) -> int:
    """Return after how many seconds it is worth calling again; 0 where waiting changes nothing."""
    retry_at = refusal.facts.get("retry_at")
    if isinstance(retry_at, datetime):
        return max(1, round((retry_at - clock.now()).total_seconds()))
    retry_s = refusal.facts.get("retry_s")
    return retry_s if isinstance(retry_s, int) else 0


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    fields = {_where(one["loc"]): _what(one) for one in error.errors}
    return JsonResponse(
        {
            "error": {
                "name": "Invalid",
                "title": "Có chỗ chưa đúng",
                "detail": "Chưa có gì được lưu. Xin sửa các mục nêu dưới rồi gửi lại.",
                "fields": fields,
            }
        },
        status=422,
        json_dumps_params=READABLE,
    )


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    return JsonResponse(
        {
            "error": {
                "name": "Unreadable",
                "title": "Yêu cầu chưa đọc được",
                "detail": "Nội dung gửi lên không phải JSON đúng. Chưa có gì được lưu.",
            }
        },
        status=error.status_code,
        json_dumps_params=READABLE,
    )


def _where(place: tuple[Any, ...]) -> str:
    """Return where it is: in the body as ``events.3.at`` (ninja's own two first steps are left out), else the name of the parameter."""
    if place and place[0] in {"path", "query", "header"}:
        return ".".join(map(str, place[1:])) or str(place[0])
    return ".".join(str(step) for step in place[2:]) or "body"


def _what(error: dict[str, Any]) -> str:
    kind = str(error["type"])
    if kind in _LIMITS:
        return _LIMITS[kind].format_map(error.get("ctx", {}))
    return _WORDS.get(kind, "Giá trị chưa đúng.")
