"""Routing rules as dated data with their test bench, categories with their hours, frames of answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.agencies import selectors as agencies
from smarthd.backoffice.forms.fieldreport_rules import BenchForm, CategoryForm, FrameForm, NewCategoryForm, RuleForm
from smarthd.backoffice.forms.fields import DayField
from smarthd.backoffice.gate import official
from smarthd.backoffice.navigation import FIELDREPORTS
from smarthd.backoffice.views.fieldreports.asking import actor_of, said_of
from smarthd.fieldreports import policies
from smarthd.fieldreports.errors import RuleFaulty
from smarthd.fieldreports.rules.routing import HOURS_WORDS, VERDICT_WORDS
from smarthd.fieldreports.selectors import categories as categories_read
from smarthd.fieldreports.selectors import routing as routing_read
from smarthd.fieldreports.selectors import templates as frames_read
from smarthd.fieldreports.services import categories as categories_write
from smarthd.fieldreports.services import routing as routing_write
from smarthd.fieldreports.services import templates as frames_write
from smarthd.fieldreports.services.categories import NewCategory
from smarthd.kernel import audit, clock, errors

HISTORY = 30


@require_http_methods(["GET", "POST"])
@official(*FIELDREPORTS)
def rules(request: HttpRequest) -> HttpResponse:
    """List the rules, those in force first; administrators add one."""
    actor, now = actor_of(request), clock.now()
    may_edit = policies.can_edit_rules(actor)
    tree = categories_read.tree()
    form, status = RuleForm(request.POST or None, tree=tree, now=now), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                row = routing_write.add_rule(form.wanted(), actor=actor, now=now)
            except (errors.Invalid, errors.Conflict) as refusal:
                form.refuse_any(refusal, said_of(refusal))
            else:
                messages.success(request, _("Đã thêm quy tắc “%(name)s”.") % {"name": row.name})
                return redirect("backoffice:fieldreport_rules")
    context = {
        "rules": [(one, HOURS_WORDS[one.rule.hours]) for one in routing_read.rules_for(actor, on=clock.day_of(now))],
        "form": form,
        "may_edit": may_edit,
        "opened": status != 200,
        "history": _history("fieldreports.rule_") if may_edit else [],
        "today": clock.day_of(now),
        "nav_here": "fieldreport_rules",
    }
    return render(request, "backoffice/fieldreports/rules.html", context, status=status)


def _history(act: str) -> list[tuple[Any, str]]:
    """Return the last lines of the trail about rules or categories, with who did it by their rosters."""
    lines = audit.trail(act=act, limit=HISTORY)
    names = agencies.officials_by_account({line.account_id for line in lines if line.account_id}, clock.today())
    return [(line, names.get(line.account_id or 0, line.system)) for line in lines]


@require_POST
@official(*FIELDREPORTS)
def rule_end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """End a rule on a day; where reports went before is not rewritten."""
    try:
        day = DayField().clean(request.POST.get("valid_to", ""))
    except ValidationError:
        raise RuleFaulty(fields={"valid_to": _("Xin ghi ngày hết hiệu lực.")}) from None
    row = routing_write.end_rule(uid, on=day, actor=actor_of(request), now=clock.now())
    messages.success(request, _("Quy tắc “%(name)s” hết hiệu lực từ %(day)s.") % {"name": row.name, "day": f"{day:%d/%m/%Y}"})  # fmt: skip
    return redirect("backoffice:fieldreport_rules")


@require_GET
@official(*FIELDREPORTS)
def bench(request: HttpRequest) -> HttpResponse:
    """Answer: where would this go, by which rule, and why not by the others."""
    actor, now = actor_of(request), clock.now()
    form = BenchForm(request.GET or None, tree=categories_read.tree())
    found = None
    if request.GET and form.is_valid():
        try:
            found = routing_read.where_would_this_go(actor=actor, **form.asked(now))
        except (errors.Invalid, errors.Conflict, errors.NotFound) as refusal:
            form.refuse_any(refusal, said_of(refusal))
    context = {
        "form": form,
        "found": found,
        "considered": [(one.rule, VERDICT_WORDS[one.verdict], one.verdict) for one in found.considered] if found else [],
        "nav_here": "fieldreport_rules",
    }  # fmt: skip
    return render(request, "backoffice/fieldreports/bench.html", context)


@require_http_methods(["GET", "POST"])
@official(*FIELDREPORTS)
def categories(request: HttpRequest) -> HttpResponse:
    """Show the tree with what is open in it; administrators add a category."""
    actor, now = actor_of(request), clock.now()
    tree = categories_read.tree_with_counts(actor)
    form, status = NewCategoryForm(request.POST or None, tree=tree), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            typed = form.cleaned_data
            try:
                new = NewCategory("", typed["name"], typed["parent"], typed["hint"])
                row = categories_write.add_category(new, actor=actor, now=now)
            except (errors.Invalid, errors.Conflict) as refusal:
                form.refuse_any(refusal, said_of(refusal))
            else:
                messages.success(request, _("Đã thêm. Xin xem lại giờ của lĩnh vực mới."))
                return redirect("backoffice:fieldreport_category", key=row.key)
    may_edit = policies.can_edit_rules(actor)
    context = {
        "tree": tree,
        "form": form,
        "may_edit": may_edit,
        "opened": status != 200,
        "history": _history("fieldreports.category_") if may_edit else [],
        "nav_here": "fieldreport_rules",
    }
    return render(request, "backoffice/fieldreports/categories.html", context, status=status)


@require_http_methods(["GET", "POST"])
@official(*FIELDREPORTS)
def category(request: HttpRequest, key: str) -> HttpResponse:
    """Change a category's words and hours, or take it out of use."""
    actor, now = actor_of(request), clock.now()
    view = categories_read.category(key)
    may_edit = policies.can_edit_rules(actor)
    names = CategoryForm.base_fields
    form = CategoryForm(request.POST or None, initial={name: getattr(view, name) for name in names})
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if "thoi-dung" in request.POST:
                categories_write.end_category(key, actor=actor, now=now)
                messages.success(request, _("Đã thôi dùng lĩnh vực này; phản ánh cũ vẫn giữ."))
                return redirect("backoffice:fieldreport_categories")
            if form.is_valid():
                changes = {name: form.cleaned_data[name] for name in names if form.cleaned_data[name] != getattr(view, name)}  # fmt: skip
                categories_write.change_category(key, changes, actor=actor, now=now)
                messages.success(request, _("Đã sửa. Phản ánh đã tiếp nhận vẫn giữ hạn đã hứa."))
                return redirect("backoffice:fieldreport_categories")
        except (errors.Invalid, errors.Conflict) as refusal:
            form.is_valid()
            form.refuse_any(refusal, said_of(refusal))
    context = {"view": view, "form": form, "may_edit": may_edit, "nav_here": "fieldreport_rules"}
    return render(request, "backoffice/fieldreports/category.html", context, status=status)


@require_http_methods(["GET", "POST"])
@official(*FIELDREPORTS)
def frames(request: HttpRequest) -> HttpResponse:
    """Show the frames of answers one may begin from; keep another."""
    actor, now = actor_of(request), clock.now()
    form, status = FrameForm(request.POST or None, actor=actor, tree=categories_read.tree()), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                frames_write.add_template(**form.asked(), actor=actor, now=now)
            except (errors.Invalid, errors.Conflict) as refusal:
                form.refuse_any(refusal, said_of(refusal))
            else:
                messages.success(request, _("Đã lưu mẫu."))
                return redirect("backoffice:fieldreport_frames")
    may_edit = bool(policies.works_at(actor)) or policies.can_edit_rules(actor)
    shared = policies.can_edit_rules(actor)
    context = {
        "frames": [(one, shared or not one.shared) for one in frames_read.templates_for(actor)],
        "form": form,
        "may_edit": may_edit,
        "opened": status != 200,
        "nav_here": "fieldreport_rules",
    }
    return render(request, "backoffice/fieldreports/frames.html", context, status=status)


@require_POST
@official(*FIELDREPORTS)
def frame_end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a frame out of use."""
    frames_write.end_template(uid, actor=actor_of(request), now=clock.now())
    messages.success(request, _("Mẫu thôi dùng."))
    return redirect("backoffice:fieldreport_frames")
