"""Bulletins: the board, one bulletin with its outlets, writing one, sending again, proof, files."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.backoffice.forms.channels import BulletinForm, DispatchProofForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import CHANNELS
from smarthd.channels import policies
from smarthd.channels.rules import saying
from smarthd.channels.rules.bulletins import CHANGE_WORDS, PRIORITY_WORDS, SOURCE_WORDS, Words
from smarthd.channels.rules.dispatches import STATE_WORDS, State
from smarthd.channels.rules.outlets import KIND_WORDS, Kind
from smarthd.channels.selectors import desk
from smarthd.channels.services import bulletins, dispatching, papers, proving
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor
from smarthd.ui import refusals

STANDS = (
    ("tat-ca", gettext_lazy("Tất cả")),
    ("dang-gui", gettext_lazy("Còn đang gửi")),
    ("co-loi", gettext_lazy("Có nơi không gửi được")),
)
FACES = {
    State.WAITING: ("warn", "clock"),
    State.SENT: ("info", "send"),
    State.RECEIVED: ("ok", "check"),
    State.PROVEN: ("ok", "check-circle"),
    State.FAILED: ("bad", "warning"),
    State.EXPIRED: ("bad", "clock"),
    State.DROPPED: ("plain", "stop"),
}
OUTCOMES = {
    "sent": gettext_lazy("đã gửi"),
    "unavailable": gettext_lazy("chưa gửi được, sẽ thử lại"),
    "refused": gettext_lazy("bị từ chối"),
    "resent": gettext_lazy("cán bộ cho gửi lại"),
    "played": gettext_lazy("loa báo đã phát"),
    "not_played": gettext_lazy("loa báo không phát được"),
    "confirmed": gettext_lazy("nơi nhận xác nhận"),
}
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "mp3": "audio/mpeg",
    "pdf": "application/pdf",
}


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


@require_GET
@official(*CHANNELS)
def index(request: HttpRequest) -> HttpResponse:
    """Show the newest bulletins and how many outlets have each."""
    actor, stand = _actor(request), request.GET.get("xem", "")
    stand = stand if stand in desk.STANDS else "tat-ca"
    found = desk.board(actor, stand=stand, now=clock.now())
    counts = {"tat-ca": found.count, "dang-gui": found.waiting, "co-loi": found.failed}
    context = {
        "found": found,
        "rows": [
            (row, PRIORITY_WORDS[row.priority], SOURCE_WORDS[row.source], CHANGE_WORDS[row.change])
            for row in found.rows
        ],
        "stand": stand,
        "stands": [(key, words, counts[key]) for key, words in STANDS],
        "may_send": bool(policies.sends_at(actor)),
    }
    return render(request, "backoffice/channels/index.html", context)


@require_GET
@official(*CHANNELS)
def detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one bulletin: where it stands at each outlet, why, its proof, what each road says."""
    return render(request, "backoffice/channels/detail.html", _shown(_actor(request), uid))


def _shown(actor: Actor, uid: UUID) -> dict[str, Any]:
    seen = desk.bulletin_for(actor, uid, now=clock.now())
    provable = [(str(one.uid), one.outlet) for one in seen.dispatches if one.may_prove]
    return {
        "seen": seen,
        "row": seen.row,
        "words": seen.words,
        "title": saying.title(seen.words),
        "opening": saying.opening(seen.words),
        "area": saying.area(seen.words),
        "priority": PRIORITY_WORDS[seen.words.priority],
        "change": CHANGE_WORDS[seen.words.change],
        "source": SOURCE_WORDS[seen.row.source],
        "dispatches": [
            (one, KIND_WORDS[one.kind], STATE_WORDS[one.state], *FACES[one.state]) for one in seen.dispatches
        ],
        "attempts": [(at, outlet, OUTCOMES.get(outcome, outcome), said) for at, outlet, outcome, said in seen.attempts],
        "previews": _previews(seen.words),
        "proof_form": DispatchProofForm(choices=provable) if provable else None,
        "nav_here": "channels",
    }


def _previews(words: Words) -> list[tuple[str, str]]:
    """Return what each road says, as it goes out."""
    return [
        (_("Loa truyền thanh, giọng đọc"), saying.loudspeaker(words)),
        (_("Thư gửi báo chí"), saying.letter(words, receiver_link="…", kind=Kind.PRESS).body),
        (
            KIND_WORDS[Kind.ZALO],
            f"{saying.post(words, Kind.ZALO).title}\n{saying.post(words, Kind.ZALO).summary}\n\n{saying.post(words, Kind.ZALO).text}",
        ),
        (KIND_WORDS[Kind.FACEBOOK], saying.post(words, Kind.FACEBOOK).text),
    ]


@require_http_methods(["GET", "POST"])
@official(*CHANNELS)
def compose(request: HttpRequest) -> HttpResponse:
    """Write a bulletin and send it."""
    actor, now = _actor(request), clock.now()
    if not policies.sends_at(actor):
        raise PageNotFound
    initial = {"day": clock.day_of(now + timedelta(days=1)), "hour": "21:00"}
    form = BulletinForm(request.POST or None, actor=actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = bulletins.take_bulletin(form.wanted(now), actor=actor, now=now)
        except errors.Invalid as refusal:
            fields = refusal.facts.get("fields")
            if isinstance(fields, dict):
                for name, words in fields.items():
                    form.add_error(name if name in form.fields else {"valid_until": "day"}.get(name), words)
        else:
            messages.success(request, _("Bản tin đang được gửi đi; trang này cho biết nơi nào đã nhận."))
            return redirect("backoffice:channel_bulletin", uid=row.uid)
    return render(
        request,
        "backoffice/channels/compose.html",
        {"form": form, "nav_here": "channels"},
        status=422 if form.errors else 200,
    )


@require_POST
@official(*CHANNELS)
def resend(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Send to one outlet again."""
    row = dispatching.resend(uid, actor=_actor(request), now=clock.now())
    messages.success(request, _("Đang gửi lại tới nơi nhận này."))
    return redirect("backoffice:channel_bulletin", uid=row.bulletin.uid)


@require_POST
@official(*CHANNELS)
def prove(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Attach a photo, a recording, a PDF or a link to one outlet's dispatch."""
    actor, now = _actor(request), clock.now()
    shown = _shown(actor, uid)
    choices = [(str(one.uid), one.outlet) for one in shown["seen"].dispatches if one.may_prove]
    form = DispatchProofForm(request.POST, request.FILES, choices=choices)
    if form.is_valid():
        dispatch, sent, note = UUID(form.cleaned_data["dispatch"]), form.cleaned_data["file"], form.cleaned_data["note"]
        try:
            if sent:
                proving.prove_by_file(dispatch, stream=sent.file, note=note, actor=actor, now=now)
            else:
                proving.prove_by_link(dispatch, url=form.cleaned_data["url"], note=note, actor=actor, now=now)
        except errors.Invalid as refusal:
            fields = refusal.facts.get("fields")
            told = fields.get("url", "") if isinstance(fields, dict) else refusals.words_of(refusal).body
            form.add_error("url" if isinstance(fields, dict) else "file", told)
        except errors.Conflict as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(request, _("Đã thêm minh chứng."))
            return redirect("backoffice:channel_bulletin", uid=uid)
    return render(request, "backoffice/channels/detail.html", {**shown, "proof_form": form}, status=422)


@require_GET
@official(*CHANNELS)
def proof(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Hand out a proof's file; its type is what we found."""
    path, kind, name = desk.proof_for(_actor(request), uid)
    shown = kind.startswith(("image/", "audio/"))
    return FileResponse(path.open("rb"), as_attachment=not shown, filename=name, content_type=kind)


@require_GET
@official(*CHANNELS)
def download(request: HttpRequest, uid: str, suffix: str) -> HttpResponseBase:
    """Hand out the script, the recording or the poster of a bulletin."""
    try:
        known = UUID(uid)
    except ValueError:
        raise PageNotFound from None
    words = desk.words_for(_actor(request), known)
    made = papers.made(words, suffix, code=str(known)[-8:], now=clock.now())
    headers = {"Content-Disposition": f'attachment; filename="ban-tin-{str(known)[-8:]}.{suffix}"'}
    return HttpResponse(made, content_type=TYPES[suffix], headers=headers)
