"""Forms of the communication pages."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind
from smarthd.backoffice.forms.difficulties import RefusedForm
from smarthd.backoffice.forms.fields import DayField
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.rollout import policies
from smarthd.rollout.rules import airings as rules
from smarthd.rollout.services.airings import MOST_AT_ONCE, NewAiring

EVERY = (
    ("once", _("Một lượt")),
    ("daily", _("Mỗi ngày, đến ngày cuối")),
    ("weekly", _("Mỗi tuần, đến ngày cuối")),
)
_NUMBER = {"inputmode": "numeric", "autocomplete": "off"}


class HourField(forms.TimeField):
    """An hour, typed as 17:30 or picked."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
        kwargs.setdefault("error_messages", {"invalid": _("Chưa đúng giờ, ví dụ 17:30.")})
        super().__init__(**kwargs)


class MoneyField(forms.CharField):
    """An amount in đồng, with or without points between: 1.250.000."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, widget=forms.TextInput(attrs=_NUMBER), **kwargs)

    def clean(self, value: Any) -> int | None:
        """Return the amount, or None where nothing was typed."""
        digits = str(super().clean(value)).replace(".", "").replace(",", "").replace(" ", "").removesuffix("đ")
        if not digits:
            return None
        if not digits.isdigit():
            raise forms.ValidationError(_("Chỉ gõ số tiền, ví dụ 1.250.000."))
        return int(digits)


class PlanForm(RefusedForm):
    """What is to be aired by which road, by whom, when, how often."""

    agency = forms.ChoiceField(label=_("Đơn vị thực hiện"))
    channel = forms.ChoiceField(label=_("Kênh"), choices=[("", _("Chọn kênh")), *rules.CHANNEL_WORDS.items()])
    title = forms.CharField(label=_("Nội dung"), help_text=_("Ví dụ: Hướng dẫn cài ứng dụng, kỳ 2."), max_length=200)
    day = DayField(label=_("Ngày"))
    hour = HourField(label=_("Giờ"))
    every = forms.ChoiceField(label=_("Lặp lại"), choices=EVERY, initial="once")
    until = DayField(label=_("Đến ngày cuối"), required=False)
    words = forms.CharField(
        label=_("Lời đọc, lời đăng"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    cost = MoneyField(label=_("Chi phí mỗi lượt (đồng)"), required=False, help_text=_("Để trống nếu không mất tiền."))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        own = agencies.agency_views(policies.airs_at(actor), today)
        below = [
            view
            for view in agencies.agencies_on(today, kinds=[Kind.COMMUNE_COMMITTEE])
            if view.id not in own and policies.can_plan_airing(actor, view.id)
        ]
        agency = self.fields["agency"]
        if isinstance(agency, forms.ChoiceField):
            agency.choices = [(str(view.id), view.name) for view in [*own.values(), *below]]
            if len(below) > 1:
                agency.choices = [*agency.choices, ("all", _("Tất cả xã, phường trong tuyến"))]
        self.below = [view.id for view in below]

    def clean(self) -> dict[str, Any]:
        """Refuse what repeats without an end, or into nothing."""
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("every") in {"daily", "weekly"} and typed.get("day"):
            until = typed.get("until")
            if until is None or until < typed["day"]:
                self.add_error("until", _("Lặp lại thì cần ngày cuối, từ ngày đầu trở đi."))
            elif (until - typed["day"]).days > 92:
                self.add_error("until", _("Mỗi lần lên lịch nhiều nhất ba tháng."))
        return typed

    def wanted(self) -> list[NewAiring]:
        """Return the airings asked for, each at its time."""
        typed = self.cleaned_data
        to = self.below if typed["agency"] == "all" else [int(typed["agency"])]
        days = _days(typed["day"], typed["every"], typed["until"])
        return [
            NewAiring(agency_id, rules.Channel(typed["channel"]), typed["title"], _at(day, typed["hour"]), typed["words"], typed["cost"])
            for agency_id in to
            for day in days
        ][: MOST_AT_ONCE + 1]  # fmt: skip


def _days(first: date, every: str, until: date | None) -> list[date]:
    step = {"daily": 1, "weekly": 7}.get(every)
    if step is None or until is None:
        return [first]
    return [first + timedelta(days=count) for count in range(0, (until - first).days + 1, step)]


def _at(day: date, hour: time) -> datetime:
    return clock.at_local(day, hour.hour, hour.minute)


class AiredForm(RefusedForm):
    """When it was aired, how many it reached, what it cost."""

    day = DayField(label=_("Phát ngày"))
    hour = HourField(label=_("Lúc"))
    reach = forms.IntegerField(
        label=_("Khoảng bao nhiêu người nghe, đọc"),
        required=False,
        min_value=0,
        max_value=10_000_000,
        widget=forms.TextInput(attrs=_NUMBER),
        error_messages={"invalid": _("Chỉ gõ số, ví dụ 300.")},
    )
    cost = MoneyField(label=_("Chi phí thực tế (đồng)"), required=False)

    def wanted(self) -> dict[str, Any]:
        """Return the arguments of ``rollout.services.airings.mark_aired``."""
        typed = self.cleaned_data
        return {"aired_at": _at(typed["day"], typed["hour"]), "reach": typed["reach"], "cost": typed["cost"]}


class ProofForm(RefusedForm):
    """A photo, a recording or a link."""

    file = forms.FileField(
        label=_("Ảnh hoặc bản ghi âm"),
        help_text=_("Ảnh JPEG, PNG, WebP đến 12 MB; ghi âm mp3, m4a, ogg, wav, amr đến 20 MB. Vị trí và tên máy trong ảnh được xóa."),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp,audio/*"}),
    )  # fmt: skip
    url = forms.CharField(
        label=_("Hoặc đường dẫn"),
        help_text=_("Bài đăng, chuyên mục, bản tin trên mạng."),
        required=False,
        max_length=500,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
    )
    note = forms.CharField(label=_("Ghi chú"), required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one kind of proof."""
        typed: dict[str, Any] = super().clean() or {}
        sent = typed.get("file")
        if sent is not None and sent.size > rules.AUDIO_MB << 20:
            self.add_error("file", _("Tệp nặng hơn 20 MB. Xin ghi ngắn hơn hoặc gửi đường dẫn."))
        elif not sent and not typed.get("url") and not self.errors:
            self.add_error("file", _("Chọn một tệp, hoặc dán một đường dẫn."))
        return typed
