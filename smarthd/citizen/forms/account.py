"""Forms of signing in and of a person's own account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.people import rules
from smarthd.ui.forms import Form


class PhoneField(forms.CharField):
    """A Vietnamese mobile number as people type it; cleans to E.164."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Số điện thoại di động"))
        options.setdefault(
            "widget",
            forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "class": "box-code"}),
        )
        super().__init__(max_length=60, **options)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return rules.normalise_phone(text)
        except rules.NotAPhone as refusal:
            raise forms.ValidationError(refusal.words) from None


class CodeField(forms.CharField):
    """A six-digit code, offered by the telephone itself where it can."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Mã xác nhận"))
        attrs = {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "box-code", "autofocus": True}
        super().__init__(max_length=20, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return rules.clean_code(text)
        except rules.WrongCode:
            raise forms.ValidationError(_("Mã gồm 6 chữ số, xem trong tin nhắn vừa nhận.")) from None


class WordingField(forms.IntegerField):
    """Which words were shown; the page fills it in."""

    def __init__(self) -> None:
        changed = _("Lời đồng ý trên trang không còn đúng. Xin mở lại trang, đọc rồi chọn.")
        errors = dict.fromkeys(("required", "invalid", "min_value", "max_value"), changed)
        super().__init__(min_value=1, max_value=10_000, widget=forms.HiddenInput, error_messages=errors)


class SignInForm(Form):
    """A number, and what the installed app says of itself (filled in by a script; harmless when absent)."""

    phone = PhoneField(help_text=_("Chúng tôi gửi một mã 6 chữ số tới số này. Ví dụ 0912 345 678."))
    install_uid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    platform = forms.ChoiceField(
        required=False, choices=[(kind.value, kind.value) for kind in rules.Platform], widget=forms.HiddenInput
    )
    standalone = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def install(self) -> dict[str, Any] | None:
        """Return what the app said of itself, for the session; None where it said nothing."""
        uid: UUID | None = self.cleaned_data.get("install_uid")
        if uid is None:
            return None
        return {
            "uid": str(uid),
            "platform": self.cleaned_data.get("platform") or rules.Platform.OTHER.value,
            "standalone": bool(self.cleaned_data.get("standalone")),
        }


class PhoneForm(Form):
    """A number to send a code to, for something that needs no account."""

    phone = PhoneField(help_text=_("Chúng tôi gửi một mã 6 chữ số tới số này. Ví dụ 0912 345 678."))


class CodeForm(Form):
    """The code received."""

    code = CodeField()


class NameForm(Form):
    """What a person calls themselves."""

    full_name = forms.CharField(
        label=_("Họ và tên"),
        max_length=80,
        required=False,
        help_text=_("Để trống nếu không muốn ghi tên."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class NewPhoneForm(Form):
    """Another number for the account."""

    phone = PhoneField(label=_("Số điện thoại mới"), help_text=_("Mã xác nhận sẽ gửi tới số mới."))


class AgreeForm(Form):
    """One agreement, never ticked beforehand, in the very words shown."""

    agreed = forms.BooleanField(
        label=_("Tôi đồng ý"), error_messages={"required": _("Chưa đánh dấu đồng ý nên chưa có gì thay đổi.")}
    )
    wording_version = WordingField()


class RequestForm(Form):
    """What an official must do with one's data."""

    kind = forms.ChoiceField(
        label=_("Tôi muốn"),
        choices=[
            (rules.RequestKind.RECTIFY.value, _("Sửa một điều chưa đúng về tôi")),
            (rules.RequestKind.OBJECT.value, _("Phản đối một việc đang làm với dữ liệu của tôi")),
        ],
        widget=forms.RadioSelect,
    )
    details = forms.CharField(
        label=_("Viết rõ điều cần sửa hoặc phản đối"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


ERASE_WORDS = "xóa tài khoản"


class EraseForm(Form):
    """The dangerous act: its words are typed."""

    words = forms.CharField(label=_("Gõ “xóa tài khoản” để xác nhận"), max_length=40)

    def clean_words(self) -> str:
        """Accept the words in any case and without marks."""
        from smarthd.kernel import text

        typed = str(self.cleaned_data["words"])
        if text.fold(typed) != text.fold(ERASE_WORDS):
            raise forms.ValidationError(_("Xin gõ đúng các chữ: xóa tài khoản. Chưa có gì bị xóa."))
        return typed


class AssistForm(Form):
    """The person in front: number, and how they agree."""

    phone = PhoneField(label=_("Số di động của người được giúp"))
    means = forms.ChoiceField(
        label=_("Người được giúp đồng ý bằng cách"),
        choices=[
            (rules.Means.SPOKEN.value, _("Nói đồng ý, sau khi tôi đọc to lời trên")),
            (rules.Means.OWN_PHONE.value, _("Tự đánh dấu trên điện thoại của mình sau khi đăng nhập")),
        ],
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(
        required=False,
        label=_("Tôi đã đọc to lời trên và người được giúp đã nói đồng ý"),
    )
    wording_version = WordingField()


class AnswerForm(Form):
    """One's own yes or no to being helped."""

    wording_version = WordingField()
    agreed = forms.BooleanField(required=False, label=_("Tôi đồng ý"))


class ObjectionForm(Form):
    """What a person says to their account being set apart."""

    words = forms.CharField(
        label=_("Giải trình"),
        help_text=_("Ví dụ: cả nhà dùng chung một máy. Không cần gửi giấy tờ."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
