"""Forms of Kênh phát: a bulletin, an outlet, a proof."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.agencies import selectors as agencies
from smarthd.backoffice.forms.airings import HourField
from smarthd.backoffice.forms.difficulties import RefusedForm
from smarthd.backoffice.forms.fields import DayField
from smarthd.channels import policies
from smarthd.channels.rules import bulletins as rules
from smarthd.channels.rules.bulletins import Priority, Source
from smarthd.channels.rules.outlets import ADDRESS_HINTS, BY_MAIL, KIND_WORDS, NEEDS_SECRET, Kind
from smarthd.channels.services.outlets import OutletWishes
from smarthd.channels.services.proving import FILE_MB
from smarthd.channels.values import NewBulletin, OutletView
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places

PRIORITY_HINTS = {
    Priority.NORMAL: _("Thông thường: loa phát trong giờ, một lần"),
    Priority.PRIORITY: _("Ưu tiên: loa phát trước trong chương trình, hai lần"),
}


class BulletinForm(RefusedForm):
    """A bulletin written at the desk: in whose name, what, where, how urgent, until when, by which roads."""

    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    agency = forms.ChoiceField(label=_("Gửi thay mặt"))
    title = forms.CharField(label=_("Tiêu đề"), max_length=rules.LONGEST_TITLE)
    body = forms.CharField(label=_("Nội dung"), max_length=rules.LONGEST_BODY, widget=forms.Textarea(attrs={"rows": 6}))
    instruction = forms.CharField(
        label=_("Việc cần làm"), help_text=_("Câu ngắn, loa nhắc lại hai lần."), required=False, max_length=rules.LONGEST_INSTRUCTION, widget=forms.Textarea(attrs={"rows": 2})
    )  # fmt: skip
    contact = forms.CharField(label=_("Điện thoại liên hệ"), required=False, max_length=60)
    priority = forms.ChoiceField(
        label=_("Mức"), help_text=_("Theo Thông tư 39/2020/TT-BTTTT. Tin khẩn cấp đi từ trang Cảnh báo, có người duyệt."), choices=list(PRIORITY_HINTS.items()), initial=Priority.NORMAL, widget=forms.RadioSelect
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=_("Đi bằng"), choices=list(KIND_WORDS.items()), initial=list(Kind), widget=forms.CheckboxSelectMultiple
    )
    communes = forms.MultipleChoiceField(
        label=_("Xã, phường"), help_text=_("Không chọn xã nào thì gửi cả địa bàn."), required=False, widget=forms.SelectMultiple(attrs={"size": 8})
    )  # fmt: skip
    day = DayField(label=_("Hiệu lực đến hết ngày"))
    hour = HourField(label=_("Lúc"))
    drill = forms.BooleanField(
        label=_("Đây là diễn tập"), help_text=_("“DIỄN TẬP” đứng đầu mọi bản gửi đi, không bỏ được."), required=False
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        self.own = agencies.agency_views(policies.sends_at(actor), today)
        self._choose("agency", [(str(view.id), view.name) for view in self.own.values()])
        self._choose("communes", [(str(unit.id), unit.full_name) for unit in places.units_on(today, "commune")])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def wanted(self, now: datetime) -> NewBulletin:
        """Return the bulletin asked for; its key came with the page, so that a form sent twice is one bulletin."""
        typed = self.cleaned_data
        agency = self.own[int(typed["agency"])]
        return NewBulletin(
            source=Source.NOTICE,
            key=typed["once"].hex,
            title=typed["title"],
            body=typed["body"],
            instruction=typed["instruction"],
            contact=typed["contact"],
            sender=agency.name,
            priority=Priority(typed["priority"]),
            drill=typed["drill"],
            communes=[int(one) for one in typed["communes"]],
            agency_id=agency.id,
            kinds=[Kind(one) for one in typed["kinds"]],
            valid_from=now,
            valid_until=clock.at_local(typed["day"], typed["hour"].hour, typed["hour"].minute),
        )


class OutletForm(RefusedForm):
    """Who carries our words on, and how to reach them."""

    agency = forms.ChoiceField(label=_("Cơ quan quản lý"))
    name = forms.CharField(label=_("Tên nơi nhận"), max_length=160)
    address = forms.CharField(label=_("Địa chỉ"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    commune = forms.ChoiceField(label=_("Xã, phường"), required=False)
    secret = forms.CharField(
        label=_("Mã truy cập"),
        required=False,
        max_length=2000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    drills = forms.BooleanField(label=_("Nhận cả tin diễn tập"), required=False, initial=True)
    enabled = forms.BooleanField(label=_("Đang dùng"), required=False, initial=True)

    def __init__(self, *args: Any, actor: Actor, kind: Kind, view: OutletView | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.view, today = kind, view, clock.today()
        if view is None:
            kept = agencies.agency_views(policies.keeps_at(actor), today)
            self.fields["agency"] = forms.ChoiceField(
                label=_("Cơ quan quản lý"), choices=[(str(one.id), one.name) for one in kept.values()]
            )
        else:
            del self.fields["agency"]
        self.fields["address"].help_text = ADDRESS_HINTS[kind].capitalize() + "."
        commune = self.fields["commune"]
        if isinstance(commune, forms.ChoiceField):
            units = places.units_on(today, "commune")
            commune.choices = [("", _("Cả địa bàn")), *((str(unit.id), unit.full_name) for unit in units)]
        if kind in BY_MAIL or kind is Kind.PORTAL:
            del self.fields["secret"]
        elif view is not None and view.has_secret:
            self.fields["secret"].help_text = _("Đã có, được niêm phong. Để trống thì giữ nguyên.")
        elif kind in NEEDS_SECRET:
            self.fields["secret"].help_text = _("Access token của tài khoản; lưu xong không xem lại được.")

    def wishes(self) -> OutletWishes:
        """Return what the outlet is to be."""
        typed = self.cleaned_data
        return OutletWishes(
            kind=self.kind,
            name=typed["name"],
            address=typed["address"],
            agency_id=self.view.agency_id if self.view else int(typed["agency"]),
            commune_id=int(typed["commune"]) if typed["commune"] else None,
            secret=typed.get("secret", ""),
            drills=typed["drills"],
            enabled=typed["enabled"],
        )


class DispatchProofForm(RefusedForm):
    """A photo, a recording, a PDF or a link, of one outlet."""

    dispatch = forms.ChoiceField(label=_("Của nơi nhận"))
    file = forms.FileField(
        label=_("Ảnh, bản ghi âm hoặc PDF"), help_text=_("Đến 20 MB; vị trí và tên máy trong ảnh được xóa."), required=False, widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp,audio/*,application/pdf"})
    )  # fmt: skip
    url = forms.CharField(
        label=_("Hoặc đường dẫn"), required=False, max_length=500, widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"})
    )  # fmt: skip
    note = forms.CharField(label=_("Ghi chú"), required=False, max_length=300)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dispatch"] = forms.ChoiceField(label=_("Của nơi nhận"), choices=choices)

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one kind of proof."""
        typed: dict[str, Any] = super().clean() or {}
        sent = typed.get("file")
        if sent is not None and sent.size > FILE_MB << 20:
            self.add_error("file", _("Tệp nặng hơn 20 MB. Xin ghi ngắn hơn hoặc gửi đường dẫn."))
        elif not sent and not typed.get("url") and not self.errors:
            self.add_error("file", _("Chọn một tệp, hoặc dán một đường dẫn."))
        return typed
