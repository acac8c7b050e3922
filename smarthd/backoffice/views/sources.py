"""Sources of an agency: the list with what waits, one source's life, making one, handing a file in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.agencies import selectors as agencies
from smarthd.backoffice.forms.sources import FileForm, NewSourceForm, PlaceForm, PromiseForm, RulesForm, ShapeForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import SOURCES
from smarthd.backoffice.uploading import is_too_heavy
from smarthd.connectors import policies
from smarthd.connectors.rules import sources as rules
from smarthd.connectors.rules import states
from smarthd.connectors.rules.checking import Limits
from smarthd.connectors.rules.mapping import mapping_of
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.selectors import sources as selectors
from smarthd.connectors.services import blank, pulling, reading, trying
from smarthd.connectors.services import sources as services
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor
from smarthd.programs import selectors as programs

HERE = "sources"


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


@require_GET
@official(*SOURCES)
def index(request: HttpRequest) -> HttpResponse:
    """List the sources within reach, with what waits for somebody and what is older than promised."""
    actor, now = _actor(request), clock.now()
    lines = selectors.lines_for(actor, now=now)
    names = agencies.agency_views([line.source.agency_id for line in lines], clock.day_of(now))
    shown = [
        {
            "source": line.source,
            "agency": names[line.source.agency_id].name if line.source.agency_id in names else "–",
            "kind": rules.KIND_WORDS[SourceKind(line.source.kind)],
            "freshness": line.freshness.value,
            "freshness_words": rules.FRESHNESS_WORDS[line.freshness],
            "waiting": line.waiting,
            "run": line.last_run,
            "run_words": states.RUN_WORDS[states.RunState(line.last_run.state)] if line.last_run else "",
        }
        for line in lines
    ]
    stale = sum(line.freshness is rules.Freshness.STALE for line in lines)
    context = {"lines": shown, "stale": stale, "may_make": bool(_agencies(actor)), "nav_here": HERE}
    return render(request, "backoffice/sources/index.html", context)


def _agencies(actor: Actor) -> list[tuple[int, str]]:
    """Return the agencies for which the actor may make sources: own first, at most three hundred."""
    own = sorted({grant.agency_id for grant in actor.grants if grant.role in policies.FEEDERS})
    reach = sorted(actor.agencies_as(*policies.FEEDERS) - set(own))
    views = agencies.agency_views([*own, *reach][:300], clock.today())
    return [(pk, views[pk].name) for pk in [*own, *reach] if pk in views]


@require_http_methods(["GET", "POST"])
@official(*SOURCES)
def new(request: HttpRequest) -> HttpResponse:
    """Make a source."""
    actor = _actor(request)
    choices = _agencies(actor)
    if not choices:
        raise PageNotFound
    form = NewSourceForm(request.POST or None, agencies=choices, initial={"promise_hours": 168})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        told = services.NewSource(
            title=typed["title"],
            agency_id=typed["agency"],
            kind=SourceKind(typed["kind"]),
            summary=typed["summary"],
            template=typed["template"],
            licence=typed["licence"],
            attribution=typed["attribution"],
            every_minutes=typed["every_minutes"],
            promise_hours=typed["promise_hours"],
        )
        try:
            source = services.make_source(told, actor=actor, now=clock.now())
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            pulled = SourceKind(source.kind) in rules.PULLED
            after = "source_place" if pulled else "source_hand_in" if source.kind == SourceKind.UPLOAD else "source"
            return redirect(f"backoffice:{after}", uid=source.uid)
    context = {"form": form, "nav_here": HERE}
    return render(request, "backoffice/sources/new.html", context, status=422 if form.errors else 200)


@require_GET
@official(*SOURCES)
def detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a source: what is public, what waits, every reading and version."""
    actor, now = _actor(request), clock.now()
    source = selectors.source_for(actor, uid)
    fresh = selectors.freshness_of(source, now)
    versions = selectors.versions_for(actor, uid)
    runs = [(run, states.RUN_WORDS[states.RunState(run.state)]) for run in selectors.runs_for(actor, uid)]
    trial = trying.last_trial(source) if policies.can_feed(actor, source.agency_id) else None
    context = {
        **_about(source),
        **_use(source, now),
        "trial": trial,
        "unmapped": bool(runs) and runs[0][0].state == states.RunState.UNMAPPED,
        "unread": _unread(runs[0][0] if runs else None, trial),
        "reading": any(run.state == states.RunState.RUNNING for run, _words in runs),
        "freshness": fresh.value,
        "freshness_words": rules.FRESHNESS_WORDS[fresh],
        "versions": [(one, states.VERSION_WORDS[states.VersionState(one.state)]) for one in versions],
        "waiting": next((one for one in versions if one.state in {"checked", "held"}), None),
        "runs": runs,
        "licence": rules.LICENCES[source.licence],
        "fields": mapping_of(source.mapping).fields,
        "may_feed": policies.can_feed(actor, source.agency_id),
        "may_release": policies.can_release(actor, source.agency_id),
        "may_connect": policies.can_connect(actor, source.agency_id),
        "may_open_earlier": policies.can_open_earlier(actor, source.agency_id),
        "placed": bool(source.place),
        "mappable": any(run.kept_sha256 for run, _words in runs),
    }
    return render(request, "backoffice/sources/detail.html", context)


def _unread(last: Any, trial: Any) -> Any:
    """Return the newest reading where it brought nothing and nothing else on the page says so."""
    failed = last is not None and last.state in {states.RunState.STOPPED, states.RunState.FAILED}
    return last if failed and (trial is None or trial.run.pk != last.pk) else None


def _use(source: Any, now: datetime) -> dict[str, Any]:
    """Return how much a dataset is taken away by machine, for who owns it."""
    use = programs.use_of(source.key, now=now)
    kinds = [(programs.kind_word(kind), calls, calls / use.calls) for kind, calls in use.kinds]
    return {"use": use, "use_kinds": kinds}


def _about(source: Any) -> dict[str, Any]:
    return {
        "source": source,
        "agency": agencies.agency_view(source.agency_id, clock.today()),
        "kind_words": rules.KIND_WORDS[SourceKind(source.kind)],
        "shape_words": rules.SHAPE_WORDS[rules.publication_of(source.publication).shape],
        "pulled": SourceKind(source.kind) in rules.PULLED,
        "nav_here": HERE,
    }


@require_http_methods(["GET", "POST"])
@official(*SOURCES)
def hand_in(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a file in; go to its columns, or to what it would change."""
    actor = _actor(request)
    source = selectors.source_for(actor, uid)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and is_too_heavy(announced := int(request.META.get("CONTENT_LENGTH") or 0)):
        form = FileForm(request.POST, request.FILES)
        form.refuse_heavy(announced)
    elif request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            run = reading.hand_over(
                uid=uid,
                stream=typed["file"],
                file_name=form.file_name,
                encoding=typed["encoding"],
                actor=actor,
                now=clock.now(),
            )
        except (errors.Invalid, errors.Conflict) as refusal:
            form.refuse_any(refusal)
        else:
            return after_run(request, uid, run)
    headers = [one.header for one in mapping_of(source.mapping).fields if one.header]
    context = {**_about(source), "form": form, "headers": headers}
    return render(request, "backoffice/sources/hand_in.html", context, status=422 if form.errors else 200)


@require_GET
@official(*SOURCES)
def blank_file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hand out an empty workbook with the columns of a source."""
    actor = _actor(request)
    source = selectors.source_for(actor, uid)
    return HttpResponse(
        blank.workbook(uid=uid, actor=actor),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="tep-mau_{source.key}.xlsx"'},
    )


def after_run(request: HttpRequest, uid: UUID, run: Any) -> HttpResponse:
    """Go where a reading leads: its columns, its version, or back with words."""
    if run.state == states.RunState.RUNNING:
        messages.success(request, _("Đã nhận tệp, đang kiểm tra. Có thể đóng trang này; kết quả hiện ở “Các lần đọc”."))
        return redirect("backoffice:source", uid=uid)
    if run.state in {states.RunState.UNMAPPED, states.RunState.STOPPED}:
        return redirect("backoffice:source_columns", uid=uid)
    if number := run.counts.get("version"):
        return redirect("backoffice:source_version", uid=uid, number=number)
    if run.state == states.RunState.UNCHANGED:
        messages.success(request, _("Dữ liệu không có gì khác bản đang công bố."))
    return redirect("backoffice:source", uid=uid)


@require_http_methods(["GET", "POST"])
@official(*SOURCES)
def edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say anew how a dataset is called and what is promised about it."""
    actor = _actor(request)
    source = selectors.source_for(actor, uid)
    initial = {name: getattr(source, name) for name in PromiseForm.base_fields}
    form = PromiseForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_promise(uid=uid, actor=actor, now=clock.now(), **form.cleaned_data)
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã ghi."))
            return redirect("backoffice:source", uid=uid)
    context = {**_about(source), "form": form, "heading": _("Tên, lịch đọc, lời hẹn")}
    return render(request, "backoffice/sources/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@official(*SOURCES)
def shape(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Choose how citizens see a dataset."""
    actor = _actor(request)
    source = selectors.source_for(actor, uid)
    form = ShapeForm(request.POST or None, mapped=mapping_of(source.mapping), initial=source.publication)
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST and source.version:
            return redirect(_preview(source.key, form.publication()))
        try:
            services.set_publication(uid=uid, publication=form.publication(), actor=actor, now=clock.now())
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã ghi. Người dân thấy ngay."))
            return redirect("backoffice:source", uid=uid)
    context = {
        **_about(source),
        "form": form,
        "heading": _("Cách hiện cho người dân"),
        "may_preview": bool(source.version),
    }
    return render(request, "backoffice/sources/form.html", context, status=422 if form.errors else 200)


def _preview(key: str, publication: rules.Publication) -> str:
    """Return the address of the citizens' page as it would be: signed, for a quarter of an hour."""
    token = signing.dumps({"key": key, "publication": publication.as_json()}, salt=rules.PREVIEW_SALT)
    return f"/du-lieu/{key}/?{urlencode({'xem-truoc': token})}"


@require_http_methods(["GET", "POST"])
@official(*SOURCES)
def place(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say where a source lies and what lets one in; what is secret is never shown again."""
    actor = _actor(request)
    source = selectors.source_for(actor, uid)
    if SourceKind(source.kind) not in rules.PULLED or not policies.can_connect(actor, source.agency_id):
        raise PageNotFound
    kept = source.sealed_secret is not None
    form = PlaceForm(request.POST or None, kind=SourceKind(source.kind), kept=kept, initial=source.place)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_place(uid=uid, place=form.place(), secret=form.secret(), actor=actor, now=clock.now())
            trying.ask_to_try(uid=uid, actor=actor, now=clock.now())
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã ghi. Hệ thống đang thử kết nối; kết quả hiện ở dưới sau ít giây."))
            return redirect("backoffice:source", uid=uid)
    context = {**_about(source), "form": form, "heading": _("Nơi lấy dữ liệu"), "first": form.first, "more": form.more}
    return render(request, "backoffice/sources/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@official(*SOURCES)
def ground_rules(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Set the hours a source is left alone, whether two persons publish, and when a version is held back."""
    actor = _actor(request)
    source = selectors.source_for(actor, uid)
    if not policies.can_release(actor, source.agency_id):
        raise PageNotFound
    initial = {name: getattr(source, name) for name in ("quiet_from", "quiet_to", "two_persons")}
    form = RulesForm(request.POST or None, initial=initial | _plain(asdict(Limits(**source.limits))))
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        limits = {name: told.pop(name) for name in RulesForm.LIMITS}
        try:
            services.set_rules(uid=uid, actor=actor, now=clock.now(), limits=limits, **told)
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã ghi."))
            return redirect("backoffice:source", uid=uid)
    context = {**_about(source), "form": form, "heading": _("Giờ nghỉ, người công bố, mức giữ lại")}
    return render(request, "backoffice/sources/form.html", context, status=422 if form.errors else 200)


def _plain(limits: Mapping[str, float | None]) -> dict[str, float | None]:
    """Return limits with whole numbers as one writes them: 5, not 5,0."""
    return {name: int(value) if value is not None and value == int(value) else value for name, value in limits.items()}


@require_POST
@official(*SOURCES)
def push_key(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give the program that sends a new key, shown once."""
    actor = _actor(request)
    source = selectors.source_for(actor, uid)
    key = services.renew_push_key(uid=uid, actor=actor, now=clock.now())
    context = {
        **_about(source),
        "key": key,
        "address": request.build_absolute_uri(f"/api/v1/datasets/{source.key}/rows"),
    }
    return render(request, "backoffice/sources/push_key.html", context)


@require_POST
@official(*SOURCES)
def act(request: HttpRequest, uid: UUID, act: str) -> HttpResponse:
    """Do one of the short acts on a source: try, read, stop, pause, go on, end."""
    actor, now = _actor(request), clock.now()
    source = selectors.source_for(actor, uid)
    if act in {"tam-dung", "doc-tiep"}:
        services.pause(uid=uid, paused=act == "tam-dung", actor=actor, now=now)
        messages.success(request, _("Đã tạm dừng đọc theo lịch.") if act == "tam-dung" else _("Đã đọc tiếp theo lịch."))
    elif act == "doc-ngay":
        pulling.ask_to_read(uid=uid, actor=actor, now=now)
        messages.success(request, _("Đang đọc; kết quả hiện ở “Các lần đọc”."))
    elif act == "thu":
        trying.ask_to_try(uid=uid, actor=actor, now=now)
        messages.success(request, _("Đang thử kết nối; kết quả hiện ở dưới sau ít giây."))
    elif act == "chon":
        told = {name: request.POST.get(name, "") for name in ("key", "name")}
        services.choose(uid=uid, actor=actor, now=now, **told)
        trying.ask_to_try(uid=uid, actor=actor, now=now)
        messages.success(request, _("Đã chọn “%(name)s”. Đang thử kết nối lại.") % told)
    elif act == "dung":
        pulling.cancel(uid=uid, actor=actor, now=now)
        messages.success(request, _("Đã dừng lần đọc. Bản đang công bố giữ nguyên."))
    elif act == "thoi-cong-bo":
        if request.POST.get("name", "").strip() != source.title:
            messages.warning(request, _("Chưa gõ đúng tên dữ liệu, nên chưa thôi công bố."))
            return redirect("backoffice:source", uid=uid)
        services.end_source(uid=uid, actor=actor, now=now)
        messages.success(request, _("Đã thôi công bố."))
        return redirect("backoffice:sources")
    else:
        raise PageNotFound
    return redirect("backoffice:source", uid=uid)
