"""Forms of the difficulty pages."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.backoffice.forms.fields import DayField
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
from smarthd.rollout.rules import difficulties as rules
from smarthd.rollout.services.decisions import FILE_MB
from smarthd.ui import refusals
from smarthd.ui.forms import Form

RAISERS = (Role.HEAD, Role.DELEGATE, Role.CLERK, Role.TEAM_LEADER)


class RefusedForm(Form):
    """A form that can say any refusal: beside its field, or above."""

    def refuse_any(self, refusal: errors.Refusal) -> None:
        """Say where it is wrong, or above the form why it cannot be done."""
        if isinstance(refusal, errors.Invalid):
            self.refuse(refusal)
        else:
            self.add_error(None, refusals.words_of(refusal).body)


class RaiseForm(RefusedForm):
    """What a clerk says on a phone: what about, how bad, how many, one paragraph, where."""

    agency = forms.ChoiceField(label=_("Nêu thay mặt đơn vị"))
    category = forms.ChoiceField(
        label=_("Về việc gì"), choices=[("", _("Chọn một nhóm")), *rules.CATEGORY_WORDS.items()]
    )
    severity = forms.ChoiceField(
        label=_("Vướng đến mức nào"), choices=list(rules.SEVERITY_WORDS.items()), widget=forms.RadioSelect
    )
    affected = forms.IntegerField(
        label=_("Khoảng bao nhiêu người bị ảnh hưởng"),
        help_text=_("Ước chừng cũng được; để trống nếu chưa biết."),
        required=False,
        min_value=0,
        max_value=rules.MOST_AFFECTED,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Chỉ gõ số, ví dụ 120.")},
    )
    place = forms.ChoiceField(label=_("Ở đâu"), required=False)
    words = forms.CharField(
        label=_("Vướng mắc cụ thể"),
        help_text=_("Một đoạn: vướng ở đâu, từ khi nào, đã thử cách nào, đề nghị gì. Đừng ghi tên, số điện thoại của người dân."),
        max_length=rules.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {grant.agency_id for grant in actor.grants if grant.role in RAISERS}
        views = agencies.agency_views(own, clock.today())
        agency, place = self.fields["agency"], self.fields["place"]
        self.has_places = False
        if isinstance(agency, forms.ChoiceField) and isinstance(place, forms.ChoiceField):
            agency.choices = [(str(view.id), view.name) for view in views.values()]
            homes = [view.place_id for view in views.values() if view.place_id is not None]
            villages = [unit for home in homes for unit in places.units_on(clock.today(), "village", under=home)]
            place.choices = [("", _("Cả địa bàn")), *((str(unit.id), unit.name) for unit in villages[:200])]
        self.one_agency = next(iter(views.values())) if len(views) == 1 else None
        if self.one_agency is not None:
            agency.required = False
            self.has_places = bool(villages)

    def wanted(self) -> dict[str, Any]:
        """Return the arguments of ``rollout.services.difficulties.raise_difficulty``."""
        typed = self.cleaned_data
        return {
            "agency_id": int(typed["agency"]) if typed["agency"] else (self.one_agency.id if self.one_agency else 0),
            "category": rules.Category(typed["category"]),
            "severity": rules.Severity(typed["severity"]),
            "words": typed["words"],
            "affected": typed["affected"],
            "place_id": int(typed["place"]) if typed["place"] else None,
        }


class DecisionForm(RefusedForm):
    """What a decision says and in whose name; which difficulties it answers are ticked beside."""

    agency = forms.ChoiceField(label=_("Cơ quan ban hành"))
    title = forms.CharField(
        label=_("Trích yếu"), help_text=_("Ví dụ: Về việc phủ sóng các thôn còn lõm sóng."), max_length=200
    )
    words = forms.CharField(
        label=_("Nội dung giải quyết"),
        help_text=_("Các đơn vị đọc đúng đoạn này: giao ai, làm gì, xong trước ngày nào."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    document = forms.FileField(label=_("Văn bản kèm theo"), help_text=_("Tệp PDF, nhiều nhất 20 MB."), required=False)

    def __init__(self, *args: Any, agencies: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency = self.fields["agency"]
        if isinstance(agency, forms.ChoiceField):
            agency.choices = [(str(agency_id), name) for agency_id, name in agencies]

    def clean_document(self) -> Any:
        """Refuse a file that is too heavy before it is read."""
        sent = self.cleaned_data["document"]
        if sent is not None and sent.size > FILE_MB << 20:
            raise forms.ValidationError(_("Tệp nặng hơn 20 MB. Xin nén hoặc tách phụ lục."))
        return sent

    def wanted(self, uids: list[UUID]) -> dict[str, Any]:
        """Return the arguments of ``rollout.services.decisions.rewrite_decision`` (``draft_decision`` wants the agency too)."""
        sent = self.cleaned_data["document"]
        return {
            "difficulty_uids": uids,
            "title": self.cleaned_data["title"],
            "words": self.cleaned_data["words"],
            "document": sent.file if sent is not None else None,
        }


class ApproveForm(RefusedForm):
    """The number and day under which a decision goes out, and the mark of what was looked at."""

    number = forms.CharField(
        label=_("Số, ký hiệu văn bản"),
        help_text=_("Số do văn thư cấp, ví dụ 128/QĐ-UBND."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    decided_on = DayField(label=_("Ngày ban hành"))
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def wanted(self) -> dict[str, Any]:
        """Return the arguments of ``rollout.services.decisions.approve_decision``."""
        decided_on: date = self.cleaned_data["decided_on"]
        return {
            "number": self.cleaned_data["number"],
            "decided_on": decided_on,
            "seen_hash": self.cleaned_data["seen"],
        }
