"""Our lists in Wagtail, each behind one gate for every address that names an object: notices and the directory here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.dateformat import format as date_format
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList, PublishingPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, LiveStatusTagColumn
from wagtail.permissions import policy_registry
from wagtail.snippets.views import snippets

from smarthd.content.editor import checks, forms, review
from smarthd.content.models import Hotline, Notice
from smarthd.content.selectors import pieces
from smarthd.kernel import clock

_ACTION_OF = {"change": "change", "publish": "withdraw", "withdraw": "withdraw", "lock": "lock", "unlock": "unlock"}
View = Callable[..., HttpResponseBase]


def gated(view: View, model: type[Any], action: str) -> View:
    """Wrap a view so that an object the editor may not do this to is not found; other views pass."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "pk" in kwargs:
            allowed = policy_registry.get_by_type(model).instances_user_has_permission_for(request.user, action)
            if not str(kwargs["pk"]).isdigit() or not allowed.filter(pk=kwargs["pk"]).exists():
                raise Http404
        return view(request, *args, **kwargs)

    return checked


class WithdrawView(snippets.UnpublishView):
    """Taking a notice or page down, through our service."""

    permission_required = "withdraw"
    page_title = "Gỡ xuống"

    def unpublish(self) -> None:
        """Withdraw as the person who acts."""
        review.withdraw(self.request, self.object)


class SeenRevisionView(snippets.PreviewRevisionView):
    """A version as citizens would see it, for everyone who may see the notice: approvers need not be writers."""

    permission_required = "view"


class UnscheduleView(snippets.RevisionsUnscheduleView):
    """Calling back what was approved for a later hour."""

    permission_required = "withdraw"


class ListView(snippets.IndexView):
    """A list without the column for bulk acts: none is offered."""

    @cached_property
    def columns(self) -> list[Any]:
        """Return the columns to show."""
        return [column for column in super().columns if column.name != "bulk_actions"]

    def get_table(self, object_list: Any) -> Any:
        """Return the table; its rows know their agency's name of today, read once for all of them."""
        rows = list(object_list)
        names = pieces.agency_names({getattr(row, "agency_id", None) for row in rows}, clock.today())
        for row in rows:
            row.agency_named = names.get(getattr(row, "agency_id", None) or 0, "")
        return super().get_table(rows)


def ends(notice: Any) -> str:
    """Return when a piece is taken down, in words."""
    return date_format(notice.expire_at.astimezone(clock.ZONE), "H:i d/m/Y") if notice.expire_at else "không hẹn"


def agency_column() -> Column:
    """Return the column that tells rows of different agencies apart."""
    return Column("agency", label="Cơ quan", accessor="agency_named")


class OwnContentViewSet(snippets.SnippetViewSet):
    """What both lists share."""

    copy_view_enabled = False
    inspect_view_enabled = False
    add_to_admin_menu = True
    index_view_class = ListView
    list_per_page = 30

    def construct_view(self, view_class: type[Any], **kwargs: Any) -> View:
        """Put the gate before every view that names an object."""
        wanted = getattr(view_class, "permission_required", None)
        action = "delete" if wanted == "delete" else _ACTION_OF.get(wanted or "", "view")
        return gated(super().construct_view(view_class, **kwargs), self.model, action)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return only what belongs to the editor's agencies."""
        seen: QuerySet[Any] = self.permission_policy.instances_user_has_permission_for(request.user, "view")
        return seen

    def register_chooser_viewset(self) -> None:
        """Offer no chooser: nothing refers to these, and a chooser would list everyone's."""


class PieceViewSet(OwnContentViewSet):
    """What notices and pages share: approval by others, withdrawal, versions."""

    add_view_class = checks.AddView
    edit_view_class = checks.EditView
    unpublish_view_class = WithdrawView
    revisions_view_class = SeenRevisionView
    revisions_unschedule_view_class = UnscheduleView

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the page on which another person decides."""
        decide = gated(review.ReviewView.as_view(viewset=self), self.model, "view")
        return [*super().get_urlpatterns(), path("duyet/<int:pk>/", decide, name="review")]


class NoticeViewSet(PieceViewSet):
    """Notices."""

    model = Notice
    icon = "mail"
    menu_label = "Thông báo"
    menu_order = 100
    list_display = [
        "__str__",
        agency_column(),
        Column("urgency", label="Mức độ", accessor="get_urgency_display", sort_key="urgency"),
        Column("audience", label="Gửi tới", accessor="get_audience_display", sort_key="audience"),
        Column("expire_at", label="Gỡ lúc", accessor=ends, sort_key="expire_at"),
        LiveStatusTagColumn(),
    ]
    list_filter = ("urgency", "audience", "live", "language")
    search_fields = ("title", "summary", "body")
    ordering = ("-id",)
    edit_handler = ObjectList(
        [
            FieldPanel("agency", required_on_save=True),
            FieldPanel("title"),
            FieldPanel("summary"),
            FieldPanel("body"),
            MultiFieldPanel([FieldPanel("image"), FieldPanel("image_alt")], heading="Ảnh (không bắt buộc)"),
            MultiFieldPanel([FieldPanel("audience"), FieldPanel("units")], heading="Gửi tới ai"),
            MultiFieldPanel(
                [FieldPanel("urgency"), FieldPanel("language"), FieldPanel("source")], heading="Mức độ, ngôn ngữ, nguồn"
            ),
            PublishingPanel(),
        ],
        base_form_class=forms.NoticeForm,
    )


class NumberPanel(InlinePanel):
    """Numbers of a hotline, with the form that checks them."""

    def get_form_options(self) -> dict[str, Any]:
        """Name the form that refuses what cannot be dialled."""
        options: dict[str, Any] = super().get_form_options()
        options["formsets"]["numbers"]["form"] = forms.HotlineNumberForm
        return options


class HotlineViewSet(OwnContentViewSet):
    """The directory."""

    model = Hotline
    icon = "mobile-alt"
    menu_label = "Danh bạ"
    menu_order = 110
    list_display = [
        "name",
        agency_column(),
        Column("category", label="Nhóm", accessor="get_category_display", sort_key="category"),
        DateColumn("verified_on", label="Xác minh", sort_key="verified_on"),
        BooleanColumn("active", label="Đang dùng", sort_key="active"),
    ]
    list_filter = ("category", "active")
    search_fields = ("name", "note")
    ordering = ("category", "name")
    edit_handler = ObjectList(
        [
            FieldPanel("agency"),
            FieldPanel("name"),
            FieldPanel("category"),
            NumberPanel(
                "numbers",
                heading="Số điện thoại",
                label="Số điện thoại",
                min_num=1,
                max_num=6,
                panels=[FieldPanel("dial"), FieldPanel("label")],
            ),
            FieldPanel("hours"),
            FieldPanel("note"),
            FieldPanel("unit"),
            FieldPanel("verified_on"),
            FieldPanel("active"),
        ],
        base_form_class=forms.HotlineForm,
    )
