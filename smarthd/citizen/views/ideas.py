"""The board of ideas as citizens meet it: read, propose after seeing what is alike, support once, mend, withdraw."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from smarthd.citizen import commune, feeds
from smarthd.citizen.forms.ideas import IdeaForm
from smarthd.citizen.views.fieldreports.map_ import ground_url
from smarthd.content import policies
from smarthd.content import selectors as content
from smarthd.content.rules import ideas as rules
from smarthd.content.selectors import idea_open, ideas
from smarthd.content.services import ideas as services
from smarthd.fieldreports.errors import PhotoRefused
from smarthd.fieldreports.services import photos
from smarthd.kernel import clock, files
from smarthd.kernel.actor import ANONYMOUS, Actor
from smarthd.kernel.pictures import MAX_BYTES
from smarthd.people import selectors as people
from smarthd.places import selectors as places

HERE = "noi-dung"
FEED_SIZE = 30


def _actor(request: HttpRequest) -> Actor:
    """Return who asks, as a citizen."""
    return Actor(account_id=request.user.pk) if request.user.is_authenticated else ANONYMOUS


def _login(request: HttpRequest) -> HttpResponse:
    return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List public ideas: of the reader's commune or all, newest or most supported, answered or not; rounds above."""
    now, asked = clock.now(), request.GET
    place = commune.of(request)
    mine = place is not None and asked.get("loc") == "noi-toi"
    number = int(asked["trang"]) if asked.get("trang", "").isascii() and asked.get("trang", "").isdigit() else 1
    wanted = ideas.Wanted(
        unit_id=place.id if mine and place else None,
        words=asked.get("q", "")[:80],
        answered={"roi": True, "chua": False}.get(asked.get("tra-loi", "")),
        most=asked.get("xep") == "ung-ho",
    )
    number = min(number, 500)
    cards, more = ideas.board(wanted, now=now, number=number)
    rounds = ideas.rounds(now=now)
    context = {
        "here": HERE,
        "commune": place,
        "cards": cards,
        "more": number + 1 if more else 0,
        "wanted": wanted,
        "mine": mine,
        "open": [one for one in rounds if one.state is rules.RoundState.OPEN],
        "over": [one for one in rounds if one.state is not rules.RoundState.OPEN],
        "filtered": bool(wanted.words or mine or wanted.answered is not None or number > 1),
    }
    return render(request, "citizen/ideas/index.html", context)


@require_safe
def round_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a round and the ideas in it, the most supported first."""
    now = clock.now()
    card = ideas.round_of(slug, now=now)
    cards, _more = ideas.board(ideas.Wanted(round_slug=slug, most=True), now=now)
    return render(request, "citizen/ideas/round.html", {"here": HERE, "card": card, "cards": cards})


@require_safe
def feed(request: HttpRequest, unit_uid: UUID | None = None) -> HttpResponse:
    """Give the ideas published last, of a commune where one is named, as an Atom feed (RFC 4287)."""
    now = clock.now()
    unit = places.unit_by_uid(unit_uid, clock.day_of(now)) if unit_uid else None
    found = idea_open.newest(FEED_SIZE, now=now, unit_id=unit.id if unit else None)
    root, name = request.build_absolute_uri("/").rstrip("/"), unit.full_name if unit else ""
    body = feeds.ideas_atom(found, root=root, path=request.path, name=name, now=now)
    return HttpResponse(body, content_type="application/atom+xml; charset=utf-8")


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """List one's own ideas."""
    if not request.user.is_authenticated:
        return _login(request)
    cards = ideas.mine(request.user.pk, now=clock.now())
    return _private(render(request, "citizen/ideas/mine.html", {"here": HERE, "cards": cards}))


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Ask for an idea; show what is alike before it is sent; take it in."""
    if not request.user.is_authenticated:
        return _login(request)
    slug = request.POST.get("dot", request.GET.get("dot", ""))[:80]
    held = ideas.round_of(slug, now=clock.now()) if slug else None
    form = IdeaForm(request.POST or None, initial={"unit": _home(request)})
    alike: list[ideas.IdeaCard] = []
    warned: list[rules.Doubt] = []
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        unit = form.units[typed["unit"]]
        if "gui" not in request.POST:
            alike = ideas.alike(typed["title"], typed["words"], unit.id, now=clock.now())
            warned = rules.warnings_in(f"{typed['title']}\n{typed['words']}\n{typed['spot']}")
        if not alike and not warned:
            sent = _sent(request, form, slug)
            if sent is not None:
                return sent
    context = {**_form_context(request, form), "round": held, "alike": alike, "warned": warned}
    return _private(render(request, "citizen/ideas/propose.html", context, status=422 if form.errors else 200))


def _home(request: HttpRequest) -> str:
    """Return the uid of the reader's commune: of this device, else where the account says they live; nothing where neither is known."""
    place = commune.of(request)
    if place is not None:
        return str(place.uid)
    facts = people.account_facts([int(request.user.pk or 0)]).get(int(request.user.pk or 0))
    return str(places.unit_view(facts.home_id, clock.today()).uid) if facts and facts.home_id else ""


def _form_context(request: HttpRequest, form: IdeaForm) -> dict[str, Any]:
    own = people.own_account(int(request.user.pk or 0))
    return {"here": HERE, "form": form, "ground_url": ground_url(), "has_name": bool(own.full_name)}


def _new(form: IdeaForm, slug: str = "") -> services.NewIdea:
    typed = form.cleaned_data
    return services.NewIdea(
        unit_id=form.units[typed["unit"]].id,
        title=typed["title"],
        words=typed["words"],
        spot=typed["spot"],
        point=typed["point"],
        round_slug=slug,
        named=typed["named"],
    )


def _sent(request: HttpRequest, form: IdeaForm, slug: str) -> HttpResponse | None:
    try:
        idea = services.propose_idea(_new(form, slug), actor=_actor(request), now=clock.now())
    except rules.IdeaFaulty as refusal:
        form.refuse(refusal)
        return None
    messages.success(request, _("Đã gửi. Cơ quan đọc và đăng trong ba ngày làm việc."))
    return redirect("citizen:idea", code=idea.code)


@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show an idea: to everybody when it is public, to its author always; a joined one leads on."""
    actor, now = _actor(request), clock.now()
    try:
        shown = ideas.seen(code, actor, now=now)
    except ideas.IdeaUnknown:
        into = ideas.joined_to(code)
        if into:
            return redirect("citizen:idea", code=into)
        raise
    state = shown.card.state
    before = state in {rules.State.WAITING, rules.State.RETURNED}
    context = {
        "here": HERE,
        "shown": shown,
        "card": shown.card,
        "row": shown.row,
        "into": ideas.joined_to(code),
        "public": state in rules.PUBLIC,
        "supportable": state in rules.SUPPORTABLE,
        "may_withdraw": shown.mine and rules.WITHDRAW.may_start(state),
        "may_mend": shown.mine and state is rules.State.RETURNED,
        "may_picture": shown.mine and before and len(shown.pictures) < rules.PICTURES,
        "before": before,
        "most_pictures": rules.PICTURES,
        "signed_in": actor.signed_in,
        "login": f"{settings.LOGIN_URL}?{urlencode({'next': request.path})}",
        "ground_url": ground_url() if shown.row.lat is not None else "",
    }
    response = render(request, "citizen/ideas/detail.html", context)
    return _private(response) if actor.signed_in else response


@require_http_methods(["GET", "HEAD", "POST"])
def mend(request: HttpRequest, code: str) -> HttpResponse:
    """Mend a returned idea and send it again."""
    actor, now = _actor(request), clock.now()
    if not actor.signed_in:
        return _login(request)
    shown = ideas.seen(code, actor, now=now)
    if not shown.mine or shown.card.state is not rules.State.RETURNED:
        raise ideas.IdeaUnknown(code=code)
    row = shown.row
    form = IdeaForm(request.POST or None, initial=_typed(row))
    if request.method == "POST" and form.is_valid():
        try:
            services.mend_idea(code, _new(form), actor=actor, now=now)
        except rules.IdeaFaulty as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã gửi lại. Cơ quan đọc và đăng trong ba ngày làm việc."))
            return redirect("citizen:idea", code=code)
    context = {**_form_context(request, form), "shown": shown}
    return _private(render(request, "citizen/ideas/mend.html", context, status=422 if form.errors else 200))


def _typed(row: Any) -> dict[str, Any]:
    return {
        "unit": str(places.unit_view(row.unit_id, clock.today()).uid),
        "title": row.title,
        "words": row.words,
        "spot": row.spot,
        "lat": row.lat,
        "lon": row.lon,
        "named": bool(row.author_name),
    }


@require_POST
def act(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """Support, take it back, withdraw one's own, add or drop a picture."""
    actor, now = _actor(request), clock.now()
    if not actor.signed_in:
        return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': f'/hien-ke/{code}/'})}")
    if what == "ung-ho":
        made = services.support_idea(code, actor=actor, now=now)
        said = _("Đã ghi bà con ủng hộ.") if made else _("Bà con đã ủng hộ từ trước; mỗi người được tính một lần.")
    elif what == "thoi-ung-ho":
        services.unsupport_idea(code, actor=actor)
        said = _("Đã thôi ủng hộ.")
    elif what == "rut":
        services.withdraw_idea(code, actor=actor, now=now)
        said = _("Đã rút ý tưởng.")
    elif what == "them-anh":
        return _pictured(request, code, actor)
    elif what == "bo-anh":
        services.drop_picture(code, _uid(request.POST.get("anh", "")), actor=actor, now=now)
        said = _("Đã bỏ ảnh.")
    else:
        raise Http404
    messages.success(request, said)
    return redirect("citizen:idea", code=code)


def _uid(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise Http404 from None


def _pictured(request: HttpRequest, code: str, actor: Actor) -> HttpResponse:
    found = [file for file in request.FILES.getlist("anh") if file.size][: rules.PICTURES]
    if not found:
        messages.error(request, _("Chưa chọn ảnh nào."))
        return redirect("citizen:idea", code=code)
    ideas.seen(code, actor, now=clock.now())
    for file in found:
        try:
            services.add_picture(code, hidden_faces(file), actor=actor, now=clock.now())
        except PhotoRefused:
            messages.error(
                request, _("Có tệp không phải ảnh, hỏng hoặc quá lớn nên không nhận. Ảnh khác vẫn được giữ.")
            )
        else:
            messages.success(request, _("Đã thêm ảnh; khuôn mặt, biển số đã được làm mờ."))
    return redirect("citizen:idea", code=code)


def hidden_faces(file: UploadedFile[Any]) -> bytes:
    """Return a picture as everybody may see it: upright, bare of what a telephone adds, faces and plates blurred. Raises PhotoRefused.

    The same pipeline as reports' photos; what came in is kept nowhere.
    """
    if file.size is None or file.size > MAX_BYTES:
        raise PhotoRefused(why="too_large")
    upright = photos.decoded(file.read())
    out = io.BytesIO()
    photos.blurred(upright, photos.detector().find(upright)).save(out, "JPEG", quality=88)
    return out.getvalue()


@require_safe
def picture(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Send a picture of an idea its reader may see, never as anything a browser would run; kept for minutes: it may be hidden any time."""
    actor = _actor(request)
    desk: frozenset[int] = frozenset()
    if actor.signed_in:
        official = content.editor_actor(request.session, int(actor.account_id or 0), now=clock.now())
        desk = policies.agencies_seen(official)
    path = files.kept_path(ideas.picture_of(uid, actor, desk=desk))
    response = FileResponse(path.open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=300"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = "inline"
    return response
