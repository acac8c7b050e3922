"""The gate before Wagtail: roles, second factor, and a list of the few addresses of Wagtail's that we use."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from smarthd.content import policies, selectors
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor
from smarthd.ui import refusals

PREFIX = "/noi-dung-quan-tri/"
_USED = re.compile(
    r"(|sprite/|jsi18n/|logout/"
    r"|snippets/content/(notice|hotline|news|guide|procedure|legaldocument|question|occasion|tile|contact)/.*|images/.*|choose-(external|phone|email)-link/"
    r"|editing-sessions/.*|dismissibles/|tag-autocomplete/.*)"
)


class NotAnEditor(errors.NotAllowed):
    """The account holds no role that opens the content editor."""


class SecondFactorNeeded(errors.NotAllowed):
    """The account may edit, but this session was opened without a second factor."""


class NoSuchEditorPage(errors.NotFound):
    """An address of Wagtail's that this product does not use."""


refusals.say(
    "NotAnEditor",
    _("Trang biên tập nội dung"),
    _("Tài khoản này chưa được giao biên tập hay duyệt nội dung. Xin hỏi người quản trị của đơn vị."),
)
refusals.say(
    "SecondFactorNeeded",
    _("Cần xác thực hai lớp"),
    _(
        "Biên tập nội dung cần đăng nhập bằng hai lớp. Xin vào Bảo mật tài khoản, bật xác thực hai lớp, rồi đăng nhập lại."
    ),
)


class EditorGate:
    """Middleware: lets through to Wagtail only who may edit, and puts the actor on the user for the policies to read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        """Check the actor and the address; a refusal is answered by the house's own page."""
        if not request.path.startswith(PREFIX):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        actor = selectors.editor_actor(request.session, request.user.pk or 0, now=clock.now())
        try:
            check(actor, request.path)
        except errors.Refusal as refusal:
            return refusals.answer(request, refusal)
        user: Any = request.user
        user.content_actor = actor
        user.first_name = str(user)  # how Wagtail greets a person; the account's own name is sealed
        return None


def check(actor: Actor, path: str) -> None:
    """Refuse by name who may not enter, and addresses of Wagtail's that this product does not use."""
    if not actor.has_role(*policies.READERS):
        raise NotAnEditor
    if not actor.second_factor:
        raise SecondFactorNeeded
    if not _USED.fullmatch(path.removeprefix(PREFIX)):
        raise NoSuchEditorPage
