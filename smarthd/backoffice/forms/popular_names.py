"""The form of the page of popular names."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.ui.forms import Form


class NameForm(Form):
    """What people say, and the words of the official titles that are meant."""

    said = forms.CharField(label=_("Bà con hay gọi"), max_length=80, help_text=_("Ví dụ: sổ đỏ, bằng lái, cúp điện."))
    meant = forms.CharField(
        label=_("Những chữ có trong tên chính thức"),
        max_length=160,
        help_text=_("Viết liền nhau đúng như trong tên. Ví dụ: quyền sử dụng đất, giấy phép lái xe, cắt điện."),
    )
