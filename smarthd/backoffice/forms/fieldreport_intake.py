"""The form on which an official writes down what somebody says on the telephone or at the counter."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.agencies import selectors as agencies
from smarthd.fieldreports import policies
from smarthd.fieldreports.rules.intake import LONGEST, Channel, PlaceSource
from smarthd.fieldreports.selectors.categories import CategoryView
from smarthd.fieldreports.services.intake import NewReport
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
from smarthd.ui.forms import Form

ROADS = ((Channel.PHONE, _("Gọi điện")), (Channel.COUNTER, _("Tại bộ phận một cửa")))


class TakenForm(Form):
    """What is said, where, by whom, and how to reach them; a name and a number are asked for, never required."""

    channel = forms.ChoiceField(label=_("Người dân"), choices=ROADS, widget=forms.RadioSelect, initial=Channel.PHONE)
    words = forms.CharField(
        label=_("Người dân nói gì"),
        help_text=_("Ghi đúng lời người dân, không thêm nhận xét."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=LONGEST,
    )
    commune = forms.ChoiceField(label=_("Xảy ra ở xã, phường"))
    address = forms.CharField(
        label=_("Chỗ nào"), help_text=_("Ví dụ: trước số nhà 12, đường Nguyễn Trãi."), max_length=300, required=False
    )
    category = forms.ChoiceField(label=_("Lĩnh vực"), required=False, help_text=_("Để trống thì máy đoán từ lời kể, chưa chắc sẽ hỏi lại."))  # fmt: skip
    urgent = forms.BooleanField(label=_("Khẩn: đang có nguy hiểm cho người"), required=False)
    name = forms.CharField(label=_("Họ tên người dân"), max_length=100, required=False)
    phone = forms.CharField(
        label=_("Số điện thoại"),
        help_text=_("Để báo kết quả. Người dân không muốn cho thì để trống."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    anonymous = forms.BooleanField(label=_("Không nêu tên với nơi xử lý"), required=False)
    agency = forms.ChoiceField(label=_("Ghi thay mặt cơ quan"))
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, tree: tuple[CategoryView, ...], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})
        kwargs["initial"].setdefault("client_id", uuid4())
        super().__init__(*args, **kwargs)
        views = agencies.agency_views(policies.works_at(actor), clock.today())
        units = places.units_on(clock.today(), "commune")
        _choose(self, "agency", [(str(one.id), one.name) for one in views.values()])
        _choose(self, "commune", [("", _("Chọn xã, phường")), *((str(one.uid), one.full_name) for one in units)])
        groups = [(root.name, [(leaf.key, leaf.name) for leaf in root.children or (root,)]) for root in tree]
        _choose(self, "category", [("", _("Máy đoán giúp")), *groups])
        self.one_agency = next(iter(views.values())) if len(views) == 1 else None
        if self.one_agency is not None:
            self.fields["agency"].required = False
            home = self.one_agency.place_id
            self.fields["commune"].initial = next((str(one.uid) for one in units if one.id == home), "")

    def wanted(self, files: list[UUID]) -> NewReport:
        """Return the report to take in."""
        typed = self.cleaned_data
        agency_id = int(typed["agency"]) if typed["agency"] else (self.one_agency.id if self.one_agency else None)
        return NewReport(
            words=typed["words"],
            category_key=typed["category"],
            place_source=PlaceSource.COMMUNE,
            commune_id=places.unit_by_uid(UUID(typed["commune"]), clock.today()).id,
            address=typed["address"],
            urgent=typed["urgent"],
            anonymous=typed["anonymous"],
            client_id=typed["client_id"],
            channel=Channel(typed["channel"]),
            attachment_uids=files,
            name=typed["name"],
            phone=typed["phone"],
            agency_id=agency_id,
        )

    def refuse_any(self, refusal: errors.Refusal, said: str) -> None:
        """Say where it is wrong, or above the form why it cannot be done."""
        if isinstance(refusal, errors.Invalid) and isinstance(refusal.facts.get("fields"), dict):
            self.refuse(refusal)
        else:
            self.add_error(None, said)


def _choose(form: Form, name: str, choices: list[Any]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
