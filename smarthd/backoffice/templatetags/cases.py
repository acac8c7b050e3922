"""How citizens' reports are told in a word and a picture at the desk."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from smarthd.backoffice.words import ACTS
from smarthd.fieldreports.rules import attachments, intake, states
from smarthd.fieldreports.rules.states import Ending, Outcome, State
from smarthd.fieldreports.selectors.parts import StepView
from smarthd.fieldreports.selectors.rows import Row
from smarthd.fieldreports.selectors.statistics import UnitFigures
from smarthd.kernel import clock
from smarthd.ui import words
from smarthd.ui.templatetags.ui import state

register = template.Library()

_STATES = {
    State.RECEIVED: ("warn", "inbox"),
    State.ACCEPTED: ("info", "check"),
    State.ASSIGNED: ("info", "send"),
    State.IN_PROGRESS: ("info", "bolt"),
    State.WAITING: ("plain", "help"),
    State.ANSWERED: ("ok", "check"),
    State.REOPENED: ("bad", "undo"),
    State.CONFIRMED: ("ok", "check-circle"),
    State.CLOSED: ("plain", "check-circle"),
    State.DECLINED: ("plain", "stop"),
    State.CONTESTED: ("bad", "shield"),
    State.MERGED: ("plain", "merge"),
    State.WITHDRAWN: ("plain", "minus"),
}
_ENDINGS = {
    Ending.REPORTER: gettext_lazy("người gửi xác nhận"),
    Ending.NEIGHBOURS: gettext_lazy("người dân quanh đó xác nhận"),
    Ending.SILENCE: gettext_lazy("hết hạn xác nhận, không ai nói khác"),
    Ending.DECLINED: gettext_lazy("từ chối, không ai đề nghị xem lại"),
}
_SOON = timedelta(days=2)


@register.simple_tag
def case_state(value: State) -> SafeString:
    """Where a report stands."""
    kind, icon_name = _STATES[value]
    return state(kind, states.STATE_WORDS[value], icon_name)


@register.simple_tag
def case_term(row: Row) -> SafeString | str:
    """The term that runs, in words; a clock that stands says so, a report that is over has none."""
    now = clock.now()
    if not row.open:
        return ""
    if row.paused:
        return state("plain", _("đồng hồ đang dừng"), "clock")
    told = words.moment_in_words(row.term, now)
    if row.overdue:
        return state("bad", _("quá hạn từ %(at)s") % {"at": told}, "warning")
    what = _("xem trước %(at)s") if row.state is State.RECEIVED else _("hạn %(at)s")
    return state("warn" if row.term - now < _SOON else "plain", what % {"at": told}, "clock")


@register.filter
def when(value: datetime | None) -> str:
    """``{{ at|when }}`` → 17 giờ 30, 26/11/2026: for paper, on which no day is today."""
    return words.moment_whole(value)


@register.filter
def done_words(step: StepView) -> str:
    """What was done at a step."""
    to = step.note.get("to") if step.act in {"assigned", "rerouted", "support_asked"} else None
    return f"{step.act_words}: {to}" if isinstance(to, str) and to else step.act_words


@register.filter
def channel_words(channel: str) -> str:
    """The road a report came by."""
    return intake.CHANNEL_WORDS[intake.Channel(channel)]


@register.filter
def place_words(source: str) -> str:
    """Where the place is known from."""
    return intake.PLACE_WORDS[intake.PlaceSource(source)]


@register.filter
def part_words(part: attachments.Part) -> str:
    """What a file is in the report."""
    return attachments.PART_WORDS[part]


@register.filter
def outcome_words(outcome: Outcome) -> str:
    """What an answer says was done."""
    return states.OUTCOME_WORDS[outcome]


@register.filter
def ending_words(ending: Ending | None) -> str:
    """How a report came to its end."""
    return str(_ENDINGS[ending]) if ending else ""


@register.filter
def state_words(value: State) -> str:
    """A state in words."""
    return states.STATE_WORDS[value]


@register.filter
def unlocalized(value: float | None) -> str:
    """A coordinate as machines read it: a point, five digits."""
    return "" if value is None else f"{value:.5f}"


@register.filter
def outcome_of(written: str) -> str:
    """What an answer says was done, by its key."""
    return states.OUTCOME_WORDS[Outcome(written)]


@register.filter
def part_of(written: str) -> str:
    """What a file is in the report, by its key."""
    return attachments.PART_WORDS[attachments.Part(written)]


# --- how an agency is doing ------------------------------------------------------------------------------------------
@register.filter
def open_base(one: UnitFigures) -> str:
    """How many of those received are open, and overdue."""
    return _("%(open)d đang mở, %(overdue)d quá hạn") % {"open": one.open, "overdue": one.overdue}


@register.filter
def first_base(one: UnitFigures) -> str:
    """The base of the share against the original deadline."""
    return _("%(part)d/%(whole)d phản ánh đã đến hạn") % {"part": one.in_time_first, "whole": one.due}


@register.filter
def extended_base(one: UnitFigures) -> str:
    """The base of the share against the deadline in force."""
    return _("%(part)d/%(whole)d phản ánh đã đến hạn") % {"part": one.in_time_extended, "whole": one.due}


@register.filter
def answered_base(one: UnitFigures) -> str:
    """The base of the median."""
    return _("%(count)d phản ánh đã trả lời") % {"count": one.answered}


@register.filter
def rated_base(one: UnitFigures) -> str:
    """The base of satisfaction."""
    return _("%(count)d lượt đánh giá") % {"count": one.rated}


@register.filter
def median_words(one: UnitFigures) -> str:
    """The median in days."""
    return words.NOTHING if one.median_days is None else _("%(days)s ngày") % {"days": words.number(one.median_days, 1)}


@register.filter
def satisfaction_words(one: UnitFigures) -> str:
    """The share where there are enough ratings, else the numbers themselves."""
    if one.satisfaction is not None:
        return words.percent(one.satisfaction, 0)
    return f"{one.satisfied}/{one.rated}" if one.rated else words.NOTHING


@register.filter
def act_words(act: str) -> str:
    """What an act of the trail is called."""
    return str(ACTS.get(act, act))


_FIELDS = {
    "name": gettext_lazy("Tên"), "hint": gettext_lazy("Lời gợi ý"), "words": gettext_lazy("Từ khóa"), "radius_m": gettext_lazy("Bán kính"),
    "intake_hours": gettext_lazy("Giờ xem"), "working_hours": gettext_lazy("Giờ trả lời"), "urgent_intake_hours": gettext_lazy("Khẩn: giờ xem"),
    "urgent_hours": gettext_lazy("Khẩn: giờ trả lời"), "sensitive": gettext_lazy("Không công khai"), "dangerous": gettext_lazy("Nguy hiểm"),
}  # fmt: skip


@register.filter
def field_words(name: str) -> str:
    """What a field of a category is called."""
    return str(_FIELDS.get(name, name))
