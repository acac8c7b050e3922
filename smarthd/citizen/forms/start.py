"""Forms of the first run and of the settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from smarthd.citizen import commune
from smarthd.kernel import clock
from smarthd.places import selectors as places
from smarthd.places.values import UnitView
from smarthd.ui.forms import Form
from smarthd.ui.wishes import Wishes


class CommuneForm(Form):
    """A commune, picked (``unit``) or typed (``name``); old names are understood."""

    unit = forms.UUIDField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Tên xã, phường"), required=False, max_length=80, strip=True)

    def clean(self) -> dict[str, Any]:
        """Turn the answer into one unit, or into those it can mean."""
        values = super().clean() or {}
        today = clock.today()
        picked = values.get("unit")
        if picked is not None:
            unit = commune.standing(picked, today)
            if unit is None:
                self.add_error("name", _("Xã, phường này nay không còn; xin gõ tên để chọn lại."))
            values["found"] = [unit] if unit else []
            return values
        typed = values.get("name", "")
        if not typed:
            self.add_error("name", _("Xin gõ tên xã, phường, hoặc chọn trong danh sách."))
            return values
        values["found"] = communes_like(typed)
        if not values["found"]:
            self.add_error("name", _("Chưa tìm thấy nơi nào tên như vậy. Thử gõ ngắn hơn, không cần dấu."))
        return values

    def chosen(self) -> UnitView | list[UnitView]:
        """Return the one commune meant, or the several to ask about."""
        found: list[UnitView] = self.cleaned_data["found"]
        return found[0] if len(found) == 1 else found


def communes_like(typed: str, limit: int = 12) -> list[UnitView]:
    """Return today's communes a typed name can mean, old names followed to what stands now, each once."""
    today = clock.today()
    found: dict[int, UnitView] = {}
    for match in places.search(typed, today, limit=limit, levels=("commune",)):
        for unit in match.now or (match.unit,):
            if unit.standing and unit.level == "commune":
                found.setdefault(unit.id, unit)
    return list(found.values())


class PositionForm(Form):
    """A position in degrees (WGS 84)."""

    lat = forms.FloatField(min_value=-90, max_value=90)
    lon = forms.FloatField(min_value=-180, max_value=180)


class DisplayForm(Form):
    """How pages shall look."""

    text = forms.ChoiceField(
        label=_("Cỡ chữ"), choices=[("vua", _("Chữ vừa")), ("lon", _("Chữ to"))], widget=forms.RadioSelect
    )
    theme = forms.ChoiceField(
        label=_("Màu nền"),
        required=False,
        choices=[("", _("Theo điện thoại")), ("sang", _("Nền sáng")), ("toi", _("Nền tối"))],
        widget=forms.RadioSelect,
    )

    def wish(self) -> Wishes:
        """Return the wishes chosen."""
        return Wishes(large=self.cleaned_data["text"] == "lon", theme=self.cleaned_data["theme"])


class SettingsForm(DisplayForm):
    """Looks and language together."""

    language = forms.ChoiceField(label=_("Ngôn ngữ"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
