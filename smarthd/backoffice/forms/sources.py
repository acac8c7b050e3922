"""Forms of data sources."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from smarthd.backoffice.forms.sheets import SheetForm, encoding_field, file_field
from smarthd.backoffice.uploading import MOST_UPLOAD_MB
from smarthd.connectors.rules import fields, places, sources, templates
from smarthd.connectors.rules.mapping import Mapping
from smarthd.ui.forms import Form

_EVERY = (
    ("", _("Chỉ khi có người bấm")),
    ("15", _("15 phút một lần")),
    ("60", _("Mỗi giờ")),
    ("360", _("6 giờ một lần")),
    ("1440", _("Mỗi ngày")),
    ("10080", _("Mỗi tuần")),
)
_PROMISE = (
    ("", _("Không hẹn")),
    ("3", _("Không cũ quá 3 giờ")),
    ("24", _("Không cũ quá 1 ngày")),
    ("48", _("Không cũ quá 2 ngày")),
    ("168", _("Không cũ quá 1 tuần")),
    ("744", _("Không cũ quá 1 tháng")),
    ("2880", _("Không cũ quá 4 tháng")),
    ("8784", _("Không cũ quá 1 năm")),
)


class PromiseForm(Form):
    """How a dataset is called, and what is promised about it."""

    title = forms.CharField(
        label=_("Tên dữ liệu"), max_length=120, help_text=_("Như người dân gọi: “Nhà thuốc trực đêm”.")
    )
    summary = forms.CharField(label=_("Dùng để làm gì"), max_length=300, required=False)
    promise_hours = forms.TypedChoiceField(
        label=_("Hẹn với người dân về độ mới"), choices=_PROMISE, coerce=int, empty_value=None, required=False
    )
    every_minutes = forms.TypedChoiceField(
        label=_("Đọc theo lịch"),
        choices=_EVERY,
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Chỉ với nguồn hệ thống tự đọc."),
    )
    licence = forms.ChoiceField(
        label=_("Giấy phép"), choices=[(key, name) for key, (name, _href) in sources.LICENCES.items()]
    )
    attribution = forms.CharField(label=_("Ghi nguồn là"), max_length=200, required=False)


class NewSourceForm(PromiseForm):
    """A new source of one of the actor's agencies."""

    agency = forms.TypedChoiceField(label=_("Cơ quan chủ quản"), coerce=int)
    template = forms.ChoiceField(
        label=_("Mẫu có sẵn"),
        required=False,
        choices=[
            ("", _("Không dùng mẫu: khai cột từ tệp")),
            *((one.key, one.title) for one in templates.TEMPLATES.values()),
        ],
        help_text=_(
            "Mẫu đã có sẵn các cột và cách hiện. Chọn mẫu thì tệp cần đúng tên cột của mẫu, hoặc khai lại cột."
        ),
    )
    kind = forms.ChoiceField(label=_("Dữ liệu đến bằng cách nào"), choices=list(sources.KIND_WORDS.items()))

    field_order = (
        "title",
        "agency",
        "template",
        "kind",
        "summary",
        "promise_hours",
        "every_minutes",
        "licence",
        "attribution",
    )

    def __init__(self, *args: Any, agencies: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = agencies  # type: ignore[attr-defined]


class FileForm(SheetForm):
    """A file as the office has it."""

    file = file_field(
        _("Tệp dữ liệu"),
        _("Tệp .xlsx, .xls, .ods hoặc .csv, nhiều nhất %(most)d MB. Có một dòng tiêu đề nêu tên các cột.")
        % {"most": MOST_UPLOAD_MB},
    )
    encoding = encoding_field()

    def clean_file(self) -> BinaryIO:  # type: ignore[override]
        """Return the file as it lies on disk, not read yet; one that is too large is refused by its size."""
        sent = self.cleaned_data["file"]
        if sent.size > MOST_UPLOAD_MB << 20:
            raise forms.ValidationError(_too_heavy(sent.size))
        self.file_name = sent.name
        return cast("BinaryIO", sent.file)

    def refuse_heavy(self, announced: int) -> None:
        """Say why a file did not even come in (backoffice/uploading.py)."""
        self.errors.pop("file", None)
        self.add_error("file", _too_heavy(announced))


def _too_heavy(size: int) -> str:
    told = {"size": size >> 20, "most": MOST_UPLOAD_MB}
    return _("Tệp nặng %(size)d MB, nhiều nhất %(most)d MB. Xin tách thành nhiều nguồn. Chưa có gì được lưu.") % told


class ShapeForm(Form):
    """How a dataset is shown; the columns to choose from are its own."""

    shape = forms.ChoiceField(label=_("Người dân thấy"), choices=list(sources.SHAPE_WORDS.items()))
    title = forms.ChoiceField(label=_("Gọi mỗi mục bằng cột"), required=False)
    until = forms.ChoiceField(
        label=_("Thôi hiện sau ngày, giờ ở cột"),
        required=False,
        help_text=_("Mục quá ngày, giờ này tự ẩn, như lịch cắt điện đã qua."),
    )
    begins = forms.ChoiceField(
        label=_("Bắt đầu từ ngày, giờ ở cột"),
        required=False,
        help_text=_("Mục bắt đầu sớm hiện trước. Lịch theo tháng cần cột ngày; giờ chạy cần cột giờ trong ngày."),
    )
    days = forms.ChoiceField(
        label=_("Giờ chạy: ngày chạy ở cột"),
        required=False,
        help_text=_("Viết như “thứ Hai đến thứ Sáu; nghỉ 02/09/2026”. Ngày không chạy thì chuyến không hiện."),
    )
    lookup = forms.ChoiceField(label=_("Người dân nhập mã ở cột"), required=False)
    x = forms.ChoiceField(label=_("Biểu đồ: cột thời gian"), required=False)
    y = forms.ChoiceField(label=_("Biểu đồ: cột số"), required=False)
    series = forms.ChoiceField(label=_("Biểu đồ: mỗi đường một"), required=False)
    picture = forms.ChoiceField(
        label=_("Ảnh chụp ở liên kết tại cột"),
        required=False,
        help_text=_("Ảnh JPEG của camera, di tích. Hệ thống lấy hộ; điện thoại người dân không gọi máy chủ khác."),
    )
    push = forms.BooleanField(
        label=_("Báo lên điện thoại người dân của xã, phường có mục mới"),
        required=False,
        help_text=_("Như lịch cắt điện. Cần cột xã, phường."),
    )

    def __init__(self, *args: Any, mapped: Mapping, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = fields.Kind
        allowed = {
            "title": mapped.of_kind(kinds.TEXT, kinds.CHOICE),
            "until": mapped.of_kind(kinds.DAY, kinds.MOMENT, kinds.TIME),
            "begins": mapped.of_kind(kinds.DAY, kinds.MOMENT, kinds.TIME),
            "days": mapped.of_kind(kinds.TEXT, kinds.CHOICE),
            "lookup": mapped.of_kind(kinds.TEXT),
            "picture": mapped.of_kind(kinds.URL),
            "x": mapped.of_kind(kinds.DAY, kinds.MOMENT),
            "y": mapped.of_kind(kinds.NUMBER, kinds.MONEY),
            "series": mapped.of_kind(kinds.TEXT, kinds.CHOICE, kinds.UNIT),
        }
        for name, listed in allowed.items():
            self.fields[name].choices = [("", "–"), *((one.key, one.label) for one in listed)]  # type: ignore[attr-defined]

    def publication(self) -> sources.Publication:
        """Return what was chosen."""
        return sources.publication_of(self.cleaned_data)


_HOURS = (("", _("Không có giờ nghỉ")), *((str(hour), f"{hour} giờ") for hour in range(24)))


class PercentField(forms.FloatField):
    """Per cent, as an office writes them: 2,5."""

    def __init__(self, **told: Any) -> None:
        super().__init__(min_value=0, max_value=100, required=False, localize=True, **told)


class RulesForm(Form):
    """Hours a source's server is left alone, whether two persons publish, and when a version is held back."""

    quiet_from = forms.TypedChoiceField(
        label=_("Không đọc từ"),
        choices=_HOURS,
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Giờ cao điểm hay giờ sao lưu của máy chủ nguồn. Từ 22 giờ đến 5 giờ là qua đêm."),
    )
    quiet_to = forms.TypedChoiceField(
        label=_("Đến trước"), choices=_HOURS, coerce=int, empty_value=None, required=False
    )
    two_persons = forms.BooleanField(
        label=_("Cần hai người công bố"),
        required=False,
        help_text=_("Người nộp tệp không tự công bố; dữ liệu đọc theo lịch cũng chờ người xem rồi mới công bố."),
    )
    faulty = PercentField(label=_("Giữ bản lại khi quá bao nhiêu phần trăm dòng lỗi"), help_text=_("Thường là 5."))
    left = PercentField(
        label=_("Giữ lại khi chỉ còn dưới bao nhiêu phần trăm số dòng lần trước"), help_text=_("Thường là 70.")
    )
    removed = PercentField(
        label=_("Giữ lại khi quá bao nhiêu phần trăm mục đang công bố sẽ mất"),
        help_text=_("Thường là 10. Dữ liệu thay hằng ngày như tin tuyển dụng thì đặt cao hơn."),
    )
    fewest = forms.IntegerField(
        label=_("Ít nhất bao nhiêu mục"),
        min_value=0,
        required=False,
        help_text=_("Ít hơn thì giữ lại chờ người xem. Để trống: không xét."),
    )
    most = forms.IntegerField(label=_("Nhiều nhất bao nhiêu mục"), min_value=0, required=False)
    LIMITS = ("faulty", "left", "removed", "fewest", "most")


class PlaceForm(Form):
    """Where a source lies, by its kind; what is secret is written and never shown."""

    def __init__(self, *args: Any, kind: sources.SourceKind, kept: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kind, self._kept = kind, kept
        self._secret = [need.key for need in places.NEEDS[kind] if need.secret]
        for need in places.NEEDS[kind]:
            self.fields[need.key] = self._field(need, kept=kept)

    def _field(self, need: places.Need, *, kept: bool) -> forms.Field:
        hint = _("Để trống thì giữ như cũ.") if need.secret and kept else need.hint
        required = need.required and not (need.secret and kept)
        if need.choices is not None:
            listed = list(need.choices.items())
            return forms.ChoiceField(label=need.label, choices=listed, required=required, help_text=hint)
        most = places.MOST_LONG if need.long else places.MOST
        return forms.CharField(
            label=need.label, required=required, help_text=hint, max_length=most, widget=_widget(need)
        )

    @property
    def first(self) -> list[forms.BoundField]:
        """What nearly everybody fills in."""
        return [self[key] for key in self.fields if not places.is_folded(self._kind, key)]

    @property
    def more(self) -> list[forms.BoundField]:
        """What few need, behind a fold."""
        return [self[key] for key in self.fields if places.is_folded(self._kind, key)]

    @property
    def more_open(self) -> bool:
        """Whether something behind the fold is filled in, kept, or wrong."""
        return self._kept or any(one.errors or one.value() not in {None, "", "none"} for one in self.more)

    def place(self) -> dict[str, str]:
        """Return where it lies."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self._secret and value}

    def secret(self) -> dict[str, str]:
        """Return what lets one in, as far as it was typed."""
        return {name: self.cleaned_data[name] for name in self._secret if self.cleaned_data.get(name)}


def _widget(need: places.Need) -> forms.Widget:
    if need.long:
        return forms.Textarea(attrs={"autocomplete": "off", "rows": 4})
    return forms.PasswordInput(attrs={"autocomplete": "off"}) if need.secret else forms.TextInput()
