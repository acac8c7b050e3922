"""Forms of asking people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.agencies import selectors as agency_reads
from smarthd.content.rules import opinions, surveys
from smarthd.kernel import clock, text
from smarthd.places import selectors as places
from smarthd.ui.forms import Form

PEOPLE, STAFF = "dan", "can-bo"


class SurveyForm(Form):
    """What is asked, whom, until when."""

    field_order = ("agency", "asked", "offices")

    agency = forms.TypedChoiceField(label=_("Cơ quan hỏi"), coerce=int)
    title = forms.CharField(label=_("Hỏi về việc gì"), max_length=160)
    intro = forms.CharField(
        label=_("Lời giới thiệu"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Vì sao hỏi, kết quả dùng làm gì."),
    )
    draft_text = forms.CharField(
        label=_("Dự thảo để góp ý từng đoạn"),
        max_length=40_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Để trống nếu chỉ hỏi. Mỗi dòng là một đoạn người dân góp ý được."),
    )
    closes_on = forms.DateField(
        label=_("Nhận trả lời đến hết ngày"),
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    asked = forms.ChoiceField(
        label=_("Hỏi ai"),
        choices=[(PEOPLE, _("Người dân")), (STAFF, _("Cán bộ của các cơ quan"))],
        widget=forms.RadioSelect,
        initial=PEOPLE,
        required=False,
    )
    offices = forms.CharField(
        label=_("Hỏi cán bộ các cơ quan"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Chỉ dùng khi hỏi cán bộ. Mỗi dòng tên một cơ quan, kèm mọi đơn vị bên dưới; để trống thì hỏi cơ quan này và các đơn vị bên dưới."
        ),
    )
    whole = forms.BooleanField(
        label=_("Hỏi cả tỉnh"), required=False, help_text=_("Không chọn thì chỉ hỏi người dân của địa bàn cơ quan.")
    )
    communes = forms.CharField(
        label=_("Chỉ hỏi các xã, phường"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Mỗi dòng một tên; để trống thì theo lựa chọn ở trên."),
    )
    anonymous = forms.BooleanField(label=_("Ẩn danh: không ghi ai trả lời gì"), required=False, initial=True)

    def __init__(self, *args: Any, agencies: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["agency"]
        field.choices = agencies

    def clean_communes(self) -> list[int]:
        """Return the units named, a line each; a name that is none or several is said by its line."""
        found: list[int] = []
        for typed in filter(None, map(str.strip, self.cleaned_data["communes"].splitlines())):
            named = [one for one in places.resolve_name(typed, clock.today()) if one.level == "commune"]
            if len(named) != 1:
                why = _("Không có xã, phường “%(name)s”.") if not named else _("“%(name)s” có thể là nhiều nơi.")
                raise forms.ValidationError(why, params={"name": typed[:80]})
            found.append(named[0].id)
        return found

    def clean(self) -> dict[str, Any]:
        """Put the ids of the agencies asked in ``staff_of``; a name that is no agency within reach is said by its line."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        typed["staff_of"] = []
        if typed.get("asked") == STAFF and "agency" in typed:
            if typed.get("draft_text"):
                self.add_error(
                    "draft_text", _("Hỏi cán bộ thì đặt câu hỏi; góp ý từng đoạn dự thảo chỉ dành cho người dân.")
                )
            self._find_offices(typed)
        return typed

    def _find_offices(self, typed: dict[str, Any]) -> None:
        lines = list(filter(None, map(str.strip, typed.get("offices", "").splitlines())))
        within = agency_reads.agencies_on(clock.today(), under=typed["agency"])
        ids = {text.fold(name): view.id for view in within for name in (view.name, view.short_name) if name}
        for line in lines:
            if text.fold(line) in ids:
                typed["staff_of"].append(ids[text.fold(line)])
            else:
                why = _("“%(name)s” không phải cơ quan này hay đơn vị bên dưới. Xin ghi đúng tên.") % {
                    "name": line[:80]
                }
                self.add_error("offices", why)
        typed["staff_of"] = typed["staff_of"] or ([] if lines else [typed["agency"]])


class QuestionForm(Form):
    """One question."""

    form = forms.ChoiceField(label=_("Kiểu trả lời"), choices=list(surveys.FORM_WORDS.items()))
    words = forms.CharField(label=_("Câu hỏi"), max_length=300)
    options = forms.CharField(
        label=_("Các lựa chọn"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Mỗi dòng một lựa chọn; chỉ dùng với Chọn một, Chọn nhiều."),
    )
    required = forms.BooleanField(label=_("Bắt buộc trả lời"), required=False, initial=True)
    after = forms.TypedChoiceField(
        label=_("Chỉ hỏi người đã chọn"),
        coerce=int,
        required=False,
        empty_value=None,
        help_text=_("Để trống thì hỏi mọi người."),
    )

    def __init__(self, *args: Any, earlier: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["after"]
        field.choices = [("", _("Mọi người")), *earlier]
        if not earlier:
            del self.fields["after"]


class GroupForm(Form):
    """Opinions that say the same, and what the drafting unit does with them."""

    paragraph = forms.TypedChoiceField(label=_("Phần của dự thảo"), coerce=int, required=False, empty_value=None)
    summary = forms.CharField(
        label=_("Ý kiến của người dân, tóm tắt"),
        max_length=opinions.SUMMARY,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Không ghi tên người, không chép nguyên văn chỗ làm lộ ai viết."),
    )
    people = forms.IntegerField(label=_("Số người có ý kiến này"), min_value=1)
    stand = forms.ChoiceField(
        label=_("Cơ quan soạn thảo"), choices=list(opinions.STAND_WORDS.items()), widget=forms.RadioSelect
    )
    answer = forms.CharField(
        label=_("Tiếp thu thế nào, hoặc vì sao giữ nguyên"),
        max_length=opinions.ANSWER,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, paragraphs: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["paragraph"]
        parts = [(number, _("Đoạn %(number)d") % {"number": number}) for number in range(1, paragraphs + 1)]
        field.choices = [("", _("Cả dự thảo")), *parts]
