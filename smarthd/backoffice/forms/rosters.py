"""The form that takes a roster in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.agencies.rules import encodings
from smarthd.backoffice.forms.fields import DayField
from smarthd.kernel import errors
from smarthd.ui import refusals
from smarthd.ui.forms import Form

LIMIT_MB = 20


class UploadForm(Form):
    """A roster as the office has it."""

    file = forms.FileField(
        label=_("Tệp danh sách"),
        help_text=_(
            "Tệp .xlsx hoặc .csv, nhiều nhất 20 MB. Cần cột “Họ và tên”; nên có “Chức vụ”, “Số điện thoại”, “Đơn vị”."
        ),
        error_messages={"empty": _("Tệp trống. Xin chọn tệp khác.")},
    )
    as_of = DayField(label=_("Danh sách có hiệu lực từ ngày"), required=False, help_text=_("Để trống là hôm nay."))
    complete = forms.BooleanField(
        label=_("Đây là danh sách đầy đủ"),
        help_text=_("Người không có trong tệp được ghi là đã nghỉ hoặc chuyển đi."),
        required=False,
    )
    encoding = forms.ChoiceField(
        label=_("Bảng mã của tệp"),
        choices=[("", _("Tự nhận ra")), *((item.value, encodings.WORDS[item]) for item in encodings.Encoding)],
        required=False,
    )

    samples: list[tuple[str, list[str]]] = []

    def clean_file(self) -> bytes:
        """Read the file, or say that it is too large before it is read."""
        sent = self.cleaned_data["file"]
        if sent.size > LIMIT_MB << 20:
            raise forms.ValidationError(
                _("Tệp nặng %(size)d MB, nhiều nhất 20 MB. Xin tách theo cơ quan. Chưa có gì được lưu."),
                params={"size": sent.size >> 20},
            )
        self.file_name = sent.name
        content: bytes = sent.read()
        return content

    def refuse_any(self, refusal: errors.Refusal) -> None:
        """Say beside the file why it was not read; where its letters are unclear, keep its lines as each encoding reads them."""
        samples = refusal.facts.get("samples")
        if isinstance(samples, dict):
            self.samples = [(encodings.WORDS[encodings.Encoding(key)], lines) for key, lines in samples.items()]
        told = refusal.facts.get("words")
        self.add_error("file", str(told) if told else refusals.words_of(refusal).body)
