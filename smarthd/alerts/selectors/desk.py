"""Warnings as officials see them: the gate, the board, one warning with what may be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from smarthd.agencies import selectors as agencies
from smarthd.alerts import policies
from smarthd.alerts.errors import AlertUnknown
from smarthd.alerts.models import Alert, AlertStep
from smarthd.alerts.rules import codes, states
from smarthd.alerts.rules.messages import Kind
from smarthd.alerts.rules.states import State
from smarthd.alerts.selectors import helps, views
from smarthd.alerts.values import AlertView
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a warning's life. ``by_us``: the reader did it; ``name``: who did, as on the roster of their agency."""

    act: str
    state: State
    at: datetime
    words: str
    fields: dict[str, str]
    by_us: bool
    by_system: bool
    name: str


@dataclass(frozen=True, slots=True)
class Case:
    """One warning at the desk. ``row`` is for the forms of this context's own pages; ``may`` names the acts open to the reader."""

    row: Alert
    view: AlertView
    may: frozenset[str]
    steps: tuple[Step, ...]
    wrote: bool
    replaces: AlertView | None
    review_owed: bool


@dataclass(frozen=True, slots=True)
class Board:
    """What an official's first page of warnings holds; each list the newest first."""

    to_approve: list[AlertView]
    mine: list[AlertView]
    in_force: list[AlertView]
    to_review: list[AlertView]
    over: list[AlertView]


ACT_WORDS = {
    "composed": "Soạn",
    "edited": "Sửa",
    "submitted": "Gửi duyệt",
    "recalled": "Rút lại để sửa",
    "returned": "Trả lại",
    "approved": "Duyệt",
    "break_glass": "Phát khẩn cấp",
    "issued": "Phát",
    "lapsed": "Hết hạn, không gửi",
    "updated": "Đã có bản cập nhật",
    "cancelled": "Hủy",
    "expired": "Hết hiệu lực",
    "dropped": "Bỏ",
    "reviewed": "Soát lại",
}


def get_row(actor: Actor, code: str) -> Alert:
    """Return one warning the actor may see. Raises AlertUnknown."""
    row = (
        Alert.objects.filter(policies.visible_to(actor), code=codes.as_code(code))
        .select_related("replaces")
        .defer("cap")
        .first()
    )
    if row is None:
        raise AlertUnknown
    return row


def row_for_desk(actor: Actor, code: str, *, now: datetime) -> Alert:
    """Return a warning that went out, to who may open its duty desk: its own officials, and the duty of every commune it concerns."""
    row = Alert.objects.filter(code=codes.as_code(code), state__in=list(states.OUT)).defer("cap").first()
    if row is None:
        raise AlertUnknown
    seen = Alert.objects.filter(policies.visible_to(actor), pk=row.pk).exists()
    if not seen and not helps.communes_for(actor, row.communes, now):
        raise AlertUnknown
    return row


def case_for(actor: Actor, code: str, *, now: datetime) -> Case:
    """Return one warning with its life and what the actor may do about it now."""
    row = get_row(actor, code)
    steps = list(AlertStep.objects.filter(alert=row).order_by("id"))
    names = agencies.officials_by_account({one.by for one in steps if one.by is not None}, clock.day_of(now))
    return Case(
        row=row,
        view=views.view(row, replaced_by=views.successors([row]).get(row.pk, "")),
        may=may_do(actor, row, now=now),
        steps=tuple(
            Step(
                act=one.act,
                state=State(one.state),
                at=one.at,
                words=one.words,
                fields=dict(one.fields),
                by_us=one.by is not None and one.by == actor.account_id,
                by_system=one.by is None,
                name=names.get(one.by or 0, ""),
            )
            for one in steps
        ),
        wrote=policies.wrote(actor, row),
        replaces=views.view(row.replaces) if row.replaces is not None else None,
        review_owed=row.break_glass and row.reviewed_at is None,
    )


def may_do(actor: Actor, row: Alert, *, now: datetime) -> frozenset[str]:
    """Return the names of the acts open to the actor now."""
    state, writes = State(row.state), policies.can_write(actor, row.agency_id)
    found = set()
    if writes and state in states.EDITABLE:
        found |= {"edit", "submit", "drop"}
    if writes and state in states.BREAK_GLASS.sources:
        found.add("break_glass")
    if writes and state is State.PENDING:
        found.add("recall")
    if writes and state is State.ISSUED and row.expires_at > now and row.kind != Kind.CANCEL:
        found |= {"update", "cancel"}
    if state is State.PENDING and policies.can_approve(actor, row):
        found |= {"approve", "return"}
    if row.break_glass and row.reviewed_at is None and state in states.OUT and policies.can_review(actor, row):
        found.add("review")
    return frozenset(found)


def board_for(actor: Actor, *, now: datetime, limit: int = 40) -> Board:
    """Return the board of an official."""
    seen = Alert.objects.filter(policies.visible_to(actor)).defer("cap").order_by("-id")
    pending = list(seen.filter(state=State.PENDING)[:limit])
    drafts = list(seen.filter(state__in=[*states.EDITABLE])[:limit])
    live = list(seen.filter(state__in=[State.ISSUED, State.APPROVED], expires_at__gt=now)[:limit])
    over = list(seen.filter(state__in=list(states.OVER - {State.DROPPED})).order_by("-ended_at", "-id")[:limit])
    glass = list(seen.filter(break_glass=True, reviewed_at=None, state__in=list(states.OUT))[:limit])
    approving = [row for row in pending if policies.can_approve(actor, row)]
    own = [row for row in [*drafts, *pending] if policies.can_write(actor, row.agency_id)]
    return Board(
        to_approve=[views.view(row) for row in approving],
        mine=[views.view(row) for row in own],
        in_force=[views.view(row) for row in live],
        to_review=[views.view(row) for row in glass if policies.can_review(actor, row)],
        over=[views.view(row) for row in over],
    )


def waiting_counts(actor: Actor) -> tuple[int, int, int]:
    """Return how many warnings wait for the actor's approval, how many came back to their agency, how many broken glasses to review."""
    seen = Alert.objects.filter(policies.visible_to(actor)).defer("cap")
    pending = back = 0
    if actor.has_role(*policies.APPROVING, *policies.WRITING):
        rows = list(seen.filter(state__in=[State.PENDING, State.RETURNED]))
        pending = sum(row.state == State.PENDING and policies.can_approve(actor, row) for row in rows)
        back = sum(row.state == State.RETURNED and policies.can_write(actor, row.agency_id) for row in rows)
    if not actor.has_role(*policies.REVIEWING):
        return (pending, back, 0)
    glass = seen.filter(break_glass=True, reviewed_at=None, state__in=list(states.OUT))
    return (pending, back, sum(policies.can_review(actor, row) for row in glass))
