"""Bases: what every share stands on. Listed by unit with source and date; entered, corrected, withdrawn, read from a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import encodings
from smarthd.backoffice import exports
from smarthd.backoffice.forms.bases import FILTERS, MEASURES, BaseForm, ListForm, TableForm, WithdrawForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import DENOMINATORS
from smarthd.insights import wording
from smarthd.kernel import audit, clock, errors, text
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
from smarthd.places.values import UnitView
from smarthd.rollout import policies, rules, selectors, services
from smarthd.rollout.rules import base_files
from smarthd.rollout.selectors import base_lists
from smarthd.rollout.selectors.base_lists import Listed

OUTCOMES = {
    "new": (_("Mới"), "ok"),
    "corrected": (_("Sửa số đang có"), "info"),
    "same": (_("Không đổi"), "plain"),
    "faulty": (_("Có lỗi"), "bad"),
}
HEADS = ("Mã đơn vị", "Đơn vị", "Thuộc")
TAIL = ("Ngày của số", "Nguồn", "Cách làm", "Phần ước tính", "Lưu ý")


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


def _asked(request: HttpRequest) -> ListForm:
    form = ListForm(request.GET)
    form.is_valid()  # what is not understood falls back to the usual
    return form


def _seen(form: ListForm) -> tuple[list[Listed], list[Listed]]:
    """Return every commune of the day, and those that remain after words and filter."""
    rows = base_lists.listed(form.measure(), form.day())
    words, only = form.words(), form.only()
    kept = [
        row
        for row in rows
        if words in text.fold(row.unit.full_name)
        and (only != "chua-co" or row.base is None)
        and (only != "uoc-tinh" or (row.base is not None and row.base.estimated_share > 0))
    ]
    return rows, kept


@require_GET
@official(*DENOMINATORS)
def index(request: HttpRequest) -> HttpResponse:
    """List communes with the base that applies on a day: value, source, date, method, who entered it."""
    actor, form = _actor(request), _asked(request)
    rows, kept = _seen(form)
    keeper = policies.can_keep_bases(actor)
    context = {
        "form": form,
        "measure": form.measure(),
        "measure_words": base_files.MEASURE_WORDS[form.measure()],
        "day": form.day(),
        "filters": FILTERS,
        "measures": MEASURES,
        "only": form.only(),
        "wanted": form.cleaned_data.get("q") or "",
        "rows": kept,
        "all_count": len(rows),
        "total": sum(row.base.value for row in rows if row.base),
        "missing": sum(row.base is None for row in rows),
        "estimated": sum(row.base is not None and row.base.estimated_share > 0 for row in rows),
        "names": _names(row.entered.entered_by for row in kept if row.entered),
        "keeper": keeper,
        "uploads": base_lists.latest_uploads(actor, 5) if keeper else [],
        "address": request.GET.urlencode(),
    }
    return render(request, "backoffice/bases/index.html", context)


@require_GET
@official(*DENOMINATORS)
def export(request: HttpRequest, suffix: str) -> HttpResponse:
    """Hand out the list as seen; the file can be mended and sent in again as it is."""
    form = _asked(request)
    rows, kept = _seen(form)
    words = base_files.MEASURE_WORDS[form.measure()]
    heads = [*HEADS, words, *TAIL]
    about = [
        _("Mẫu số: %(words)s, dùng cho ngày %(day)s") % {"words": words, "day": wording.day(form.day())},
        *([_("Bản dùng thử: dữ liệu mẫu, không phải kết quả thật")] if settings.DEMO else []),
        _("%(count)s/%(all)s xã, phường") % {"count": len(kept), "all": len(rows)},
    ]
    lines = [_line(row) for row in kept]
    audit.looked(_actor(request), "backoffice.bases_exported", at=clock.now(), rows=len(kept), form=suffix)
    if suffix == "csv":
        content, kind = exports.plain_csv(heads, lines, about), "text/csv; charset=utf-8"
    else:
        content = exports.plain_xlsx(heads, lines, about)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    name = f"mau-so_{form.measure().value.replace('_', '-')}_{form.day().isoformat()}.{suffix}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _line(row: Listed) -> list[object]:
    above = places.views([row.unit.parent_id], row.unit.valid_from) if row.unit.parent_id else {}
    parent = next((view.full_name for view in above.values()), "")
    start: list[object] = [row.unit.code, row.unit.full_name, parent]
    if row.base is None:
        return [*start, "", "", "", "", "", _("Chưa có số")]
    estimated = row.base.estimated_share
    return [
        *start,
        round(row.base.value),
        wording.day(row.base.as_of),
        row.base.source,
        row.base.method,
        round(estimated, 4) if estimated else "",
        _("Cộng từ %(count)s thôn, khu") % {"count": row.villages} if row.villages else "",
    ]


def _names(account_ids: Iterable[int | None]) -> dict[int, str]:
    known = {one for one in account_ids if one is not None}
    return agencies.officials_by_account(known, clock.today()) if known else {}


@require_http_methods(["GET", "POST"])
@official(*DENOMINATORS)
def unit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show all bases ever entered for a commune and its villages; a keeper enters or corrects one."""
    actor, now = _actor(request), clock.now()
    view = places.unit_by_uid(uid)
    if view.level != "commune":
        raise PageNotFound
    keeper = policies.can_keep_bases(actor)
    whose = [view, *places.units_on(clock.day_of(now), "village", view.id)]
    form = BaseForm(
        request.POST or None,
        units=whose,
        initial={"unit": str(view.uid), "measure": request.GET.get("do"), "as_of": clock.day_of(now)},
    )
    if request.method == "POST" and not keeper:
        raise errors.NotAllowed
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        row = services.NewDenominator(
            unit_id=next(one.id for one in whose if str(one.uid) == typed["unit"]),
            measure=rules.Measure(typed["measure"]),
            value=typed["value"],
            source=typed["source"],
            as_of=typed["as_of"],
            method=typed["method"],
        )
        try:
            written = services.set_denominators([row], actor=actor, now=now)
        except (errors.Invalid, errors.Conflict) as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(request, _("Đã ghi số mới; số cũ của ngày ấy còn trong lịch sử.") if written else _("Số này đã có, không có gì thay đổi."))  # fmt: skip
            return redirect("backoffice:base_unit", uid=uid)
    return render(
        request,
        "backoffice/bases/unit.html",
        {**_unit_context(view, whose), "form": form if keeper else None, "keeper": keeper},
        status=422 if form.errors else 200,
    )


def _unit_context(view: UnitView, whose: list[UnitView]) -> dict[str, Any]:
    entered = base_lists.entered_for([one.id for one in whose])
    names = {one.id: one.full_name for one in whose}
    today = clock.today()
    applied = selectors.bases_of("commune", today, today).get(view.id, {})
    return {
        "unit": view,
        "groups": [
            {
                "words": words,
                "key": measure.value,
                "base": applied.get(measure.value),
                "rows": [(row, names[row.unit_id]) for row in entered if row.measure is measure],
            }
            for measure, words in base_files.MEASURE_WORDS.items()
        ],
        "names": _names(who for row in entered for who in (row.entered_by, row.withdrawn_by)),
        "before": places.predecessors(view.id, today),
        "nav_here": "bases",
    }


@require_POST
@official(*DENOMINATORS)
def withdraw(request: HttpRequest, uid: UUID, base: int) -> HttpResponse:
    """Take a base of this commune, or of a village of it, out of force."""
    view = places.unit_by_uid(uid)
    whose = [view, *places.units_on(clock.today(), "village", view.id)]
    if base not in {row.id for row in base_lists.entered_for([one.id for one in whose])}:
        raise PageNotFound
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            services.withdraw_denominator(
                base, reason=form.cleaned_data["reason"], actor=_actor(request), now=clock.now()
            )
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã bỏ số này; lý do còn trong lịch sử."))
            return redirect("backoffice:base_unit", uid=uid)
    context = {
        **_unit_context(view, whose),
        "form": BaseForm(units=whose, initial={"unit": str(view.uid), "as_of": clock.today()}),
        "keeper": True,
        "withdrawn": base,
        "withdraw_form": form,
    }
    return render(request, "backoffice/bases/unit.html", context, status=422)


@require_http_methods(["GET", "POST"])
@official(*DENOMINATORS)
def upload(request: HttpRequest) -> HttpResponse:
    """Take a table in and show what it would change; nothing is in force yet."""
    actor = _actor(request)
    if not policies.can_keep_bases(actor):
        raise PageNotFound
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            made = services.preview_bases(
                typed["file"],
                file_name=form.file_name,
                defaults=services.Defaults(typed["as_of"], typed["source"].strip(), typed["method"].strip()),
                encoding=encodings.Encoding(typed["encoding"]) if typed["encoding"] else None,
                actor=actor,
                now=clock.now(),
            )
        except (errors.Invalid, errors.Conflict) as refusal:
            form.refuse_any(refusal)
        else:
            return redirect("backoffice:base_upload", uid=made.uid)
    context = {"form": form, "nav_here": "bases"}
    return render(request, "backoffice/bases/upload.html", context, status=422 if form.errors else 200)


@require_GET
@official(*DENOMINATORS)
def preview(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show line by line what an upload would write, or wrote."""
    view = base_lists.upload_for(_actor(request), uid)
    wanted = request.GET.get("ket-qua", "")
    counts = {key: sum(line["outcome"] == key for line in view.lines) for key in OUTCOMES}
    shown = [line for line in view.lines if wanted not in OUTCOMES or line["outcome"] == wanted]
    context = {
        "upload": view,
        "lines": [(line, *OUTCOMES[line["outcome"]], _values(line)) for line in shown],
        "counts": [(key, words, counts[key]) for key, (words, _tone) in OUTCOMES.items()],
        "wanted": wanted,
        "sound": len(view.lines) - counts["faulty"],
        "faulty": counts["faulty"],
        "doubtful": sum(bool(line["doubts"]) for line in view.lines),
        "nav_here": "bases",
    }
    return render(request, "backoffice/bases/preview.html", context)


def _values(line: dict[str, Any]) -> list[tuple[str, int]]:
    return [(base_files.MEASURE_WORDS[rules.Measure(key)], value) for key, value in line["values"].items()]


@require_POST
@official(*DENOMINATORS)
def confirm(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Put the sound lines of a preview in force."""
    written = services.confirm_bases(uid, actor=_actor(request), now=clock.now())
    messages.success(request, _("Đã ghi %(count)s số. Số cũ cùng ngày còn trong lịch sử.") % {"count": written})
    return redirect("backoffice:base_upload", uid=uid)


@require_POST
@official(*DENOMINATORS)
def give_up(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give a preview up."""
    services.withdraw_bases(uid, actor=_actor(request), now=clock.now())
    messages.success(request, _("Đã bỏ bản xem trước, không có gì được lưu."))
    return redirect("backoffice:bases")


@require_GET
@official(*DENOMINATORS)
def faulty(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hand out the faulty lines with what is wrong beside each."""
    view = base_lists.upload_for(_actor(request), uid)
    heads = [
        "Đơn vị",
        *base_files.MEASURE_WORDS.values(),
        "Ngày của số",
        "Nguồn",
        "Cách làm",
        "Dòng",
        "Lỗi và cách sửa",
    ]
    lines = [
        [
            line["written"],
            *(line["values"].get(measure.value, "") for measure in base_files.MEASURE_WORDS),
            line["as_of"],
            line["source"],
            line["method"],
            f"{line['sheet']} {line['number']}".strip(),
            ". ".join(line["faults"]),
        ]
        for line in view.lines
        if line["faults"]
    ]
    return HttpResponse(
        exports.plain_xlsx(heads, lines, []),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": 'attachment; filename="mau-so_dong-loi.xlsx"'},
    )
