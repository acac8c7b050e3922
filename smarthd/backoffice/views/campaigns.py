"""Campaigns: the order's document, its targets, its periods; a copy for the next order."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.agencies import calendar
from smarthd.agencies import selectors as agencies
from smarthd.backoffice import navigation
from smarthd.backoffice.forms import campaigns as drawing
from smarthd.backoffice.forms.campaigns import DocumentForm, NewForm, PeriodForm, SeriesForm, TargetForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.kernel import clock, errors, files, text
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
from smarthd.rollout import policies, rules, selectors, services
from smarthd.rollout.rules import forms as form_rules
from smarthd.rollout.selectors import CampaignView, TargetView

STATUS_LOOKS = {
    "draft": ("warn", gettext_lazy("Dự thảo"), "edit"),
    "running": ("ok", gettext_lazy("Đang chạy"), "check"),
    "closed": ("plain", gettext_lazy("Đã kết thúc"), "lock"),
}
TYPES = {".pdf": "application/pdf", ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


def runs(actor: Actor, campaign: CampaignView) -> bool:
    """Say whether the actor may change this campaign."""
    return policies.can_command(actor, campaign.coordinator_id)


@require_http_methods(["GET", "POST"])
@official(*navigation.CAMPAIGNS)
def index(request: HttpRequest) -> HttpResponse:
    """List campaigns; a form opens another."""
    actor = _actor(request)
    own = [one for one in selectors.commanded_by(actor) if policies.can_keep_bases(actor)]
    form = NewForm(request.POST or None)
    if request.method == "POST" and own and form.is_valid():
        key = form.key()
        if any(one.key == key for one in selectors.campaigns()):
            form.add_error("title", _("Đã có chiến dịch mang tên này trong năm."))
        else:
            services.open_campaign(
                key,
                title=form.cleaned_data["title"],
                opens_on=form.cleaned_data["opens_on"],
                deadline_at=form.deadline_at(),
                coordinator_id=own[0],
                actor=actor,
                now=clock.now(),
            )
            messages.success(request, _("Đã mở chiến dịch, còn là dự thảo. Thêm văn bản, chỉ tiêu, biểu và kỳ báo cáo."))  # fmt: skip
            return redirect("backoffice:campaign", key=key)
    context = {
        "campaigns": [(one, *STATUS_LOOKS[one.status]) for one in selectors.campaigns()],
        "form": form,
        "may_open": bool(own),
    }
    return render(request, "backoffice/campaigns/index.html", context, status=422 if form.errors else 200)


@require_GET
@official(*navigation.CAMPAIGNS)
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """Show one campaign whole."""
    return render(request, "backoffice/campaigns/detail.html", _shown(request, selectors.campaign(key)))


def _shown(request: HttpRequest, campaign: CampaignView, **more: Any) -> dict[str, Any]:
    coordinator = campaign.coordinator_id
    today = clock.today()
    return {
        "campaign": campaign,
        "status": STATUS_LOOKS[campaign.status],
        "runs": runs(_actor(request), campaign),
        "coordinator": agencies.agency_views([coordinator], today).get(coordinator) if coordinator else None,
        "targets": _targets(campaign),
        "forms": selectors.forms_of(campaign.key),
        "periods": selectors.periods_counted(campaign.key),
        "document_form": DocumentForm(initial={"document_number": campaign.document_number, "document_on": campaign.document_on, "document_title": campaign.document_title, "issued_by": campaign.issued_by}),
        "target_form": TargetForm(),
        "period_form": PeriodForm(),
        "series_form": SeriesForm(),
        "clone_form": NewForm(),
        "nav_here": "campaigns",
        **more,
    }  # fmt: skip


def _targets(campaign: CampaignView) -> list[tuple[TargetView, str, str]]:
    today = clock.today()
    names = {one.key: one.name for one in selectors.indicators()}
    bodies = agencies.agency_views({one.agency_id for one in campaign.targets if one.agency_id}, today)
    units = places.views({one.unit_id for one in campaign.targets if one.unit_id}, today)

    def whom(one: TargetView) -> str:
        if one.agency_id:
            return bodies[one.agency_id].name if one.agency_id in bodies else _("cơ quan không còn")
        if one.unit_id:
            return units[one.unit_id].full_name if one.unit_id in units else _("đơn vị không còn")
        return _("mọi cơ quan") if one.scope == rules.Scope.AGENCY else _("mọi xã, phường")

    rows = [(one, names.get(one.indicator, one.indicator), whom(one)) for one in campaign.targets]
    return sorted(rows, key=lambda row: (row[1], row[0].unit_id or 0, row[0].agency_id or 0))


def run_by(request: HttpRequest, key: str) -> CampaignView:
    """Return a campaign this actor runs; to others its acts are not found."""
    campaign = selectors.campaign(key)
    if not runs(_actor(request), campaign):
        raise PageNotFound
    return campaign


def _again(request: HttpRequest, campaign: CampaignView, **more: Any) -> HttpResponse:
    return render(request, "backoffice/campaigns/detail.html", _shown(request, campaign, **more), status=422)


@require_http_methods(["GET", "POST"])
@official(*navigation.CAMPAIGNS)
def document(request: HttpRequest, key: str) -> HttpResponseBase:
    """Hand out the order's document; take in what it says of itself and its file."""
    campaign = selectors.campaign(key)
    if request.method == "GET":
        if not campaign.document_sha256:
            raise PageNotFound
        place = files.kept_path(campaign.document_sha256)
        kind = next((kind for end, kind in TYPES.items() if campaign.document_file.lower().endswith(end)), "application/octet-stream")  # fmt: skip
        return FileResponse(place.open("rb"), as_attachment=True, filename=campaign.document_file, content_type=kind)
    campaign = run_by(request, key)
    form = DocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        return _again(request, campaign, document_form=form)
    typed, actor, now = form.cleaned_data, _actor(request), clock.now()
    try:
        if typed["file"]:
            services.attach_document(key, typed["file"], file_name=form.file_name, actor=actor, now=now)
        services.open_campaign(
            key,
            title=campaign.title,
            opens_on=campaign.opens_on,
            deadline_at=campaign.deadline_at,
            cut_offs=campaign.cut_offs,
            document_number=typed["document_number"],
            document_on=typed["document_on"],
            document_title=typed["document_title"],
            issued_by=typed["issued_by"],
            actor=actor,
            now=now,
        )
    except errors.Invalid as refusal:
        form.add_error("file", _words(refusal))
        return _again(request, campaign, document_form=form)
    messages.success(request, _("Đã lưu văn bản."))
    return redirect("backoffice:campaign", key=key)


def _words(refusal: errors.Refusal) -> str:
    from smarthd.ui import refusals

    told = refusal.facts.get("words")
    return str(told) if told else refusals.words_of(refusal).body


@require_POST
@official(*navigation.CAMPAIGNS)
def target(request: HttpRequest, key: str) -> HttpResponse:
    """Set a target, or take one away."""
    campaign, actor, now = run_by(request, key), _actor(request), clock.now()
    dropped = request.POST.get("bo", "")
    if dropped.isdigit():
        services.drop_target(key, int(dropped), actor=actor, now=now)
        messages.success(request, _("Đã bỏ chỉ tiêu."))
        return redirect("backoffice:campaign", key=key)
    form = TargetForm(request.POST)
    if form.is_valid():
        unit_id, agency_id = _whom(form)
        if not form.errors:
            services.set_target(
                key,
                scope=form.scope(),
                indicator=form.cleaned_data["indicator"],
                value=float(form.cleaned_data["percent"]) / 100,
                unit_id=unit_id,
                agency_id=agency_id,
                actor=actor,
                now=now,
            )
            messages.success(request, _("Đã đặt chỉ tiêu."))
            return redirect("backoffice:campaign", key=key)
    return _again(request, campaign, target_form=form)


def _whom(form: TargetForm) -> tuple[int | None, int | None]:
    """Return the unit or the agency a target is for; neither when it is for all."""
    typed = form.cleaned_data["whom"].strip()
    if not typed:
        return None, None
    today = clock.today()
    if form.scope() == rules.Scope.AGENCY:
        found = agencies.search_agencies(typed, today, limit=5)
        named = [one for one in found if text.fold(one.name) == text.fold(typed) or one.code == typed] or found
        ids = [one.id for one in named]
        names = [one.name for one in named]
    else:
        matches = places.search(typed, today, limit=5)
        named_units = [one.unit for one in matches if text.fold(one.unit.full_name) == text.fold(typed)] or [one.unit for one in matches]  # fmt: skip
        ids, names = [one.id for one in named_units], [one.full_name for one in named_units]
    if len(ids) != 1:
        form.add_error("whom", _("Có nhiều đơn vị khớp: %(names)s. Xin gõ đủ tên.") % {"names": ", ".join(names)} if ids else _("Không có đơn vị nào khớp."))  # fmt: skip
        return None, None
    return (None, ids[0]) if form.scope() == rules.Scope.AGENCY else (ids[0], None)


@require_POST
@official(*navigation.CAMPAIGNS)
def status(request: HttpRequest, key: str) -> HttpResponse:
    """Start or close a campaign."""
    campaign = run_by(request, key)
    wanted = request.POST.get("sang", "")
    if wanted not in {rules.CampaignStatus.RUNNING, rules.CampaignStatus.CLOSED}:
        raise PageNotFound
    if wanted == rules.CampaignStatus.CLOSED and text.fold(request.POST.get("ten", "").strip()) != text.fold(campaign.title):  # fmt: skip
        return _again(request, campaign, status_problem=_("Tên gõ vào chưa khớp, nên chưa kết thúc chiến dịch."))
    services.change_campaign_status(key, to=rules.CampaignStatus(wanted), actor=_actor(request), now=clock.now())
    messages.success(request, _("Chiến dịch đang chạy.") if wanted == "running" else _("Đã kết thúc chiến dịch."))
    return redirect("backoffice:campaign", key=key)


@require_POST
@official(*navigation.CAMPAIGNS)
def clone(request: HttpRequest, key: str) -> HttpResponse:
    """Take up a later order like this one: forms and targets, no obligations."""
    campaign = run_by(request, key)
    form = NewForm(request.POST)
    if form.is_valid():
        try:
            made = services.clone_campaign(
                key,
                new_key=form.key(),
                title=form.cleaned_data["title"],
                opens_on=form.cleaned_data["opens_on"],
                deadline_at=form.deadline_at(),
                actor=_actor(request),
                now=clock.now(),
            )
        except (errors.Conflict, errors.Invalid) as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(request, _("Đã nhân bản: chỉ tiêu và biểu như cũ, biểu còn là dự thảo; chưa có kỳ nào."))
            return redirect("backoffice:campaign", key=made.key)
    return _again(request, campaign, clone_form=form)


@require_POST
@official(*navigation.CAMPAIGNS)
def period(request: HttpRequest, key: str) -> HttpResponse:
    """Add one period."""
    campaign = run_by(request, key)
    form = PeriodForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            services.add_period(
                key,
                title=typed["title"],
                cut_off=typed["cut_off"],
                opens_at=clock.start_of(typed["opens_on"]),
                due_at=calendar.due_on(typed["due_on"]),
                actor=_actor(request),
                now=clock.now(),
            )
        except errors.Invalid as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(request, _("Đã thêm kỳ. Chốt danh sách đơn vị thì kỳ mới có hiệu lực."))
            return redirect("backoffice:campaign", key=key)
    return _again(request, campaign, period_form=form)


@require_POST
@official(*navigation.CAMPAIGNS)
def series(request: HttpRequest, key: str) -> HttpResponse:
    """Add a weekly series until the deadline."""
    campaign = run_by(request, key)
    form = SeriesForm(request.POST)
    if form.is_valid():
        try:
            made = services.add_weekly_periods(
                key,
                first_due_on=form.cleaned_data["first_due_on"],
                title=form.cleaned_data["title"],
                actor=_actor(request),
                now=clock.now(),
            )
        except errors.Invalid as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(request, _("Đã thêm %(count)d kỳ hằng tuần.") % {"count": len(made)})
            return redirect("backoffice:campaign", key=key)
    return _again(request, campaign, series_form=form)


@require_http_methods(["GET", "POST"])
@official(*navigation.CAMPAIGNS)
def freeze(request: HttpRequest, key: str, uid: UUID) -> HttpResponse:
    """Show how many units of which kinds would owe, then write it down for good."""
    campaign = run_by(request, key)
    found = selectors.period(uid)
    if found.campaign.key != key:
        raise PageNotFound
    counts = selectors.kinds_on(found)
    asked = request.POST if request.method == "POST" else request.GET
    known = [one for one in asked.getlist("loai") if one in counts]
    chosen = known or [kind.value for kind in drawing.COMMON_KINDS[:2] if counts.get(kind.value)]
    problem = ""
    if request.method == "POST":
        if text.fold(request.POST.get("ten", "").strip()) != text.fold(found.title):
            problem = _("Tên kỳ gõ vào chưa khớp, nên chưa chốt.")
        else:
            frozen = services.freeze_period(uid, kinds=chosen, actor=_actor(request), now=clock.now())
            messages.success(request, _("Đã chốt: %(count)d báo cáo phải nộp.") % {"count": frozen.obligations})
            return redirect("backoffice:periodic_period", uid=uid)
    would = selectors.would_owe(found, chosen)
    context = {
        "campaign": campaign,
        "period": found,
        "kinds": drawing.kind_choices(counts),
        "chosen": chosen,
        "would": would,
        "by_kind": [(words, dict(would.kinds)[key_]) for key_, words, _all in drawing.kind_choices(counts) if key_ in dict(would.kinds)],
        "problem": problem,
        "most_fields": form_rules.MOST_FIELDS,
        "nav_here": "campaigns",
    }  # fmt: skip
    return render(request, "backoffice/campaigns/freeze.html", context, status=422 if problem else 200)
