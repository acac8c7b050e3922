"""«Gửi phản ánh»: one page, with or without a script; what was typed and chosen is never lost."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from smarthd.citizen import commune, phone
from smarthd.citizen.forms.fieldreports import ReportForm, uuids
from smarthd.citizen.views.account.requests import address_of
from smarthd.citizen.views.fieldreports.map_ import ground_url
from smarthd.citizen.views.fieldreports.receiving import Received, take_files
from smarthd.fieldreports.errors import FieldReportFaulty, NoPlace, OutsideProvince, SameIdOtherContent, TooManyReports
from smarthd.fieldreports.rules import intake as rules
from smarthd.fieldreports.rules.attachments import Kind
from smarthd.fieldreports.rules.categories import FALLBACK
from smarthd.fieldreports.rules.intake import Channel, PlaceSource
from smarthd.fieldreports.selectors import ground, suggestions
from smarthd.fieldreports.selectors.suggestions import Likely
from smarthd.fieldreports.services import intake
from smarthd.fieldreports.services.intake import NewReport
from smarthd.fieldreports.values import Caller, Sent
from smarthd.kernel import clock, errors
from smarthd.rollout import services as rollout
from smarthd.rollout.rules import ValueAction
from smarthd.ui import refusals, words

TEMPLATE = "citizen/fieldreports/send.html"
_FIELD_OF = {"attachments": "photos"}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Ask what happened and where, and take it in."""
    if request.method == "POST":
        return _taken(request)
    place = commune.of(request)
    category = request.GET.get("linh-vuc", "")[:60]
    given = {"commune_name": place.full_name if place else "", "client_id": uuid4(), "category": category}
    return render(request, TEMPLATE, _context(ReportForm(initial=given), commune_uid=place.uid if place else ""))


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The same page with nothing of anybody in it, for the phone to keep and open without a network."""
    response = render(request, TEMPLATE, _context(ReportForm(), is_shell=True))
    response["Cache-Control"] = "no-cache"
    return response


def _context(form: ReportForm, **more: Any) -> dict[str, Any]:
    return {
        "here": "phan-anh",
        "form": form,
        "longest": rules.LONGEST,
        "longest_address": rules.LONGEST_ADDRESS,
        "most_photos": rules.PHOTOS,
        "commune_uid": "",
        "ground_url": ground_url(),
        **more,
    }


def _taken(request: HttpRequest) -> HttpResponse:
    caller, now = phone.known_caller(request), clock.now()
    form = ReportForm(request.POST)
    received = Received(uuids(request.POST.getlist("attachments")))
    before = len(received.uids)
    for name, kind in (("photos", Kind.PHOTO), ("voice", Kind.VOICE)):
        chosen = [file for file in request.FILES.getlist(name) if file.size]
        take_files(chosen, kind, caller=caller, address=address_of(request), now=now, into=received)
    if form.is_valid() and not received.problems:
        likely = _others(request, form, now)
        if likely:
            return _again(request, form, received, caller, status=200, likely=likely)
        try:
            sent = intake.send_report(_new(form, received), caller=caller, address=address_of(request), now=now)
        except errors.Refusal as refused:
            refusal = _with_place(refused, form)
            if refusals.wants_json(request):
                return refusals.answer(request, refusal)
            return _refused(request, form, received, caller, refusal)
        return _sent(request, sent, caller, now)
    for problem in received.problems:
        form.add_error("photos", problem)
    if refusals.wants_json(request):
        faulty = FieldReportFaulty(fields={name: " ".join(map(str, said)) for name, said in form.errors.items()})
        return refusals.answer(request, faulty)
    return _again(request, form, received, caller, status=422, fresh=len(received.uids) > before)


def _new(form: ReportForm, received: Received) -> NewReport:
    """Return what was typed as the service takes it. ``late``: written without a network, where nobody could be asked about the category."""
    values = form.cleaned_data
    lat, lon = values["point"] or (None, None)
    return NewReport(
        words=values["words"],
        category_key=values["category"] or (FALLBACK if form.data.get("late") else ""),
        lat=lat,
        lon=lon,
        accuracy_m=None if values["accuracy"] is None else int(min(max(values["accuracy"], 0), 100_000)),
        place_source=values["source"] if values["point"] else PlaceSource.COMMUNE,
        commune_id=values["commune_id"],
        address=values["address"],
        urgent=values["urgent"],
        anonymous=values["anonymous"],
        private=values["private"],
        client_id=values["client_id"],
        channel=Channel.APP if form.data.get("channel") == Channel.APP else Channel.WEB,
        attachment_uids=received.uids,
        answers=form.answers(),
    )


def _others(request: HttpRequest, form: ReportForm, now: datetime) -> list[Likely]:
    """Return what others reported nearby, once: a page with a script has asked already, and so has one that shows the list."""
    if refusals.wants_json(request) or request.POST.get("seen"):
        return []
    values = form.cleaned_data
    return others_nearby(values["point"], values["commune_id"], values["category"], values["words"], now)


def others_nearby(
    point: tuple[float, float] | None, commune_id: int | None, category_key: str, said: str, now: datetime
) -> list[Likely]:
    """Return public reports that may be the same; none where the place is not known to us."""
    try:
        where = ground.stand(*point, now) if point else ground.commune(commune_id or 0, now)
    except (OutsideProvince, NoPlace, errors.NotFound):
        return []
    if not category_key:
        best = suggestions.categories_for(said).best
        category_key = best.key if best else ""
    lat, lon = point or (None, None)
    return suggestions.duplicates_for(
        lat=lat,
        lon=lon,
        commune_id=where.commune.id,
        category_key=category_key,
        words=said,
        at=now,
        now=now,
        most=3,
    )


def _again(
    request: HttpRequest, form: ReportForm, received: Received, caller: Caller, *, status: int, **more: Any
) -> HttpResponse:
    """Show the page again with everything that was typed and every file that arrived."""
    context = _context(form, kept=received.uids, commune_uid=form.data.get("commune", ""), **more)
    response = render(request, TEMPLATE, context, status=status)
    phone.keep(response, caller.token)
    return response


def _refused(
    request: HttpRequest, form: ReportForm, received: Received, caller: Caller, refusal: errors.Refusal
) -> HttpResponse:
    more: dict[str, Any] = {}
    said = refusals.words_of(refusal)
    if isinstance(refusal, FieldReportFaulty):
        fields = refusal.facts["fields"]
        for field, problem in fields.items() if isinstance(fields, dict) else ():
            name = _FIELD_OF.get(field, field)
            form.add_error(name if name in form.fields else None, str(problem))
    elif isinstance(refusal, OutsideProvince | NoPlace):
        form.add_error("commune_name", f"{said.title}. {said.body}")
    elif isinstance(refusal, SameIdOtherContent):
        more["other_code"] = refusal.facts.get("code", "")
        typed = request.POST.copy()
        typed["client_id"] = str(uuid4())
        form.data = typed
        form.add_error(None, _("Phản ánh gửi trước vẫn giữ nguyên. Nếu đây là việc khác, xin bấm Gửi lần nữa."))
    elif isinstance(refusal, TooManyReports):
        form.add_error(None, f"{said.title}. {said.body} {_retry_words(refusal)}")
    else:
        form.add_error(None, said.body)
    return _again(request, form, received, caller, status=refusals.status_of(refusal), **more)


def _with_place(refusal: errors.Refusal, form: ReportForm) -> errors.Refusal:
    """Say in the same breath that the place is missing too, so that nobody mends one thing only to be sent back for the other."""
    values = form.cleaned_data
    fields = refusal.facts.get("fields")
    if not isinstance(refusal, FieldReportFaulty) or not isinstance(fields, dict):
        return refusal
    if values["point"] or values["commune_id"]:
        return refusal
    said = refusals.words_of(NoPlace())
    return FieldReportFaulty(fields={"commune_name": f"{said.title}. {said.body}", **fields})


def _retry_words(refusal: errors.Refusal) -> str:
    at = refusal.facts.get("retry_at")
    if not isinstance(at, datetime):
        return ""
    return _("Gửi lại được từ %(at)s.") % {"at": words.moment_in_words(at, clock.now())}


def _sent(request: HttpRequest, sent: Sent, caller: Caller, now: datetime) -> HttpResponse:
    """Go to the page of the report; a machine is told where that is."""
    if caller.actor.account_id is not None and not sent.again:
        rollout.report_value_action(caller.actor.account_id, ValueAction.REPORT_SENT, None, now)
    href = f"{reverse('citizen:report', args=[sent.code])}?moi"
    response: HttpResponse
    if refusals.wants_json(request):
        told = {"code": sent.code, "href": href, "again": sent.again}
        response = JsonResponse(told, status=200 if sent.again else 201)
    else:
        response = HttpResponseRedirect(href)
    phone.keep(response, sent.token)
    return response
