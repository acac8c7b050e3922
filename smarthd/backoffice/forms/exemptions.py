"""The form that asks for an exemption."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.agencies.rules import exemptions
from smarthd.agencies.selectors import StaffView
from smarthd.backoffice.forms.fields import DayField
from smarthd.kernel import errors
from smarthd.ui import refusals
from smarthd.ui.forms import Form


class ExemptionForm(Form):
    """For whom, why, on which paper, from when until when."""

    staff = forms.ChoiceField(label=_("Người được đề nghị miễn"))
    reason = forms.ChoiceField(label=_("Lý do"), choices=list(exemptions.REASON_WORDS.items()))
    evidence = forms.CharField(
        label=_("Căn cứ"), help_text=_("Số văn bản hoặc giấy tờ, ví dụ QĐ 15/QĐ-UBND."), max_length=300
    )
    note = forms.CharField(label=_("Ghi chú"), required=False, max_length=500)
    valid_from = DayField(label=_("Từ ngày"), required=False, help_text=_("Để trống là hôm nay."))
    valid_to = DayField(label=_("Đến ngày"), required=False)

    def __init__(self, *args: Any, roster: list[StaffView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = self.fields["staff"]
        if isinstance(staff, forms.ChoiceField):
            staff.choices = [(str(person.uid), person.full_name) for person in roster if not person.exempt]

    def wanted(self) -> dict[str, Any]:
        """Return the arguments of ``agencies.services.request_exemption``."""
        typed = self.cleaned_data
        return {
            "staff_uid": UUID(typed["staff"]),
            "reason": exemptions.Reason(typed["reason"]),
            "evidence": typed["evidence"],
            "note": typed["note"],
            "valid_from": typed["valid_from"],
            "valid_to": typed["valid_to"],
        }

    def refuse_any(self, refusal: errors.Refusal) -> None:
        """Say where it is wrong, or above the form why it cannot be asked."""
        if isinstance(refusal, errors.Invalid):
            self.refuse(refusal)
        else:
            self.add_error(None, refusals.words_of(refusal).body)
