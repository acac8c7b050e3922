"""Helping someone in front of you to open an account, and one's own yes or no to being helped."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from smarthd.citizen.forms import account as forms
from smarthd.citizen.views.account.requests import account_id_of, account_page
from smarthd.kernel import clock, policies
from smarthd.kernel.actor import Actor
from smarthd.people import policies as people_policies
from smarthd.people import rules, selectors
from smarthd.people import services as people
from smarthd.rollout.rules import team_codes
from smarthd.rollout.selectors import teams


def _actor(request: HttpRequest) -> Actor:
    """Return the actor the middleware built; a team member's carries the team's code among its facts."""
    known = getattr(request, "actor", None)
    actor = known if isinstance(known, Actor) else Actor(account_id=account_id_of(request))
    code = teams.code_of_member(account_id_of(request), clock.now())
    return actor.knowing(**{people_policies.TEAM_CODE: code}) if code else actor


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def index(request: HttpRequest) -> HttpResponse:
    """Record that the person in front agrees, so that they can sign in on their own phone."""
    actor = _actor(request)
    team_code = actor.facts.get(people_policies.TEAM_CODE, "")
    policies.require(people_policies.can_assist(actor, team_code))
    words = rules.wording_in_force(rules.Purpose.ASSISTED, clock.today())
    form = forms.AssistForm(request.POST or None, initial={"wording_version": words.version})
    if request.method == "POST" and form.is_valid() and _started(actor, team_code, form):
        messages.success(request, _("Đã ghi. Bây giờ người được giúp tự đăng nhập trên điện thoại của mình."))
        return HttpResponseRedirect(reverse("citizen:assist"))
    context = {
        "here": "toi",
        "form": form,
        "words": words,
        "helps": selectors.assistances_of(actor),
        "team_printed": team_codes.printed(team_code),
    }
    return render(request, "citizen/account/assist.html", context, status=422 if form.errors else 200)


def _started(actor: Actor, team_code: str, form: forms.AssistForm) -> bool:
    try:
        people.start_assistance(
            actor,
            phone=form.cleaned_data["phone"],
            team_code=team_code,
            means=rules.Means(form.cleaned_data["means"]),
            agreed=form.cleaned_data["agreed"],
            wording_version=form.cleaned_data["wording_version"],
            now=clock.now(),
        )
    except rules.AgreementMissing as refusal:
        form.refuse(refusal)
        return False
    except rules.OwnAssistance:
        form.add_error("phone", _("Đây là số của chính mình. Xin nhập số của người được giúp."))
        return False
    return True


@require_POST
@account_page
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Stop helping."""
    people.end_assistance(_actor(request), uid=uid, now=clock.now())
    return HttpResponseRedirect(reverse("citizen:assist"))


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def answer(request: HttpRequest) -> HttpResponse:
    """Say yes or no to being helped, on one's own phone."""
    now, pk = clock.now(), account_id_of(request)
    waiting = selectors.assistance_waiting_for(pk, now)
    if waiting is None:
        return HttpResponseRedirect(reverse("citizen:account"))
    words = rules.wording_in_force(rules.Purpose.ASSISTED, clock.day_of(now))
    form = forms.AnswerForm(request.POST or None, initial={"wording_version": words.version})
    if request.method == "POST" and form.is_valid():
        agreed = form.cleaned_data["agreed"] and "no" not in request.POST
        people.answer_assistance(
            pk, uid=waiting.uid, agreed=agreed, wording_version=form.cleaned_data["wording_version"], now=now
        )
        messages.success(request, _("Đã ghi nhận sự đồng ý.") if agreed else _("Đã ghi: không đồng ý."))
        return HttpResponseRedirect(reverse("citizen:account"))
    context = {"here": "toi", "form": form, "words": words}
    return render(request, "citizen/account/assisted.html", context, status=422 if form.errors else 200)
