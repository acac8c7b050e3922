"""Forms of the team pages: the commune's desk and the leader's phone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.backoffice.forms.fields import DayField
from smarthd.kernel import clock, errors
from smarthd.rollout.rules import teams
from smarthd.rollout.services import teams_work
from smarthd.ui import refusals
from smarthd.ui.forms import Form as Base

TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class Form(Base):
    """A form that says any refusal of its service above itself."""

    def refuse_any(self, refusal: errors.Refusal) -> None:
        """Put a refusal beside its field, or say it above the form."""
        if isinstance(refusal, errors.Invalid):
            self.refuse(refusal)
        else:
            self.add_error(None, refusals.words_of(refusal).body)


class TeamForm(Form):
    """A new team, as the chairman's decision says."""

    name = forms.CharField(
        label=_("Tên tổ"), max_length=160, help_text=_("Ví dụ: Tổ công nghệ số cộng đồng khu dân cư An Xá")
    )
    decision_number = forms.CharField(
        label=_("Số quyết định thành lập"), max_length=60, help_text=_("Ví dụ: 12/QĐ-UBND")
    )
    decision_on = DayField(label=_("Ngày quyết định"))


class MemberForm(Form):
    """A person of the team."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=120)
    phone = forms.CharField(
        label=_("Số điện thoại"),
        max_length=40,
        help_text=_("Số dùng để đăng nhập ứng dụng. Chỉ lưu dạng niêm phong, không hiện lại."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    position = forms.CharField(
        label=_("Vai trò ở thôn, khu"),
        max_length=80,
        required=False,
        help_text=_("Ví dụ: Trưởng thôn, Bí thư chi đoàn"),
    )


class VillagesForm(Form):
    """Which villages a team covers; villages nobody has entered yet may be added by name."""

    villages = forms.MultipleChoiceField(
        label=_("Địa bàn phụ trách"), required=False, widget=forms.CheckboxSelectMultiple
    )
    fresh = forms.CharField(
        label=_("Thêm thôn, khu chưa có trong danh sách"),
        required=False,
        help_text=_("Mỗi dòng một tên, ví dụ: Khu dân cư số 3"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["villages"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(choices)

    def new_names(self) -> list[str]:
        """Return the names of villages to add."""
        return [line.strip() for line in self.cleaned_data["fresh"].splitlines() if line.strip()]


class CodeForm(Form):
    """A code to issue."""

    member = forms.ChoiceField(label=_("Cấp cho"), required=False)
    valid_until = DayField(label=_("Dùng được đến hết ngày"))

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["member"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Áp phích chung của tổ")), *choices]

    @staticmethod
    def usual(today: date) -> dict[str, Any]:
        """Return what is most often wanted: three months."""
        return {"valid_until": today + timedelta(days=90)}


class EventForm(Form):
    """An event declared before it begins."""

    kind = forms.ChoiceField(
        label=_("Loại sự kiện"), choices=[(key.value, words) for key, words in teams.EVENT_WORDS.items()]
    )
    place = forms.CharField(label=_("Địa điểm"), max_length=160)
    on = DayField(label=_("Ngày"))
    begins = forms.TimeField(label=_("Từ giờ"), widget=TIME)
    ends = forms.TimeField(label=_("Đến giờ"), widget=TIME)

    @staticmethod
    def usual(today: date) -> dict[str, Any]:
        """Return what is most often wanted: tomorrow's market."""
        return {"on": today + timedelta(days=1), "begins": "06:00", "ends": "10:00"}

    def span(self) -> tuple[datetime, datetime]:
        """Return when it begins and ends; ending before it begins is after midnight."""
        day, begins, ends = (self.cleaned_data[name] for name in ("on", "begins", "ends"))
        last = day + timedelta(days=1) if ends <= begins else day
        return clock.at_local(day, begins.hour, begins.minute), clock.at_local(last, ends.hour, ends.minute)


class ExpenseForm(Form):
    """Money a member spent."""

    kind = forms.ChoiceField(
        label=_("Khoản chi"), choices=[(key.value, words) for key, words in teams.EXPENSE_WORDS.items()]
    )
    amount = forms.RegexField(
        r"^[0-9][0-9. ]{0,12}$",
        label=_("Số tiền (đồng)"),
        error_messages={"invalid": _("Chỉ ghi chữ số, ví dụ 50.000.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    spent_on = DayField(label=_("Ngày chi"))
    note = forms.CharField(label=_("Ghi chú"), max_length=200, required=False)

    def clean_amount(self) -> int:
        """Read 50.000 as fifty thousand."""
        return int("".join(char for char in self.cleaned_data["amount"] if char.isdigit()))


class _SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files under one label; cleaned to a list, each checked for its weight before it is read."""

    widget = _SeveralFiles(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files sent, none of them too heavy."""
        sent = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        cleaned = [super(FilesField, self).clean(one, initial) for one in sent]
        heavy = [one.name for one in cleaned if one.size > teams_work.MATERIAL_MB * 1024 * 1024]
        if heavy:
            said = _("“%(name)s” nặng quá %(most)d MB.")
            raise forms.ValidationError(said, params={"name": heavy[0][:60], "most": teams_work.MATERIAL_MB})
        return cleaned


class HouseholdsForm(Form):
    """How many households each village of a team has, who counted, when."""

    source = forms.CharField(
        label=_("Ai đếm, theo giấy tờ nào"), max_length=160, help_text=_("Ví dụ: danh sách hộ của trưởng khu dân cư")
    )
    as_of = DayField(label=_("Đếm ngày"))

    def __init__(self, *args: Any, villages: Iterable[tuple[int, str, int | None]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.villages = list(villages)
        for unit_id, name, value in self.villages:
            self.fields[f"ho-{unit_id}"] = forms.IntegerField(
                label=_("Số hộ: %(name)s") % {"name": name}, required=False, min_value=1, initial=value,
                max_value=teams_work.MOST_HOUSEHOLDS, widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )  # fmt: skip
        self.order_fields([*(f"ho-{unit_id}" for unit_id, _name, _value in self.villages), "source", "as_of"])

    def counts(self) -> dict[int, int]:
        """Return what was counted, by village."""
        told = {unit_id: self.cleaned_data.get(f"ho-{unit_id}") for unit_id, _name, _value in self.villages}
        return {unit_id: value for unit_id, value in told.items() if value is not None}


class LessonForm(Form):
    """A lesson for the teams of a commune."""

    title = forms.CharField(label=_("Nội dung"), max_length=160)
    place = forms.CharField(label=_("Địa điểm"), max_length=160, required=False)
    on = DayField(label=_("Ngày"))
    begins = forms.TimeField(label=_("Bắt đầu lúc"), widget=TIME)
    minutes = forms.IntegerField(label=_("Số phút"), min_value=5, max_value=600)
    materials = forms.CharField(
        label=_("Tài liệu"),
        required=False,
        help_text=_("Mỗi dòng một tài liệu: tên, hoặc địa chỉ trang."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    handed_out = FilesField(
        label=_("Tệp phát cho tổ"),
        required=False,
        help_text=_("PDF hoặc ảnh, nhiều nhất 5 tệp, mỗi tệp 20 MB. Thành viên tải về trên điện thoại."),
    )
    attendees = forms.MultipleChoiceField(label=_("Người dự"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["attendees"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(choices)


class ReasonForm(Form):
    """Why something is let through."""

    reason = forms.CharField(label=_("Đã kiểm tra thế nào"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
