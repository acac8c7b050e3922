"""What citizens read when something about a report is refused them: the context's own words, by the refusal's name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from smarthd.alerts.rules import refusals as alerts
from smarthd.connectors.rules import refusals as connectors
from smarthd.content.rules import refusals as contents
from smarthd.fieldreports.rules import refusals as fieldreports
from smarthd.kernel import errors
from smarthd.ui import refusals


class QuestionFaulty(errors.Invalid):
    """A question to the lists, the map or the open data says nothing; facts: fields."""


def register() -> None:
    """Give the refusals of these pages their words; they are translated when they are shown."""
    for name, (title, body, status) in {
        **fieldreports.WORDS,
        **alerts.WORDS,
        **connectors.WORDS,
        **contents.WORDS,
    }.items():
        refusals.say(name, gettext_lazy(title), gettext_lazy(body), status=status)
    refusals.say(
        "QuestionFaulty",
        gettext_lazy("Điều kiện chưa đúng"),
        gettext_lazy("Xin quay lại, sửa điều kiện đã chọn rồi thử lại."),
    )
