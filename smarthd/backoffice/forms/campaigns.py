"""Forms of the campaign pages; the drawing up of a form, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from smarthd.agencies.rules import Kind, kinds
from smarthd.backoffice.forms.fields import DayField
from smarthd.backoffice.forms.periodic import ActForm
from smarthd.kernel import clock, text
from smarthd.rollout import selectors as rollout
from smarthd.rollout.rules import Scope
from smarthd.rollout.rules import forms as rules
from smarthd.rollout.rules.forms import Check, Field, FieldKind, FormPlan, Relation

LIMIT_MB = 20
KIND_WORDS: dict[FieldKind, str | Promise] = {
    FieldKind.COUNT: _("Số đếm (0, 1, 2…)"),
    FieldKind.NUMBER: _("Số có phần thập phân"),
    FieldKind.CHOICE: _("Chọn một trong các ý"),
    FieldKind.YES_NO: _("Có hoặc không"),
    FieldKind.DAY: _("Ngày"),
    FieldKind.TEXT: _("Lời văn"),
}
RELATION_WORDS: dict[Relation, str | Promise] = {
    Relation.AT_MOST: _("không lớn hơn"),
    Relation.AT_LEAST: _("không nhỏ hơn"),
    Relation.EQUALS: _("bằng"),
}
MEASURE_WORDS: dict[str, str | Promise] = {
    "staff.roster": _("Cán bộ: số người trong danh sách"),
    "staff.exempt": _("Cán bộ: được miễn"),
    "staff.installed": _("Cán bộ: đã cài đặt"),
    "staff.activated": _("Cán bộ: đã kích hoạt"),
    "staff.used": _("Cán bộ: đã cài đặt và sử dụng"),
    "staff.active_28": _("Cán bộ: đang dùng (28 ngày)"),
    "staff.lapsed": _("Cán bộ: đã bỏ dùng"),
    "citizen.installed": _("Người dân trên địa bàn: đã cài đặt"),
    "citizen.activated": _("Người dân trên địa bàn: đã kích hoạt"),
    "citizen.assisted": _("Người dân trên địa bàn: được tổ công nghệ số hướng dẫn"),
    "citizen.reached_3": _("Người dân trên địa bàn: đã cài đặt và sử dụng"),
    "citizen.active_7": _("Người dân trên địa bàn: đang dùng (7 ngày)"),
    "citizen.active_28": _("Người dân trên địa bàn: đang dùng (28 ngày)"),
}
COMMON_KINDS = (Kind.COMMUNE_COMMITTEE, Kind.DISTRICT_COMMITTEE, Kind.DEPARTMENT, Kind.MASS_ORGANISATION)


class DocumentForm(ActForm):
    """The order's document and what it says of itself."""

    document_number = forms.CharField(label=_("Số, ký hiệu"), max_length=60, required=False)
    document_on = DayField(label=_("Ngày ban hành"), required=False)
    document_title = forms.CharField(label=_("Trích yếu"), max_length=500, required=False)
    issued_by = forms.CharField(label=_("Cơ quan ban hành"), max_length=200, required=False)
    file = forms.FileField(
        label=_("Tệp văn bản"),
        required=False,
        help_text=_("PDF hoặc Word (.docx), nhiều nhất 20 MB. Tệp mới thay tệp đang hiện."),
        error_messages={"empty": _("Tệp trống. Xin chọn tệp khác.")},
    )

    def clean_file(self) -> bytes | None:
        """Read the file, or say that it is too large before it is read."""
        sent = self.cleaned_data.get("file")
        if sent is None:
            return None
        if sent.size > LIMIT_MB << 20:
            raise forms.ValidationError(_t("Tệp lớn hơn 20 MB. Xin nén hoặc tách phụ lục. Chưa có gì được lưu."))
        self.file_name = str(sent.name)
        content: bytes = sent.read()
        return content


class NewForm(ActForm):
    """A campaign to be opened, or what a copy is called."""

    title = forms.CharField(label=_("Tên chiến dịch"), max_length=300)
    opens_on = DayField(label=_("Bắt đầu từ ngày"))
    deadline_on = DayField(label=_("Hạn cuối, hết giờ làm việc ngày"))

    def clean(self) -> dict[str, Any]:
        """Ask that the end come after the beginning."""
        typed = super().clean() or {}
        if typed.get("opens_on") and typed.get("deadline_on") and typed["deadline_on"] <= typed["opens_on"]:
            self.add_error("deadline_on", _t("Hạn cuối phải sau ngày bắt đầu."))
        return typed

    def key(self) -> str:
        """Return the campaign's key: its title without marks, and the year."""
        return f"{text.slug(self.cleaned_data['title'])[:50].strip('-')}-{self.cleaned_data['opens_on']:%Y}"

    def deadline_at(self) -> datetime:
        """Return the deadline: 17:00 of its day."""
        day: date = self.cleaned_data["deadline_on"]
        return clock.at_local(day, 17)


class TargetForm(ActForm):
    """What an indicator shall reach, for all or for one."""

    indicator = forms.ChoiceField(label=_("Chỉ tiêu"))
    percent = forms.DecimalField(
        label=_("Phải đạt (%)"), min_value=1, max_value=100, decimal_places=1, localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    whom = forms.CharField(
        label=_("Riêng cho đơn vị"),
        required=False,
        help_text=_("Tên hoặc mã xã, cơ quan. Để trống là áp dụng chung."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["indicator"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(one.key, one.name) for one in rollout.indicators() if one.base]

    def scope(self) -> Scope:
        """Return whether the indicator is of agencies' staff or of units' citizens."""
        key = self.cleaned_data["indicator"]
        of = next(one.of for one in rollout.indicators() if one.key == key)
        return Scope.AGENCY if of == "staff" else Scope.UNIT


class PeriodForm(ActForm):
    """One reporting period."""

    title = forms.CharField(label=_("Tên kỳ"), max_length=120, help_text=_("Ví dụ: Tuần 48/2026"))
    opens_on = DayField(label=_("Mở từ ngày"))
    cut_off = DayField(label=_("Số liệu đến hết ngày"))
    due_on = DayField(label=_("Hạn nộp, hết giờ làm việc ngày"))


class SeriesForm(ActForm):
    """A weekly series until the campaign's deadline."""

    first_due_on = DayField(label=_("Hạn nộp của kỳ đầu"), help_text=_("Các kỳ sau cách nhau bảy ngày, đến hạn cuối của chiến dịch."))  # fmt: skip
    title = forms.CharField(
        label=_("Cách đặt tên kỳ"),
        max_length=100,
        initial="Tuần {so}, hạn {ngay}",
        help_text=_("{so} là số thứ tự, {ngay} là ngày hết hạn."),
    )


def kind_choices(counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Return the kinds of agencies one may ask, those usually asked first, with how many stand."""
    order = [*COMMON_KINDS, *(kind for kind in Kind if kind not in COMMON_KINDS)]
    return [(kind.value, kinds.WORDS[kind], counts[kind.value]) for kind in order if counts.get(kind.value)]


# --- drawing up a form --------------------------------------------------------------------------------------------------
MOST_CHECKS = 6
PARTS_OF_A_SUM = 4


@dataclass(frozen=True, slots=True)
class Drawn:
    """A form as it stands on the page: its title, its plan, what could not be read of what was typed."""

    title: str
    plan: FormPlan
    problems: dict[str, str]


def drawn(data: Mapping[str, Any]) -> Drawn:
    """Read a form being drawn up from the page's fields ``f<number>-<part>`` and ``k<number>-<part>``."""
    problems: dict[str, str] = {}
    fields: list[Field] = []
    used: set[str] = set()
    for number in range(rules.MOST_FIELDS):
        if f"f{number}-label" not in data:
            continue
        fields.append(_drawn_field(data, f"f{number}-", used, problems))
    known = {one.key for one in fields}
    checks = [
        one for number in range(MOST_CHECKS) if (one := _drawn_check(data, f"k{number}-", fields, known)) is not None
    ]
    return Drawn(str(data.get("title", "")).strip()[:200], FormPlan(tuple(fields), tuple(checks)), problems)


def _drawn_field(data: Mapping[str, Any], prefix: str, used: set[str], problems: dict[str, str]) -> Field:
    def typed(part: str) -> str:
        return str(data.get(f"{prefix}{part}", "")).strip()

    label = " ".join(typed("label").split())[:200]
    kind = FieldKind(typed("kind")) if typed("kind") in set(FieldKind) else FieldKind.COUNT
    key = _key(typed("key"), label, used)
    used.add(key)
    bounds: dict[str, float | None] = {}
    for part in ("least", "most"):
        bounds[part] = None
        if typed(part) and kind in rules.NUMERIC:
            try:
                bounds[part] = float(typed(part).replace(".", "").replace(" ", "").replace(",", "."))
            except ValueError:
                problems[key] = _t("“%(typed)s” không phải là số.") % {"typed": typed(part)}
    counted = kind is FieldKind.COUNT
    measured = typed("measured") if counted and typed("measured") in rules.MEASURES else ""
    verified = typed("verified") if counted and not measured and typed("verified") in rules.MEASURES else ""
    choices = tuple(line.strip() for line in typed("choices").splitlines() if line.strip())
    return Field(
        key=key,
        label=label,
        kind=kind,
        hint=typed("hint")[:300],
        required=bool(typed("required")),
        least=bounds["least"],
        most=bounds["most"],
        choices=choices if kind is FieldKind.CHOICE else (),
        measured=measured,
        verified_by=verified,
    )


def _key(kept: str, label: str, used: set[str]) -> str:
    if kept and kept not in used and kept.replace("_", "a").isalnum():
        return kept
    plain = text.slug(label).replace("-", "_")[:32].strip("_") or "muc"
    base = plain if plain[0].isalpha() else f"m_{plain}"[:32]
    return next(key for key in (base, *(f"{base}_{number}" for number in range(2, 99))) if key not in used)


def _drawn_check(data: Mapping[str, Any], prefix: str, fields: list[Field], known: set[str]) -> Check | None:
    def typed(part: str) -> str:
        return str(data.get(f"{prefix}{part}", "")).strip()

    left, relation = typed("left"), typed("relation")
    right = tuple(key for number in range(PARTS_OF_A_SUM) if (key := typed(f"right{number}")) in known)
    if left not in known or not right or relation not in set(Relation):
        return None
    labels = {one.key: one.label for one in fields}
    usual = _t("“%(left)s” phải %(relation)s %(right)s.") % {
        "left": labels[left],
        "relation": RELATION_WORDS[Relation(relation)],
        "right": " + ".join(f"“{labels[key]}”" for key in right),
    }
    return Check(left=left, relation=Relation(relation), right=right, words=typed("words")[:300] or usual)


def moved(plan: FormPlan, act: str) -> FormPlan:
    """Return the plan after a button: ``them`` adds a field, ``bo-2`` takes one away, ``len-2`` and ``xuong-2`` move one."""
    fields = list(plan.fields)
    name, _dash, raw = act.partition("-")
    at = int(raw) if raw.isdigit() else -1
    if name == "them" and len(fields) < rules.MOST_FIELDS:
        used = {one.key for one in fields}
        fields.append(Field(key=_key("", f"muc {len(fields) + 1}", used), label="", kind=FieldKind.COUNT))
    elif name == "bo" and 0 <= at < len(fields):
        fields.pop(at)
    elif name == "len" and 0 < at < len(fields):
        fields[at - 1], fields[at] = fields[at], fields[at - 1]
    elif name == "xuong" and 0 <= at < len(fields) - 1:
        fields[at + 1], fields[at] = fields[at], fields[at + 1]
    known = {one.key for one in fields}
    checks = tuple(one for one in plan.checks if {one.left, *one.right} <= known)
    return FormPlan(tuple(fields), checks)
