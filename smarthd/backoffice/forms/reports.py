"""Forms of the report pages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.backoffice.forms.fields import DayField
from smarthd.insights import selectors as insights
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor
from smarthd.rollout import selectors as rollout
from smarthd.ui import refusals
from smarthd.ui.forms import Form


class MakeForm(Form):
    """Which report to make."""

    campaign = forms.ChoiceField(label=_("Chiến dịch"))
    cut_off = DayField(label=_("Chốt số liệu hết ngày"), help_text=_("Ngày đã kết thúc, ví dụ 19/4/2024."))
    scope = forms.ChoiceField(label=_("Phạm vi"))
    boundaries = DayField(label=_("Theo địa giới ngày"), required=False, help_text=_("Để trống thì lấy ngày chốt."))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campaign, scope = self.fields["campaign"], self.fields["scope"]
        if isinstance(campaign, forms.ChoiceField) and isinstance(scope, forms.ChoiceField):
            campaign.choices = [(view.key, view.title) for view in rollout.campaigns()]
            scope.choices = [
                (f"{issuer}:{unit or ''}", words) for issuer, unit, words in insights.scopes_for(actor, clock.today())
            ]

    @staticmethod
    def usual() -> dict[str, Any]:
        """Return what is most often wanted: yesterday."""
        return {"cut_off": clock.today() - timedelta(days=1)}

    def wanted(self) -> dict[str, Any]:
        """Return the arguments of ``insights.services.make_report``."""
        cut_off: date = self.cleaned_data["cut_off"]
        issuer, _colon, unit = self.cleaned_data["scope"].partition(":")
        return {
            "campaign_key": self.cleaned_data["campaign"],
            "cut_off": cut_off,
            "unit_id": int(unit) if unit else None,
            "issuer_id": int(issuer),
            "boundaries": self.cleaned_data["boundaries"] or cut_off,
        }

    def refuse_any(self, refusal: errors.Refusal) -> None:
        """Say above the form why the report was not made."""
        self.add_error(None, refusals.words_of(refusal).body)


class SignForm(Form):
    """The number the agency's register gives a document."""

    number = forms.RegexField(
        r"^[0-9]{1,5}$",
        label=_("Số văn bản"),
        help_text=_("Số do văn thư cấp, chỉ gồm chữ số, ví dụ 128."),
        error_messages={"invalid": _("Số văn bản chỉ gồm chữ số, ví dụ 128.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
