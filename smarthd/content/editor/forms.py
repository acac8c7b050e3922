"""Forms of the editor: Vietnamese reasons, cleaned words, choices within one's reach."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.images.forms import BaseImageForm

from smarthd.agencies import selectors as agencies
from smarthd.content import markup, policies, rules, selectors, services
from smarthd.content.models import NoticePlace
from smarthd.content.rules import accessibility, kinds
from smarthd.kernel import clock, ids, pictures, text
from smarthd.places import selectors as places

REASONS = {
    ("title", "missing"): "Cần tiêu đề: người dân đọc dòng này đầu tiên.",
    ("summary", "missing"): "Cần tóm tắt một, hai câu.",
    ("body", "missing"): "Cần nội dung.",
    ("units", "missing"): "Chọn ít nhất một xã, phường, hoặc gửi tới toàn địa bàn.",
    ("image_alt", "missing"): "Có ảnh thì cần lời tả ảnh cho người không nhìn thấy.",
    ("expire_at", "too_early"): "Giờ gỡ phải sau giờ đăng và sau bây giờ.",
    ("steps", "missing"): "Cần ghi các bước, mỗi dòng một bước.",
    ("place", "missing"): "Cần ghi nơi làm hoặc nơi diễn ra.",
    ("service_level", "missing"): "Chọn mức độ làm qua mạng.",
    ("link", "missing"): "Thủ tục làm được qua mạng thì cần đường dẫn tới nơi làm.",
    ("number", "missing"): "Cần số, ký hiệu văn bản, ví dụ 12/2026/QĐ-UBND.",
    ("issued_on", "missing"): "Cần ngày ban hành.",
    ("starts_at", "missing"): "Cần giờ bắt đầu.",
    ("ends_at", "too_early"): "Giờ kết thúc phải sau giờ bắt đầu.",
    ("effective_on", "too_early"): "Ngày có hiệu lực không thể trước ngày ban hành.",
    ("ended_on", "too_early"): "Ngày hết hiệu lực không thể trước ngày có hiệu lực.",
    ("files", "transcript"): "Video cần kèm lời và phụ đề, để người không nghe được theo dõi.",
    ("tables", "faulty"): "Có bảng chưa đúng: xem lời báo ở từng bảng.",
}
TOO_WIDE = "Cơ quan này chỉ gửi được tới người dân của địa bàn mình. Bỏ chọn: %(names)s."
TOO_WIDE_PROVINCE = "Cơ quan cấp xã, cấp huyện chỉ gửi được tới địa bàn mình; chọn “Một số xã, phường, huyện”."
NO_NUMBER = "“%(given)s” không phải số gọi được ở Việt Nam. Ví dụ đúng: 113, 1900 1234, 0220 3852 123, 0912 345 678."


class OwnAgenciesForm(WagtailAdminModelForm):
    """A form whose agency is one the editor writes for, named as it is called today."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = selectors.actor_of(self.for_user) if self.for_user else None
        field = self.fields["agency"]
        written = policies.agencies_written(self.actor) if self.actor else frozenset()
        names = agencies.agency_views(written, clock.today())
        self.homes = frozenset(view.place_id for view in names.values())
        field.queryset = field.queryset.filter(pk__in=names).order_by("id")
        field.label_from_instance = lambda agency: names[agency.pk].name
        field.empty_label = None if len(names) == 1 else "Chọn cơ quan"
        if len(names) == 1 and not self.instance.pk:
            self.initial["agency"] = next(iter(names))


class PieceForm(OwnAgenciesForm):
    """What notices and pages share: words cleaned, audience within the agency's reach, complete when submitted."""

    words: tuple[str, ...] = ("title", "summary", "source", "image_alt")
    place_model: type[Any] = NoticePlace
    units = forms.TypedMultipleChoiceField(
        label="Xã, phường nhận thông báo", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [place.unit_id for place in self.instance.places.all()]
        self.fields["units"].choices = unit_choices(homes=self.homes, also=chosen)
        self.initial["units"] = chosen
        self._begin_at_home()

    def _begin_at_home(self) -> None:
        """Let who writes for one commune or district only begin with its people: to others that office does not speak."""
        home = next(iter(self.homes)) if len(self.homes) == 1 else None
        if self.instance.pk or home is None or places.views([home], clock.today())[home].level == "province":
            return
        self.initial["audience"], self.initial["units"] = rules.Audience.UNITS, [home]

    def clean(self) -> dict[str, Any]:
        """Clean words, then check what must hold of every draft, and of a submitted one besides."""
        cleaned: dict[str, Any] = super().clean()
        for name in self.words:
            if cleaned.get(name):
                cleaned[name] = kinds.tidy(cleaned[name])
        if cleaned.get("body"):
            cleaned["body"] = markup.clean(cleaned["body"])
        if cleaned.get("audience") == rules.Audience.PROVINCE:
            cleaned["units"] = []
        self._check_reach(cleaned)
        if "action-submit" in self.data:
            self._check_complete(cleaned)
        self._name_address(cleaned.get("title") or "")
        return cleaned

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Put the chosen units on the piece, as rows that its revisions carry along."""
        chosen = list(dict.fromkeys(self.cleaned_data.get("units", [])))
        self.instance.places = [self.place_model(unit_id=unit_id) for unit_id in chosen]
        return super().save(commit=commit)

    def _check_reach(self, cleaned: dict[str, Any]) -> None:
        agency = cleaned.get("agency")
        if agency is None:
            return
        try:
            services.check_audience(
                agency_id=agency.pk,
                audience=cleaned.get("audience", rules.Audience.UNITS),
                unit_ids=cleaned.get("units", []),
                now=clock.now(),
            )
        except rules.AudienceTooWide as refusal:
            names = ", ".join(str(name) for name in _listed(refusal.facts.get("places")))
            if names:
                self.add_error("units", ValidationError(TOO_WIDE, params={"names": names}))
            else:
                self.add_error("audience", ValidationError(TOO_WIDE_PROVINCE))

    def _check_complete(self, cleaned: dict[str, Any]) -> None:
        for name, reason in self.faults(cleaned).items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, REASONS[(name, reason)])
        for problem in accessibility.problems(self.told(cleaned)):
            if problem.blocks and problem.field not in self.errors:
                self.add_error(problem.field if problem.field in self.fields else None, problem.words)

    def told(self, cleaned: dict[str, Any]) -> accessibility.Told:
        """Return the words that are looked at for readers who see, read or hear badly."""
        return accessibility.Told(
            title=cleaned.get("title") or "",
            summary=cleaned.get("summary") or "",
            body=cleaned.get("body") or "",
            picture_words=cleaned.get("image_alt") or "" if cleaned.get("image") is not None else None,
        )

    def faults(self, cleaned: dict[str, Any]) -> dict[str, str]:
        """Return what keeps this from being published, by field."""
        raise NotImplementedError

    def _name_address(self, title: str) -> None:
        """Give the notice its address; until it is first published the address follows the title."""
        if self.instance.first_published_at is None:
            code = self.instance.slug.rsplit("-", 1)[-1] if self.instance.slug else ids.spoken_code(5)
            self.instance.slug = rules.notice_slug(title, code)


class NoticeForm(PieceForm):
    """A notice."""

    def faults(self, cleaned: dict[str, Any]) -> dict[str, str]:
        """Return what keeps the notice from being published, by field."""
        draft = rules.Draft(
            title=cleaned.get("title") or "",
            summary=cleaned.get("summary") or "",
            words=markup.plain(cleaned.get("body") or ""),
            audience=cleaned.get("audience") or rules.Audience.UNITS,
            place_ids=tuple(cleaned.get("units") or ()),
            has_picture=cleaned.get("image") is not None,
            picture_words=cleaned.get("image_alt") or "",
            go_live_at=cleaned.get("go_live_at"),
            expire_at=cleaned.get("expire_at"),
        )
        return rules.faults(draft, now=clock.now())


class HotlineForm(OwnAgenciesForm):
    """A directory entry; its key is made once and kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        also = [self.instance.unit_id] if self.instance.unit_id else []
        names = dict(unit_choices(homes=self.homes, also=also))
        field.queryset = field.queryset.filter(pk__in=names)
        field.label_from_instance = lambda unit: names[unit.pk]
        field.empty_label = "Toàn địa bàn"
        self.fields["agency"].required = True

    def clean(self) -> dict[str, Any]:
        """Clean words, give the entry its key and its numbers their printed form."""
        cleaned: dict[str, Any] = super().clean()
        for name in ("name", "hours", "note"):
            if cleaned.get(name):
                cleaned[name] = text.nfc(cleaned[name])
        if not self.instance.key:
            self.instance.key = rules.notice_slug(cleaned.get("name") or "", ids.spoken_code(5))[:80]
        if (cleaned.get("verified_on") or clock.today()) > clock.today():
            self.add_error("verified_on", "Ngày xác minh không thể ở sau hôm nay.")
        return cleaned


class HotlineNumberForm(WagtailAdminModelForm):
    """One number: dialable or refused."""

    def clean_dial(self) -> str:
        """Return the number as dialled, and keep beside it how it is printed."""
        try:
            number = rules.dialable(self.cleaned_data["dial"])
        except rules.NotDialable:
            raise ValidationError(NO_NUMBER, params={"given": self.cleaned_data["dial"]}) from None
        self.instance.shown = number.shown
        return number.dial


class PictureForm(BaseImageForm):
    """An uploaded picture, kept only as our own encoding of it."""

    def clean_file(self) -> Any:
        """Re-encode what was sent, or say in Vietnamese why not."""
        sent = self.cleaned_data["file"]
        if "file" not in self.changed_data:
            return sent
        sent.seek(0)
        try:
            encoded, suffix = pictures.reencode(sent)
        except pictures.PictureTooLarge:
            raise ValidationError("Ảnh quá lớn: tối đa 12 MB và 50 triệu điểm ảnh. Xin thu nhỏ rồi tải lại.") from None
        except pictures.NotAPicture:
            raise ValidationError("Tệp này không phải ảnh JPEG, PNG hay WebP, hoặc đã hỏng.") from None
        return ImageUpload(f"anh{suffix}", encoded, content_type="image/png" if suffix == ".png" else "image/jpeg")


class ImageUpload(SimpleUploadedFile):
    """Our encoding, handed on as if it had been uploaded."""


def unit_choices(*, homes: frozenset[int | None], also: list[int]) -> list[tuple[int, str]]:
    """Return today's communes within the agencies' own units (and any unit already chosen) as (id, name), by name."""
    today = clock.today()
    units = {
        view.id: view.full_name
        for view in places.units_on(today, "commune")
        if None in homes or homes & {above.id for above in places.path(view.id, today)}
    }
    for unit_id in set(also) - set(units):
        units[unit_id] = _former_name(unit_id)
    return sorted(units.items(), key=lambda choice: text.fold(choice[1]))


def _former_name(unit_id: int) -> str:
    today = clock.today()
    name = places.unit_view(unit_id, today).full_name
    into = ", ".join(later.unit.full_name for later in places.successors(unit_id, today))
    return f"{name} (cũ, nay là {into})" if into else name


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []
