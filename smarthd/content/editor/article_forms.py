"""Forms of pages of the kinds, their files, tiles of the home page and people to ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm

from smarthd.content import markup, pdfs, rules
from smarthd.content.editor.forms import NO_NUMBER, OwnAgenciesForm, PieceForm, unit_choices
from smarthd.content.models import ArticlePlace
from smarthd.content.rules import captions, kinds, tables, tiles
from smarthd.kernel import clock, files, text

NOT_A_FILE = "Chỉ nhận video MP4 và tệp PDF. Tệp này không phải loại đó, dù tên có đuôi gì."
_HEAD = 16


class ArticleForm(PieceForm):
    """A page of a kind: complete in what its kind needs when it is submitted."""

    words = (
        "title", "summary", "source", "image_alt", "steps", "papers", "fee", "duration", "legal_ground", "place", "number", "issuer",
    )  # fmt: skip
    place_model = ArticlePlace

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = type(self.instance).KIND
        self.instance.kind = kind
        if "replaces" in self.fields:
            field = self.fields["replaces"]
            field.queryset = (
                field.queryset.filter(kind=kind, live=True).exclude(pk=self.instance.pk).order_by("-issued_on")
            )
            field.label_from_instance = lambda one: f"{one.number} · {one.title}"
        if self.instance.original_id is not None:
            self.fields["language"].disabled = True
            self.initial["language"] = self.instance.language

    def clean(self) -> dict[str, Any]:
        """Clean as every piece; submitting a translation says that it follows the original as it is now."""
        cleaned = super().clean()
        if "action-submit" in self.data and self.instance.original_id is not None:
            self.instance.original_revision = self.instance.original.live_revision_id
        return cleaned

    def faults(self, cleaned: dict[str, Any]) -> dict[str, str]:
        """Return what keeps the page from being published, by field."""
        given: dict[str, Any] = {
            name: cleaned.get(name) or ""
            for name in ("title", "summary", "steps", "papers", "place", "service_level", "link", "number")
        }
        moments: dict[str, Any] = {
            name: cleaned.get(name)
            for name in ("go_live_at", "expire_at", "issued_on", "effective_on", "ended_on", "starts_at", "ends_at")
        }
        draft = kinds.ArticleDraft(
            kind=kinds.Kind(self.instance.kind),
            words=markup.plain(cleaned.get("body") or ""),
            audience=cleaned.get("audience") or rules.Audience.PROVINCE,
            place_ids=tuple(cleaned.get("units") or ()),
            has_picture=cleaned.get("image") is not None,
            picture_words=cleaned.get("image_alt") or "",
            **given,
            **moments,
        )
        return kinds.faults(draft, now=clock.now())


class ArticleFileForm(WagtailAdminModelForm):
    """A file beside a page: looked at before it is kept, kept under its sha256; a video has words."""

    upload = forms.FileField(label="Tệp (video MP4 hoặc PDF)", required=False)
    captions_upload = forms.FileField(
        label="Phụ đề của video (.srt hoặc .vtt)", required=False, help_text="Xuất từ phần mềm dựng video, mã UTF-8."
    )

    def clean(self) -> dict[str, Any]:
        """Keep the file and say what it is; refuse by name what it cannot be."""
        cleaned: dict[str, Any] = super().clean()
        sent = cleaned.get("upload")
        if sent is None and not self.instance.sha256:
            self.add_error("upload", "Chọn tệp cần tải lên.")
            return cleaned
        if sent is not None:
            self._keep(sent)
        if self.instance.form == kinds.FileForm.VIDEO:
            self._keep_captions(cleaned)
        return cleaned

    def _keep_captions(self, cleaned: dict[str, Any]) -> None:
        """Keep what was uploaded as captions; a video that speaks has some, and words to read."""
        sent = cleaned.get("captions_upload")
        if sent is not None:
            sent.seek(0)
            try:
                found = captions.cues(sent.read(captions.MOST_BYTES + 1))
            except captions.CaptionsFaulty as refusal:
                self.add_error("captions_upload", str(refusal.facts["words"]))
                return
            self.instance.captions = captions.webvtt(found)
            cleaned["transcript"] = (cleaned.get("transcript") or "").strip() or captions.transcript(found)
        if not self.instance.captions and not cleaned.get("silent"):
            self.add_error("captions_upload", "Video có tiếng nói cần phụ đề, để người không nghe được xem cùng lúc.")
        if not (cleaned.get("transcript") or "").strip():
            self.add_error("transcript", "Video cần kèm lời, để người không nghe được đọc thay.")

    def _keep(self, sent: Any) -> None:
        sent.seek(0)
        form = kinds.file_form(sent.read(_HEAD))
        if form is None:
            self.add_error("upload", NOT_A_FILE)
            return
        if form is kinds.FileForm.PDF and not self._look(sent):
            return
        sent.seek(0)
        limit = kinds.FILE_LIMIT_MB[form]
        try:
            kept = files.keep(sent, limit_mb=limit)
        except files.FileTooLarge:
            self.add_error("upload", ValidationError("Tệp quá lớn: tối đa %(limit)s MB.", params={"limit": limit}))
            return
        self.instance.sha256, self.instance.size, self.instance.form = kept.sha256, kept.size, form

    def _look(self, sent: Any) -> bool:
        """Write down what a PDF is for who cannot see it; return whether it can be opened."""
        sent.seek(0)
        try:
            seen = pdfs.look(sent.read(kinds.FILE_LIMIT_MB[kinds.FileForm.PDF] << 20))
        except pdfs.PdfUnreadable as refusal:
            self.add_error("upload", str(refusal.facts["words"]))
            return False
        self.instance.pages, self.instance.has_words, self.instance.is_marked = seen.pages, seen.words, seen.marked
        return True


class ArticleTableForm(WagtailAdminModelForm):
    """A table: drafts are kept as they are; what is submitted can be followed by who only hears it."""

    def clean(self) -> dict[str, Any]:
        """Say what keeps the table from being submitted."""
        cleaned: dict[str, Any] = super().clean()
        if "action-submit" in self.data and not self.errors:
            found = tables.faults(
                caption=cleaned.get("caption") or "",
                pasted=cleaned.get("cells") or "",
                row_heads=bool(cleaned.get("row_heads")),
            )
            for fault in found:
                if fault.blocks:
                    self.add_error("cells", fault.words)
        return cleaned


class TileForm(OwnAgenciesForm):
    """A tile: of the agency's own unit, or of everybody where the agency is the province's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        names = dict(unit_choices(homes=self.homes, also=[self.instance.unit_id] if self.instance.unit_id else []))
        field.queryset = field.queryset.filter(pk__in=names)
        field.label_from_instance = lambda unit: names[unit.pk]
        field.empty_label = "Mọi nơi"
        self.fields["agency"].required = True

    def clean_target(self) -> str:
        """Return where the tile leads, checked."""
        try:
            return tiles.target(self.cleaned_data["target"])
        except tiles.TileLeadsNowhere:
            raise ValidationError(
                "Ghi một trang của ứng dụng, bắt đầu bằng dấu / (ví dụ /thu-tuc/), hoặc địa chỉ https://…"
            ) from None

    def clean(self) -> dict[str, Any]:
        """Refuse a tile for everybody by an agency of one unit."""
        from smarthd.content import services

        cleaned: dict[str, Any] = super().clean()
        agency, unit = cleaned.get("agency"), cleaned.get("unit")
        if agency is not None:
            try:
                services.check_audience(
                    agency_id=agency.pk,
                    audience=rules.Audience.UNITS if unit else rules.Audience.PROVINCE,
                    unit_ids=[unit.pk] if unit else [],
                    now=clock.now(),
                )
            except rules.AudienceTooWide:
                self.add_error("unit", "Cơ quan này chỉ đặt được ô cho địa bàn của mình. Chọn xã, phường của cơ quan.")
        return cleaned


class ContactForm(OwnAgenciesForm):
    """Someone to ask: reachable by an office's own number, address or hours."""

    def clean_dial(self) -> str:
        """Return the number as dialled, and keep beside it how it is printed."""
        given = self.cleaned_data["dial"].strip()
        if not given:
            self.instance.shown = ""
            return ""
        try:
            number = rules.dialable(given)
        except rules.NotDialable:
            raise ValidationError(NO_NUMBER, params={"given": given}) from None
        self.instance.shown, self.instance.sample = number.shown, number.sample
        return number.dial

    def clean(self) -> dict[str, Any]:
        """Refuse an entry by which nobody can be reached."""
        cleaned: dict[str, Any] = super().clean()
        for name in ("full_name", "position", "work", "reception", "room"):
            if cleaned.get(name):
                cleaned[name] = text.nfc(cleaned[name])
        if not any(cleaned.get(name) for name in ("dial", "email", "reception")) and "dial" not in self.errors:
            self.add_error("dial", "Cần ít nhất điện thoại, thư điện tử hoặc lịch tiếp công dân.")
        if (cleaned.get("verified_on") or clock.today()) > clock.today():
            self.add_error("verified_on", "Ngày kiểm tra không thể ở sau hôm nay.")
        return cleaned
