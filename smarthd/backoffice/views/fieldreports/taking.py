"""Writing a report down for somebody on the telephone or at the counter; what may be the same is shown while typing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from smarthd.backoffice.forms.fieldreport_intake import TakenForm
from smarthd.backoffice.gate import official
from smarthd.backoffice.navigation import HANDLING
from smarthd.backoffice.views.fieldreports import uploading
from smarthd.backoffice.views.fieldreports.asking import actor_of, caller_of, said_of
from smarthd.fieldreports.rules.attachments import Part
from smarthd.fieldreports.rules.intake import PHOTOS
from smarthd.fieldreports.selectors import categories, suggestions
from smarthd.fieldreports.selectors.suggestions import Likely
from smarthd.fieldreports.services import intake
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
from smarthd.ui import refusals


@require_http_methods(["GET", "POST"])
@official(*HANDLING)
def take(request: HttpRequest) -> HttpResponse:
    """Take a report in on somebody's behalf; sent twice it is one."""
    actor, caller, now = actor_of(request), caller_of(request), clock.now()
    form = TakenForm(request.POST or None, actor=actor, tree=categories.tree())
    status, like = 200, []
    if request.method == "POST":
        status = 422
        looking = "xem" in request.POST
        like = likely(actor, request.POST.get("words", ""), request.POST.get("commune", ""), request.POST.get("category", ""), now)  # fmt: skip
        if form.is_valid() and not looking:
            try:
                with transaction.atomic():
                    files = [
                        uploading.taken_in(one, Part.CITIZEN, caller=caller, agency_id=None, now=now)
                        for one in request.FILES.getlist("photos")[:PHOTOS]
                    ]
                    done = intake.send_report(form.wanted(files), caller=caller, address="", now=now)
            except (errors.Invalid, errors.Conflict) as refusal:
                form.refuse_any(refusal, said_of(refusal))
                status = refusals.status_of(refusal)
            else:
                messages.success(
                    request,
                    _("Đã ghi. Đọc cho người dân mã %(code)s; nơi nhận: %(holder)s.")
                    % {"code": done.code, "holder": done.holder_name},
                )
                return redirect("backoffice:fieldreport", code=done.code)
        elif looking:
            status = 200
    context = {"form": form, "like": like, "nav_here": "fieldreports"}
    return render(request, "backoffice/fieldreports/take.html", context, status=status)


@require_GET
@official(*HANDLING)
def alike(request: HttpRequest) -> HttpResponse:
    """Return what may be the same as what is being typed, as a page of which the form takes its piece."""
    typed = request.GET
    found = likely(actor_of(request), typed.get("words", ""), typed.get("commune", ""), typed.get("category", ""), clock.now())  # fmt: skip
    return render(request, "backoffice/fieldreports/alike_page.html", {"like": found, "nav_here": "fieldreport_take"})


def likely(actor: Actor, words: str, commune: str, category: str, now: datetime) -> list[Likely]:
    """Return open reports that may be the same: of the commune, by category (chosen or guessed), words and time."""
    words = words[:4000].replace("\0", "")
    try:
        place = places.unit_by_uid(UUID(commune), clock.today())
    except (ValueError, errors.NotFound):
        return []
    guessed = suggestions.categories_for(words).best if not category else None
    key = category or (guessed.key if guessed else "")
    if not key or len(words.strip()) < 10:
        return []
    return suggestions.duplicates_for(
        lat=None, lon=None, commune_id=place.id, category_key=key, words=words, at=now, now=now, actor=actor
    )
