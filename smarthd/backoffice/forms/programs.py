"""Forms of the page of other programs' keys."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.programs import services
from smarthd.ui.forms import Form


class KeyForm(Form):
    """A key for a program."""

    name = forms.CharField(
        label=_("Phần mềm hoặc đơn vị dùng khóa"),
        max_length=100,
        help_text=_("Ví dụ: Ứng dụng Đô thị, Trường Đại học Hải Dương."),
    )
    per_hour = forms.IntegerField(
        label=_("Số lần gọi mỗi giờ"), min_value=1, max_value=services.MOST_PER_HOUR, initial=services.PER_HOUR
    )


class LimitForm(Form):
    """How often a key may call."""

    per_hour = forms.IntegerField(label=_("Số lần gọi mỗi giờ"), min_value=1, max_value=services.MOST_PER_HOUR)
