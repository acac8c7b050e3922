"""What citizens read when something about a report is refused them: the context's own words, by the refusal's name."""

from __future__ import annotations

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from smarthd.fieldreports.rules import refusals as fieldreports
from smarthd.kernel import errors
from smarthd.ui import refusals
from smarthd.ui.refusals import Words


class QuestionFaulty(errors.Invalid):
    """A question to the lists, the map or the open data says nothing; facts: fields."""


def register() -> None:
    """Give the refusals of these pages their words; they are translated when they are shown."""
    for name, (title, body, status) in fieldreports.WORDS.items():
        if name not in _SHARED:
            refusals.say(name, gettext_lazy(title), gettext_lazy(body), status=status)
    refusals.say(
        "QuestionFaulty",
        gettext_lazy("Điều kiện chưa đúng"),
        gettext_lazy("Xin quay lại, sửa điều kiện đã chọn rồi thử lại."),
    )


_SHARED = frozenset({"BadMerge", "NoSuperior", "ReportFaulty"})
"""Names that another context gives to a refusal of its own: words are kept by name alone, so these pages say theirs themselves."""


def words_of(refusal: errors.Refusal) -> Words:
    """Return what a citizen reads of a refusal about a report."""
    if refusal.name in _SHARED:
        title, body, _status = fieldreports.WORDS[refusal.name]
        return Words(_(title), _(body))
    return refusals.words_of(refusal)


def as_json(refusal: errors.Refusal) -> JsonResponse:
    """Tell a page's script what was refused."""
    status, told = refusals.as_json(refusal)
    words = words_of(refusal)
    error = told["error"]
    if isinstance(error, dict):
        error |= {"title": words.title, "detail": words.body}
    return JsonResponse(told, status=status)
