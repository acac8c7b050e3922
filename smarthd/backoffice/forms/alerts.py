"""The composer of a warning, and the small forms of its approval."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.agencies import selectors as agencies
from smarthd.alerts import policies
from smarthd.alerts.rules import levels, messages, templates
from smarthd.alerts.rules.hazards import FACTS, Hazard, response_words
from smarthd.alerts.rules.messages import Certainty, Channel, Response, Severity, Status, Urgency
from smarthd.alerts.values import Draft
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.people import rules as people_rules
from smarthd.people import selectors as people
from smarthd.people import services as people_services
from smarthd.places.values import UnitView
from smarthd.ui.forms import Form

_LONG = {"rows": 5}
_MOMENT = "%Y-%m-%dT%H:%M"


def _choices(words: dict[Any, str], values: Sequence[Any] | None = None) -> list[tuple[str, str]]:
    return [(one.value, words[one]) for one in (values or words)]


class OneLine(forms.CharField):
    """One line of words that may be longer than a field is wide: it wraps as it is typed, and comes out as one line."""

    widget = forms.Textarea(attrs={"rows": 2})

    def to_python(self, value: object) -> str:
        return " ".join(str(super().to_python(value) or "").split())


class AlertForm(Form):
    """A warning as its writer has it. Brackets may be left open in a draft: they are named when it is handed in."""

    agency = forms.ChoiceField(label=_("Phát thay mặt"))
    status = forms.ChoiceField(
        label=_("Thật hay diễn tập"), choices=_choices(messages.STATUS_WORDS), widget=forms.RadioSelect
    )
    testers = forms.CharField(
        label=_("Số điện thoại người nhận thử"),
        required=False,
        help_text=_("Chỉ khi gửi thử. Cách nhau dấu phẩy; người ấy phải có tài khoản."),
        max_length=400,
    )
    level = forms.ChoiceField(
        label=_("Cấp độ rủi ro thiên tai"),
        required=False,
        widget=forms.RadioSelect,
        choices=[("", _("Không phân cấp")), *((str(one.number), f"{one.words}: {one.risk}") for one in levels.LEVELS.values())],
    )  # fmt: skip
    severity = forms.ChoiceField(
        label=_("Mức nguy hiểm"), choices=_choices(messages.SEVERITY_WORDS, list(Severity)[:4])
    )
    urgency = forms.ChoiceField(label=_("Bao giờ phải làm"), choices=_choices(messages.URGENCY_WORDS))
    certainty = forms.ChoiceField(label=_("Chắc đến đâu"), choices=_choices(messages.CERTAINTY_WORDS))
    responses = forms.MultipleChoiceField(
        label=_("Người dân cần làm gì"),
        choices=[(one.value, response_words(one)) for one in Response],
        widget=forms.CheckboxSelectMultiple,
    )
    communes = forms.MultipleChoiceField(label=_("Xã, phường"), required=False, widget=forms.CheckboxSelectMultiple)
    ring = forms.CharField(required=False, widget=forms.HiddenInput)
    headline_vi = OneLine(label=_("Tiêu đề (tiếng Việt)"), max_length=200, help_text=_("Dưới 140 chữ: việc gì, làm gì."))  # fmt: skip
    description_vi = forms.CharField(label=_("Đang xảy ra gì (tiếng Việt)"), widget=forms.Textarea(_LONG), max_length=4000)  # fmt: skip
    instruction_vi = forms.CharField(label=_("Việc cần làm (tiếng Việt)"), widget=forms.Textarea(_LONG), max_length=4000)  # fmt: skip
    headline_en = OneLine(label=_("Tiêu đề (tiếng Anh)"), max_length=200, help_text=_("Dưới 140 chữ, cùng một ý."))
    description_en = forms.CharField(label=_("Đang xảy ra gì (tiếng Anh)"), widget=forms.Textarea(_LONG), max_length=4000)  # fmt: skip
    instruction_en = forms.CharField(label=_("Việc cần làm (tiếng Anh)"), widget=forms.Textarea(_LONG), max_length=4000)  # fmt: skip
    effective_at = forms.DateTimeField(
        label=_("Hiệu lực từ"), widget=forms.DateTimeInput({"type": "datetime-local"}, _MOMENT)
    )
    expires_at = forms.DateTimeField(label=_("Đến"), widget=forms.DateTimeInput({"type": "datetime-local"}, _MOMENT))
    contact = forms.CharField(label=_("Điện thoại trực"), max_length=120)
    channels = forms.MultipleChoiceField(
        label=_("Kênh phát"), choices=_choices(messages.CHANNEL_WORDS), widget=forms.CheckboxSelectMultiple
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, actor: Actor, hazard: Hazard, units: Sequence[UnitView], own: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hazard, self.facts = hazard, FACTS[hazard]
        views = agencies.agency_views({grant.agency_id for grant in policies.writes_at(actor)}, clock.today())
        fields: dict[str, Any] = self.fields
        fields["agency"].choices = [(str(one.id), one.name) for one in views.values()]
        fields["communes"].choices = [(str(unit.uid), unit.full_name) for unit in units]
        fields["agency"].required = len(views) > 1 and not own
        self.one_agency = own or (str(next(iter(views), "")) if len(views) == 1 else "")
        if not self.facts.levels:
            del fields["level"]
        for name in ("effective_at", "expires_at"):
            fields[name].error_messages["invalid"] = _("Giờ chưa đọc được, ví dụ 07/09/2024 02:30.")
        self._ids = {str(unit.uid): unit.id for unit in units}

    def clean_ring(self) -> tuple[tuple[float, float], ...]:
        """Read the drawn polygon: a JSON list of [longitude, latitude]."""
        raw = self.cleaned_data["ring"]
        if not raw:
            return ()
        try:
            read = json.loads(raw[:600_000])
            points = [(float(lon), float(lat)) for lon, lat in read] if isinstance(read, list) and read else None
        except (ValueError, TypeError, RecursionError):
            points = None
        if points is None:
            raise forms.ValidationError(_("Vùng vẽ không đọc được. Xin xóa và vẽ lại."))
        return tuple(points)

    def clean_testers(self) -> tuple[int, ...]:
        """Find the accounts of the numbers typed."""
        raw = [part for part in self.cleaned_data["testers"].split(",") if part.strip()]
        found = []
        for part in raw[:20]:
            account_id = account_of_phone(part)
            if account_id is None:
                raise forms.ValidationError(_("Chưa có tài khoản nào mang số %(phone)s."), params={"phone": part.strip()[:20]})  # fmt: skip
            found.append(account_id)
        return tuple(found)

    def agency_id(self) -> int:
        """Return the agency in whose name it is written."""
        return int(self.one_agency or self.cleaned_data["agency"])

    def draft(self) -> Draft:
        """Return the warning as the service takes it."""
        said = self.cleaned_data
        return Draft(
            hazard=self.hazard,
            status=Status(said["status"]),
            level=int(said["level"]) if said.get("level") else None,
            urgency=Urgency(said["urgency"]),
            severity=Severity(said["severity"]),
            certainty=Certainty(said["certainty"]),
            responses=tuple(Response(one) for one in said["responses"]),
            headline_vi=said["headline_vi"],
            description_vi=said["description_vi"],
            instruction_vi=said["instruction_vi"],
            headline_en=said["headline_en"],
            description_en=said["description_en"],
            instruction_en=said["instruction_en"],
            contact=said["contact"],
            effective_at=said["effective_at"],
            expires_at=said["expires_at"],
            communes=tuple(self._ids[uid] for uid in said["communes"]),
            ring=said["ring"],
            channels=tuple(Channel(one) for one in said["channels"]),
            testers=said["testers"] if said["status"] == Status.TEST else (),
        )


def beginning(hazard: Hazard, now: datetime) -> dict[str, Any]:
    """Return what a new warning of a hazard begins with."""
    facts, words = FACTS[hazard], templates.TEMPLATES[hazard]
    start = now.astimezone(clock.ZONE).replace(second=0, microsecond=0)
    return {
        "status": Status.ACTUAL.value,
        "level": "",
        "severity": facts.severity.value,
        "urgency": facts.urgency.value,
        "certainty": facts.certainty.value,
        "responses": [one.value for one in facts.responses],
        "effective_at": start,
        "expires_at": start + timedelta(hours=facts.hours),
        "channels": [one.value for one in Channel],
        **{f"{name}_{language}": getattr(getattr(words, language), name) for language in ("vi", "en") for name in ("headline", "description", "instruction")},
    }  # fmt: skip


def as_typed(draft: Draft, units: Sequence[UnitView]) -> dict[str, Any]:
    """Return a kept draft as the form shows it."""
    uids = {unit.id: str(unit.uid) for unit in units}
    return {
        "status": draft.status.value,
        "level": str(draft.level or ""),
        "severity": draft.severity.value,
        "urgency": draft.urgency.value,
        "certainty": draft.certainty.value,
        "responses": [one.value for one in draft.responses],
        "headline_vi": draft.headline_vi,
        "description_vi": draft.description_vi,
        "instruction_vi": draft.instruction_vi,
        "headline_en": draft.headline_en,
        "description_en": draft.description_en,
        "instruction_en": draft.instruction_en,
        "effective_at": draft.effective_at.astimezone(clock.ZONE),
        "expires_at": draft.expires_at.astimezone(clock.ZONE),
        "contact": draft.contact,
        "channels": [one.value for one in draft.channels],
        "communes": [uids[unit] for unit in draft.communes if unit in uids],
        "ring": json.dumps([list(point) for point in draft.ring]) if draft.ring else "",
    }


def account_of_phone(raw: str) -> int | None:
    """Return the account of a number as people write it, or None."""
    try:
        number = people_rules.normalise_phone(raw)
    except people_rules.NotAPhone:
        return None
    return people.account_id_by_phone_index(people_services.phone_index(number))
