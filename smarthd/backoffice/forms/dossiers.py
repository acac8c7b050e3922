"""The form of a one-stop system that is asked about dossiers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.connectors.rules.dossiers import PARTS
from smarthd.ui.forms import Form

_AUTHS = (("none", _("Không cần")), ("bearer", _("Khóa (Bearer)")), ("header", _("Khóa trong tiêu đề")))
_LABELS = {
    "procedure": _("Tên thủ tục"),
    "state": _("Tình trạng"),
    "where": _("Nơi đang giữ"),
    "received_on": _("Ngày nhận"),
    "due_on": _("Ngày hẹn trả"),
    "finished": _("Đã xong hay chưa"),
    "steps": _("Danh sách các bước"),
    "step_at": _("Trong mỗi bước: lúc nào"),
    "step_words": _("Trong mỗi bước: việc gì"),
    "step_where": _("Trong mỗi bước: ở đâu"),
}
_PLACE = ("url", "auth", "header")


class DossierDeskForm(Form):
    """How a system is reached, what its codes look like, where its answers keep each part."""

    title = forms.CharField(label=_("Tên hệ thống"), max_length=120, help_text=_("Như “Một cửa cấp xã”."))
    agency = forms.TypedChoiceField(label=_("Cơ quan chủ quản"), coerce=int)
    pattern = forms.CharField(
        label=_("Mẫu mã hồ sơ"),
        max_length=200,
        help_text=_("9 là chữ số, A là chữ cái, * là cả hai, còn lại gõ y nguyên. Nhiều mẫu cách nhau bằng |."),
    )
    example = forms.CharField(label=_("Một mã làm ví dụ"), max_length=60)
    url = forms.CharField(
        label=_("Địa chỉ hỏi"), max_length=500, help_text=_("https://…/{code}: chỗ {code} được điền mã hồ sơ.")
    )
    auth = forms.ChoiceField(label=_("Cách vào"), choices=_AUTHS)
    header = forms.CharField(label=_("Tên tiêu đề chứa khóa"), max_length=60, required=False)
    token = forms.CharField(label=_("Khóa"), max_length=500, required=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"}), help_text=_("Không hiện lại. Để trống thì giữ như cũ, trừ khi đổi địa chỉ."))  # fmt: skip

    def __init__(self, *args: Any, agencies: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = agencies  # type: ignore[attr-defined]
        for part in PARTS:
            self.fields[part] = forms.CharField(
                label=_LABELS[part],
                max_length=100,
                required=False,
                help_text=_("Nơi ghi trong câu trả lời; để trống là “%(part)s”.") % {"part": part},
            )

    def place(self) -> dict[str, str]:
        """Return how it is reached and read."""
        return {name: self.cleaned_data[name] for name in (*_PLACE, *PARTS) if self.cleaned_data.get(name)}
