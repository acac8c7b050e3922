"""Forms of the agencies pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from smarthd.agencies.rules import Role, roles
from smarthd.kernel import errors
from smarthd.people import rules as people_rules
from smarthd.people import selectors as people
from smarthd.people import services as people_services
from smarthd.ui import refusals
from smarthd.ui.forms import Form


class GrantForm(Form):
    """Who gets which role: the person is named by the number that opens their account."""

    phone = forms.CharField(
        label=_("Số điện thoại của tài khoản"),
        help_text=_("Người này cần đăng nhập ứng dụng ít nhất một lần trước."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    role_name = forms.ChoiceField(label=_("Vai trò"), choices=[(role, roles.WORDS[role]) for role in Role])

    def clean_phone(self) -> str:
        """Find the account behind the number."""
        try:
            number = people_rules.normalise_phone(self.cleaned_data["phone"])
        except errors.Invalid:
            raise forms.ValidationError(_t("Không phải số điện thoại Việt Nam, ví dụ 0912 345 678.")) from None
        self._account = people.account_id_by_phone_index(people_services.phone_index(number))
        if self._account is None:
            raise forms.ValidationError(_t("Chưa có tài khoản nào mở bằng số này."))
        return number

    def account_id(self) -> int:
        """Return the account the number opens."""
        found: Any = self._account
        return int(found)

    def role(self) -> Role:
        """Return the role wanted."""
        return Role(self.cleaned_data["role_name"])

    def refuse_any(self, refusal: errors.Refusal) -> None:
        """Say above the form why the role was not given."""
        self.add_error(None, refusals.words_of(refusal).body)


class MailboxForm(Form):
    """Where official letters to the agency go."""

    address = forms.CharField(
        label=_("Hộp thư công vụ"),
        help_text=_("Thư nhắc báo cáo gửi về đây, ví dụ stttt@haiduong.gov.vn. Để trống là không gửi thư."),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )
