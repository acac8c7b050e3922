"""Forms of the board of ideas."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.content.rules import ideas
from smarthd.ui.forms import Form

_DAYS = ["%d/%m/%Y", "%Y-%m-%d"]


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, input_formats=_DAYS, widget=forms.DateInput(attrs={"type": "date"}), **more)


class AnswerForm(Form):
    """The official answer."""

    state = forms.ChoiceField(
        label=_("Cơ quan trả lời"),
        choices=[(state.value, ideas.STATE_WORDS[state]) for state in ideas.ANSWERS],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("Câu trả lời người dân đọc"),
        max_length=ideas.WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Không làm thì nói rõ vì sao, căn cứ vào đâu."),
    )
    until = _day(
        _("Hẹn đến ngày"), required=False, help_text=_("Bắt buộc với Đang xem xét (nhiều nhất 90 ngày) và Sẽ làm.")
    )


class ReasonForm(Form):
    """A reason people read."""

    words = forms.CharField(
        label=_("Lý do, người đề xuất đọc được"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ForwardForm(ReasonForm):
    """To which agency, and why."""

    agency = forms.TypedChoiceField(label=_("Chuyển tới"), coerce=int)

    field_order = ("agency", "words")

    def __init__(self, *args: Any, agencies: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["agency"]
        field.choices = [("", _("Chọn cơ quan")), *agencies]


class MergeForm(Form):
    """Into which idea."""

    into = forms.CharField(
        label=_("Mã ý tưởng gộp vào"),
        max_length=12,
        help_text=_("Ví dụ HK-7K2M9P. Người ủng hộ chuyển sang, mỗi người tính một lần."),
    )


class RoundForm(Form):
    """A call for ideas."""

    agency = forms.TypedChoiceField(label=_("Cơ quan mở đợt"), coerce=int)
    title = forms.CharField(label=_("Tên đợt"), max_length=160, help_text=_("Ví dụ: Hiến kế về rác thải."))
    intro = forms.CharField(
        label=_("Lời kêu gọi"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Vì sao hỏi, ý tưởng hay thì làm gì tiếp."),
    )
    opens_on = _day(_("Nhận từ ngày"))
    closes_on = _day(_("Đến hết ngày"))

    def __init__(self, *args: Any, agencies: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["agency"]
        field.choices = agencies
