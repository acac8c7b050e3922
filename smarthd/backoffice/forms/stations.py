"""The form of a station that is watched."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.alerts.rules.hazards import FACTS
from smarthd.connectors.errors import StationFaulty
from smarthd.connectors.rules.thresholds import Levels
from smarthd.connectors.services.sensors import Watch
from smarthd.kernel import clock
from smarthd.places import selectors as places
from smarthd.ui.forms import Form


class StationForm(Form):
    """Levels as data: what is typed here is what is judged by."""

    name = forms.CharField(label=_("Tên trạm"), max_length=80, help_text=_("Đúng như trong dữ liệu."))
    quantity = forms.CharField(
        label=_("Đại lượng"),
        max_length=80,
        required=False,
        help_text=_("Như “Mực nước”; để trống nếu trạm chỉ đo một thứ."),
    )
    measure = forms.CharField(label=_("Đơn vị đo"), max_length=20, required=False)
    level_1 = forms.FloatField(label=_("Báo động I từ"), localize=True)
    level_2 = forms.FloatField(label=_("Báo động II từ"), localize=True, required=False)
    level_3 = forms.FloatField(label=_("Báo động III từ"), localize=True, required=False)
    step = forms.FloatField(
        label=_("Chỉ hạ mức khi thấp hơn ngưỡng"),
        localize=True,
        required=False,
        help_text=_("Để số đo dao động quanh ngưỡng không báo đi báo lại."),
    )
    stale_minutes = forms.IntegerField(
        label=_("Coi là mất tin sau (phút)"),
        initial=120,
        help_text=_("Trạm mất tin thì không báo động cũng không báo yên."),
    )
    hazard = forms.ChoiceField(
        label=_("Soạn nháp cảnh báo loại"), choices=[(key.value, facts.vi) for key, facts in FACTS.items()]
    )
    communes = forms.CharField(
        label=_("Xã, phường bị ảnh hưởng"), max_length=2000, required=False, help_text=_("Cách nhau bằng dấu phẩy. Cán bộ trực vẫn sửa được trong bản nháp."),
    )  # fmt: skip

    def watch(self, agency_id: int) -> Watch:
        """Return what was typed. Raises StationFaulty where a commune is not known."""
        typed = self.cleaned_data
        return Watch(
            name=typed["name"],
            quantity=typed["quantity"],
            measure=typed["measure"],
            levels=Levels(typed["level_1"], typed["level_2"], typed["level_3"], typed["step"] or 0.0),
            hazard=typed["hazard"],
            agency_id=agency_id,
            communes=_communes(typed["communes"]),
            stale_minutes=typed["stale_minutes"],
        )


def _communes(written: str) -> list[int]:
    found: list[int] = []
    today = clock.today()
    for name in filter(None, (part.strip() for part in written.replace("\n", ",").split(","))):
        units = [unit for unit in places.resolve_name(name, today) if unit.level == "commune" and unit.standing]
        if len(units) != 1:
            why = "chưa rõ là nơi nào" if units else "không có trong danh mục"
            raise StationFaulty(fields={"communes": f"“{name}” {why}."})
        found.append(units[0].id)
    return found


def initial_of(station: Any) -> dict[str, Any]:
    """Return a station as its form shows it."""
    names = places.views(station.communes, clock.today())
    told = {name: getattr(station, name) for name in StationForm.base_fields if name != "communes"}
    return told | {"communes": ", ".join(unit.full_name for unit in names.values())}
