"""Hướng dẫn: the picture guides, the one of the reader's own role first."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from smarthd.agencies.rules import Role
from smarthd.backoffice import navigation
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.kernel.actor import Actor
from smarthd.ui import guides

OF_ROLE = {
    Role.CLERK: "can-bo-nhap-lieu",
    Role.HEAD: "thu-truong",
    Role.DELEGATE: "thu-truong",
    Role.TEAM_LEADER: "to-truong",
    Role.ADMINISTRATOR: "so-dieu-phoi",
    Role.AUDITOR: "kiem-tra-giam-sat",
    Role.EDITOR: "bien-tap-vien",
    Role.DISPATCHER: "dieu-phoi-phan-anh",
    Role.ALERT_AUTHOR: "truc-canh-bao",
    Role.ALERT_APPROVER: "truc-canh-bao",
}


def _picture(name: str) -> str:
    return reverse("citizen:guide_picture", kwargs={"name": name})


def _own(actor: Actor) -> set[str]:
    """Return the guides of the actor's roles; who leads the Committee has one of their own."""
    own = {OF_ROLE[Role(grant.role)] for grant in actor.grants if Role(grant.role) in OF_ROLE}
    return own | ({"lanh-dao-uy-ban"} if navigation.committees_of(actor) else set())


@require_GET
@official()
def index(request: HttpRequest) -> HttpResponse:
    """List the guides."""
    own = _own(cast("DeskRequest", request).actor)
    found = guides.guides(_picture)
    context = {
        "own": [one for one in found if one.slug in own],
        "others": [one for one in found if one.slug not in own],
    }
    return render(request, "backoffice/guides/index.html", context)


@require_GET
@official()
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one guide."""
    found = guides.guide(slug, _picture)
    if found is None:
        raise PageNotFound
    return render(request, "backoffice/guides/detail.html", {"guide": found, "nav_here": "guides"})
