"""The form of an answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.backoffice.forms.fieldreports import LONGEST
from smarthd.backoffice.forms.fields import DayField
from smarthd.fieldreports.rules.states import OUTCOME_WORDS, Outcome
from smarthd.fieldreports.selectors.templates import TemplateView
from smarthd.kernel import clock, errors
from smarthd.ui.forms import Form


class AnswerForm(Form):
    """What was done, in the agency's own words; the service asks for the proof each outcome needs."""

    outcome = forms.ChoiceField(label=_("Kết quả"), choices=list(OUTCOME_WORDS.items()), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Trả lời người gửi"),
        help_text=_("Nói rõ đã làm gì, ở đâu, ngày nào. Chỗ trong [ngoặc vuông] của mẫu phải được điền."),
        widget=forms.Textarea(attrs={"rows": 7}),
        max_length=LONGEST,
    )
    promised_on = DayField(label=_("Dự kiến xong ngày"), help_text=_("Chỉ khi đưa vào kế hoạch."), required=False)
    taken_on = DayField(label=_("Ảnh sau chụp ngày"), required=False)
    here = forms.BooleanField(label=_("Ảnh chụp tại đúng nơi phản ánh"), required=False)
    template = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, frames: list[TemplateView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.frames = {str(one.uid) for one in frames}

    def clean_taken_on(self) -> Any:
        """Refuse a photo from tomorrow."""
        day = self.cleaned_data["taken_on"]
        if day is not None and day > clock.today():
            raise forms.ValidationError(_("Ngày chụp không thể ở sau hôm nay."))
        return day

    def taken_at(self) -> datetime | None:
        """Return the noon of the day the photos were taken, or nothing."""
        day = self.cleaned_data.get("taken_on")
        return clock.at_local(day, 12) if day else None

    def asked(self) -> dict[str, Any]:
        """Return the arguments of the service, files aside."""
        typed = self.cleaned_data
        used = typed["template"]
        return {
            "words": typed["words"],
            "outcome": Outcome(typed["outcome"]),
            "promised_on": typed["promised_on"],
            "template_uid": UUID(used) if used in self.frames else None,
        }

    def refuse_any(self, refusal: errors.Refusal, said: str) -> None:
        """Say where it is wrong, or above the form why it cannot be done."""
        if isinstance(refusal, errors.Invalid) and isinstance(refusal.facts.get("fields"), dict):
            self.refuse(refusal)
        else:
            self.add_error(None, said)


class MailAnswerForm(Form):
    """What an agency without an account answers by the link in its letter."""

    outcome = forms.ChoiceField(label=_("Kết quả"), choices=list(OUTCOME_WORDS.items()), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Trả lời người gửi"),
        help_text=_("Nói rõ đã làm gì, ở đâu, ngày nào. Câu trả lời được công khai cùng tên cơ quan."),
        widget=forms.Textarea(attrs={"rows": 7}),
        max_length=LONGEST,
    )
    promised_on = DayField(label=_("Dự kiến xong ngày"), help_text=_("Chỉ khi đưa vào kế hoạch."), required=False)
