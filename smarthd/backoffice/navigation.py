"""The parts of the desk, by job; each shown only to the roles that have it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from smarthd.agencies.rules import Role
from smarthd.kernel.actor import Actor

UNIT = (Role.HEAD, Role.DELEGATE, Role.CLERK, Role.ADMINISTRATOR)
FIGURES = (Role.HEAD, Role.DELEGATE, Role.CLERK, Role.ADMINISTRATOR, Role.AUDITOR, Role.DISPATCHER, Role.EDITOR)
REPORTS = (Role.HEAD, Role.DELEGATE, Role.CLERK, Role.ADMINISTRATOR, Role.AUDITOR)
DENOMINATORS = (Role.HEAD, Role.DELEGATE, Role.CLERK, Role.ADMINISTRATOR, Role.AUDITOR)
ADMINISTRATION = (Role.ADMINISTRATOR,)
WATCH = (Role.AUDITOR, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Item:
    """One link of the side navigation."""

    view: str
    words: str | Promise
    icon: str
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A job and its links."""

    words: str | Promise
    items: tuple[Item, ...]


PARTS = (
    Part("", (Item("work", _("Việc của tôi"), "inbox"),)),
    Part(
        _("Triển khai"),
        (Item("units", _("Đơn vị của tôi"), "people", UNIT),),
    ),
    Part(
        _("Thống kê"),
        (
            Item("province", _("Toàn tỉnh"), "chart", FIGURES),
            Item("reports", _("Báo cáo"), "document", REPORTS),
        ),
    ),
    Part(
        _("Quản trị"),
        (
            Item("agencies", _("Cơ quan, vai trò"), "key", ADMINISTRATION),
            Item("integrity", _("Trung thực"), "shield", WATCH),
            Item("audit", _("Nhật ký"), "eye", WATCH),
        ),
    ),
)


def parts_for(actor: Actor) -> list[tuple[str | Promise, list[Item]]]:
    """Return the parts and links an actor's roles open; parts without any are left out."""
    shown = []
    for part in PARTS:
        items = [item for item in part.items if not item.roles or actor.has_role(*item.roles)]
        if items:
            shown.append((part.words, items))
    return shown
