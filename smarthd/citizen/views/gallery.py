"""Every component on one page, for looking at: only outside production."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from smarthd.citizen import release
from smarthd.kernel import clock
from smarthd.kernel.paging import Page
from smarthd.ui.forms import Form


class Sample(Form):
    """A form with every kind of field, some of them wrong."""

    full_name = forms.CharField(label="Họ và tên", help_text="Viết như trên giấy tờ")
    phone = forms.CharField(label="Số điện thoại", required=False)
    kind = forms.ChoiceField(
        label="Loại điện thoại", choices=[("a", "Android"), ("i", "iPhone")], widget=forms.RadioSelect
    )
    unit = forms.ChoiceField(label="Đơn vị", choices=[("", "Chọn đơn vị"), ("1", "UBND xã Nam Sách")])
    words = forms.CharField(label="Khó khăn, vướng mắc", widget=forms.Textarea, required=False)
    agree = forms.BooleanField(label="Tôi đã kiểm tra số liệu", help_text="Bắt buộc trước khi gửi")


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show the components."""
    now = clock.now()
    rows = [
        ("Phường Thành Đông", 4123, 0.832, ""),
        ("Xã Nguyễn Lương Bằng", 2310, 0.641, ""),
        ("Xã Nam Sách", 3980, 1.24, ""),
        ("Phường Trần Hưng Đạo", 1874, 0.12, "ước tính"),
        ("Xã Kẻ Sặt", 0, None, ""),
    ]
    context = {
        "icons": _icon_names(),
        "form": Sample({"phone": "091"}),
        "rows": rows,
        "now": now,
        "soon": now + timedelta(days=2, hours=3),
        "past": now - timedelta(minutes=12),
        "page": Page(items=[], next_cursor="abc"),
        "risks": [(1, "cấp 1"), (2, "cấp 2"), (3, "cấp 3"), (4, "cấp 4"), (5, "cấp 5")],
    }
    return render(request, "citizen/gallery.html", context)


@cache
def _icon_names() -> list[str]:
    return re.findall(r'<symbol id="([^"]+)"', release.source("ui/icons.svg"))
