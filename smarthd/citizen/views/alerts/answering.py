"""«Tôi an toàn», «Cần giúp»: from the page, or from the phone's box when there was no network; that a page was opened, a notification shown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from smarthd.alerts.errors import AnswerFaulty
from smarthd.alerts.rules.states import Echoed
from smarthd.alerts.selectors import public
from smarthd.alerts.services import answering, echoing
from smarthd.citizen import commune, phone
from smarthd.citizen.forms.alerts import AnswerForm
from smarthd.citizen.views.account.requests import address_of
from smarthd.citizen.views.alerts import pages
from smarthd.kernel import clock, errors
from smarthd.ui import refusals


@require_POST
@never_cache
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Take an answer in. Sent twice (the same client id) it is one."""
    account_id = request.user.pk if request.user.is_authenticated else None
    alert = public.alert_page(code, account_id=account_id)
    form = AnswerForm(request.POST, alert=alert, place=commune.of(request))
    caller = phone.known_caller(request)
    try:
        if not form.is_valid():
            raise AnswerFaulty(fields={name: " ".join(map(str, said)) for name, said in form.errors.items()})
        kept = answering.answer_alert(
            form.new(), who=caller.mark, account_id=account_id, address=address_of(request), now=clock.now()
        )
    except errors.NotFound:
        raise
    except errors.Refusal as refusal:
        return _refused(request, code, form, refusal)
    response: HttpResponse
    if refusals.wants_json(request):
        response = JsonResponse({"uid": str(kept.uid), "answer": kept.answer}, status=201)
    else:
        response = HttpResponseRedirect(f"{reverse('citizen:alert', args=[alert.code])}?da-gui={kept.answer}#tra-loi")
    phone.keep(response, caller.token)
    return response


def _refused(request: HttpRequest, code: str, form: AnswerForm, refusal: errors.Refusal) -> HttpResponse:
    if refusals.wants_json(request):
        return refusals.answer(request, refusal)
    said, fields = refusals.words_of(refusal), refusal.facts.get("fields")
    lines = [str(one) for one in fields.values()] if isinstance(fields, dict) else [said.body]
    if isinstance(fields, dict):
        for name, words in fields.items():
            if name in form.fields and name not in form.errors:
                form.add_error(name, str(words))
    status = refusals.status_of(refusal)
    return pages.page(request, code, form=form, title=said.title, lines=lines, status=status)


@require_POST
@never_cache
def opened(request: HttpRequest, code: str) -> HttpResponse:
    """Note that this phone opened the warning; nothing is left on it, nothing else about it is kept."""
    caller, place = phone.caller_of(request), commune.of(request)
    answering.note_opening(
        code,
        who=caller.mark,
        commune_id=place.id if place else None,
        address=address_of(request),
        now=clock.now(),
    )
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
@never_cache
def echoed(request: HttpRequest, code: str) -> HttpResponse:
    """Note what the service worker tells of a notification: ``what`` shown or pressed, ``mark`` its random number, ``of`` its weight.

    The worker has no page and no token: the browser's own word of which site asks keeps others out, and nothing is done here but counting.
    """
    place = commune.of(request)
    mark, weight = pages.uid_or_none(request.POST.get("mark", "")), request.POST.get("of", "1")
    what = request.POST.get("what", "")
    if mark is None or what not in set(Echoed) or not (weight.isascii() and weight.isdigit() and len(weight) <= 4):
        return HttpResponse(status=422)
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return HttpResponse(status=403)
    echoing.note_echo(
        code,
        what=Echoed(what),
        mark=mark,
        weight=int(weight),
        commune_id=place.id if place else None,
        address=address_of(request),
        now=clock.now(),
    )
    return HttpResponse(status=204)
