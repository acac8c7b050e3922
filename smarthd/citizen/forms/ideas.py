"""The form by which somebody proposes an idea."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.content.rules import ideas
from smarthd.kernel import clock, errors
from smarthd.places import selectors as places
from smarthd.places.values import UnitView
from smarthd.ui.forms import Form


def units_today() -> list[UnitView]:
    """Return the whole territory, then its communes by name: where an idea can be for."""
    today = clock.today()
    return [*places.units_on(today, "province"), *places.units_on(today, "commune")]


class IdeaForm(Form):
    """What, why, where; the point is that of the place meant, put on the map or left out."""

    unit = forms.TypedChoiceField(label=_("Ý tưởng dành cho nơi nào"), coerce=UUID)
    title = forms.CharField(
        label=_("Tên ý tưởng"), max_length=ideas.TITLE, help_text=_("Một câu, ví dụ: Đặt thùng phân loại rác ở chợ.")
    )
    words = forms.CharField(
        label=_("Làm gì, vì sao nên làm"),
        max_length=ideas.WORDS,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Ai cũng đọc được sau khi cơ quan duyệt. Xin đừng ghi tên người khác, số điện thoại."),
    )
    spot = forms.CharField(
        label=_("Chỗ nào, gần đâu"),
        max_length=ideas.SPOT,
        required=False,
        help_text=_("Ví dụ: cổng chợ, nhà văn hóa thôn."),
    )
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    named = forms.BooleanField(
        label=_("Hiện tên tôi cạnh ý tưởng"),
        required=False,
        help_text=_("Không chọn thì không ai đọc trang biết ai đề xuất."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.uid: unit for unit in units_today()}
        field: Any = self.fields["unit"]
        field.choices = [("", _("Chọn xã, phường")), *((str(uid), unit.full_name) for uid, unit in self.units.items())]

    def clean(self) -> dict[str, Any]:
        """Keep a point that lies in the territory, and say so of one that does not."""
        values = super().clean() or {}
        lat, lon = values.get("lat"), values.get("lon")
        values["point"] = None
        if lat is not None and lon is not None:
            try:
                found = places.locate(lat, lon, clock.today())
            except errors.Invalid:
                found = None
            if found is None:
                self.add_error("spot", _("Chỗ ghim nằm ngoài địa bàn. Xin ghim lại, hoặc chỉ ghi bằng lời."))
            else:
                values["point"] = (lat, lon)
        return values
