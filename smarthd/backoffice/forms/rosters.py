"""The form that takes a roster in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.backoffice.forms.fields import DayField
from smarthd.backoffice.forms.sheets import SheetForm, encoding_field, file_field


class UploadForm(SheetForm):
    """A roster as the office has it."""

    file = file_field(
        _("Tệp danh sách"),
        _("Tệp .xlsx hoặc .csv, nhiều nhất 20 MB. Cần cột “Họ và tên”; nên có “Chức vụ”, “Số điện thoại”, “Đơn vị”."),
    )
    as_of = DayField(label=_("Danh sách có hiệu lực từ ngày"), required=False, help_text=_("Để trống là hôm nay."))
    complete = forms.BooleanField(
        label=_("Đây là danh sách đầy đủ"),
        help_text=_("Người không có trong tệp được ghi là đã nghỉ hoặc chuyển đi."),
        required=False,
    )
    encoding = encoding_field()
    split_words = _("Xin tách theo cơ quan.")
