"""Notices to citizens."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from smarthd.content import rules
from smarthd.content.models.approved import Approved
from smarthd.kernel.ids import uuid7

BODY_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link"]


class Notice(
    Approved, WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel
):
    """What an agency tells the people of the province or of some units.

    Wagtail keeps its drafts, revisions, moderation and schedule: ``live`` is what citizens see, ``go_live_at`` and
    ``expire_at`` are its hours, ``first_published_at`` is printed as the day of publication.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField("đường dẫn", max_length=80, unique=True, editable=False)
    title = models.CharField("tiêu đề", max_length=rules.MAX_TITLE)
    summary = models.CharField(
        "tóm tắt",
        max_length=rules.MAX_SUMMARY,
        help_text="Một, hai câu: việc gì, ở đâu, khi nào. Người dân đọc dòng này trước.",
    )
    body = RichTextField("nội dung", features=BODY_FEATURES, max_length=rules.MAX_BODY)
    image = models.ForeignKey(
        "content.Picture", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="ảnh"
    )
    image_alt = models.CharField(
        "lời tả ảnh",
        max_length=200,
        blank=True,
        help_text="Bắt buộc khi có ảnh: người không nhìn thấy ảnh cần biết gì?",
    )
    agency = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, related_name="+", verbose_name="cơ quan đăng"
    )
    audience = models.CharField(
        "gửi tới",
        max_length=16,
        choices=[(str(key), word) for key, word in rules.AUDIENCE_WORDS.items()],
        default=rules.Audience.UNITS,
    )
    urgency = models.CharField(
        "mức độ",
        max_length=16,
        choices=[(str(key), word) for key, word in rules.URGENCY_WORDS.items()],
        default=rules.Urgency.NORMAL,
    )
    language = models.CharField(
        "ngôn ngữ",
        max_length=2,
        choices=[(str(key), word) for key, word in rules.LANGUAGE_WORDS.items()],
        default=rules.Language.VI,
    )
    source = models.CharField(
        "nguồn", max_length=200, blank=True, help_text="Ví dụ: Công văn số 12/UBND-VP ngày 20/11/2026 của UBND phường."
    )
    sample = models.BooleanField("dữ liệu minh họa", default=False, editable=False)

    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState", content_type_field="base_content_type", object_id_field="object_id"
    )
    _revisions = GenericRelation(
        "wagtailcore.Revision", content_type_field="base_content_type", object_id_field="object_id"
    )
    personal_data: ClassVar[tuple[str, ...]] = ("locked_by",)
    objects: ClassVar[models.Manager[Notice]] = models.Manager()

    class Meta:
        verbose_name = "thông báo"
        verbose_name_plural = "thông báo"
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(live=False) | (~Q(title="") & ~Q(summary="") & ~Q(body="")), name="notice_live_has_words"
            ),
            models.CheckConstraint(
                condition=Q(live=False) | Q(image=None) | ~Q(image_alt=""), name="notice_picture_has_words"
            ),
            models.CheckConstraint(
                condition=Q(expire_at=None) | Q(go_live_at=None) | Q(expire_at__gt=F("go_live_at")),
                name="notice_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(audience__in=list(rules.Audience)), name="notice_audience_known"),
            models.CheckConstraint(condition=Q(urgency__in=list(rules.Urgency)), name="notice_urgency_known"),
            models.CheckConstraint(condition=Q(language__in=list(rules.Language)), name="notice_language_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-first_published_at"], condition=Q(live=True), name="notice_live"),
            models.Index(fields=["agency", "-id"], name="notice_agency"),
        ]

    def get_preview_template(self, _request: HttpRequest, _mode_name: str) -> str:
        """Return the citizen's own page: "Người dân sẽ thấy"."""
        return "citizen/content/notice_preview.html"

    def get_preview_context(self, request: HttpRequest, _mode_name: str) -> dict[str, Any]:
        """Return the same value the citizen's page is given."""
        from smarthd.content import selectors  # selectors read this module

        shown = selectors.draft_as_shown(self)
        return {"request": request, "notice": shown, "readable": True, "here": "thong-bao"}


class NoticePlace(models.Model):
    """One unit a notice is for. The unit may since have been merged or split: readers find it through lineage."""

    notice = ParentalKey(Notice, on_delete=models.CASCADE, related_name="places")
    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="+")
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [models.UniqueConstraint(fields=["notice", "unit"], name="notice_place_once")]
