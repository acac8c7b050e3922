"""Forms of bases: which list, one base, a table of them, why one is withdrawn."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.backoffice.forms.fields import DayField
from smarthd.backoffice.forms.sheets import SheetForm, encoding_field, file_field
from smarthd.kernel import clock, errors, text
from smarthd.places.values import UnitView
from smarthd.rollout import rules
from smarthd.rollout.rules import base_files
from smarthd.ui import refusals
from smarthd.ui.forms import Form

MEASURES = [(measure.value, words) for measure, words in base_files.MEASURE_WORDS.items()]
FILTERS = [("", _("Tất cả")), ("chua-co", _("Chưa có số")), ("uoc-tinh", _("Có phần ước tính"))]


class ListForm(Form):
    """What the address asks for; anything unknown falls back to the usual."""

    do = forms.ChoiceField(label=_("Đếm gì"), choices=MEASURES, required=False)
    ngay = DayField(label=_("Số dùng cho ngày"), required=False)
    q = forms.CharField(label=_("Tìm xã, phường"), required=False, max_length=80)
    loc = forms.ChoiceField(label=_("Lọc"), choices=FILTERS, required=False)

    def measure(self) -> rules.Measure:
        """Return the measure asked for; smartphone owners unless told otherwise."""
        wanted = self.cleaned_data.get("do")
        return rules.Measure(wanted) if wanted else rules.Measure.SMARTPHONE_OWNERS

    def day(self) -> date:
        """Return the day asked for, today unless told otherwise."""
        return self.cleaned_data.get("ngay") or clock.today()

    def words(self) -> str:
        """Return the words looked for, folded."""
        return text.fold(self.cleaned_data.get("q") or "")

    def only(self) -> str:
        """Return the filter asked for."""
        return self.cleaned_data.get("loc") or ""


class BaseForm(Form):
    """One base: of whom, what, how many, counted when, who says so, how it was counted."""

    unit = forms.ChoiceField(label=_("Của"))
    measure = forms.ChoiceField(label=_("Đếm gì"), choices=MEASURES)
    value = forms.CharField(label=_("Số"), help_text=_("Số nguyên, ví dụ 5.120."), max_length=20)
    as_of = DayField(label=_("Ngày của số"), help_text=_("Ngày được đếm, không phải ngày nhập."))
    source = forms.CharField(label=_("Nguồn"), help_text=_("Cơ quan nào đếm, văn bản nào."), max_length=300)
    method = forms.CharField(label=_("Cách làm"), help_text=_("Đếm từng hộ, ước tính, trích từ đâu."), max_length=300, required=False)  # fmt: skip

    def __init__(self, *args: Any, units: list[UnitView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whose = self.fields["unit"]
        if isinstance(whose, forms.ChoiceField):
            whose.choices = [(str(unit.uid), unit.full_name) for unit in units]

    def clean_value(self) -> int:
        """Read the number as people write it."""
        value = base_files.number(self.cleaned_data["value"])
        if value is None or value > base_files.LARGEST:
            raise forms.ValidationError(_("Không phải số nguyên dùng được. Ví dụ đúng: 5120 hoặc 5.120."))
        return value

    def clean_as_of(self) -> date:
        """A base counted in the future is none."""
        day: date = self.cleaned_data["as_of"]
        if day > clock.today():
            raise forms.ValidationError(_("Ngày này chưa tới. Ghi ngày số liệu được đếm."))
        return day

    def clean_source(self) -> str:
        """Return the words without what cannot be seen."""
        return text.nfc(" ".join(str(self.cleaned_data["source"]).split()))

    def clean_method(self) -> str:
        """Return the words without what cannot be seen."""
        return text.nfc(" ".join(str(self.cleaned_data["method"]).split()))

    def refuse_any(self, refusal: errors.Refusal) -> None:
        """Say above the form why it cannot stand."""
        self.add_error(None, refusals.words_of(refusal).body)


class WithdrawForm(Form):
    """Why a base is taken out of force."""

    reason = forms.CharField(label=_("Vì sao bỏ số này"), max_length=300)


class TableForm(SheetForm):
    """A table of bases as an office has it, and what holds for lines that do not say it."""

    file = file_field(
        _("Tệp số liệu"),
        _(
            "Tệp .xlsx hoặc .csv. Cần cột “Đơn vị” hoặc “Mã”, và ít nhất một cột số: dân số, người từ 18 tuổi, hộ, "
            "người có điện thoại thông minh. Bảng tải xuống từ trang này nộp lại được."
        ),
    )
    as_of = DayField(label=_("Ngày của số"), required=False, help_text=_("Dùng cho dòng không ghi ngày."))
    source = forms.CharField(label=_("Nguồn"), required=False, max_length=300, help_text=_("Dùng cho dòng không ghi nguồn."))  # fmt: skip
    method = forms.CharField(label=_("Cách làm"), required=False, max_length=300)
    encoding = encoding_field()
