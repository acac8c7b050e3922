"""Forms of changes of units: which units, what becomes of them, since when, by which document. Units are typed by name or code."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from smarthd.backoffice.forms.fields import DayField
from smarthd.kernel import clock, text
from smarthd.places import rules, services
from smarthd.places import selectors as places
from smarthd.places.services import Change, NewUnit
from smarthd.places.values import UnitView
from smarthd.ui.forms import Form

PARTS = 4
ARROW = "=>"
COMMUNE_KINDS = [(kind, kind) for kind in rules.KINDS[rules.Level.COMMUNE]]
FURTHEST = timedelta(days=730)


def find(words: str, day: date, *, levels: tuple[str, ...] = ("commune", "district")) -> UnitView:
    """Return the one unit that stands on a day and is meant by a name or a code of five digits; else say what to write."""
    written = text.nfc(" ".join(words.split()))[:120]
    known = [view for level in levels for view in places.units_on(day, level)]
    found = [view for view in known if written and view.code == written]
    if not found:
        found = [view for view in places.resolve_name(written, day) if view.level in levels and view.standing]
    if len(found) == 1:
        return found[0]
    if not found:
        raise forms.ValidationError(_now("Vào ngày %(day)s không có đơn vị nào là “%(words)s”. Ghi đúng tên hoặc mã.") % {"day": f"{day:%d/%m/%Y}", "words": written})  # fmt: skip
    meant = "; ".join(f"{view.full_name} ({view.code})" for view in found[:5])
    raise forms.ValidationError(_now("“%(words)s” là nhiều nơi: %(meant)s. Xin ghi mã.") % {"words": written, "meant": meant})  # fmt: skip


class ChangeForm(Form):
    """What every change says: since when, by which document. ``change`` returns what is drafted once the form is valid."""

    effective_on = DayField(label=_("Có hiệu lực từ ngày"))
    document = forms.CharField(label=_("Văn bản"), help_text=_("Ví dụ Nghị quyết 1250/NQ-UBTVQH15."), max_length=300)

    def clean_effective_on(self) -> date:
        """A change may be drafted ahead, not for another age."""
        day: date = self.cleaned_data["effective_on"]
        if day > clock.today() + FURTHEST:
            raise forms.ValidationError(_("Ngày này xa quá hai năm. Xin kiểm tra lại năm."))
        return day

    def before(self) -> date:
        """Return the day before: units that end are named as they stood then."""
        day: date | None = self.cleaned_data.get("effective_on")
        return (day or clock.today()) - timedelta(days=1)

    def common(self) -> dict[str, Any]:
        """Return what every change is given."""
        return {"on": self.cleaned_data["effective_on"], "document": self.cleaned_data["document"]}

    def change(self) -> Change:
        """Return the change described."""
        raise NotImplementedError

    def pairs(self, name: str, starts: dict[str, int], ends: dict[str, Any]) -> list[tuple[int, Any]]:
        """Read lines "child => receiver" of one field; both are looked up by folded name."""
        found = []
        for line in filter(str.strip, str(self.cleaned_data.get(name) or "").splitlines()):
            child, arrow, to = (part.strip() for part in line.partition(ARROW))
            if not arrow or text.fold(child) not in starts or text.fold(to) not in ends:
                raise forms.ValidationError({name: _now("Chưa hiểu dòng “%(line)s”. Viết: tên bên dưới => nơi nhận.") % {"line": line[:80]}})  # fmt: skip
            found.append((starts[text.fold(child)], ends[text.fold(to)]))
        return found


def _children(unit: UnitView, day: date) -> dict[str, int]:
    below = "village" if unit.level == "commune" else "commune"
    return {text.fold(view.full_name): view.id for view in places.units_on(day, below, unit.id)}


class MergeForm(ChangeForm):
    """Whole units become one."""

    units = forms.CharField(
        label=_("Các đơn vị nhập lại"), widget=forms.Textarea(attrs={"rows": 4}), help_text=_("Mỗi dòng một đơn vị: tên hoặc mã."), max_length=4000
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Loại của đơn vị mới"), choices=COMMUNE_KINDS)
    name = forms.CharField(label=_("Tên mới"), help_text=_("Không kèm chữ xã, phường."), max_length=120)
    code = forms.RegexField(r"^\d{5}$", label=_("Mã mới"), required=False, error_messages={"invalid": _("Mã gồm 5 chữ số.")})  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Find the units; they need a superior in common, which the new one takes over."""
        typed = super().clean() or {}
        lines = [line for line in str(typed.get("units") or "").splitlines() if line.strip()]
        try:
            self.found = [find(line, self.before(), levels=("commune",)) for line in lines]
        except forms.ValidationError as refusal:
            self.add_error("units", refusal)
            return typed
        if "units" in typed and len({view.id for view in self.found}) < 2:
            self.add_error("units", _("Cần ít nhất hai đơn vị khác nhau."))
        elif len({view.parent_id for view in self.found}) > 1:
            self.add_error("units", _("Các đơn vị không cùng cấp trên. Chuyển cấp trên trước, cùng ngày cũng được."))
        return typed

    def change(self) -> Change:
        """Return the merger."""
        typed = self.cleaned_data
        into = NewUnit(ref="new", level="commune", kind=typed["kind"], name=text.nfc(typed["name"]), parent=self.found[0].parent_id, code=typed["code"])  # fmt: skip
        return services.merge([view.id for view in self.found], into, **self.common())


class SplitForm(ChangeForm):
    """One unit ends and is divided; shares of its people are in percent and sum to 100."""

    unit = forms.CharField(label=_("Đơn vị bị chia"), max_length=120)
    moves = forms.CharField(
        label=_("Thôn, khu nào về đâu"), widget=forms.Textarea(attrs={"rows": 4}), required=False, max_length=8000,
        help_text=_("Mỗi dòng: tên thôn => tên đơn vị mới. Thôn chưa nêu được tính theo phần trăm, là ước tính."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, PARTS + 1):
            needed = number <= 2
            said = {"number": number}
            self.fields[f"kind{number}"] = forms.ChoiceField(label=_now("Phần %(number)s: loại") % said, choices=COMMUNE_KINDS, required=needed)  # fmt: skip
            self.fields[f"name{number}"] = forms.CharField(label=_now("Phần %(number)s: tên") % said, max_length=120, required=needed)  # fmt: skip
            self.fields[f"code{number}"] = forms.RegexField(r"^\d{5}$", label=_now("Phần %(number)s: mã") % said, required=False, error_messages={"invalid": _("Mã gồm 5 chữ số.")})  # fmt: skip
            self.fields[f"share{number}"] = forms.DecimalField(label=_now("Phần %(number)s: phần trăm dân số") % said, min_value=0, max_value=100, required=needed, localize=True)  # fmt: skip

    def rows(self) -> list[list[Any]]:
        """Return the fields of each part, for the page."""
        return [[self[f"{name}{number}"] for name in ("kind", "name", "code", "share")] for number in range(1, PARTS + 1)]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Find the unit; name every part and share its people out whole."""
        typed = super().clean() or {}
        try:
            self.found = (
                find(typed.get("unit") or "", self.before(), levels=("commune",)) if typed.get("unit") else None
            )
        except forms.ValidationError as refusal:
            self.add_error("unit", refusal)
            return typed
        shares = [typed.get(f"share{number}") for number in range(1, PARTS + 1) if typed.get(f"name{number}")]
        if None in shares or abs(sum(shares) - 100) > 0.01:  # type: ignore[arg-type]
            self.add_error("share1", _("Phần trăm của các phần phải cộng lại bằng 100."))
        names = [text.fold(typed[f"name{number}"]) for number in range(1, PARTS + 1) if typed.get(f"name{number}")]
        if len(set(names)) < len(names):
            self.add_error("name1", _("Tên của các phần phải khác nhau."))
        if self.found is not None and not self.errors:
            self.moving = self.pairs("moves", _children(self.found, self.before()), {text.fold(f"{new.kind} {new.name}"): new.ref for new, _share in self.parts()})  # fmt: skip
        return typed

    def parts(self) -> list[tuple[NewUnit, float]]:
        """Return the new units with their shares, 0 to 1."""
        typed = self.cleaned_data
        above = self.found.parent_id if self.found else None
        return [
            (
                NewUnit(ref=f"part{number}", level="commune", kind=typed[f"kind{number}"], name=text.nfc(typed[f"name{number}"]), parent=above, code=typed[f"code{number}"]),
                float(typed[f"share{number}"]) / 100,
            )
            for number in range(1, PARTS + 1)
            if typed.get(f"name{number}")
        ]  # fmt: skip

    def change(self) -> Change:
        """Return the split."""
        assert self.found is not None  # noqa: S101 - the form is valid
        return services.split(self.found.id, self.parts(), moves=self.moving, **self.common())


class OneUnitForm(ChangeForm):
    """A change of one unit."""

    unit = forms.CharField(label=_("Đơn vị"), help_text=_("Tên hoặc mã."), max_length=120)

    def clean_unit(self) -> str:
        """Find the unit as it stood the day before."""
        self.found = find(self.cleaned_data["unit"], self.before())
        return self.found.full_name


class RenameForm(OneUnitForm):
    """A unit goes on under another name, another kind."""

    kind = forms.ChoiceField(label=_("Loại"), choices=[("", _("Giữ như cũ")), *COMMUNE_KINDS], required=False)
    name = forms.CharField(label=_("Tên mới"), help_text=_("Không kèm chữ xã, phường."), max_length=120)

    def change(self) -> Change:
        """Return the new name."""
        typed = self.cleaned_data
        return services.rename(self.found.id, name=text.nfc(typed["name"]), kind=typed["kind"] or None, **self.common())


class TransferForm(OneUnitForm):
    """A unit goes over to another superior."""

    to = forms.CharField(label=_("Cấp trên mới"), help_text=_("Tên hoặc mã của huyện, tỉnh nhận."), max_length=120)

    def clean_to(self) -> str:
        """Find the superior."""
        self.above = find(self.cleaned_data["to"], self.before(), levels=("district", "province"))
        return self.above.full_name

    def change(self) -> Change:
        """Return the transfer."""
        return services.transfer(self.found.id, to=self.above.id, **self.common())


class AbolishForm(OneUnitForm):
    """A unit ends; all below it go to others."""

    moves = forms.CharField(
        label=_("Đơn vị bên dưới về đâu"), widget=forms.Textarea(attrs={"rows": 5}), required=False, max_length=20_000,
        help_text=_("Mỗi dòng: tên bên dưới => đơn vị nhận. Thiếu một đơn vị thì không áp dụng được."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Find who receives what is below."""
        typed = super().clean() or {}
        if not self.errors:
            level = self.found.level
            receivers = {text.fold(view.full_name): view.id for view in places.units_on(self.before(), level) if view.id != self.found.id}  # fmt: skip
            self.moving = self.pairs("moves", _children(self.found, self.before()), receivers)
        return typed

    def change(self) -> Change:
        """Return the end."""
        return services.abolish(self.found.id, moves=self.moving, **self.common())


FORMS: dict[str, type[ChangeForm]] = {
    "merge": MergeForm,
    "split": SplitForm,
    "rename": RenameForm,
    "transfer": TransferForm,
    "abolish": AbolishForm,
}
