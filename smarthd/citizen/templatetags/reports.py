"""Tags of the citizens' reports: a state as icon and word, an instant as a newspaper would print it."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from smarthd.fieldreports.rules.states import STATE_WORDS, State
from smarthd.ui import words
from smarthd.ui.templatetags import ui

register = template.Library()

KINDS: dict[State, str] = {
    State.RECEIVED: "plain",
    State.ACCEPTED: "info",
    State.ASSIGNED: "info",
    State.IN_PROGRESS: "info",
    State.REOPENED: "warn",
    State.WAITING: "warn",
    State.CONTESTED: "warn",
    State.ANSWERED: "ok",
    State.CONFIRMED: "ok",
    State.CLOSED: "ok",
    State.DECLINED: "bad",
    State.MERGED: "plain",
    State.WITHDRAWN: "plain",
}


@register.simple_tag
def report_state(state: State) -> SafeString:
    """Say where a report stands."""
    return ui.state(KINDS[state], _(STATE_WORDS[state]))


@register.filter
def when(value: datetime | None) -> str:
    """``{{ at|when }}`` → 17 giờ 30, 26/11/2026: whole, so that it still says so when the page is printed."""
    return words.moment_whole(value)
