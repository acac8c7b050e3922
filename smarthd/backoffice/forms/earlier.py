"""Saying that earlier versions may be taken away, and which of them not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.ui.forms import Form


class OpenForm(Form):
    """What one confirms before anybody may take earlier versions away."""

    sure = forms.BooleanField(
        label=_("Tôi đã xem các bản dưới đây: không bản nào có điều lẽ ra không được công bố"),
        error_messages={"required": _("Xin xem các bản rồi đánh dấu ô này. Chưa có gì thay đổi.")},
    )


class RecallForm(Form):
    """Which version nobody may take away any more."""

    number = forms.TypedChoiceField(label=_("Bản"), coerce=int)
    all_before = forms.BooleanField(label=_("Cả mọi bản trước bản ấy"), required=False)
    sure = forms.BooleanField(
        label=_("Thu hồi rồi thì không hoàn lại được"),
        error_messages={"required": _("Xin đánh dấu ô này nếu vẫn thu hồi. Chưa có gì thay đổi.")},
    )

    def __init__(self, *args: Any, numbers: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Chọn bản")), *((number, _("Bản %(number)s") % {"number": number}) for number in numbers)]
        self.fields["number"].choices = choices  # type: ignore[attr-defined]
