"""A warning in the reader's language, with the words its template needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from smarthd.alerts.rules import saying
from smarthd.alerts.rules.hazards import FACTS, response_words
from smarthd.alerts.rules.levels import LEVELS
from smarthd.alerts.rules.messages import Kind, Status
from smarthd.alerts.rules.states import State
from smarthd.alerts.selectors import views
from smarthd.alerts.services.answering import AFTER
from smarthd.alerts.values import AlertView


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page says of one warning. ``in_force``: people must act on it now; ``takes_answers``: they may still say how they are."""

    alert: AlertView
    title: str
    description: str
    instruction: str
    language: str
    hazard: str
    icon: str
    level: str
    risk: str
    stand: str
    responses: tuple[str, ...]
    in_force: bool
    over: bool
    takes_answers: bool

    @property
    def code(self) -> str:
        """The printed code."""
        return self.alert.code


def show(alert: AlertView, now: datetime) -> Shown:
    """Return a warning for the present reader; the title bears the mark of a drill, by the one rule there is."""
    english = translation.get_language() == "en"
    told, facts = views.told(alert), FACTS[alert.hazard]
    level = LEVELS.get(alert.level or 0)
    live = alert.state is State.ISSUED and alert.expires_at > now
    return Shown(
        alert=alert,
        title=saying.title(told, english=english),
        description=alert.description_en if english else alert.description_vi,
        instruction=alert.instruction_en if english else alert.instruction_vi,
        language="en" if english else "vi",
        hazard=facts.en if english else facts.vi,
        icon="check-circle" if alert.kind is Kind.CANCEL else facts.icon,
        level=_(level.words) if level else "",
        risk=_(level.risk) if level else "",
        stand=_stand(alert, now),
        responses=tuple(_(response_words(one)) for one in alert.responses),
        in_force=live and alert.kind is not Kind.CANCEL,
        over=not live,
        takes_answers=now < alert.expires_at + AFTER,
    )


def _stand(alert: AlertView, now: datetime) -> str:
    if alert.status is Status.TEST:
        return _("Gửi thử")
    if alert.state is State.UPDATED:
        return _("Đã có bản cập nhật")
    if alert.state is State.CANCELLED:
        return _("Đã hủy")
    if alert.state is State.EXPIRED or alert.expires_at <= now:
        return _("Đã hết hiệu lực")
    if alert.effective_at > now:
        return _("Sắp có hiệu lực")
    return _("Đã an toàn") if alert.kind is Kind.CANCEL else _("Đang hiệu lực")
