"""Forms of asking people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.content.rules import surveys
from smarthd.ui.forms import Form


class SurveyForm(Form):
    """What is asked, whom, until when."""

    agency = forms.TypedChoiceField(label=_("Cơ quan hỏi"), coerce=int)
    title = forms.CharField(label=_("Hỏi về việc gì"), max_length=160)
    intro = forms.CharField(
        label=_("Lời giới thiệu"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Vì sao hỏi, kết quả dùng làm gì."),
    )
    draft_text = forms.CharField(
        label=_("Dự thảo để góp ý từng đoạn"),
        max_length=40_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Để trống nếu chỉ hỏi. Mỗi dòng là một đoạn người dân góp ý được."),
    )
    closes_on = forms.DateField(
        label=_("Nhận trả lời đến hết ngày"),
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    whole = forms.BooleanField(
        label=_("Hỏi cả tỉnh"), required=False, help_text=_("Không chọn thì chỉ hỏi người dân của địa bàn cơ quan.")
    )
    anonymous = forms.BooleanField(label=_("Ẩn danh: không ghi ai trả lời gì"), required=False, initial=True)

    def __init__(self, *args: Any, agencies: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["agency"]
        field.choices = agencies


class QuestionForm(Form):
    """One question."""

    form = forms.ChoiceField(label=_("Kiểu trả lời"), choices=list(surveys.FORM_WORDS.items()))
    words = forms.CharField(label=_("Câu hỏi"), max_length=300)
    options = forms.CharField(
        label=_("Các lựa chọn"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Mỗi dòng một lựa chọn; chỉ dùng với Chọn một, Chọn nhiều."),
    )
    required = forms.BooleanField(label=_("Bắt buộc trả lời"), required=False, initial=True)
