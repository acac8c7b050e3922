"""Trung thực: what the sweeps doubt, in words; administrators decide with a reason, auditors look."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from smarthd.agencies import selectors as agencies
from smarthd.backoffice.gate import official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import ADMINISTRATION, WATCH
from smarthd.kernel import audit, clock, errors
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
from smarthd.rollout import policies, selectors, services
from smarthd.rollout.rules import integrity as rules

KINDS = {
    rules.State.APPEALED: "warn",
    rules.State.QUARANTINED: "bad",
    rules.State.KEPT: "bad",
    rules.State.RELEASED: "ok",
}


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


@require_GET
@official(*WATCH)
def index(request: HttpRequest) -> HttpResponse:
    """List suspicions by signal, what waits for a decision first; each look is in the trail."""
    return _listed(request)


def _listed(request: HttpRequest, *, failed: UUID | None = None, typed: str = "") -> HttpResponse:
    actor = _actor(request)
    signal, state = request.GET.get("dau-hieu", ""), request.GET.get("tinh-trang", "")
    signal = signal if signal in set(rules.Signal) else ""
    state = state if state in set(rules.State) else ""
    doubts, counts = selectors.doubts_for(actor, signal=signal, state=state)
    audit.looked(actor, "backoffice.integrity_read", at=clock.now(), filtered_by=signal or state)
    names = _names(doubts)
    context = {
        "doubts": [
            {
                "doubt": doubt,
                "name": names[doubt.subject, doubt.subject_id],
                "words": rules.STATE_WORDS[doubt.state],
                "kind": KINDS.get(doubt.state, "plain"),
                "failed": doubt.uid == failed,
                "may_release": rules.RELEASE.may_start(doubt.state),
                "may_keep": doubt.subject == "account" and rules.KEEP.may_start(doubt.state),
            }
            for doubt in doubts
        ],
        "signals": [(one, words, counts[one]) for one, words in rules.WORDS.items() if counts[one]],
        "states": list(rules.STATE_WORDS.items()),
        "signal": signal,
        "state": state,
        "may_judge": policies.can_judge_integrity(actor),
        "typed": typed,
        "nav_here": "integrity",
    }
    return render(request, "backoffice/integrity/index.html", context, status=422 if failed else 200)


def _names(doubts: list[selectors.Doubt]) -> dict[tuple[str, int], str]:
    """Return what to call each subject: agencies and units by name, accounts by number only."""
    today = clock.today()
    ids = {
        kind: [doubt.subject_id for doubt in doubts if doubt.subject == kind] for kind in ("account", "agency", "unit")
    }
    bodies, units = agencies.agency_views(ids["agency"], today), places.views(ids["unit"], today)
    return (
        {("account", pk): _("Tài khoản %(number)d") % {"number": pk} for pk in ids["account"]}
        | {("agency", pk): bodies[pk].name if pk in bodies else str(pk) for pk in ids["agency"]}
        | {("unit", pk): units[pk].full_name if pk in units else str(pk) for pk in ids["unit"]}
    )


@require_POST
@official(*ADMINISTRATION)
def decide(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Count an account again, or leave it apart, with a reason."""
    actor, reason = _actor(request), request.POST.get("reason", "")
    act = services.keep_apart if request.POST.get("keep") == "1" else services.release
    try:
        act(uid, reason=reason, actor=actor, now=clock.now())
    except errors.Invalid:
        return _listed(request, failed=uid, typed=reason)
    messages.success(request, _("Đã ghi quyết định và báo cho người có tài khoản."))
    return redirect("backoffice:integrity")
