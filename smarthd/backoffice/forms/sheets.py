"""What every form that takes a table in does with its file: reads it, bounds it, says beside it why it was not read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.agencies.rules import encodings
from smarthd.kernel import errors
from smarthd.ui import refusals
from smarthd.ui.forms import Form

LIMIT_MB = 20


def file_field(label: Any, help_text: Any) -> forms.FileField:
    """Return the field of the file."""
    return forms.FileField(
        label=label, help_text=help_text, error_messages={"empty": _("Tệp trống. Xin chọn tệp khác.")}
    )


def encoding_field() -> forms.ChoiceField:
    """Return the field that says how the file's letters are written, for who knows better than the machine."""
    return forms.ChoiceField(
        label=_("Bảng mã của tệp"),
        choices=[("", _("Tự nhận ra")), *((item.value, encodings.WORDS[item]) for item in encodings.Encoding)],
        required=False,
    )


class SheetForm(Form):
    """A form with ``file`` and ``encoding``; ``split_words`` says how a file that is too large is mended."""

    split_words: Any = ""
    kept_words = _("Sửa rồi chọn lại tệp: trình duyệt không giữ tệp đã chọn.")
    samples: list[tuple[str, list[str]]] = []
    file_name = ""

    def clean_file(self) -> bytes:
        """Read the file, or say that it is too large before it is read."""
        sent = self.cleaned_data["file"]
        if sent.size > LIMIT_MB << 20:
            size = _("Tệp nặng %(size)d MB, nhiều nhất %(most)d MB.") % {"size": sent.size >> 20, "most": LIMIT_MB}
            raise forms.ValidationError(
                " ".join(filter(None, [size, str(self.split_words), str(_("Chưa có gì được lưu."))]))
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
