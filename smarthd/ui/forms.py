"""Forms that speak Vietnamese and render as our fields: label, hint, error, box; the error summary is a tag."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _

from smarthd.kernel import errors


class Field(forms.BoundField):
    """A field as our templates draw it."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        if isinstance(field.widget, forms.CheckboxInput):
            self.kind = "tick"
        elif isinstance(field.widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
            self.kind = "choices"
        else:
            self.kind = "box"

    template_name = "ui/forms/field.html"


class Form(forms.Form):
    """The form every page uses: our fields, words of our own for what is missing, refusals put beside their field."""

    bound_field_class = Field
    template_name = "ui/forms/form.html"
    use_required_attribute = False  # the browser's own bubbles speak the browser's language and vanish

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if "required" in field.error_messages and field.error_messages["required"] == _REQUIRED_OF_DJANGO:
                field.error_messages["required"] = _("Mục này còn trống.")
            field.error_messages.setdefault("null_characters_not_allowed", _NULL)
            if isinstance(field, forms.UUIDField) and field.error_messages["invalid"] == _UUID_OF_DJANGO:
                field.error_messages["invalid"] = _("Mã này chưa đúng. Xin mở lại trang rồi chọn lại.")

    def refuse(self, refusal: errors.Invalid) -> None:
        """Put a service's refusal beside the fields it names (``facts["fields"]``), or above the form."""
        from smarthd.ui import refusals

        fields = refusal.facts.get("fields")
        if isinstance(fields, dict) and fields:
            for name, words in fields.items():
                self.add_error(name if name in self.fields else NON_FIELD_ERRORS, str(words))
        else:
            self.add_error(None, refusals.words_of(refusal).body)


# Django has no Vietnamese for these.
_REQUIRED_OF_DJANGO = forms.Field.default_error_messages["required"]
_UUID_OF_DJANGO = forms.UUIDField.default_error_messages["invalid"]
_NULL = _("Có ký tự không đọc được. Xin xóa đi rồi gõ lại.")
