"""Forms of the content desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.content.rules.freshness import LONGEST_DAYS
from smarthd.ui.forms import Form


class SectionForm(Form):
    """What an agency promises about a kind of page, who answers for it, how it is approved."""

    promise_days = forms.IntegerField(
        label=_("Hẹn bao nhiêu ngày"),
        min_value=1,
        max_value=LONGEST_DAYS,
        required=False,
        help_text=_("Để trống là không hẹn."),
    )
    owner = forms.TypedChoiceField(label=_("Người phụ trách"), coerce=int, empty_value=None, required=False)
    two_steps = forms.BooleanField(
        label=_("Hai bước: một người soát nội dung, lãnh đạo cho đăng"),
        required=False,
        help_text=_("Không chọn thì một người khác trong cơ quan duyệt là đăng."),
    )

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", _("Mọi người biên tập của cơ quan")), *people]
