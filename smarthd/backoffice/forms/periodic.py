"""Forms of the report pages: a campaign's form as fields on a page, and the Department's acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.backoffice import periodic
from smarthd.backoffice.forms.fields import DayField
from smarthd.kernel import clock, errors
from smarthd.rollout.rules.forms import LONGEST_TEXT, Field, FieldKind
from smarthd.rollout.selectors import Answer, ReportSeen
from smarthd.ui import refusals
from smarthd.ui.forms import Form

VALUE, DISPUTE = "v-", "d-"
_KEYBOARDS = {FieldKind.COUNT: "numeric", FieldKind.NUMBER: "decimal"}


def page_field(one: Field) -> forms.Field:
    """Return the page's field for one question. What it holds is read by ``rollout.rules.forms``, not here."""
    more: dict[str, Any] = {"label": one.label, "help_text": one.hint, "required": False}
    if one.kind is FieldKind.CHOICE:
        return forms.CharField(widget=forms.RadioSelect(choices=[(words, words) for words in one.choices]), **more)
    if one.kind is FieldKind.YES_NO:
        return forms.CharField(widget=forms.RadioSelect(choices=[("có", _("Có")), ("không", _("Không"))]), **more)
    if one.kind is FieldKind.DAY:
        return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), **more)
    if one.kind is FieldKind.TEXT:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_TEXT}), **more)
    keyboard = _KEYBOARDS[one.kind]
    return forms.CharField(widget=forms.TextInput(attrs={"inputmode": keyboard, "autocomplete": "off"}), **more)


class ReportForm(Form):
    """A report being written. Field names are ``v-<key>`` for answers and ``d-<key>`` for disputes of measured numbers."""

    def __init__(self, data: Mapping[str, str] | None = None, *, seen: ReportSeen) -> None:
        super().__init__(data)
        self.seen = seen
        for answer in seen.answers:
            one = answer.field
            if one.measured:
                dispute = forms.CharField(
                    label=_("Vì sao số này chưa đúng"),
                    required=False,
                    initial=answer.dispute,
                    widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_TEXT}),
                )
                self.fields[f"{DISPUTE}{one.key}"] = dispute
            else:
                self.fields[f"{VALUE}{one.key}"] = page_field(one)
                self.initial[f"{VALUE}{one.key}"] = periodic.typed(one, answer.value)

    def typed(self) -> dict[str, str]:
        """Return the answers as they were typed."""
        return {
            answer.field.key: str(self.data.get(f"{VALUE}{answer.field.key}", ""))
            for answer in self.seen.answers
            if not answer.field.measured
        }

    def disputes(self) -> dict[str, str]:
        """Return the disputes as they were typed."""
        return {
            answer.field.key: str(self.data.get(f"{DISPUTE}{answer.field.key}", ""))
            for answer in self.seen.answers
            if answer.field.measured
        }

    def refuse(self, refusal: errors.Invalid) -> None:
        """Put the service's words beside the fields they speak of."""
        fields = refusal.facts.get("fields")
        self.blame({str(key): str(words) for key, words in fields.items()} if isinstance(fields, dict) else {})
        if not isinstance(fields, dict) or not fields:
            self.add_error(None, refusals.words_of(refusal).body)

    def blame(self, problems: Mapping[str, str]) -> None:
        """Put what is wrong beside its field, by key."""
        self.full_clean()
        for key, words in problems.items():
            name = next((name for name in (f"{VALUE}{key}", f"{DISPUTE}{key}") if name in self.fields), None)
            self.add_error(name, words)

    def rows(self) -> list[dict[str, Any]]:
        """Return the fields in the order of the form, each with what the page shows around it."""
        return [self._row(answer) for answer in self.seen.answers]

    def _row(self, answer: Answer) -> dict[str, Any]:
        one = answer.field
        name = f"{DISPUTE}{one.key}" if one.measured else f"{VALUE}{one.key}"
        return {
            "answer": answer,
            "bound": self[name],
            "measured": bool(one.measured),
            "value": periodic.shown(one, answer.value),
            "previous": periodic.shown(one, answer.previous) if answer.previous is not None else "",
            "previous_raw": answer.previous if _is_number(answer.previous) else "",
            "difference": periodic.difference(answer.value, answer.previous),
            "kind": one.kind.value,
        }


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class AmendForm(ReportForm):
    """A correction after endorsement: the same answers, and why."""

    def __init__(self, data: Mapping[str, str] | None = None, *, seen: ReportSeen) -> None:
        super().__init__(data, seen=seen)
        self.fields["reason"] = forms.CharField(
            label=_("Lý do đính chính"),
            help_text=_("Ghi ở lịch sử báo cáo; cấp trên xác nhận lại từ đầu."),
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def blame(self, problems: Mapping[str, str]) -> None:
        """Put the words about the reason beside the reason."""
        super().blame({key: words for key, words in problems.items() if key})
        if "" in problems:
            self.add_error("reason", problems[""])


class ActForm(Form):
    """A form whose service may refuse it. Several stand on one page, so each has identifiers of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}-%s")
        super().__init__(*args, **kwargs)

    def refuse_any(self, refusal: errors.Refusal) -> None:
        """Say beside the field, or above the form, why it was not done."""
        if isinstance(refusal, errors.Invalid) and isinstance(refusal.facts.get("fields"), dict):
            self.refuse(refusal)
        else:
            self.add_error(None, refusals.words_of(refusal).body)


class ExtendForm(ActForm):
    """Until when the ticked units get more time, and why."""

    due_on = DayField(label=_("Hạn mới, hết giờ làm việc ngày"))
    reason = forms.CharField(label=_("Lý do gia hạn"), max_length=500)


class ExemptForm(ActForm):
    """Why one unit owes nothing this time."""

    reason = forms.CharField(
        label=_("Lý do miễn"),
        help_text=_("Đơn vị được nêu tên trong số được miễn; không tính vào mẫu số."),
        max_length=300,
    )


class OutageForm(ActForm):
    """When the platform could not be reached."""

    began_at = forms.DateTimeField(
        label=_("Từ lúc"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"],
    )  # fmt: skip
    ended_at = forms.DateTimeField(
        label=_("Đến lúc"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"],
    )  # fmt: skip
    note = forms.CharField(label=_("Sự cố gì"), max_length=300)

    def wanted(self) -> dict[str, Any]:
        """Return the arguments of ``rollout.services.declare_outage``."""
        return dict(self.cleaned_data)


class SignForm(ActForm):
    """The number the register gives an urging letter."""

    number = forms.RegexField(
        r"^[0-9]{1,5}$",
        label=_("Số công văn"),
        help_text=_("Số do văn thư cấp, chỉ gồm chữ số, ví dụ 57."),
        error_messages={"invalid": _("Số công văn chỉ gồm chữ số, ví dụ 57.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class SeedForm(ActForm):
    """The number a sample is drawn with."""

    seed = forms.IntegerField(
        label=_("Số bốc thăm"),
        help_text=_("Số nhiều người cùng thấy, ví dụ giải đặc biệt xổ số hôm nay. Số này được lưu để ai cũng bốc lại được đúng các đơn vị ấy."),
        min_value=0,
        max_value=999_999_999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip


class FindingForm(ActForm):
    """What was found at one unit of the sample."""

    found = forms.ChoiceField(label=_("Kết quả"), choices=[("dung", _("Đúng")), ("sai", _("Sai"))])
    note = forms.CharField(label=_("Ghi chú"), required=False, max_length=500)


def local(instant: datetime) -> str:
    """Return an instant as a field of local time holds it."""
    return f"{instant.astimezone(clock.ZONE):%Y-%m-%dT%H:%M}"
