"""What Wagtail tells us: a library's own signals, each a door of three lines."""

from __future__ import annotations

from typing import Any

from wagtail.signals import published, unpublished

from smarthd.content import services
from smarthd.content.models import Notice


def notice_published(*, instance: Notice, **_kwargs: Any) -> None:
    """Write down and announce a publication, in Wagtail's transaction."""
    act = services.present_act()
    services.record_publication(notice=instance, actor=act.actor, now=act.now)


def notice_unpublished(*, instance: Notice, **_kwargs: Any) -> None:
    """Write down and announce that a notice was taken down, in Wagtail's transaction."""
    act = services.present_act()
    services.record_withdrawal(notice=instance, actor=act.actor, now=act.now)


published.connect(notice_published, sender=Notice, dispatch_uid="content.notice_published")
unpublished.connect(notice_unpublished, sender=Notice, dispatch_uid="content.notice_unpublished")
