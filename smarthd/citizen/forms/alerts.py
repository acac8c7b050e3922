"""The answer to a warning: safe, or in need of help."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from smarthd.alerts.rules.states import Answer
from smarthd.alerts.values import AlertView, NewAnswer
from smarthd.kernel import clock
from smarthd.kernel.ids import uuid7
from smarthd.places import selectors as places
from smarthd.places.values import UnitView
from smarthd.ui.forms import Form


class AnswerForm(Form):
    """What a person answers. The service judges it; here it is only put together. ``at``: when it was said, if it waited on the phone."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Bà con đang thế nào?"),
        choices=[(Answer.SAFE.value, gettext_lazy("Tôi an toàn")), (Answer.HELP.value, gettext_lazy("Cần giúp"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn “Tôi an toàn” hoặc “Cần giúp”.")},
    )
    commune = forms.UUIDField(label=gettext_lazy("Đang ở xã, phường"), required=False, widget=forms.Select)
    place = forms.CharField(
        label=gettext_lazy("Chỗ nào"),
        required=False,
        help_text=gettext_lazy("Thôn, số nhà, cạnh chỗ nào, tầng mấy."),
    )
    people = forms.IntegerField(
        label=gettext_lazy("Mấy người"), required=False, widget=forms.NumberInput({"inputmode": "numeric", "min": "1"})
    )
    phone = forms.CharField(
        label=gettext_lazy("Số điện thoại để gọi lại"),
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    words = forms.CharField(
        label=gettext_lazy("Cần gì"),
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Ví dụ: người già không đi được, cần thuyền, thuốc."),
    )
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, alert: AlertView, place: UnitView | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alert, self.home = alert, place
        today = clock.today()
        units = sorted(places.views(alert.commune_ids, today).values(), key=lambda unit: unit.full_name)
        if place is not None and place.id not in alert.commune_ids:
            units = [place, *units]
        choices = [("", _("Chọn xã, phường")), *((str(unit.uid), unit.full_name) for unit in units)]
        self.fields["commune"].widget.choices = choices
        if place is not None:
            self.fields["commune"].initial = place.uid
        self._units: dict[UUID, int] = {unit.uid: unit.id for unit in units}

    def new(self) -> NewAnswer:
        """Return the answer as the service takes it."""
        said = self.cleaned_data
        at: datetime | None = said["at"]
        return NewAnswer(
            client_id=said["client_id"] or uuid7(),
            code=self.alert.code,
            answer=Answer(said["answer"]),
            commune_id=self._units.get(said["commune"]),
            lat=said["lat"],
            lon=said["lon"],
            place=said["place"],
            people=said["people"],
            phone=said["phone"],
            words=said["words"],
            at=at,
        )
