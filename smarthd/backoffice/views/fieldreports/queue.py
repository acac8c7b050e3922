"""The officials' queue: tabs by what is to be done, filters, search, keyset pages, export of what is seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from smarthd.agencies import selectors as agencies
from smarthd.agencies.selectors import AgencyView
from smarthd.backoffice import saved, sheets
from smarthd.backoffice.gate import official
from smarthd.backoffice.navigation import FIELDREPORTS
from smarthd.backoffice.views.fieldreports import many
from smarthd.backoffice.views.fieldreports.asking import actor_of
from smarthd.fieldreports import policies
from smarthd.fieldreports.rules import intake, states
from smarthd.fieldreports.rules.states import State
from smarthd.fieldreports.selectors import categories, lists
from smarthd.fieldreports.selectors.categories import CategoryView
from smarthd.fieldreports.selectors.filters import Query
from smarthd.fieldreports.selectors.lists import Order, QueueCounts
from smarthd.fieldreports.selectors.rows import Row
from smarthd.kernel import audit, clock, errors
from smarthd.kernel.actor import Actor
from smarthd.kernel.paging import Page
from smarthd.places import selectors as places
from smarthd.places.values import UnitView

EXPORTED = 20_000


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: its key in the address, its words, which count stands beside it, what comes first."""

    key: str
    words: str | Promise
    count: str = ""
    states: tuple[State, ...] = ()
    order: Order = Order.DUE


_l = gettext_lazy
TABS = (
    Tab("can-lam", _l("Tất cả việc mở")),
    Tab("moi", _l("Chờ xem"), "new", (State.RECEIVED,)),
    Tab("cua-toi", _l("Tôi phụ trách"), "mine"),
    Tab("qua-han", _l("Quá hạn"), "overdue"),
    Tab("sap-han", _l("Còn dưới 2 ngày"), "due_soon"),
    Tab("dang-xu-ly", _l("Đang xử lý"), "working", tuple(sorted(states.WORKING))),
    Tab("cho-bo-sung", _l("Chờ người gửi"), "waiting", (State.WAITING,)),
    Tab("xem-lai", _l("Xem lại từ chối"), "contested", (State.CONTESTED,)),
    Tab("da-tra-loi", _l("Đã trả lời"), "", tuple(sorted(states.DONE)), Order.NEWEST),
    Tab("tu-choi", _l("Không tiếp nhận"), "", (State.DECLINED,), Order.NEWEST),
    Tab("tat-ca", _l("Tất cả"), "", (), Order.NEWEST),
)
_TABS = {tab.key: tab for tab in TABS}
FLAGS = (("khan", _l("Khẩn")), ("mo-lai", _l("Từng mở lại")))


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: the tab, and the filters as values; what is not understood is left out."""

    tab: Tab
    words: str = ""
    category: CategoryView | None = None
    commune: UnitView | None = None
    holder: AgencyView | None = None
    since: date | None = None
    until: date | None = None
    flags: tuple[str, ...] = ()

    @property
    def narrowed(self) -> bool:
        """Say whether anything beside the tab is asked for."""
        return self != Asked(self.tab)

    def query(self, actor: Actor) -> Query:
        """Return the question as the selectors know it."""
        return Query(
            words=self.words,
            category_ids=_ids_of(self.category),
            states=self.tab.states,
            commune_id=self.commune.id if self.commune else None,
            holder_id=self.holder.id if self.holder else None,
            worker=actor.account_id if self.tab.key == "cua-toi" else None,
            since=self.since,
            until=self.until,
            overdue=self.tab.key == "qua-han",
            due_soon=self.tab.key == "sap-han",
            urgent="khan" in self.flags,
            reopened="mo-lai" in self.flags,
        )


def _ids_of(category: CategoryView | None) -> tuple[int, ...]:
    return () if category is None else (category.id, *(child.id for child in category.children))


def asked_of(address: QueryDict, tree: tuple[CategoryView, ...]) -> Asked:
    """Read an address; a link shows another official what they may see of it."""
    key = address.get("linh-vuc", "")
    chosen = next((one for root in tree for one in (root, *root.children) if one.key == key), None)
    known = {flag for flag, _words in FLAGS}
    return Asked(
        tab=_TABS.get(address.get("xem", ""), TABS[0]),
        words=address.get("q", "").replace("\0", "").strip()[:100],
        category=chosen,
        commune=_commune(address.get("noi", "")),
        holder=_agency(address.get("co-quan", "")),
        since=_day(address.get("tu", "")),
        until=_day(address.get("den", "")),
        flags=tuple(flag for flag in dict.fromkeys(address.getlist("loc")) if flag in known),
    )


def _day(written: str) -> date | None:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day <= date(2100, 1, 1) else None


def _commune(written: str) -> UnitView | None:
    try:
        return places.unit_by_uid(UUID(written), clock.today())
    except (ValueError, errors.NotFound):
        return None


def _agency(written: str) -> AgencyView | None:
    try:
        return agencies.agency_by_uid(UUID(written), clock.today())
    except (ValueError, errors.NotFound):
        return None


def found_of(actor: Actor, asked: Asked, *, now: datetime, cursor: str = "", limit: int = lists.PAGE) -> Page[Row]:
    """Return a page of what was asked; a code typed whole finds its report wherever it stands."""
    code = asked.words.upper()
    if code.startswith(intake.CODE_PREFIX) and " " not in code:
        query = replace(Query(), codes=(code,))
        return lists.queue(actor, query, now=now, order=Order.NEWEST, cursor=cursor, limit=limit)
    return lists.queue(actor, asked.query(actor), now=now, order=asked.tab.order, cursor=cursor, limit=limit)


@require_GET
@official(*FIELDREPORTS)
def index(request: HttpRequest) -> HttpResponse:
    """Show the queue, what is due first on top."""
    actor, now = actor_of(request), clock.now()
    tree = categories.tree()
    asked = asked_of(request.GET, tree)
    page = found_of(actor, asked, now=now, cursor=request.GET.get("cursor", ""))
    counts = lists.queue_counts(actor, now=now)
    context = {
        "asked": asked,
        "page": page,
        "rows": page.items,
        "tabs": [(tab, _count(counts, tab)) for tab in TABS],
        "flags": [(key, words, key in asked.flags) for key, words in FLAGS],
        "tree": tree,
        "communes": _communes(actor),
        "me": actor.account_id,
        "bulk": many.clean_acts(actor),
        "saved": saved.filters_of(actor.account_id or 0),
        "may_act": bool(policies.works_at(actor)),
        "address": request.GET.urlencode(),
        "now": now,
        "nav_here": "fieldreports",
    }
    return render(request, "backoffice/fieldreports/queue.html", context)


def _count(counts: QueueCounts, tab: Tab) -> int | None:
    return getattr(counts, tab.count) if tab.count else None


def _communes(actor: Actor) -> list[UnitView]:
    """Return the communes to choose from; an official of one commune has nothing to choose."""
    if len(policies.sees_agencies(actor)) < 2:
        return []
    return places.units_on(clock.today(), "commune")


@require_GET
@official(*FIELDREPORTS)
def export(request: HttpRequest, suffix: str) -> HttpResponse:
    """Hand out what is seen, all of it up to a limit that is said; each export is recorded. No sender is in it."""
    actor, now = actor_of(request), clock.now()
    asked = asked_of(request.GET, categories.tree())
    found: list[Row] = []
    cursor = ""
    while len(found) < EXPORTED:
        page = found_of(actor, asked, now=now, cursor=cursor, limit=lists.MOST)
        found += page.items
        cursor = page.next_cursor
        if not cursor:
            break
    audit.looked(actor, "backoffice.fieldreports_exported", at=now, rows=len(found), form=suffix)
    local = now.astimezone(clock.ZONE)
    about = [
        _("Phản ánh hiện trường: %(tab)s") % {"tab": asked.tab.words},
        _("%(count)d dòng, lúc %(at)s") % {"count": len(found), "at": f"{local:%H:%M %d/%m/%Y}"},
        *([_("Chỉ %(most)d dòng đầu; xin lọc hẹp lại để lấy đủ") % {"most": EXPORTED}] if cursor else []),
    ]
    return sheets.hand_out("phan-anh", suffix, about=about, heads=_heads(), lines=(_line(row) for row in found))


def _heads() -> tuple[str, ...]:
    return (
        _("Mã"), _("Lĩnh vực"), _("Nội dung"), _("Xã, phường"), _("Địa chỉ"), _("Vĩ độ"), _("Kinh độ"), _("Khẩn"), _("Trạng thái"),
        _("Đang giữ"), _("Nhận lúc"), _("Hạn xem"), _("Hạn gốc"), _("Hạn đang áp dụng"), _("Quá hạn"), _("Số lần gia hạn"),
        _("Trả lời lúc"), _("Kết thúc lúc"), _("Số lần mở lại"), _("Số lần chuyển trả"), _("Số người cùng phản ánh"), _("Đánh giá"),
    )  # fmt: skip


def _line(row: Row) -> tuple[Any, ...]:
    return (
        row.code, row.category, row.text, row.commune, row.address, row.lat, row.lon, _yes(row.urgent), states.STATE_WORDS[row.state],
        row.holder, row.received_at, row.intake_due_at, row.original_due_at, row.due_at, _yes(row.overdue), row.extensions,
        row.answered_at, row.ended_at, row.reopenings, row.hand_backs, row.reporters, row.stars,
    )  # fmt: skip


def _yes(holds: bool) -> str:  # noqa: FBT001 - a cell
    return _("có") if holds else ""
