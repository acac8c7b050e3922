"""Lists of pages in Wagtail, one a kind, with the form that kind needs; tiles of the home page; people to ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.views import View
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel, ObjectList, Panel, PublishingPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, LiveStatusTagColumn

from smarthd.content import rules, selectors, services
from smarthd.content.editor import article_forms
from smarthd.content.editor.viewsets import OwnContentViewSet, PieceViewSet, agency_column, ends, gated
from smarthd.content.models import Article, Contact, Tile
from smarthd.content.models.articles import Guide, LegalDocument, News, Occasion, Procedure, Question
from smarthd.content.selectors import feeds
from smarthd.kernel import clock


class FilesPanel(InlinePanel):
    """Files beside a page, with the form that looks at them."""

    def get_form_options(self) -> dict[str, Any]:
        """Name the form that keeps a file only after looking at it."""
        options: dict[str, Any] = super().get_form_options()
        options["formsets"]["files"]["form"] = article_forms.ArticleFileForm
        return options


class TablesPanel(InlinePanel):
    """Tables after a page's words, with the form that looks at them."""

    def get_form_options(self) -> dict[str, Any]:
        """Name the form that says what keeps a listener from following a table."""
        options: dict[str, Any] = super().get_form_options()
        options["formsets"]["tables"]["form"] = article_forms.ArticleTableForm
        return options


class TranslateView(View):
    """Beginning a translation: a draft with the original's facts and no words, or the one there is."""

    viewset: Any = None

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Open the translation's draft."""
        original = get_object_or_404(self.viewset.model, pk=pk)
        other = rules.Language.EN if original.language == rules.Language.VI else rules.Language.VI
        try:
            draft = services.begin_translation(
                article_id=pk,
                language=other,
                actor=selectors.actor_of(request.user),
                user=request.user,
                now=clock.now(),
            )
        except rules.NoticeMovedOn:
            messages.error(request, "Chỉ dịch được bài gốc đã đăng. Xin đăng bản gốc trước.")
            return redirect(reverse(self.viewset.get_url_name("edit"), args=[pk]))
        return redirect(reverse(self.viewset.get_url_name("edit"), args=[draft.pk]))


class CheckedView(View):
    """Saying that a page was looked at today and is still right."""

    viewset: Any = None

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write the day down."""
        now = clock.now()
        services.confirm_checked(article_id=pk, actor=selectors.actor_of(request.user), now=now, day=clock.day_of(now))
        messages.success(request, "Đã ghi: hôm nay xem lại, nội dung còn đúng.")
        return redirect(reverse(self.viewset.get_url_name("edit"), args=[pk]))


class BesidePanel(HelpPanel):
    """What to know beside the form: the original of a translation, the last look, whether the source still shows the page."""

    class BoundPanel(HelpPanel.BoundPanel):
        """The panel of one page."""

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add when the source took the page out."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"gone_at": feeds.gone_at_source(self.instance.pk) if self.instance.pk else None}


def _beside() -> list[Panel]:
    return [BesidePanel(template="content/editor/beside.html", heading="Bản dịch, rà soát")]


def _end() -> list[Panel]:
    return [
        TablesPanel(
            "tables",
            heading="Bảng",
            label="Bảng",
            max_num=6,
            panels=[
                FieldPanel("caption"),
                FieldPanel("cells", widget=forms.Textarea(attrs={"rows": 6})),
                FieldPanel("row_heads"),
            ],
        ),
        MultiFieldPanel([FieldPanel("image"), FieldPanel("image_alt")], heading="Ảnh (không bắt buộc)"),
        FilesPanel(
            "files",
            heading="Video, tệp PDF",
            label="Tệp",
            max_num=6,
            panels=[
                FieldPanel("title"),
                FieldPanel("upload"),
                FieldPanel("captions_upload"),
                FieldPanel("transcript"),
                FieldPanel("silent"),
            ],
        ),
        MultiFieldPanel([FieldPanel("audience"), FieldPanel("units")], heading="Dành cho ai"),
        MultiFieldPanel(
            [FieldPanel("language"), FieldPanel("source"), FieldPanel("source_url")], heading="Ngôn ngữ, nguồn"
        ),
        PublishingPanel(),
    ]


def _start() -> list[Panel]:
    return [
        *_beside(),
        FieldPanel("agency", required_on_save=True),
        FieldPanel("title"),
        FieldPanel("summary"),
        FieldPanel("topic"),
    ]


def _form(*panels: Panel) -> ObjectList:
    return ObjectList([*_start(), *panels, *_end()], base_form_class=article_forms.ArticleForm)


class ArticleViewSet(PieceViewSet):
    """What the lists of all kinds share."""

    list_display = [
        "__str__",
        agency_column(),
        Column("topic", label="Chủ đề", accessor="get_topic_display", sort_key="topic"),
        Column("language", label="Ngôn ngữ", accessor="get_language_display", sort_key="language"),
        DateColumn("checked_on", label="Rà soát", sort_key="checked_on"),
        Column("expire_at", label="Gỡ lúc", accessor=ends, sort_key="expire_at"),
        LiveStatusTagColumn(),
    ]
    list_filter = ("topic", "audience", "live", "language")
    search_fields = ("title", "summary", "body")
    ordering = ("-id",)

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add beginning a translation and saying that a page is still right."""
        translate = gated(TranslateView.as_view(viewset=self), self.model, "change")
        checked = gated(CheckedView.as_view(viewset=self), self.model, "change")
        return [
            *super().get_urlpatterns(),
            path("dich/<int:pk>/", translate, name="translate"),
            path("con-dung/<int:pk>/", checked, name="checked"),
        ]


class NewsViewSet(ArticleViewSet):
    """Tin tức."""

    model = News
    icon = "doc-full-inverse"
    menu_label = "Tin tức"
    menu_name = "tin-tuc"
    menu_order = 120
    edit_handler = _form(FieldPanel("body"))


class GuideViewSet(ArticleViewSet):
    """Cẩm nang."""

    model = Guide
    icon = "openquote"
    menu_label = "Cẩm nang"
    menu_name = "cam-nang"
    menu_order = 130
    edit_handler = _form(FieldPanel("body"), FieldPanel("steps"))


class ProcedureViewSet(ArticleViewSet):
    """Thủ tục."""

    model = Procedure
    icon = "tasks"
    menu_label = "Thủ tục"
    menu_name = "thu-tuc"
    menu_order = 140
    edit_handler = _form(
        MultiFieldPanel([FieldPanel("papers"), FieldPanel("steps")], heading="Làm thế nào"),
        MultiFieldPanel(
            [
                FieldPanel("duration"),
                FieldPanel("fee"),
                FieldPanel("place"),
                FieldPanel("service_level"),
                FieldPanel("link"),
            ],
            heading="Ở đâu, bao lâu, mất gì",
        ),
        FieldPanel("legal_ground"),
        FieldPanel("body"),
    )


class LegalDocumentViewSet(ArticleViewSet):
    """Văn bản."""

    model = LegalDocument
    icon = "doc-full"
    menu_label = "Văn bản"
    menu_name = "van-ban"
    menu_order = 150
    edit_handler = _form(
        MultiFieldPanel(
            [
                FieldPanel("number"),
                FieldPanel("issuer"),
                FieldPanel("issued_on"),
                FieldPanel("effective_on"),
                FieldPanel("ended_on"),
                FieldPanel("replaces"),
            ],
            heading="Số, ngày, hiệu lực",
        ),
        FieldPanel("body"),
    )


class QuestionViewSet(ArticleViewSet):
    """Hỏi đáp."""

    model = Question
    icon = "help"
    menu_label = "Hỏi đáp"
    menu_name = "hoi-dap"
    menu_order = 160
    edit_handler = _form(FieldPanel("body"))


class OccasionViewSet(ArticleViewSet):
    """Sự kiện."""

    model = Occasion
    icon = "calendar"
    menu_label = "Sự kiện"
    menu_name = "su-kien"
    menu_order = 170
    edit_handler = _form(
        MultiFieldPanel(
            [FieldPanel("starts_at"), FieldPanel("ends_at"), FieldPanel("place"), FieldPanel("link")],
            heading="Khi nào, ở đâu",
        ),
        FieldPanel("body"),
    )


class TileViewSet(OwnContentViewSet):
    """Tiles of the home page."""

    model = Tile
    icon = "grip"
    menu_label = "Ô trang chủ"
    menu_name = "o-trang-chu"
    menu_order = 200
    list_display = [
        "title",
        agency_column(),
        Column("topic", label="Nhóm", accessor="get_topic_display", sort_key="topic"),
        Column("target", label="Mở tới", sort_key="target"),
        BooleanColumn("active", label="Đang dùng", sort_key="active"),
    ]
    list_filter = ("topic", "active")
    search_fields = ("title", "target")
    ordering = ("position", "id")
    edit_handler = ObjectList(
        [
            FieldPanel("agency"),
            FieldPanel("unit"),
            FieldPanel("topic"),
            MultiFieldPanel([FieldPanel("title"), FieldPanel("title_en")], heading="Tên"),
            FieldPanel("icon"),
            FieldPanel("target"),
            FieldPanel("position"),
            FieldPanel("active"),
        ],
        base_form_class=article_forms.TileForm,
    )


class ContactViewSet(OwnContentViewSet):
    """People to ask."""

    model = Contact
    icon = "group"
    menu_label = "Danh bạ cán bộ"
    menu_name = "nguoi-phu-trach"
    menu_order = 115
    list_display = [
        "full_name",
        agency_column(),
        "position",
        DateColumn("verified_on", label="Kiểm tra", sort_key="verified_on"),
        BooleanColumn("active", label="Đang công khai", sort_key="active"),
    ]
    list_filter = ("active",)
    search_fields = ("full_name", "position", "work")
    ordering = ("rank", "id")
    edit_handler = ObjectList(
        [
            FieldPanel("agency"),
            MultiFieldPanel(
                [FieldPanel("full_name"), FieldPanel("position"), FieldPanel("work")], heading="Ai, việc gì"
            ),
            MultiFieldPanel(
                [FieldPanel("dial"), FieldPanel("email"), FieldPanel("reception"), FieldPanel("room")],
                heading="Gặp bằng cách nào",
            ),
            FieldPanel("rank"),
            FieldPanel("verified_on"),
            FieldPanel("active"),
        ],
        base_form_class=article_forms.ContactForm,
    )


VIEWSETS = (
    NewsViewSet, GuideViewSet, ProcedureViewSet, LegalDocumentViewSet, QuestionViewSet, OccasionViewSet, TileViewSet, ContactViewSet,
)  # fmt: skip


def is_article(model: type[Any]) -> bool:
    """Say whether a model is one of the kinds of pages."""
    return issubclass(model, Article)
