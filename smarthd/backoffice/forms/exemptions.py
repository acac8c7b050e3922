"""The form that asks for an exemption."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.agencies.rules import exemptions
from smarthd.agencies.selectors import StaffView
from smarthd.backoffice.forms.fields import DayField
from smarthd.kernel import errors, text
from smarthd.ui import refusals
from smarthd.ui.forms import Form


class DecisionForm(Form):
    """Yes or no to a request; a no needs its reason."""

    approve = forms.ChoiceField(
        choices=[("1", _("Duyệt")), ("0", _("Từ chối"))],
        error_messages={
            "required": _("Xin chọn Duyệt hoặc Từ chối."),
            "invalid_choice": _("Xin chọn Duyệt hoặc Từ chối."),
        },
    )
    note = forms.CharField(label=_("Ý kiến"), required=False, max_length=500)

    def clean_note(self) -> str:
        """Return the words without what cannot be seen."""
        return text.nfc(str(self.cleaned_data["note"]))

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a no."""
        typed = super().clean() or {}
        if typed.get("approve") == "0" and not typed.get("note") and "note" not in self.errors:
            self.add_error("note", _("Khi từ chối cần ghi ý kiến."))
        return typed


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
