"""Truyền thông: the plan, an airing with its proof, what each channel brought and cost; export."""

from __future__ import annotations

import io
from datetime import date, timedelta
from itertools import groupby
from typing import Any, cast
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.backoffice import sheets
from smarthd.backoffice.forms.airings import AiredForm, PlanForm, ProofForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import AIRINGS
from smarthd.channels.services import airings as carrying
from smarthd.kernel import audit, clock, errors
from smarthd.kernel.actor import Actor
from smarthd.rollout import policies
from smarthd.rollout import selectors as rollout
from smarthd.rollout.rules import airings as rules
from smarthd.rollout.selectors import airings as selectors
from smarthd.rollout.selectors import yields as bringing
from smarthd.rollout.services import airings as services
from smarthd.ui import refusals

STANDS = (
    ("tat-ca", gettext_lazy("Tất cả")),
    ("sap-toi", gettext_lazy("Đã lên lịch")),
    ("thieu-minh-chung", gettext_lazy("Thiếu minh chứng")),
    ("co-minh-chung", gettext_lazy("Có minh chứng")),
    ("khong-phat", gettext_lazy("Không phát")),
)
WEEKS_SHOWN = 2


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


def query_of(address: QueryDict, campaign: str) -> selectors.Query:
    """Read the address; without a week the present one and the next are shown, ``tuan=tat-ca`` shows all."""
    today = clock.today()
    week = address.get("tuan", "")
    first = _monday(week, today)
    stand = address.get("xem", "")
    channel = address.get("kenh", "")
    every = week == "tat-ca"
    return selectors.Query(
        campaign=campaign,
        stand=stand if stand in selectors.STANDS else "tat-ca",
        channel=channel if channel in set(rules.Channel) else "",
        words=address.get("q", "").strip()[:100],
        first=None if every else first,
        last=None if every else first + timedelta(days=7 * WEEKS_SHOWN - 1),
        unmarked="chua-ghi" in address.getlist("loc"),
        ours="cua-toi" in address.getlist("loc"),
    )


def _monday(written: str, today: date) -> date:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        day = today
    return day - timedelta(days=day.weekday())


def _campaign(request: HttpRequest) -> tuple[rollout.CampaignView | None, list[rollout.CampaignView]]:
    campaigns = rollout.campaigns()
    wanted = request.GET.get("chien-dich", "")
    running = [view for view in campaigns if view.status == "running"]
    chosen = next((view for view in campaigns if view.key == wanted), None)
    return chosen or next(iter(running or campaigns), None), campaigns


@require_GET
@official(*AIRINGS)
def index(request: HttpRequest) -> HttpResponse:
    """Show the plan by day."""
    actor, now = _actor(request), clock.now()
    campaign, campaigns = _campaign(request)
    query = query_of(request.GET, campaign.key if campaign else "")
    found = selectors.plan(actor, query, now=now)
    filters = (
        ("chua-ghi", _("Quá giờ, chưa ghi"), found.unmarked, query.unmarked),
        ("cua-toi", _("Đơn vị tôi"), found.ours, query.ours),
    )
    context = {
        "campaign": campaign,
        "campaigns": campaigns,
        "query": query,
        "found": found,
        "shown": len(found.rows),
        "days": [(day, list(rows)) for day, rows in groupby(found.rows, key=lambda row: clock.day_of(row.planned_at))],
        "stands": [(key, words, found.stands[key]) for key, words in STANDS],
        "filters": [item for item in filters if item[2] or item[3]],
        "channels": rules.CHANNEL_WORDS.items(),
        "back": query.first - timedelta(days=7 * WEEKS_SHOWN) if query.first else None,
        "ahead": query.first + timedelta(days=7 * WEEKS_SHOWN) if query.first else None,
        "may_plan": campaign is not None and bool(policies.airs_at(actor)),
        "now": now,
        "address": request.GET.urlencode(),
    }
    return render(request, "backoffice/airings/index.html", context)


@require_http_methods(["GET", "POST"])
@official(*AIRINGS)
def plan(request: HttpRequest) -> HttpResponse:
    """Put airings into the plan, once or again and again."""
    actor = _actor(request)
    campaign = rollout.running_campaign()
    if campaign is None or not (policies.airs_at(actor) or actor.has_role("administrator")):
        raise PageNotFound
    form = PlanForm(request.POST or None, actor=actor, initial={"day": clock.today(), "hour": "17:00"})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.plan_airings(campaign.key, form.wanted(), actor=actor, now=clock.now())
        except (errors.Invalid, errors.NotFound, errors.NotAllowed) as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(request, _("Đã lên lịch %(count)d lượt, mỗi lượt có mã riêng.") % {"count": len(made)})
            if len(made) == 1:
                return redirect("backoffice:airing", uid=made[0].uid)
            return redirect("backoffice:airings")
    context = {"form": form, "campaign": campaign, "nav_here": "airings"}
    return render(request, "backoffice/airings/plan.html", context, status=422 if form.errors else 200)


@require_GET
@official(*AIRINGS)
def detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one airing: its words, code, proof, what it brought."""
    return render(request, "backoffice/airings/detail.html", _shown(_actor(request), uid))


def _shown(actor: Actor, uid: UUID) -> dict[str, Any]:
    now = clock.now()
    seen = selectors.airing_for(actor, uid, now=now)
    planned = seen.row.planned_at.astimezone(clock.ZONE)
    return {
        "seen": seen,
        "row": seen.row,
        "link": link_of(seen.row.code),
        "aired_form": AiredForm(
            initial={"day": planned.date(), "hour": planned.strftime("%H:%M"), "cost": seen.row.cost or ""}
        ),
        "proof_form": ProofForm(),
        "may_air": seen.may_mark and seen.row.past and rules.AIR.may_start(seen.row.state),
        "may_miss": seen.may_mark and seen.row.past and rules.MISS.may_start(seen.row.state),
        "may_prove": seen.may_mark and rules.PROVE.may_start(seen.row.state) and seen.row.proofs < rules.PROOFS_EACH,
        "may_cancel": seen.may_plan and not seen.row.past and rules.CANCEL.may_start(seen.row.state),
        "may_send": seen.may_plan
        and bool(seen.words)
        and seen.row.state is rules.State.PLANNED
        and seen.row.planned_at + carrying.STANDS_FOR > now
        and bool(carrying.outlets_for(seen.row.agency_id, seen.row.channel)),
        "nav_here": "airings",
    }


@require_POST
@official(*AIRINGS)
def mark(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say what became of an airing: aired, missed, or cancelled before its time."""
    actor, what, now = _actor(request), request.POST.get("viec"), clock.now()
    form = AiredForm(request.POST) if what == "phat" else None
    problem = ""
    if form is None or form.is_valid():
        try:
            if form is not None:
                services.mark_aired(uid, **form.wanted(), actor=actor, now=now)
                messages.success(request, _("Đã ghi là đã phát. Thêm minh chứng để lượt này được tính."))
            elif what == "khong":
                services.mark_missed(uid, reason=request.POST.get("reason", ""), actor=actor, now=now)
                messages.success(request, _("Đã ghi là không phát."))
            elif what == "huy":
                services.cancel_airing(uid, reason=request.POST.get("reason", ""), actor=actor, now=now)
                messages.success(request, _("Đã hủy lượt này."))
            else:
                raise PageNotFound
        except (errors.Invalid, errors.Conflict) as refusal:
            problem = _told(refusal)
        else:
            return redirect("backoffice:airing", uid=uid)
    context = {**_shown(actor, uid), "problem": problem, "typed": request.POST.get("reason", "")}
    if form is not None:
        context["aired_form"] = form
    return render(request, "backoffice/airings/detail.html", context, status=422)


@require_POST
@official(*AIRINGS)
def send(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Send a planned airing by the outlets its agency has."""
    actor = _actor(request)
    try:
        row = carrying.send_airing(uid, actor=actor, now=clock.now())
    except errors.Invalid as refusal:
        return render(
            request, "backoffice/airings/detail.html", {**_shown(actor, uid), "problem": _told(refusal)}, status=422
        )
    messages.success(request, _("Lượt này đang đi qua kênh phát; trang này cho biết nơi nào đã nhận."))
    return redirect("backoffice:channel_bulletin", uid=row.uid)


@require_POST
@official(*AIRINGS)
def prove(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Attach a photo, a recording or a link."""
    actor, now = _actor(request), clock.now()
    form = ProofForm(request.POST, request.FILES)
    if form.is_valid():
        sent, note = form.cleaned_data["file"], form.cleaned_data["note"]
        try:
            if sent is None or not sent:
                services.attach_link(uid, url=form.cleaned_data["url"], note=note, actor=actor, now=now)
            elif (sent.content_type or "").startswith("image/"):
                services.attach_photo(uid, photo=sent.file, note=note, actor=actor, now=now)
            else:
                services.attach_audio(uid, audio=sent.file, note=note, actor=actor, now=now)
        except errors.Invalid as refusal:
            fields = refusal.facts.get("fields")
            form.add_error("url" if isinstance(fields, dict) and "url" in fields else "file", _told(refusal))
        except errors.Conflict as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(request, _("Đã thêm minh chứng; lượt phát này được tính."))
            return redirect("backoffice:airing", uid=uid)
    return render(request, "backoffice/airings/detail.html", {**_shown(actor, uid), "proof_form": form}, status=422)


def _told(refusal: errors.Refusal) -> str:
    """Return what to say of a refusal: the words beside its fields, else its own."""
    fields = refusal.facts.get("fields")
    return (
        " ".join(str(words) for words in fields.values())
        if isinstance(fields, dict)
        else refusals.words_of(refusal).body
    )


@require_GET
@official(*AIRINGS)
def proof(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Hand out a proof's file; its type is what we found, never what somebody said."""
    path, kind, name = selectors.proof_for(_actor(request), uid)
    shown = kind.startswith(("image/", "audio/"))
    return FileResponse(path.open("rb"), as_attachment=not shown, filename=name, content_type=kind)


@require_GET
@official(*AIRINGS)
def code(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hand out the code of an airing as a QR picture to print, with the link in it."""
    row = selectors.airing_for(_actor(request), uid, now=clock.now()).row
    out = io.BytesIO()
    segno.make(link_of(row.code), error="m").save(out, kind="svg", scale=8, border=3, svgns=True)
    headers = {"Content-Disposition": f'attachment; filename="{row.code}.svg"'}
    return HttpResponse(out.getvalue(), content_type="image/svg+xml", headers=headers)


def link_of(code: str) -> str:
    """Return where a code leads: the page that says whose it is and carries it on to the first opening, on an iPhone too."""
    return f"{settings.ORIGIN}{reverse('citizen:scanned', kwargs={'code': code})}"


@require_GET
@official(*AIRINGS)
def yields(request: HttpRequest) -> HttpResponse:
    """Show what each channel, unit and week brought and cost."""
    actor, now = _actor(request), clock.now()
    campaign, campaigns = _campaign(request)
    context: dict[str, Any] = {"campaign": campaign, "campaigns": campaigns, "nav_here": "airings", "now": now}
    if campaign is not None:
        found = bringing.yields(actor, now=now, campaign=campaign.key)
        context |= {
            "found": found,
            "most": max([one.activations or 0 for one in found.channels], default=0),
            "weeks": [(date.fromisoformat(one.key), one) for one in found.weeks],
        }
    return render(request, "backoffice/airings/yields.html", context)


@require_GET
@official(*AIRINGS)
def export(request: HttpRequest, suffix: str) -> HttpResponse:
    """Hand out the plan as it is seen, all of it; each export is recorded."""
    actor, now = _actor(request), clock.now()
    campaign, _campaigns = _campaign(request)
    query = query_of(request.GET, campaign.key if campaign else "")
    found = selectors.plan(actor, query, now=now, limit=selectors.EXPORTED)
    audit.looked(actor, "backoffice.airings_exported", at=now, rows=len(found.rows), form=suffix)
    heads = (
        _("Đơn vị"), _("Kênh"), _("Nội dung"), _("Giờ theo lịch"), _("Trạng thái"), _("Phát lúc"), _("Số minh chứng"), _("Người nghe, đọc (ước)"),
        _("Mã"), _("Người kích hoạt bằng mã"), _("Chi phí (đồng)"), _("Ghi chú chi phí"), _("Lý do"),
    )  # fmt: skip
    lines = (
        (
            row.agency, rules.CHANNEL_WORDS[row.channel], row.title, row.planned_at, rules.STATE_WORDS[row.state], row.aired_at, row.proofs, row.reach,
            row.code, _("ẩn, dưới 10 người") if row.hidden else row.activations, row.cost, row.cost_note, row.reason,
        )
        for row in found.rows
    )  # fmt: skip
    about = (
        _("Lịch truyền thông: %(campaign)s") % {"campaign": campaign.title if campaign else ""},
        _("%(count)d lượt, lúc %(at)s")
        % {"count": len(found.rows), "at": f"{now.astimezone(clock.ZONE):%H:%M %d/%m/%Y}"},
    )
    return sheets.hand_out("truyen-thong", suffix, about=about, heads=heads, lines=lines)


@require_GET
@official(*AIRINGS)
def export_yields(request: HttpRequest, suffix: str) -> HttpResponse:
    """Hand out what channels and units brought and cost."""
    actor, now = _actor(request), clock.now()
    campaign, _campaigns = _campaign(request)
    if campaign is None:
        raise PageNotFound
    found = bringing.yields(actor, now=now, campaign=campaign.key)
    audit.looked(actor, "backoffice.airings_exported", at=now, rows=len(found.channels) + len(found.units), form=suffix)
    heads = (
        _("Theo"), _("Tên"), _("Đã lên lịch"), _("Đã đến giờ"), _("Đã phát"), _("Có minh chứng"), _("Tỷ lệ có minh chứng"),
        _("Người kích hoạt bằng mã"), _("Chi phí (đồng)"), _("Chi phí một người"),
    )  # fmt: skip
    groups = ((_("Kênh"), found.channels), (_("Đơn vị"), found.units))
    lines = (
        (
            group, one.words, one.coverage.planned, one.coverage.planned - one.coverage.waiting, one.coverage.aired, one.coverage.proven,
            one.coverage.ratio, _("ẩn, dưới 10 người") if one.hidden else one.activations, one.cost, one.unit_cost.each,
        )
        for group, rows in groups
        for one in rows
    )  # fmt: skip
    about = (
        _("Hiệu quả truyền thông: %(campaign)s") % {"campaign": campaign.title},
        _("Người đến mà không nhập mã thì không tính được cho kênh nào, nên mỗi con số là mức ít nhất."),
    )
    return sheets.hand_out("hieu-qua-truyen-thong", suffix, about=about, heads=heads, lines=lines)
