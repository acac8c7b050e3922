"""The commune's desk for its teams: set up by a decision, members, villages, leader, codes and posters, events, lessons, expenses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind
from smarthd.backoffice import navigation
from smarthd.backoffice.forms import teams as forms
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.views.team_phone import scan_address
from smarthd.insights.charts import posters
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
from smarthd.places import services as place_services
from smarthd.rollout import policies
from smarthd.rollout.rules import teams as rules
from smarthd.rollout.selectors import team_results
from smarthd.rollout.selectors import teams as selectors
from smarthd.rollout.services import teams_codes, teams_setup, teams_work

SHOWN = 200


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


def _own_communes(actor: Actor) -> list[agencies.AgencyView]:
    """Return the commune committees whose teams the actor sets up."""
    held = [grant.agency_id for grant in actor.grants if policies.can_set_up_teams(actor, grant.agency_id)]
    return [view for view in agencies.agency_views(held, clock.today()).values() if view.kind == Kind.COMMUNE_COMMITTEE]


@require_GET
@official(*navigation.TEAMS)
def index(request: HttpRequest) -> HttpResponse:
    """List the teams within reach with what they achieved; villages of one's own commune that nobody covers come first."""
    actor = _actor(request)
    today = clock.today()
    found = selectors.teams_for(actor, today)
    own = _own_communes(actor)
    bare = [
        village
        for view in own
        for village, team in selectors.roster_by_village(view.place_id or 0, today)
        if team is None
    ]
    rows = [(team, team_results.results_of([team.id], team.valid_from, today)) for team in found[:SHOWN]]
    context = {"rows": rows, "count": len(found), "shown": len(rows), "own": own, "bare": bare, "today": today}
    return render(request, "backoffice/teams/desk.html", context)


@require_http_methods(["GET", "POST"])
@official(*navigation.TEAMS)
def establish(request: HttpRequest, agency: UUID) -> HttpResponse:
    """Set up a team by a decision."""
    actor = _actor(request)
    view = agencies.agency_by_uid(agency, clock.today())
    if not policies.can_set_up_teams(actor, view.id):
        raise PageNotFound
    form = forms.TeamForm(request.POST or None, initial={"decision_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            team = teams_setup.establish_team(view.id, **form.cleaned_data, actor=actor, now=clock.now())
        except (errors.Invalid, errors.Conflict) as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(request, _("Đã lập tổ. Tiếp theo: thêm thành viên, phân địa bàn, cử tổ trưởng."))
            return redirect("backoffice:team_detail", uid=team.uid)
    context = {"agency": view, "form": form, "nav_here": "teams"}
    return render(request, "backoffice/teams/new.html", context, status=422 if form.errors else 200)


@require_GET
@official(*navigation.TEAMS)
def detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one team with everything its commune keeps of it."""
    return render(request, "backoffice/teams/detail.html", _shown(_actor(request), uid, {}))


def _shown(actor: Actor, uid: UUID, failed: dict[str, Any]) -> dict[str, Any]:
    now = clock.now()
    today = clock.day_of(now)
    team = selectors.team_for(actor, uid, today)
    members = selectors.members_of(team.id)
    villages = selectors.villages_of(team.id, today)
    covered = {view.id for view in villages}
    counted = team_results.households_of(covered, today)
    home = agencies.agency_view(team.agency_id, today).place_id or 0
    choices = [
        (str(village.id), village.full_name if other is None or other.id == team.id else f"{village.full_name} ({other.name})")
        for village, other in selectors.roster_by_village(home, today)
    ]  # fmt: skip
    named = [(str(one.uid), one.full_name) for one in members]
    by_member = team_results.by_member(team.id, team.valid_from, today)
    found = {member.pk: result for member, result in by_member}
    return {
        "nav_here": "teams",
        "team": team,
        "may": policies.can_set_up_teams(actor, team.agency_id) and team.valid_to is None,
        "judges": policies.can_judge_teams(actor, team.agency_id),
        "members": [(one, found.get(one.id)) for one in members],
        "villages": [(view, counted.get(view.id)) for view in villages],
        "households_form": forms.HouseholdsForm(
            villages=[
                (view.id, view.full_name, counted[view.id].value if view.id in counted else None) for view in villages
            ],
            initial={"as_of": today},
        ),
        "codes": selectors.codes_of(team.id, now)[:30],
        "events": selectors.events_of(team.id, since=now - timedelta(days=30)),
        "lessons": selectors.lessons_of(team.agency_id, limit=5),
        "expenses": selectors.expenses_of(team.id, limit=20),
        "results": team_results.results_of([team.id], team.valid_from, today),
        "rushed": team_results.rushed_days(team.id),
        "disagreements": len(team_results.disagreements(team.id)),
        "agency_uid": agencies.agency_view(team.agency_id, today).uid,
        "outcome_words": rules.OUTCOME_WORDS,
        "today": today,
        "member_form": forms.MemberForm(),
        "villages_form": forms.VillagesForm(choices=choices, initial={"villages": [str(pk) for pk in covered]}),
        "code_form": forms.CodeForm(choices=named, initial=forms.CodeForm.usual(today)),
        "event_form": forms.EventForm(initial=forms.EventForm.usual(today)),
        "reason_form": forms.ReasonForm(),
    } | failed


@require_POST
@official(*navigation.TEAMS)
def act(request: HttpRequest, uid: UUID, act: str) -> HttpResponse:
    """Do one thing with a team; what was refused is shown beside its form, nothing typed is lost."""
    actor = _actor(request)
    shown = _shown(actor, uid, {})
    if act not in _ACTS:
        raise PageNotFound
    name, do = _ACTS[act]
    form = _bound(shown[name], request)
    if form.is_valid():
        try:
            said = do(actor, shown["team"], form, request)
        except (errors.Invalid, errors.Conflict) as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(request, said)
            return redirect(f"{reverse('backoffice:team_detail', kwargs={'uid': uid})}#{act}")
    return render(request, "backoffice/teams/detail.html", _shown(actor, uid, {name: form, "failed": name}), status=422)


def _bound(empty: Any, request: HttpRequest) -> Any:
    """Return a form like an empty one, filled with what was sent; its choices go along."""
    kind = type(empty)
    if isinstance(empty, forms.HouseholdsForm):
        return forms.HouseholdsForm(request.POST, villages=empty.villages)
    for field in ("villages", "member"):
        if field in empty.fields:
            return kind(request.POST, choices=[pair for pair in empty.fields[field].choices if pair[0]])
    return kind(request.POST)


def _join(actor: Actor, team: selectors.TeamView, form: Any, request: HttpRequest) -> str:
    today = clock.today()
    teams_setup.join_member(team.uid, **form.cleaned_data, on=today, actor=actor, now=clock.now())
    return _("Đã thêm thành viên.")


def _cover(actor: Actor, team: selectors.TeamView, form: Any, request: HttpRequest) -> str:
    now = clock.now()
    today = clock.day_of(now)
    chosen = [int(pk) for pk in form.cleaned_data["villages"]]
    home = agencies.agency_view(team.agency_id, today).place_id or 0
    if not policies.can_set_up_teams(actor, team.agency_id):
        raise PageNotFound
    chosen += [place_services.add_village(home, name, today, actor=actor, now=now) for name in form.new_names()]
    teams_setup.cover_villages(team.uid, chosen, on=today, actor=actor, now=now)
    return _("Đã ghi địa bàn: %(count)d thôn, khu.") % {"count": len(chosen)}


def _count(actor: Actor, team: selectors.TeamView, form: Any, request: HttpRequest) -> str:
    told = form.cleaned_data
    teams_work.count_households(
        team.uid, form.counts(), source=told["source"], as_of=told["as_of"], actor=actor, now=clock.now()
    )
    return _("Đã ghi số hộ; tỷ lệ hộ đã gặp tính trên số này.")


def _issue(actor: Actor, team: selectors.TeamView, form: Any, request: HttpRequest) -> str:
    member = form.cleaned_data["member"]
    teams_codes.issue_code(
        team.uid, member_uid=UUID(member) if member else None, valid_until=form.cleaned_data["valid_until"],
        actor=actor, now=clock.now(),
    )  # fmt: skip
    return _("Đã cấp mã.")


def _declare(actor: Actor, team: selectors.TeamView, form: Any, request: HttpRequest) -> str:
    starts_at, ends_at = form.span()
    teams_work.declare_event(
        team.uid, kind=rules.EventKind(form.cleaned_data["kind"]), place=form.cleaned_data["place"],
        starts_at=starts_at, ends_at=ends_at, actor=actor, now=clock.now(),
    )  # fmt: skip
    return _("Đã khai báo sự kiện.")


def _clear(actor: Actor, team: selectors.TeamView, form: Any, request: HttpRequest) -> str:
    count = 0
    for on, _many in team_results.rushed_days(team.id):
        count += teams_codes.clear_rush(
            team.uid, on=on, reason=form.cleaned_data["reason"], actor=actor, now=clock.now()
        )
    return _("Đã tính %(count)d lượt sau khi kiểm tra.") % {"count": count}


_Act = Callable[[Actor, selectors.TeamView, Any, HttpRequest], str]
_ACTS: dict[str, tuple[str, _Act]] = {
    "thanh-vien": ("member_form", _join),
    "dia-ban": ("villages_form", _cover),
    "so-ho": ("households_form", _count),
    "ma": ("code_form", _issue),
    "su-kien": ("event_form", _declare),
    "kiem-tra": ("reason_form", _clear),
}


@require_POST
@official(*navigation.TEAMS)
def member(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Appoint a member leader, or end their stay."""
    actor, now = _actor(request), clock.now()
    if "leader" in request.POST:
        changed = teams_setup.appoint_leader(uid, actor=actor, now=now)
        messages.success(request, _("Đã cử tổ trưởng. Người này đăng nhập và cài lớp xác thực thứ hai là dùng được."))
    else:
        changed = teams_setup.end_member(uid, on=clock.day_of(now), actor=actor, now=now)
        messages.success(request, _("Đã ghi thành viên rời tổ; mã của người này không còn hiệu lực."))
    return redirect(f"{reverse('backoffice:team_detail', kwargs={'uid': changed.team.uid})}#thanh-vien")


@require_POST
@official(*navigation.TEAMS)
def revoke(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a code back."""
    code = teams_codes.revoke_code(uid, actor=_actor(request), now=clock.now())
    messages.success(request, _("Đã thu hồi mã. Ai quét từ bây giờ không được tính cho tổ."))
    return redirect(f"{reverse('backoffice:team_detail', kwargs={'uid': code.team.uid})}#ma")


@require_GET
@official(*navigation.TEAM_PAGES)
def poster(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give the A4 poster of a code."""
    code, team = selectors.code_for(_actor(request), uid, clock.now())
    today = clock.today()
    commune = places.unit_view(agencies.agency_view(team.agency_id, today).place_id or 0, today).full_name
    made = posters.poster_pdf(
        posters.PosterWords(
            team=team.name,
            commune=commune,
            who=code.who if code.member_id else "",
            address=scan_address(code.text),
            printed=code.printed,
            until=code.valid_until,
            site=request.get_host(),
        )
    )
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="ap-phich-{team.code}.pdf"'
    return response


@require_POST
@official(*navigation.TEAMS)
def expense(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Approve or refuse an expense."""
    decided = teams_work.decide_expense(uid, approved="yes" in request.POST, actor=_actor(request), now=clock.now())
    messages.success(request, _("Đã duyệt khoản chi.") if "yes" in request.POST else _("Đã ghi: không duyệt."))
    return redirect(f"{reverse('backoffice:team_detail', kwargs={'uid': decided.team.uid})}#chi-phi")


@require_http_methods(["GET", "POST"])
@official(*navigation.TEAMS)
def lesson(request: HttpRequest, agency: UUID) -> HttpResponse:
    """Enter a lesson for the teams of a commune."""
    actor = _actor(request)
    today = clock.today()
    view = agencies.agency_by_uid(agency, today)
    if not policies.can_set_up_teams(actor, view.id):
        raise PageNotFound
    choices = [
        (str(one.uid), f"{one.full_name} ({team.name})")
        for team in selectors.teams_for(actor, today, agency_id=view.id)
        for one in selectors.members_of(team.id)
    ]
    form = forms.LessonForm(
        request.POST or None, request.FILES or None, choices=choices, initial={"on": today, "minutes": 90}
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            teams_work.hold_lesson(
                view.id, title=told["title"], place=told["place"], minutes=told["minutes"],
                starts_at=clock.at_local(told["on"], told["begins"].hour, told["begins"].minute),
                materials=told["materials"].splitlines(), attendees=[UUID(uid) for uid in told["attendees"]],
                handed_out=[teams_work.NewMaterial(one.name, one.file) for one in told["handed_out"]],
                actor=actor, now=clock.now(),
            )  # fmt: skip
        except errors.Invalid as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(request, _("Đã ghi buổi tập huấn."))
            return redirect("backoffice:teams")
    context = {"agency": view, "form": form, "nav_here": "teams", "lessons": selectors.lessons_of(view.id)}
    return render(request, "backoffice/teams/lesson.html", context, status=422 if form.errors else 200)
