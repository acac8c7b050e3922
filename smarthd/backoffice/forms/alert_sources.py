"""The form of a source of others' CAP messages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.alerts import policies
from smarthd.alerts.services.following import EVERY, SourceWishes
from smarthd.backoffice.forms.difficulties import RefusedForm
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor

LARGEST_PEM = 64_000


class SourceForm(RefusedForm):
    """Whose messages, by which certificate, from where, how often, as whose drafts."""

    key = forms.CharField(label=_("Tên tắt"), help_text=_("Chữ thường không dấu, ví dụ kttv-quoc-gia."), max_length=40)
    name = forms.CharField(label=_("Tên nơi gửi"), max_length=200)
    sender = forms.CharField(label=_("Địa chỉ nơi gửi (sender)"), help_text=_("Đúng như trong thẻ <sender> của bản tin."), max_length=200)  # fmt: skip
    url = forms.CharField(label=_("Địa chỉ nguồn tin"), help_text=_("Bắt đầu bằng https://; một bản tin CAP, hoặc nguồn Atom, RSS dẫn tới các bản tin."), max_length=300)  # fmt: skip
    certificate = forms.FileField(label=_("Chứng thư (tệp .pem)"), help_text=_("Khóa P-256. Nhận tận tay hoặc qua đường công văn, rồi gọi lại đối chiếu vân tay."), required=False)  # fmt: skip
    agency = forms.ChoiceField(label=_("Bản nháp thuộc cơ quan"))
    every = forms.TypedChoiceField(label=_("Lấy tin"), coerce=int, choices=[(str(one), _("Khi bấm lấy") if not one else _("Mỗi %s phút") % one) for one in EVERY])  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {grant.agency_id for grant in actor.grants} | actor.agencies_as(Role.ADMINISTRATOR)
        views = agencies.agency_views(own, clock.today()).values()
        agency = self.fields["agency"]
        if isinstance(agency, forms.ChoiceField):
            agency.choices = [(str(one.id), one.name) for one in views if policies.reaches_everywhere(one.kind)]
        if known:
            del self.fields["key"]
            self.fields["certificate"].help_text = _("Đã ghim một chứng thư. Để trống thì giữ nguyên.")

    def clean_certificate(self) -> bytes:
        """Read the certificate; what is larger than any is none."""
        sent = self.cleaned_data.get("certificate")
        if not sent:
            return b""
        if sent.size > LARGEST_PEM:
            raise forms.ValidationError(_("Tệp quá lớn, không phải chứng thư dạng PEM."))
        content: bytes = sent.read()
        return content

    def wishes(self, key: str = "") -> SourceWishes:
        """Return what the source is to be."""
        typed = self.cleaned_data
        return SourceWishes(
            key=key or typed["key"].strip(),
            name=typed["name"],
            sender=typed["sender"],
            url=typed["url"].strip(),
            agency_id=int(typed["agency"]),
            every_minutes=typed["every"],
            certificate_pem=typed["certificate"],
        )
