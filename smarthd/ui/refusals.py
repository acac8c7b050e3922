"""The one place where refusals become answers.

A refusal raised anywhere below (``kernel.errors``) carries no HTTP and no Vietnamese. Here its family chooses the status
(NotAllowed 403, NotFound 404, Conflict 409, Invalid 422), and its name chooses the words: an audience package may give a
refusal words of its own with :func:`say`. Pages get a page, machines get ``{"error": {...}}``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from smarthd.kernel import errors

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Words:
    """What a person reads: what happened, and what is kept and what to do."""

    title: str
    body: str


STATUS: tuple[tuple[type[errors.Refusal], int], ...] = (
    (errors.NotAllowed, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.Invalid, 422),
)

_FAMILY: dict[int, tuple[Text, Text]] = {
    400: (
        gettext_lazy("Yêu cầu chưa đọc được"),
        gettext_lazy("Xin quay lại trang trước và thử lại."),
    ),
    403: (
        gettext_lazy("Việc này cần quyền khác"),
        gettext_lazy(
            "Tài khoản đang dùng chưa được làm việc này. Nếu đây là việc của mình, xin hỏi người quản trị của đơn vị."
        ),
    ),
    404: (
        gettext_lazy("Không có trang này"),
        gettext_lazy("Địa chỉ có thể đã đổi hoặc gõ thiếu. Xin tìm lại từ trang chủ."),
    ),
    409: (
        gettext_lazy("Việc này vừa thay đổi"),
        gettext_lazy(
            "Đã có người làm trước, hoặc trạng thái không còn như lúc mở trang. Xin tải lại để xem hiện trạng."
        ),
    ),
    422: (
        gettext_lazy("Có chỗ chưa đúng"),
        gettext_lazy("Chưa có gì được lưu. Xin quay lại, sửa chỗ chưa đúng rồi gửi lại."),
    ),
    429: (
        gettext_lazy("Thử quá nhiều lần"),
        gettext_lazy("Xin chờ ít phút rồi thử lại."),
    ),
    500: (
        gettext_lazy("Máy chủ gặp trục trặc"),
        gettext_lazy("Lỗi ở phía chúng tôi và đã được ghi lại. Xin thử lại sau ít phút."),
    ),
}
_NAMED: dict[str, tuple[Text, Text]] = {}
_NAMED_STATUS: dict[str, int] = {}


def say(name: str, title: Text, body: Text, *, status: int | None = None) -> None:
    """Give the refusal of this name words of its own; ``body`` may use its facts as ``%(fact)s``."""
    _NAMED[name] = (title, body)
    if status is not None:
        _NAMED_STATUS[name] = status


def status_of(refusal: errors.Refusal) -> int:
    """Return the HTTP status of a refusal's family."""
    if refusal.name in _NAMED_STATUS:
        return _NAMED_STATUS[refusal.name]
    return next((status for family, status in STATUS if isinstance(refusal, family)), 422)


def words_of(refusal: errors.Refusal) -> Words:
    """Return what a person should read about a refusal: its own words, its parents', or its family's."""
    for kind in type(refusal).__mro__:
        if kind.__name__ in _NAMED:
            title, body = _NAMED[kind.__name__]
            return Words(str(title), _filled(str(body), refusal.facts))
    title, body = _FAMILY[status_of(refusal)]
    told = refusal.facts.get("words")
    return Words(str(title), str(told) if told else str(body))


def words_of_name(name: str) -> Words:
    """Return the words of a refusal of which only the name is known (one among many acts); a conflict's, where it has none."""
    title, body = _NAMED.get(name, _FAMILY[409])
    return Words(str(title), _filled(str(body), {}))


def _filled(text: str, facts: dict[str, object]) -> str:
    try:
        return text % facts if "%(" in text else text
    except (KeyError, ValueError):
        return text.split("%(", maxsplit=1)[0].rstrip()


def wants_json(request: HttpRequest) -> bool:
    """Say whether the asker is a program: the API's addresses, or one that accepts JSON and no page."""
    accepts = request.headers.get("accept", "")
    return request.path.startswith("/api/") or ("json" in accepts and "html" not in accepts)


def as_json(refusal: errors.Refusal) -> tuple[int, dict[str, object]]:
    """Return status and body of a refusal for machines."""
    words = words_of(refusal)
    error: dict[str, object] = {"name": refusal.name, "title": words.title, "detail": words.body}
    fields = refusal.facts.get("fields")
    if isinstance(fields, dict):
        error["fields"] = {str(key): str(value) for key, value in fields.items()}
    return status_of(refusal), {"error": error}


def answer(request: HttpRequest, refusal: errors.Refusal) -> HttpResponse:
    """Turn a refusal into a page or a JSON answer."""
    if wants_json(request):
        status, body = as_json(refusal)
        return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    words = words_of(refusal)
    fields = refusal.facts.get("fields")
    return page(request, status_of(refusal), words, fields=fields if isinstance(fields, dict) else None)


def page(
    request: HttpRequest, status: int, words: Words | None = None, *, fields: dict[str, object] | None = None
) -> HttpResponse:
    """Show the page of a status, in the words given or the family's own."""
    if words is None:
        title, body = _FAMILY[status]
        words = Words(str(title), str(body))
    context = {"status": status, "words": words, "fields": fields or {}}
    return render(request, "ui/errors/refusal.html", context, status=status)


class RefusalMiddleware:
    """Answer refusals that a view let rise. Unexpected errors go on rising."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a refusal into its answer."""
        return answer(request, exception) if isinstance(exception, errors.Refusal) else None


# --- Django's own handlers (config/urls.py, CSRF_FAILURE_VIEW) -------------------------------------------------------
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400."""
    return _plain(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403."""
    return _plain(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404."""
    return _plain(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without touching the database."""
    return _plain(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose page had grown old, or a browser without cookies."""
    words = Words(
        _("Trang này mở đã lâu"),
        _(
            "Để giữ an toàn, biểu mẫu chưa được gửi. Xin tải lại trang và gửi lại; trình duyệt cần cho phép cookie của trang này."
        ),
    )
    if wants_json(request):
        return JsonResponse({"error": {"name": "CsrfFailed", "title": words.title, "detail": words.body}}, status=403)
    return page(request, 403, words)


def _plain(request: HttpRequest, status: int) -> HttpResponse:
    if wants_json(request):
        title, body = _FAMILY[status]
        error = {"name": f"Http{status}", "title": str(title), "detail": str(body)}
        return JsonResponse({"error": error}, status=status)
    return page(request, status)
