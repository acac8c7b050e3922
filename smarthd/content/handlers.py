"""What Wagtail tells us: a library's own signals, each a door of three lines."""

from __future__ import annotations

from typing import Any

from wagtail.signals import published, unpublished

from smarthd.content import own_data, services
from smarthd.content.models import Article, Notice
from smarthd.content.services import ideas, surveys
from smarthd.kernel.events import subscribe
from smarthd.people import events as people_events
from smarthd.people import exports

exports.register("content", own_data.sections)


def piece_published(*, instance: Any, **_kwargs: Any) -> None:
    """Write down and announce a publication, in Wagtail's transaction."""
    if isinstance(instance, Notice | Article):
        act = services.present_act()
        services.record_publication(piece=instance, actor=act.actor, now=act.now)


def piece_unpublished(*, instance: Any, **_kwargs: Any) -> None:
    """Write down and announce that something was taken down, in Wagtail's transaction."""
    if isinstance(instance, Notice | Article):
        act = services.present_act()
        services.record_withdrawal(piece=instance, actor=act.actor, now=act.now)


published.connect(piece_published, dispatch_uid="content.piece_published")
unpublished.connect(piece_unpublished, dispatch_uid="content.piece_unpublished")


@subscribe(people_events.AccountErased)
def on_account_erased(event: people_events.AccountErased) -> None:
    """Cut the tie between an erased account and what it answered and proposed."""
    surveys.forget_person(event.account_id)
    ideas.forget_person(event.account_id)
