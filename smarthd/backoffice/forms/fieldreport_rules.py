"""Forms of routing rules, the test bench, categories and frames of answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.agencies import selectors as agencies
from smarthd.backoffice.forms.fieldreports import agency_choices
from smarthd.backoffice.forms.fields import DayField
from smarthd.fieldreports import policies
from smarthd.fieldreports.rules.routing import HOURS_WORDS, TARGET_WORDS, Hours, Target
from smarthd.fieldreports.selectors.categories import CategoryView
from smarthd.fieldreports.services.routing import NewRule
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
from smarthd.ui.forms import Form

Tree = tuple[CategoryView, ...]


def category_choices(tree: Tree, first: Any, *, groups: bool) -> list[Any]:
    """Return categories to choose from, by root; with ``groups`` a root may be chosen whole."""
    found: list[Any] = [("", first)]
    for root in tree:
        whole = [(root.key, _("%s: tất cả") % root.name)] if groups and root.children else []
        found.append((root.name, [*whole, *((leaf.key, leaf.name) for leaf in root.children or (root,))]))
    return found


def commune_choices(first: Any) -> list[Any]:
    """Return the communes of today to choose from."""
    return [("", first), *((str(unit.uid), unit.full_name) for unit in places.units_on(clock.today(), "commune"))]


def choose(form: Form, name: str, choices: list[Any]) -> None:
    """Give a field its choices."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


class SaidForm(Form):
    """A form that can say any refusal."""

    def refuse_any(self, refusal: errors.Refusal, said: str) -> None:
        """Say where it is wrong, or above the form why it cannot be done."""
        if isinstance(refusal, errors.Invalid) and isinstance(refusal.facts.get("fields"), dict):
            self.refuse(refusal)
        else:
            self.add_error(None, said)


class RuleForm(SaidForm):
    """A rule: at this place, for this category, at these hours, from this day, who answers."""

    name = forms.CharField(label=_("Tên quy tắc"), help_text=_("Ví dụ: Đèn tín hiệu do Sở Xây dựng."), max_length=150)
    category = forms.ChoiceField(label=_("Lĩnh vực"), required=False)
    place = forms.ChoiceField(label=_("Địa bàn"), required=False)
    hours = forms.ChoiceField(label=_("Giờ"), choices=list(HOURS_WORDS.items()), initial=Hours.ALWAYS)
    target = forms.ChoiceField(label=_("Nơi nhận"), choices=list(TARGET_WORDS.items()), initial=Target.AGENCY)
    agency = forms.ChoiceField(label=_("Cơ quan, khi chọn một cơ quan cụ thể"), required=False)
    valid_from = DayField(label=_("Có hiệu lực từ ngày"))
    valid_to = DayField(label=_("Hết hiệu lực từ ngày"), help_text=_("Để trống khi chưa biết."), required=False)
    note = forms.CharField(label=_("Ghi chú, căn cứ"), max_length=300, required=False)

    def __init__(self, *args: Any, tree: Tree, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "category", category_choices(tree, _("Mọi lĩnh vực"), groups=True))
        choose(self, "place", commune_choices(_("Mọi nơi")))
        choose(self, "agency", agency_choices(now))
        self.fields["valid_from"].initial = clock.day_of(now)

    def wanted(self) -> NewRule:
        """Return the rule to add."""
        typed = self.cleaned_data
        place = typed["place"]
        return NewRule(
            name=typed["name"],
            valid_from=typed["valid_from"],
            valid_to=typed["valid_to"],
            place_id=places.unit_by_uid(UUID(place), clock.today()).id if place else None,
            category_key=typed["category"],
            hours=Hours(typed["hours"]),
            target=Target(typed["target"]),
            agency_id=int(typed["agency"]) if typed["agency"] and typed["target"] == Target.AGENCY else None,
            note=typed["note"],
        )


class BenchForm(SaidForm):
    """A place, a category, a moment: where would this go?"""

    linh_vuc = forms.ChoiceField(label=_("Lĩnh vực"))
    noi = forms.ChoiceField(label=_("Xã, phường"), required=False)
    lat = forms.FloatField(label=_("Vĩ độ, khi biết điểm"), required=False)
    lon = forms.FloatField(label=_("Kinh độ"), required=False)
    ngay = DayField(label=_("Ngày"), required=False)
    gio = forms.IntegerField(label=_("Lúc mấy giờ"), min_value=0, max_value=23, required=False)

    def __init__(self, *args: Any, tree: Tree, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "linh_vuc", category_choices(tree, _("Chọn lĩnh vực"), groups=False))
        choose(self, "noi", commune_choices(_("Chọn xã, phường")))

    def asked(self, now: datetime) -> dict[str, Any]:
        """Return the question of the test bench."""
        typed = self.cleaned_data
        day, hour = typed["ngay"] or clock.day_of(now), typed["gio"]
        at = now if typed["ngay"] is None and hour is None else clock.at_local(day, 10 if hour is None else hour)
        place = typed["noi"]
        point = {"lat": typed["lat"], "lon": typed["lon"]} if None not in (typed["lat"], typed["lon"]) else {}
        commune = places.unit_by_uid(UUID(place), clock.today()).id if place and not point else None
        return {"category_key": typed["linh_vuc"], "at": at, "commune_id": commune, **point}


class HoursField(forms.FloatField):
    """Working hours; whole ones are shown as people write them: 8, not 8.0."""

    def prepare_value(self, value: Any) -> Any:
        """Return the number without a fraction that says nothing."""
        return int(value) if isinstance(value, float) and value.is_integer() else value


class CategoryForm(SaidForm):
    """A category's words and hours; what was promised already stays."""

    name = forms.CharField(label=_("Tên lĩnh vực"), max_length=100)
    hint = forms.CharField(label=_("Lời gợi ý"), max_length=300, required=False)
    words = forms.CharField(
        label=_("Từ khóa để đoán"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, required=False
    )
    intake_hours = HoursField(label=_("Giờ làm việc để xem"), min_value=0.1, max_value=2000)
    working_hours = HoursField(label=_("Giờ làm việc để trả lời"), min_value=0.1, max_value=2000)
    urgent_intake_hours = HoursField(label=_("Khẩn: giờ để xem"), min_value=0.1, max_value=2000)
    urgent_hours = HoursField(label=_("Khẩn: giờ để trả lời"), min_value=0.1, max_value=2000)
    radius_m = forms.IntegerField(label=_("Bán kính coi là cùng chỗ, mét"), min_value=5, max_value=2000)
    sensitive = forms.BooleanField(label=_("Nhạy cảm: không công khai"), required=False)
    dangerous = forms.BooleanField(label=_("Thường nguy hiểm: nhắc gọi khẩn cấp"), required=False)


class NewCategoryForm(SaidForm):
    """A category to add."""

    name = forms.CharField(label=_("Tên lĩnh vực mới"), max_length=100)
    parent = forms.ChoiceField(label=_("Thuộc nhóm"), required=False)
    hint = forms.CharField(label=_("Lời gợi ý"), max_length=300, required=False)

    def __init__(self, *args: Any, tree: Tree, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "parent", [("", _("Là một nhóm mới")), *((root.key, root.name) for root in tree)])


class FrameForm(SaidForm):
    """A frame of an answer, with gaps in [square brackets]."""

    agency = forms.ChoiceField(label=_("Dùng ở"), required=False)
    title = forms.CharField(label=_("Tên mẫu"), max_length=120)
    category = forms.ChoiceField(label=_("Lĩnh vực"), required=False)
    body = forms.CharField(
        label=_("Nội dung mẫu"),
        help_text=_("Để chỗ trống trong [ngoặc vuông], ví dụ: Ngày [ngày], đơn vị đã [việc đã làm]. Còn ngoặc vuông thì không gửi được."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, tree: Tree, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = agencies.agency_views(policies.works_at(actor), clock.today())
        everywhere = [("", _("Mọi cơ quan"))] if policies.can_edit_rules(actor) else []
        choose(self, "agency", [*((str(one.id), one.name) for one in own.values()), *everywhere])
        choose(self, "category", category_choices(tree, _("Mọi lĩnh vực"), groups=True))

    def asked(self) -> dict[str, Any]:
        """Return the arguments of the service."""
        typed = self.cleaned_data
        return {
            "agency_id": int(typed["agency"]) if typed["agency"] else None,
            "title": typed["title"],
            "body": typed["body"],
            "category_key": typed["category"],
        }
