"""Forms of shelters: one shelter, a table of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.alerts.rules import shelters as rules
from smarthd.alerts.rules.hazards import FACTS, Hazard
from smarthd.alerts.rules.shelters import Told
from smarthd.backoffice.forms.difficulties import RefusedForm
from smarthd.backoffice.forms.sheets import SheetForm, encoding_field, file_field
from smarthd.kernel import text
from smarthd.places.values import UnitView


class DegreesField(forms.CharField):
    """Degrees as people write them: 20.9373 or 20,9373; None when left empty."""

    def clean(self, value: Any) -> float | None:
        """Read the number."""
        written = super().clean(value).strip().replace(",", ".")
        try:
            return float(written) if written else None
        except ValueError:
            raise forms.ValidationError(_("Ghi độ thập phân, ví dụ 20,9373.")) from None


class ShelterForm(RefusedForm):
    """A shelter as its commune tells it."""

    commune = forms.ChoiceField(label=_("Xã, phường"))
    name = forms.CharField(label=_("Tên nơi tránh trú"), max_length=rules.LONGEST_NAME)
    address = forms.CharField(label=_("Địa chỉ"), help_text=_("Để người lạ tìm được: thôn, đường, cạnh chỗ nào."), max_length=rules.LONGEST_ADDRESS)  # fmt: skip
    lat = DegreesField(label=_("Vĩ độ"), required=False, help_text=_("Ví dụ 20,9373. Để trống thì không hiện trên bản đồ."), max_length=20)  # fmt: skip
    lon = DegreesField(label=_("Kinh độ"), required=False, help_text=_("Ví dụ 106,3146."), max_length=20)
    capacity = forms.IntegerField(label=_("Sức chứa (người)"), required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"}), error_messages={"invalid": _("Ghi số người, ví dụ 250.")})  # fmt: skip
    accessible = forms.BooleanField(label=_("Xe lăn vào được"), required=False)
    contact = forms.CharField(label=_("Liên hệ"), required=False, help_text=_("Người dân đọc được. Ghi số của cơ quan, không ghi số riêng."), max_length=rules.LONGEST_CONTACT)  # fmt: skip
    hazards = forms.MultipleChoiceField(label=_("Dùng khi"), required=False, help_text=_("Không chọn là mọi trường hợp."), choices=[(one.value, facts.vi) for one, facts in FACTS.items()], widget=forms.CheckboxSelectMultiple)  # fmt: skip
    note = forms.CharField(label=_("Ghi chú"), required=False, max_length=rules.LONGEST_NOTE)

    def __init__(self, *args: Any, communes: list[UnitView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        commune = self.fields["commune"]
        if not communes:
            del self.fields["commune"]
        elif isinstance(commune, forms.ChoiceField):
            commune.choices = [(str(unit.id), unit.full_name) for unit in communes]

    def told(self) -> Told:
        """Return what was typed."""
        typed = self.cleaned_data
        return Told(
            name=text.nfc(typed["name"]),
            address=text.nfc(typed["address"]),
            lat=typed["lat"],
            lon=typed["lon"],
            capacity=typed["capacity"],
            accessible=typed["accessible"],
            contact=text.nfc(typed["contact"]),
            hazards=tuple(Hazard(one) for one in typed["hazards"]),
            note=text.nfc(typed["note"]),
        )


class ShelterTableForm(SheetForm):
    """A table of shelters."""

    split_words = _("Chia thành nhiều tệp.")

    file = file_field(
        _("Tệp danh sách"),
        _("Excel (.xlsx) hoặc CSV, đến 20 MB. Hàng đầu bảng: Tên nơi tránh trú, Địa chỉ, rồi các cột khác nếu có."),
    )
    encoding = encoding_field()
