"""Forms of citizens' reports: what is sent, what is asked of the list, what a sender says on the way."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from smarthd.citizen import commune
from smarthd.citizen.forms.start import communes_like
from smarthd.fieldreports.rules.attributes import Datatype, Question
from smarthd.fieldreports.rules.intake import PlaceSource
from smarthd.fieldreports.rules.states import STAND_WORDS, Stand
from smarthd.fieldreports.selectors import categories
from smarthd.fieldreports.selectors.categories import CategoryView
from smarthd.fieldreports.selectors.filters import Query
from smarthd.kernel import clock
from smarthd.places.values import UnitView
from smarthd.ui.forms import Form

ANSWER = "answers."
_FIRST_DAY = date(2000, 1, 1)
_KEY = re.compile(r"[a-z0-9-]{1,60}")


class _Several(forms.ClearableFileInput):
    """A box that takes several files."""

    allow_multiple_selected = True


class _Whole(forms.Field):
    """What a script writes for us: kept as it came, read in ``clean``."""

    widget = forms.HiddenInput


def category_choices(tree: Sequence[CategoryView], *, first: str) -> list[tuple[str, Any]]:
    """Return the categories that take reports, by group, as a select offers them."""
    groups: list[tuple[str, Any]] = [("", first)]
    for root in tree:
        if root.children:
            groups.append((root.name, [(leaf.key, leaf.name) for leaf in root.children]))
        else:
            groups.append((root.key, root.name))
    return groups


class ReportForm(Form):
    """What somebody sends. The service judges the words; here only what the page itself asked is put together."""

    words = forms.CharField(label=gettext_lazy("Có việc gì?"), required=False, widget=forms.Textarea)
    category = forms.ChoiceField(label=gettext_lazy("Lĩnh vực"), required=False)
    commune_name = forms.CharField(label=gettext_lazy("Xã, phường"), required=False, max_length=80)
    address = forms.CharField(label=gettext_lazy("Chỗ nào, gần đâu"), required=False)
    photos = forms.Field(label=gettext_lazy("Ảnh"), required=False, widget=_Several)
    voice = forms.Field(label=gettext_lazy("Lời nói"), required=False, widget=forms.ClearableFileInput)
    urgent = forms.BooleanField(label=gettext_lazy("Nguy hiểm, cần xử lý ngay"), required=False)
    anonymous = forms.BooleanField(label=gettext_lazy("Giấu tên với nơi xử lý"), required=False)
    private = forms.BooleanField(label=gettext_lazy("Không công khai"), required=False)
    lat, lon, accuracy_m, place_source = (
        _Whole(required=False),
        _Whole(required=False),
        _Whole(required=False),
        _Whole(required=False),
    )
    commune = _Whole(required=False)
    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["category"].choices = category_choices(categories.tree(), first=_("Để máy xếp giúp"))
        self.fields["category"].error_messages["invalid_choice"] = _("Xin chọn một lĩnh vực trong danh sách.")
        self.found: list[UnitView] = []
        self.questions = self._asked()

    def _asked(self) -> list[Question]:
        """Add a field for each further question of the category that was chosen."""
        key = str(self.data.get("category", "")) if self.is_bound else ""
        asked = [one for one in categories.questions(key) if one.variable] if _KEY.fullmatch(key) else []
        for question in asked:
            self.fields[f"{ANSWER}{question.code}"] = _field_of(question)
        return asked

    def question_fields(self) -> list[forms.BoundField]:
        """Return the bound fields of the further questions."""
        return [self[f"{ANSWER}{question.code}"] for question in self.questions]

    def clean(self) -> dict[str, Any]:
        """Read the place: a point where there is one, else a commune, picked or typed."""
        values = super().clean() or {}
        values["point"] = self._point()
        values["accuracy"] = _number(self.data.get("accuracy_m"))
        values["source"] = _source(self.data.get("place_source"))
        values["commune_id"] = None if values["point"] else self._commune_id(values.get("commune_name", ""))
        return values

    def _point(self) -> tuple[float, float] | None:
        raw = [str(self.data.get(name, "")).strip() for name in ("lat", "lon")]
        if not any(raw):
            return None
        lat, lon = (_number(one) for one in raw)
        if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
            self.add_error("commune_name", _("Vị trí chưa đọc được. Xin bấm lại nút định vị, hoặc gõ tên xã, phường."))
            return None
        return lat, lon

    def _commune_id(self, typed: str) -> int | None:
        picked = _uuid(self.data.get("commune"))
        unit = commune.standing(picked, clock.today()) if picked is not None else None
        if not typed:
            return unit.id if unit else None
        self.found = communes_like(typed)
        if unit is not None and (typed == unit.full_name or unit.id in {one.id for one in self.found}):
            return unit.id
        if len(self.found) == 1:
            return self.found[0].id
        if self.found:
            self.add_error("commune_name", _("Có nhiều nơi tên như vậy. Xin chọn một nơi dưới đây."))
        else:
            self.add_error(
                "commune_name", _("Chưa tìm thấy xã, phường nào tên như vậy. Thử gõ ngắn hơn, không cần dấu.")
            )
        return None

    def answers(self) -> dict[str, Any]:
        """Return what was answered to the further questions."""
        return {one.code: self.cleaned_data.get(f"{ANSWER}{one.code}") for one in self.questions}


def _field_of(question: Question) -> forms.Field:
    """Return the field a further question is asked with; the rules judge what comes back."""
    label, choices = question.description, [(key, words) for key, words in question.values]
    if question.datatype is Datatype.SINGLE:
        return forms.CharField(label=label, required=False, widget=forms.Select(choices=[("", "–"), *choices]))
    if question.datatype is Datatype.MULTI:
        return forms.MultipleChoiceField(
            label=label, required=False, choices=choices, widget=forms.CheckboxSelectMultiple
        )
    if question.datatype is Datatype.TEXT:
        return forms.CharField(label=label, required=False, widget=forms.Textarea)
    return forms.CharField(label=label, required=False)


def _number(raw: object) -> float | None:
    try:
        value = float(str(raw))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _source(raw: object) -> PlaceSource:
    try:
        return PlaceSource(str(raw))
    except ValueError:
        return PlaceSource.PIN


def _uuid(raw: object) -> UUID | None:
    try:
        return UUID(str(raw))
    except ValueError:
        return None


def uuids(raw: Iterable[str]) -> list[UUID]:
    """Return the identifiers among what a page sent back, each once; nonsense is left out."""
    return list(dict.fromkeys(found for found in (_uuid(one) for one in raw) if found is not None))


class FilterForm(Form):
    """What is asked of the public list and map; empty means all."""

    q = forms.CharField(label=gettext_lazy("Tìm trong nội dung, hoặc mã"), required=False, max_length=100)
    xa = forms.CharField(label=gettext_lazy("Xã, phường"), required=False, max_length=80)
    linh_vuc = forms.ChoiceField(label=gettext_lazy("Lĩnh vực"), required=False)
    trang_thai = forms.ChoiceField(label=gettext_lazy("Tình trạng"), required=False)
    tu = forms.DateField(
        label=gettext_lazy("Gửi từ ngày"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    den = forms.DateField(
        label=gettext_lazy("Đến ngày"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        tree = categories.tree()
        leaves = category_choices(tree, first=_("Tất cả"))
        roots = [(root.key, root.name) for root in tree if root.children]
        fields["linh_vuc"].choices = [leaves[0], (_("Cả nhóm"), roots), *leaves[1:]]
        fields["trang_thai"].choices = [("", _("Tất cả")), *((str(stand), _(STAND_WORDS[stand])) for stand in Stand)]
        for name in ("linh_vuc", "trang_thai"):
            fields[name].error_messages["invalid_choice"] = _("Xin chọn một ý trong danh sách.")
        for name in ("tu", "den"):
            fields[name].error_messages["invalid"] = _("Ngày chưa đọc được. Ví dụ: 24/11/2026.")
        self.unit: UnitView | None = None

    def clean(self) -> dict[str, Any]:
        """Find the commune, and see that the days run forward."""
        values = super().clean() or {}
        first, last = values.get("tu"), values.get("den")
        if first and last and first > last:
            self.add_error("den", _("Ngày cuối phải sau ngày đầu."))
        for name in ("tu", "den"):
            if values.get(name) and values[name] < _FIRST_DAY:
                self.add_error(name, _("Ngày này quá xa. Xin chọn từ năm 2000."))
        typed = values.get("xa", "")
        if typed:
            self.unit = self._unit(typed)
        return values

    def _unit(self, typed: str) -> UnitView | None:
        picked = _uuid(typed)
        unit = commune.standing(picked, clock.today()) if picked is not None else None
        found = [unit] if unit else communes_like(typed, limit=1)
        if not found:
            self.add_error("xa", _("Chưa tìm thấy xã, phường nào tên như vậy. Thử gõ ngắn hơn, không cần dấu."))
            return None
        return found[0]

    def query(self) -> Query:
        """Return the question as the lists and the map take it."""
        values = self.cleaned_data
        words = values["q"].strip()
        code = words.upper()
        by_code = code.startswith("PA-")
        return Query(
            words="" if by_code else words,
            codes=(code,) if by_code else (),
            category_keys=(values["linh_vuc"],) if values["linh_vuc"] else (),
            stands=(Stand(values["trang_thai"]),) if values["trang_thai"] else (),
            commune_id=self.unit.id if self.unit else None,
            since=values.get("tu"),
            until=values.get("den"),
        )


class WordsForm(Form):
    """Words a sender or a neighbour says of a report; the service judges them."""

    words = forms.CharField(label=gettext_lazy("Lời của bà con"), required=False, widget=forms.Textarea({"rows": 3}))


class RatingForm(WordsForm):
    """Stars, why, and words."""

    stars = forms.CharField(required=False)
    reason = forms.CharField(required=False)

    def stars_given(self) -> int:
        """Return the stars as a number; what is none of 1 to 5 the service refuses."""
        raw = self.cleaned_data["stars"]
        return int(raw) if raw in {"1", "2", "3", "4", "5"} else 0
