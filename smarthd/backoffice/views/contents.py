"""The content desk: how fresh each section is against its promise, what to look at again, how a section is approved."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.agencies import selectors as agencies
from smarthd.backoffice import feeds
from smarthd.backoffice.forms.contents import FeedForm, SectionForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import CONTENTS
from smarthd.connectors.selectors import public
from smarthd.content import policies
from smarthd.content import services as content
from smarthd.content.rules import freshness as rules
from smarthd.content.rules import kinds
from smarthd.content.rules.feeds import Policy
from smarthd.content.selectors import feeds as feed_reads
from smarthd.content.selectors import freshness
from smarthd.content.services import feeds as feed_services
from smarthd.content.services import sections
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor

HERE = "contents"
STALE, MINE = "qua-hen", "cua-toi"
MOST = 500


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


@require_GET
@official(*CONTENTS)
def index(request: HttpRequest) -> HttpResponse:
    """Show every section within reach against its promise, overdue first."""
    actor, now = _actor(request), clock.now()
    chosen = request.GET.get("loc", "")
    rows = freshness.board(actor, now=now, own_only=chosen == MINE)
    stale = sum(row.stand is rules.Stand.STALE for row in rows)
    if chosen == STALE:
        rows = [row for row in rows if row.stand is rules.Stand.STALE]
    own = sorted({grant.agency_id for grant in actor.grants if grant.role in CONTENTS})
    views = agencies.agency_views(own, clock.day_of(now))
    context = {
        "rows": rows[:MOST],
        "total": len(rows),
        "stale": stale,
        "chosen": chosen,
        "own": [views[key] for key in own if key in views],
        "kept": policies.sections_kept(actor),
        "section_kinds": list(kinds.SECTION_WORDS.items()),
        "may_edit": policies.can_enter(actor),
        "nav_here": HERE,
    }
    return render(request, "backoffice/content/index.html", context)


@require_http_methods(["GET", "POST"])
@official(*CONTENTS)
def section(request: HttpRequest, uid: UUID, kind: str) -> HttpResponse:
    """Show a section's pages, the one longest not looked at first, and what is promised about them."""
    actor, now = _actor(request), clock.now()
    row = _row(actor, uid, kind)
    may_keep = row.agency_id in policies.sections_kept(actor)
    chosen: dict[str, Any] = {"promise_days": row.promise_days, "owner": row.owner_id, "two_steps": row.two_steps}
    form = SectionForm(request.POST or None, people=_people(row.agency_id), initial=chosen)
    if request.method == "POST":
        if not may_keep:
            raise PageNotFound
        if form.is_valid():
            typed = form.cleaned_data
            sections.keep_section(
                agency_id=row.agency_id,
                kind=kind,
                promise_days=typed["promise_days"],
                two_steps=typed["two_steps"],
                owner_id=typed["owner"],
                actor=actor,
                now=now,
            )
            messages.success(request, _("Đã ghi lời hẹn và cách duyệt của mục này."))
            return redirect(request.path)
    context = {
        "row": row,
        "pages": freshness.pages_of(row, now=now) if kind != kinds.NOTICE else [],
        "flowing": kind in kinds.FLOWING,
        "directory": kind == kinds.DIRECTORY,
        "translated": kind not in {kinds.NOTICE, kinds.DIRECTORY},
        "form": form,
        "may_keep": may_keep,
        "may_check": row.agency_id in policies.agencies_written(actor) | policies.sections_kept(actor),
        "owner": _name(row.owner_id),
        "nav_here": HERE,
    }
    return render(request, "backoffice/content/section.html", context, status=422 if form.errors else 200)


def _row(actor: Actor, uid: UUID, kind: str) -> freshness.SectionRow:
    agency = agencies.agency_by_uid(uid, clock.today())
    return freshness.section_for(actor, agency.id, kind, now=clock.now())


def _people(agency_id: int) -> list[tuple[int, str]]:
    owners = sections.owners_of(agency_id, now=clock.now())
    names = agencies.officials_by_account(owners, clock.today())
    return [(key, names.get(key, _("Người chưa có tên trong danh sách"))) for key in owners]


def _name(account_id: int | None) -> str:
    return agencies.officials_by_account([account_id], clock.today()).get(account_id, "") if account_id else ""


@require_POST
@official(*CONTENTS)
def checked(request: HttpRequest, uid: UUID, kind: str) -> HttpResponse:
    """Write down that pages were looked at today and are still right."""
    actor, now = _actor(request), clock.now()
    row = _row(actor, uid, kind)
    held = {page.mark for page in freshness.pages_of(row, now=now)}
    chosen = set(request.POST.getlist("bai")) & held
    if kind == kinds.DIRECTORY and chosen:
        content.confirm_entries(agency_id=row.agency_id, marks=chosen, actor=actor, now=now, day=clock.day_of(now))
    elif chosen:
        for mark in sorted(chosen):
            content.confirm_checked(article_id=int(mark), actor=actor, now=now, day=clock.day_of(now))
    if chosen:
        messages.success(request, _("Đã ghi %(count)d mục được xem lại hôm nay.") % {"count": len(chosen)})
    else:
        messages.error(request, _("Chưa chọn mục nào. Xin đánh dấu mục đã xem lại."))
    return redirect("backoffice:content_section", uid=uid, kind=kind)


@require_http_methods(["GET", "POST"])
@official(*CONTENTS)
def feed(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the feeds an agency's news is taken from, and choose one of its datasets for it."""
    actor, now = _actor(request), clock.now()
    agency = agencies.agency_by_uid(uid, clock.day_of(now))
    if agency.id not in policies.sections_kept(actor):
        raise PageNotFound
    datasets = public.datasets(now=now)
    own = {one.key: one for one in feeds.feeds_among(datasets) if one.agency_id == agency.id}
    form = FeedForm(request.POST or None, feeds=[(key, one.title) for key, one in own.items()])
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        feed_services.keep_feed(
            agency_id=agency.id,
            dataset_key=typed["dataset"],
            name=own[typed["dataset"]].title,
            policy=Policy(typed["policy"]),
            active=typed["active"],
            actor=actor,
            now=now,
        )
        taken = feeds.take(typed["dataset"], now=now)
        messages.success(
            request,
            _("Đã ghi. Lấy %(added)d tin mới, sửa %(changed)d tin.") % {"added": taken.added, "changed": taken.changed},
        )
        return redirect(request.path)
    context = {
        "agency": agency,
        "own": own,
        "held": feed_reads.feeds_of(agency.id),
        "public_keys": {one.key for one in datasets},
        "form": form,
        "nav_here": HERE,
    }
    return render(request, "backoffice/content/feed.html", context, status=422 if form.errors else 200)
