"""Published notices carried on by the channels: the words two persons have published, by one press, each once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from smarthd.agencies import selectors as agencies
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import CHANNELS
from smarthd.channels import policies
from smarthd.channels.rules import bulletins as rules
from smarthd.channels.rules import saying
from smarthd.channels.rules.bulletins import Language, Priority, Source
from smarthd.channels.selectors import desk
from smarthd.channels.services import bulletins
from smarthd.channels.values import NewBulletin
from smarthd.content.rules import Urgency
from smarthd.content.selectors import carrying
from smarthd.content.selectors.carrying import CarriedNotice
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor

LASTS = timedelta(days=3)
"""How long the channels carry a notice that does not say itself when it ends."""


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


@require_GET
@official(*CHANNELS)
def index(request: HttpRequest) -> HttpResponse:
    """List the published notices an official may carry on, and those that are on their way already."""
    actor, now = _actor(request), clock.now()
    mine = policies.sends_at(actor)
    if not mine:
        raise PageNotFound
    found = carrying.notices_of(mine, now=now)
    sent = desk.bulletins_of(actor, Source.NOTICE, [_key(one) for one in found])
    context = {"rows": [(one, sent.get(_key(one))) for one in found], "may_send": True, "nav_here": "channels"}
    return render(request, "backoffice/channels/notices.html", context)


@require_POST
@official(*CHANNELS)
def carry(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Carry one on; pressed twice it is one bulletin."""
    actor, now = _actor(request), clock.now()
    notice = carrying.notice_of(uid, policies.sends_at(actor), now=now)
    row = bulletins.take_bulletin(_bulletin(notice, now), actor=actor, now=now)
    messages.success(request, _("Thông báo đang được gửi đi; trang này cho biết nơi nào đã nhận."))
    return redirect("backoffice:channel_bulletin", uid=row.uid)


def _key(notice: CarriedNotice) -> str:
    """Return the bulletin's key: the notice and the words of it that were published, so that changed words are another bulletin."""
    return f"notice:{notice.uid}:{notice.revision}"


def _bulletin(notice: CarriedNotice, now: datetime) -> NewBulletin:
    """Return the bulletin. What is urgent goes at most as a priority: what wakes people is a warning's."""
    owner = agencies.agency_view(notice.agency_id, clock.day_of(now))
    return NewBulletin(
        source=Source.NOTICE,
        key=_key(notice),
        title=saying.cut(notice.title, rules.LONGEST_TITLE),
        body=saying.cut(notice.text or notice.summary, rules.LONGEST_BODY),
        instruction="",
        sender=owner.name,
        priority=Priority.NORMAL if notice.urgency is Urgency.NORMAL else Priority.PRIORITY,
        language=Language.EN if notice.language == "en" else Language.VI,
        communes=notice.communes,
        agency_id=notice.agency_id,
        valid_from=now,
        valid_until=min(notice.expires_at, now + 10 * LASTS) if notice.expires_at else now + LASTS,
        path=f"/thong-bao/{notice.slug}/",
    )
