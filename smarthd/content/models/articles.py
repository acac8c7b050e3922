"""What agencies keep for citizens to look up: news, guides, procedures, legal documents, questions, events.

One table, because drafts, moderation, places, translations, freshness and lists are the same for all of them; what only one kind has
stands in columns of its own, which stay empty elsewhere. The proxies give each kind its own list and form in the editor.
"""

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
from smarthd.content.models.notices import BODY_FEATURES
from smarthd.content.rules import kinds, tables
from smarthd.kernel.ids import uuid7


def _choices(words: dict[Any, str]) -> list[tuple[str, str]]:
    return [(str(key), word) for key, word in words.items()]


class Article(
    Approved, WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel
):
    """One page of a kind. ``checked_on`` is the day its owner last found it right; ``original`` what it is translated from."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=_choices(kinds.WORDS), editable=False)
    slug = models.SlugField("đường dẫn", max_length=80, unique=True, editable=False)
    title = models.CharField("tiêu đề", max_length=rules.MAX_TITLE)
    summary = models.CharField(
        "tóm tắt", max_length=rules.MAX_SUMMARY, help_text="Một, hai câu nói điều chính. Người dân đọc dòng này trước."
    )
    body = RichTextField("nội dung", features=BODY_FEATURES, max_length=rules.MAX_BODY, blank=True)
    topic = models.CharField("chủ đề", max_length=16, choices=_choices(kinds.TOPIC_WORDS), default=kinds.Topic.GENERAL)
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
        "dành cho", max_length=16, choices=_choices(rules.AUDIENCE_WORDS), default=rules.Audience.PROVINCE
    )
    language = models.CharField(
        "ngôn ngữ", max_length=2, choices=_choices(rules.LANGUAGE_WORDS), default=rules.Language.VI
    )
    source = models.CharField("nguồn", max_length=200, blank=True)
    source_url = models.URLField("đường dẫn tới bản gốc", max_length=500, blank=True)
    sample = models.BooleanField("dữ liệu minh họa", default=False, editable=False)
    checked_on = models.DateField(
        "ngày rà soát", null=True, blank=True, help_text="Ngày gần nhất cơ quan xem lại và thấy còn đúng."
    )

    original = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="translations", editable=False
    )
    original_revision = models.BigIntegerField(null=True, blank=True, editable=False)
    """The revision of the original whose words this translation follows."""

    steps = models.TextField("các bước", blank=True, max_length=6000, help_text="Mỗi dòng một bước.")
    papers = models.TextField("giấy tờ cần có", blank=True, max_length=4000, help_text="Mỗi dòng một loại giấy tờ.")
    fee = models.CharField("phí, lệ phí", max_length=300, blank=True)
    duration = models.CharField("thời gian giải quyết", max_length=200, blank=True)
    legal_ground = models.TextField("căn cứ pháp lý", blank=True, max_length=3000, help_text="Mỗi dòng một văn bản.")
    place = models.CharField("nơi làm, nơi diễn ra", max_length=300, blank=True)
    service_level = models.CharField("mức độ trực tuyến", max_length=8, choices=_choices(kinds.LEVEL_WORDS), blank=True)
    link = models.URLField("đường dẫn làm trực tuyến, đăng ký", max_length=500, blank=True)

    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=160, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    effective_on = models.DateField("có hiệu lực từ", null=True, blank=True)
    ended_on = models.DateField("hết hiệu lực từ", null=True, blank=True)
    replaces = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
        verbose_name="thay thế văn bản",
    )

    starts_at = models.DateTimeField("bắt đầu", null=True, blank=True)
    ends_at = models.DateTimeField("kết thúc", null=True, blank=True)

    folded = models.TextField(editable=False, default="", blank=True)
    """The published words without marks, for the list's search box."""

    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState", content_type_field="base_content_type", object_id_field="object_id"
    )
    _revisions = GenericRelation(
        "wagtailcore.Revision", content_type_field="base_content_type", object_id_field="object_id"
    )
    personal_data: ClassVar[tuple[str, ...]] = ("locked_by",)
    KIND: ClassVar[kinds.Kind | None] = None
    objects: ClassVar[models.Manager[Article]] = models.Manager()

    class Meta:
        verbose_name = "bài"
        verbose_name_plural = "bài"
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=list(kinds.Kind)), name="article_kind_known"),
            models.CheckConstraint(condition=Q(topic__in=list(kinds.Topic)), name="article_topic_known"),
            models.CheckConstraint(condition=Q(audience__in=list(rules.Audience)), name="article_audience_known"),
            models.CheckConstraint(condition=Q(language__in=list(rules.Language)), name="article_language_known"),
            models.CheckConstraint(
                condition=Q(live=False) | (~Q(title="") & ~Q(summary="")), name="article_live_has_words"
            ),
            models.CheckConstraint(
                condition=Q(live=False) | Q(image=None) | ~Q(image_alt=""), name="article_picture_has_words"
            ),
            models.CheckConstraint(
                condition=Q(expire_at=None) | Q(go_live_at=None) | Q(expire_at__gt=F("go_live_at")),
                name="article_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="article_event_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(live=True, kind=kinds.Kind.EVENT) | Q(starts_at__isnull=False),
                name="article_event_has_hour",
            ),
            models.CheckConstraint(
                condition=~Q(live=True, kind=kinds.Kind.DOCUMENT) | (~Q(number="") & Q(issued_on__isnull=False)),
                name="article_document_has_number",
            ),
            models.UniqueConstraint(
                fields=["original", "language"], condition=Q(original__isnull=False), name="article_translated_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "-first_published_at", "-id"], condition=Q(live=True), name="article_live"),
            models.Index(fields=["agency", "-id"], name="article_agency"),
        ]

    def get_preview_template(self, _request: HttpRequest, _mode_name: str) -> str:
        """Return the citizen's own page: "Người dân sẽ thấy"."""
        return "citizen/content/article_preview.html"

    def get_preview_context(self, request: HttpRequest, _mode_name: str) -> dict[str, Any]:
        """Return the same value the citizen's page is given."""
        from smarthd.content.selectors import articles  # selectors read this module

        return {"request": request, "article": articles.draft_as_shown(self), "readable": True, "here": "noi-dung"}


class ArticlePlace(models.Model):
    """One unit a page is for; readers of its successors and predecessors find it through lineage."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="places")
    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="+")
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [models.UniqueConstraint(fields=["article", "unit"], name="article_place_once")]


class ArticleFile(models.Model):
    """A file beside a page, kept by us under its sha256; a video carries its words."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField("tên tệp", max_length=160)
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.BigIntegerField(editable=False)
    form = models.CharField(max_length=8, choices=_choices(kinds.FILE_WORDS), editable=False)
    transcript = models.TextField(
        "lời của video",
        blank=True,
        max_length=20_000,
        help_text="Toàn bộ lời nói, để người không nghe được đọc thay. Để trống thì lấy từ phụ đề.",
    )
    captions = models.TextField(blank=True, default="", editable=False)
    """WebVTT, written anew from what was uploaded."""
    silent = models.BooleanField(
        "video không có tiếng nói",
        default=False,
        help_text="Chỉ chọn khi video không ai nói gì: khi đó không cần phụ đề.",
    )
    pages = models.PositiveIntegerField(null=True, blank=True, editable=False)
    has_words = models.BooleanField(default=True, editable=False)
    """Whether a screen reader finds letters in a PDF; False for scans."""
    is_marked = models.BooleanField(default=True, editable=False)
    """Whether a PDF tells headings, lists and tables apart."""
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(form__in=list(kinds.FileForm)), name="article_file_form_known"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="article_file_kept"),
            models.UniqueConstraint(fields=["article", "sha256"], name="article_file_once"),
        ]

    def __str__(self) -> str:
        return self.title


class ArticleTable(models.Model):
    """A table after a page's words: ``cells`` as pasted or typed (rules.tables), its first row the names of the columns."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="tables")
    position = models.PositiveSmallIntegerField(default=0)
    caption = models.CharField(
        "tên bảng", max_length=160, help_text="Bảng nói về gì, ví dụ: Mức thu phí theo loại xe, từ 01/01/2027."
    )
    cells = models.TextField(
        "các ô",
        max_length=tables.MOST_LETTERS,
        help_text="Chép từ Excel, Word rồi dán vào đây; hoặc gõ mỗi dòng một hàng, các ô cách nhau bằng dấu |. Hàng đầu là tên các cột.",
    )
    row_heads = models.BooleanField("cột đầu là tên của từng hàng", default=True)
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.caption


class OfKind(models.Manager[Article]):
    """The pages of a proxy's kind."""

    def get_queryset(self) -> models.QuerySet[Article]:
        """Return the pages of this kind alone."""
        return super().get_queryset().filter(kind=self.model.KIND)


class _Proxied:
    """What every proxy does: a new one is of its kind."""

    KIND: ClassVar[kinds.Kind]

    @classmethod
    def begun(cls, **fields: Any) -> Any:
        """Return a new, unsaved page of this kind."""
        made: Any = cls
        return made(kind=cls.KIND, **fields)


class News(_Proxied, Article):
    """Tin tức."""

    KIND = kinds.Kind.NEWS
    objects = OfKind()

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = verbose_name_plural = "tin tức"


class Guide(_Proxied, Article):
    """Cẩm nang, hướng dẫn."""

    KIND = kinds.Kind.GUIDE
    objects = OfKind()

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = verbose_name_plural = "cẩm nang"


class Procedure(_Proxied, Article):
    """Thủ tục hành chính."""

    KIND = kinds.Kind.PROCEDURE
    objects = OfKind()

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = verbose_name_plural = "thủ tục"


class LegalDocument(_Proxied, Article):
    """Văn bản."""

    KIND = kinds.Kind.DOCUMENT
    objects = OfKind()

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = verbose_name_plural = "văn bản"


class Question(_Proxied, Article):
    """Hỏi đáp: the title is the question, the body the answer."""

    KIND = kinds.Kind.QUESTION
    objects = OfKind()

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = verbose_name_plural = "hỏi đáp"


class Occasion(_Proxied, Article):
    """Sự kiện."""

    KIND = kinds.Kind.EVENT
    objects = OfKind()

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = verbose_name_plural = "sự kiện"


PROXIES: dict[kinds.Kind, type[Any]] = {
    one.KIND: one for one in (News, Guide, Procedure, LegalDocument, Question, Occasion)
}
