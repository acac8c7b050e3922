"""Forms of the content desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.content.rules.feeds import POLICY_WORDS, Policy
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
        field: Any = self.fields["owner"]
        field.choices = [("", _("Mọi người biên tập của cơ quan")), *people]


class FeedForm(Form):
    """Which feed's items become an agency's news, and how."""

    dataset = forms.ChoiceField(label=_("Nguồn tin"))
    policy = forms.ChoiceField(
        label=_("Tin mới thì"), choices=list(POLICY_WORDS.items()), widget=forms.RadioSelect, initial=Policy.DRAFT
    )
    active = forms.BooleanField(label=_("Đang lấy tin"), required=False, initial=True)

    def __init__(self, *args: Any, feeds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["dataset"]
        field.choices = feeds
