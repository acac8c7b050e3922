"""What every page of warnings asks first: who it is, which warning, and how it is shown before it goes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse

from smarthd.agencies.rules import Role
from smarthd.alerts.rules import messages, saying
from smarthd.alerts.rules.hazards import FACTS, response_words
from smarthd.alerts.rules.levels import LEVELS
from smarthd.alerts.rules.states import WORDS
from smarthd.alerts.selectors import views
from smarthd.alerts.values import AlertView
from smarthd.backoffice.middleware import DeskRequest
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
from smarthd.ui import refusals

WRITERS = (Role.ALERT_AUTHOR,)
APPROVERS = (Role.ALERT_APPROVER,)
ALERTS = (Role.ALERT_AUTHOR, Role.ALERT_APPROVER, Role.HEAD, Role.DELEGATE, Role.AUDITOR, Role.ADMINISTRATOR)
DESK = (*ALERTS, Role.DISPATCHER)


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    return cast("DeskRequest", request).actor


def lines_of(refusal: errors.Refusal) -> list[str]:
    """Return what a person reads of a refusal: the words of its fields, else its own."""
    fields = refusal.facts.get("fields")
    if isinstance(fields, dict) and fields:
        return [str(words) for words in fields.values()]
    return [refusals.words_of(refusal).body]


@dataclass(frozen=True, slots=True)
class Face:
    """How one warning looks at the desk: its words, and what every road would say."""

    alert: AlertView
    title: str
    title_en: str
    stand: str
    hazard: str
    icon: str
    level: str
    severity: str
    urgency: str
    certainty: str
    responses: tuple[str, ...]
    channels: tuple[str, ...]
    push: dict[str, dict[str, str]]
    loudspeaker: str
    seconds: int
    press_subject: str
    press_body: str


def face_of(alert: AlertView, channels: list[str] | None = None) -> Face:
    """Return one warning with its renderings, made by the same functions that make what goes out."""
    told, facts = views.told(alert), FACTS[alert.hazard]
    speech = saying.loudspeaker(told)
    subject, body = saying.press_mail(told)
    level = LEVELS.get(alert.level or 0)
    return Face(
        alert=alert,
        title=saying.title(told),
        title_en=saying.title(told, english=True),
        stand=WORDS[alert.state],
        hazard=facts.vi,
        icon=facts.icon,
        level=f"{level.words}, {level.risk}" if level else "Không phân cấp",
        severity=messages.SEVERITY_WORDS[alert.severity],
        urgency=messages.URGENCY_WORDS[alert.urgency],
        certainty=messages.CERTAINTY_WORDS[alert.certainty],
        responses=tuple(response_words(one) for one in alert.responses),
        channels=tuple(messages.CHANNEL_WORDS[messages.Channel(one)] for one in channels or ()),
        push=saying.push_payload(told, tag=alert.code),
        loudspeaker=speech,
        seconds=saying.reading_seconds(speech),
        press_subject=subject,
        press_body=body,
    )


def ground_url() -> str:
    """Return the address of the communes' boundaries as they stand today."""
    return f"{reverse('citizen:reports_ground')}?v={str(places.token() or '')[:8]}-{clock.today():%Y%m}"


def problem(refusal: errors.Refusal, act: str = "") -> dict[str, Any]:
    """Return a refusal as the templates show it above a form."""
    return {"title": refusals.words_of(refusal).title, "lines": lines_of(refusal), "act": act}
