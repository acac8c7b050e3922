"""The second pair of eyes at the desk: a code or passkey for this very approval, a return with reasons, and the glass to be broken."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from smarthd.agencies import selectors as agencies
from smarthd.alerts.errors import FreshFactorNeeded, SecondPersonNeeded
from smarthd.alerts.rules.states import State
from smarthd.alerts.selectors import desk
from smarthd.alerts.services import approving
from smarthd.backoffice.forms.alerts import account_of_phone
from smarthd.backoffice.gate import official
from smarthd.backoffice.views.alerts import board
from smarthd.backoffice.views.alerts.asking import APPROVERS, WRITERS, actor_of, problem
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor
from smarthd.people import selectors as people
from smarthd.people import services as people_services
from smarthd.ui import refusals

PASSKEY = "alert_passkey"
"""What a session remembers of a passkey asked for one approval: the content, how many had been given before, whether it came."""


@require_POST
@official(*APPROVERS)
def approve(request: HttpRequest, code: str) -> HttpResponse:
    """Approve what was read; the hash in the form is of the page that was read."""
    actor, now = actor_of(request), clock.now()
    row, read = desk.get_row(actor, code), request.POST.get("hash", "")
    try:
        alert = approving.approve_alert(row.uid, content_hash=read, actor=_proved(request, actor, row, now), now=now)
    except errors.NotFound:
        raise
    except errors.Refusal as refusal:
        return board.page(request, code, problem=problem(refusal, "approve"), status=refusals.status_of(refusal))
    request.session.pop(PASSKEY, None)
    return _after(request, alert)


def _after(request: HttpRequest, alert: Any) -> HttpResponse:
    if alert.state == State.LAPSED:
        messages.error(request, _("Cảnh báo đã hết hạn trước khi duyệt nên không được gửi. Xin soạn bản mới."))
        return redirect("backoffice:alert", code=alert.code)
    messages.success(request, _("Đã duyệt và phát. Bàn trực cho thấy đã tới đâu."))
    return redirect("backoffice:alert_desk", code=alert.code)


def _proved(request: HttpRequest, actor: Actor, row: Any, now: datetime) -> Actor:
    """Return the actor with the factor given for this approval: the six figures typed, or a passkey given since it was asked for."""
    typed = request.POST.get("code", "").strip()
    if typed and actor.account_id is not None:
        if not people_services.confirm_totp(actor.account_id, typed, now=now):
            raise FreshFactorNeeded
        return actor.knowing(**{approving.PROOF: "totp"})
    asked = request.session.get(PASSKEY, {})
    if asked.get("proved") and asked["proved"] == row.content_hash:
        return actor.knowing(**{approving.PROOF: "passkey"})
    return actor


@require_GET
@official(*APPROVERS)
def passkey(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a passkey for this approval; coming back with one more than before proves it was given now, for this content."""
    actor = actor_of(request)
    row = desk.get_row(actor, code)
    given = people.passkeys_given(request.session, actor.account_id or 0)
    asked = request.session.get(PASSKEY, {})
    back = reverse("backoffice:alert_passkey", args=[row.code])
    if asked.get("hash") == row.content_hash and given > asked.get("before", given):
        request.session[PASSKEY] = {"proved": row.content_hash}
        return redirect(f"{reverse('backoffice:alert', args=[row.code])}#duyet")
    request.session[PASSKEY] = {"hash": row.content_hash, "before": given}
    return redirect(f"{reverse('mfa_reauthenticate_webauthn')}?{urlencode({'next': back})}")


@require_POST
@official(*APPROVERS)
def send_back(request: HttpRequest, code: str) -> HttpResponse:
    """Send a warning back with reasons by field."""
    actor, now = actor_of(request), clock.now()
    row = desk.get_row(actor, code)
    reasons = {name.removeprefix("ly-do-"): words for name, words in request.POST.items() if name.startswith("ly-do-")}
    try:
        approving.return_alert(row.uid, reasons={k: str(v) for k, v in reasons.items()}, actor=actor, now=now)
    except errors.NotFound:
        raise
    except errors.Refusal as refusal:
        return board.page(request, code, problem=problem(refusal, "return"), status=refusals.status_of(refusal))
    messages.success(request, _("Đã trả lại kèm lý do."))
    return redirect("backoffice:alerts")


@require_POST
@official(*WRITERS)
def break_glass(request: HttpRequest, code: str) -> HttpResponse:
    """Send out with a second official's own code, read out over the telephone; a third reviews it afterwards."""
    actor, now = actor_of(request), clock.now()
    row = desk.get_row(actor, code)
    try:
        alert = approving.break_glass(
            row.uid,
            content_hash=request.POST.get("hash", ""),
            second=_second(request, now),
            reason=request.POST.get("reason", ""),
            actor=actor,
            now=now,
        )
    except errors.NotFound:
        raise
    except errors.Refusal as refusal:
        return board.page(request, code, problem=problem(refusal, "break_glass"), status=refusals.status_of(refusal))
    return _after(request, alert)


def _second(request: HttpRequest, now: datetime) -> Actor:
    """Return the second official, proved by the figures of their own authenticator; whatever is wrong is said in the same words."""
    account_id = account_of_phone(request.POST.get("phone", ""))
    typed = request.POST.get("code", "").strip()
    if account_id is None or not typed or not people_services.confirm_totp(account_id, typed, now=now):
        raise SecondPersonNeeded
    second = agencies.actor_for(account_id, now, second_factor=True)
    return second.knowing(**{approving.PROOF: "totp"})
