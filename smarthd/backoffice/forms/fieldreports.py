"""Forms of one report: what each act asks of the official. What is right is decided by the services; here it is only asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from smarthd.agencies import calendar
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind
from smarthd.backoffice.forms.fields import DayField
from smarthd.fieldreports.rules.states import DECLINE_WORDS, DeclineReason
from smarthd.fieldreports.selectors.gate import ReportPage
from smarthd.fieldreports.services import handling
from smarthd.kernel import clock, errors
from smarthd.ui.forms import Form

LONGEST = 4_000
_ANSWERING = (
    Kind.DEPARTMENT,
    Kind.PROVINCE_COMMITTEE,
    Kind.COMMUNE_COMMITTEE,
    Kind.FORCE,
    Kind.ENTERPRISE,
    Kind.CLINIC,
)
_GROUPS = {
    Kind.DEPARTMENT: _("Sở, ban, ngành"),
    Kind.PROVINCE_COMMITTEE: _("Ủy ban nhân dân cấp tỉnh"),
    Kind.COMMUNE_COMMITTEE: _("Ủy ban nhân dân xã, phường, đặc khu"),
    Kind.FORCE: _("Công an, quân sự"),
    Kind.ENTERPRISE: _("Điện lực, viễn thông, cấp nước"),
    Kind.CLINIC: _("Cơ sở y tế"),
}


Choices = list[tuple[Any, Any]]


def agency_choices(now: datetime) -> Choices:
    """Return the agencies that may be given a report today, by kind. One statement."""
    found = agencies.agencies_on(clock.day_of(now), kinds=[str(kind) for kind in _ANSWERING])
    groups: Choices = [("", _("Chọn cơ quan"))]
    for kind in _ANSWERING:
        named = sorted(((str(one.id), one.name) for one in found if one.kind == kind), key=lambda pair: pair[1])
        if named:
            groups.append((_GROUPS[kind], named))
    return groups


@dataclass(frozen=True, slots=True)
class Offered:
    """What a report's page knows that its forms choose from; asked for once a page."""

    page: ReportPage
    now: datetime
    agencies: Choices
    workers: Choices

    @classmethod
    def of(cls, page: ReportPage, now: datetime) -> Offered:
        """Ask for what the acts open to this reader need."""
        chooses = page.may & {"assign", "reroute", "decline", "ask_support"}
        return cls(
            page,
            now,
            agency_choices(now) if chooses else [],
            worker_choices(page.row.holder_id, now) if "give_to" in page.may else [],
        )


def worker_choices(agency_id: int, now: datetime) -> Choices:
    """Return who may work on reports at an agency, by name."""
    found = handling.workers_of(agency_id, now)
    names = agencies.officials_by_account(found, clock.day_of(now))
    told = sorted((names.get(one, ""), str(one)) for one in found)
    return [("", _("Chưa giao ai")), *((key, words or _("Cán bộ số %s") % key) for words, key in told)]


class ActForm(Form):
    """What every act may ask: words. ``prompt`` is said above the box; required words are asked again by the service."""

    words = forms.CharField(
        label=_("Nội dung"), widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST, required=False
    )

    def __init__(self, *args: Any, offered: Offered, prompt: str | Promise = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        if prompt:
            self.fields["words"].label = str(prompt)
        self.order_fields([name for name in self.fields if name != "words"])

    def asked(self) -> dict[str, Any]:
        """Return the arguments of the service."""
        return {"words": self.cleaned_data["words"]}

    def refuse_any(self, refusal: errors.Refusal, said: str) -> None:
        """Say where it is wrong, or above the form why it cannot be done."""
        if isinstance(refusal, errors.Invalid) and isinstance(refusal.facts.get("fields"), dict):
            self.refuse(refusal)
        else:
            self.add_error(None, said)


class WordsForm(ActForm):
    """Words that must be there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].required = True


class PlainForm(ActForm):
    """Nothing is asked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["words"]

    def asked(self) -> dict[str, Any]:
        """Return no arguments."""
        return {}


def _choose(form: ActForm, name: str, choices: Iterable[Any]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices)


class ToForm(ActForm):
    """To which agency."""

    to = forms.ChoiceField(label=_("Cơ quan"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "to", self.offered.agencies)

    def asked(self) -> dict[str, Any]:
        """Return the agency and the words."""
        return {"to_id": int(self.cleaned_data["to"]), **super().asked()}


class RerouteForm(ToForm):
    """To which agency, and why; the one a refusal named stands chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].required = True
        self.fields["to"].initial = str(self.offered.page.competent_id or "")


class DeclineForm(WordsForm):
    """Why it is not accepted, and who is competent, so that one tap takes it there."""

    reason = forms.ChoiceField(label=_("Lý do"), choices=[("", _("Chọn lý do")), *DECLINE_WORDS.items()])
    competent = forms.ChoiceField(
        label=_("Cơ quan có thẩm quyền"),
        help_text=_("Bắt buộc khi không thuộc thẩm quyền: người gửi chuyển tới đó bằng một lần bấm."),
        required=False,
    )
    competent_words = forms.CharField(
        label=_("Nơi có thẩm quyền, nếu không có trong danh sách"), max_length=300, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "competent", self.offered.agencies)

    def asked(self) -> dict[str, Any]:
        """Return reason, competent body, words."""
        typed = self.cleaned_data
        return {
            "reason": DeclineReason(typed["reason"]),
            "competent_id": int(typed["competent"]) if typed["competent"] else None,
            "competent_words": typed["competent_words"],
            **super().asked(),
        }


class ExtendForm(WordsForm):
    """Until which day; the term ends with that day's working hours."""

    until = DayField(label=_("Hạn mới, hết giờ làm việc ngày"))

    def clean_until(self) -> datetime:
        """Return the end of the day's working hours; a day off is refused."""
        day = self.cleaned_data["until"]
        working = calendar.working_calendar()
        if not working.openings(day):
            raise forms.ValidationError(_("Ngày này là ngày nghỉ. Xin chọn ngày làm việc."))
        return working.closing_of(day)

    def asked(self) -> dict[str, Any]:
        """Return the new term and the reason."""
        return {"until": self.cleaned_data["until"], **super().asked()}


class SupportForm(WordsForm):
    """Which agency is asked to work with the one in the lead, and for what."""

    agency = forms.ChoiceField(label=_("Cơ quan phối hợp"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "agency", self.offered.agencies)

    def asked(self) -> dict[str, Any]:
        """Return the agency and what it is asked."""
        return {"agency_id": int(self.cleaned_data["agency"]), **super().asked()}


class GiveForm(PlainForm):
    """Who works on it."""

    account = forms.ChoiceField(label=_("Người phụ trách"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "account", self.offered.workers)
        self.fields["account"].initial = str(self.offered.page.row.worker or "")

    def asked(self) -> dict[str, Any]:
        """Return the account, None for nobody in particular."""
        chosen = self.cleaned_data["account"]
        return {"account_id": int(chosen) if chosen else None}
