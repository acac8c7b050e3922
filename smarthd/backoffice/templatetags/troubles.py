"""How difficulties, decisions and airings are told in a word and a picture."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from smarthd.kernel import clock
from smarthd.rollout.rules import airings, difficulties
from smarthd.rollout.rules.difficulties import DecisionState, Severity, State, Tier
from smarthd.rollout.selectors.difficulties import Row, Step
from smarthd.ui import words
from smarthd.ui.templatetags.ui import bar, state

register = template.Library()

_STATES = {
    State.WAITING: ("warn", "clock"),
    State.IN_HAND: ("info", "edit"),
    State.SOLVED: ("info", "check"),
    State.REOPENED: ("bad", "undo"),
    State.CONFIRMED: ("ok", "check-circle"),
    State.MERGED: ("plain", "merge"),
    State.WITHDRAWN: ("plain", "minus"),
}
_SEVERITIES = {
    Severity.BLOCKING: ("bad", "stop"),
    Severity.MAJOR: ("warn", "warning"),
    Severity.MINOR: ("plain", "info"),
}
_DECISIONS = {
    DecisionState.PROPOSED: ("warn", "clock"),
    DecisionState.RETURNED: ("bad", "undo"),
    DecisionState.APPROVED: ("ok", "check-circle"),
    DecisionState.DROPPED: ("plain", "minus"),
}
_AIRINGS = {
    airings.State.PLANNED: ("plain", "calendar"),
    airings.State.AIRED: ("warn", "camera"),
    airings.State.PROVEN: ("ok", "check-circle"),
    airings.State.MISSED: ("bad", "stop"),
    airings.State.CANCELLED: ("plain", "minus"),
}


@register.simple_tag
def difficulty_state(value: State) -> SafeString:
    """Where a difficulty stands."""
    kind, icon_name = _STATES[value]
    return state(kind, difficulties.STATE_WORDS[value], icon_name)


@register.simple_tag
def difficulty_term(row: Row) -> SafeString:
    """How long who holds it still has; overdue in red."""
    if row.days_left is None:
        return SafeString("")
    if row.overdue and row.days_left >= 0:
        return state("bad", _("quá hạn hôm nay"), "warning")
    if row.overdue:
        return state("bad", words.working_days_left(row.days_left), "warning")
    return state("warn" if row.days_left <= 1 else "plain", words.working_days_left(row.days_left), "clock")


@register.simple_tag
def severity_state(value: Severity) -> SafeString:
    """How much it stands in the way."""
    kind, icon_name = _SEVERITIES[value]
    return state(kind, difficulties.SEVERITY_WORDS[value], icon_name)


@register.simple_tag
def decision_state(value: DecisionState) -> SafeString:
    """Where a decision stands."""
    kind, icon_name = _DECISIONS[value]
    return state(kind, difficulties.DECISION_WORDS[value], icon_name)


@register.simple_tag
def airing_state(value: airings.State) -> SafeString:
    """Where an airing stands."""
    kind, icon_name = _AIRINGS[value]
    return state(kind, airings.STATE_WORDS[value], icon_name)


@register.filter
def category_words(value: str) -> str:
    """The category in words."""
    return difficulties.CATEGORY_WORDS[difficulties.Category(value)]


@register.filter
def tier_words(value: Tier) -> str:
    """The level in words."""
    return difficulties.TIER_WORDS[value]


@register.filter
def channel_words(value: str) -> str:
    """The channel in words."""
    return airings.CHANNEL_WORDS[airings.Channel(value)]


@register.filter
def proof_words(value: str) -> str:
    """The kind of proof in words."""
    return airings.PROOF_WORDS[airings.Proof(value)]


@register.filter
def step_words(step: Step) -> str:
    """What was done at a step, with what it concerned."""
    told = difficulties.ACT_WORDS.get(step.act, step.act)
    if step.note.get("into"):
        return _("%(act)s %(code)s") % {"act": told, "code": step.note["into"]}
    if step.note.get("codes"):
        return f"{told}: {', '.join(step.note['codes'])}"
    if step.note.get("number"):
        return f"{told} {step.note['number']}"
    return told


@register.filter
def in_month(value: str) -> str:
    """``{{ "2026-11"|in_month }}`` → 11/2026."""
    return f"{int(value[5:7])}/{value[:4]}" if len(value) == 7 else value


@register.filter
def clock_time(value: Any) -> str:
    """The hour of a moment on the province's clock: 17:30."""
    return f"{value.astimezone(clock.ZONE):%H:%M}" if value else words.NOTHING


@register.filter
def money(value: int | None) -> str:
    """``{{ 1250000|money }}`` → 1.250.000 đồng."""
    return words.NOTHING if value is None else _("%(amount)s đồng") % {"amount": words.number(value)}


@register.filter
def share_words(share: difficulties.Share) -> str:
    """What a share within term says while some are still running: 60–75%."""
    if share.least is None or share.most is None:
        return words.NOTHING
    least, most = words.percent(share.least, 0), words.percent(share.most, 0)
    return least if least == most else f"{least[:-1]}–{most}"


@register.simple_tag
def ratio_bar(part: int, whole: int) -> SafeString:
    """A count with its bar, as a part of a whole."""
    return bar(part / whole if whole else None, label=words.number(part))


@register.filter
def points(ratio: float) -> str:
    """``{{ 0.0123|points }}`` → 1,2: the size of a change in points, whose direction stands in words."""
    return words.number(abs(ratio) * 100, 1)


@register.filter
def brief(text: str, most: int) -> str:
    """The first sentence if it is no longer than so many words, else its beginning with a sign that more follows."""
    first, _stop, rest = text.partition(". ")
    words_of = first.split()
    if len(words_of) <= most:
        return f"{first}." if rest else first
    return f"{' '.join(words_of[:most])}…"
