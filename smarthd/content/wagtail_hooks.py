"""How our part of Wagtail's editor is put together (Wagtail looks for this file by its name)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.models import register_snippet

from smarthd.content import policies, selectors
from smarthd.content.editor import article_viewsets
from smarthd.content.editor.review import WaitingPanel
from smarthd.content.editor.viewsets import HotlineViewSet, NoticeViewSet
from smarthd.content.models import Article, Notice
from smarthd.content.rules import flows

register_snippet(NoticeViewSet)
register_snippet(HotlineViewSet)
for _viewset in article_viewsets.VIEWSETS:
    register_snippet(_viewset)

_MENU = ("thong-bao", "danh-ba", "images", *(one.menu_name for one in article_viewsets.VIEWSETS))


@hooks.register("construct_main_menu")
def keep_our_menu(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Show notices, directory and pictures; nothing of Wagtail's that this product does not use."""
    menu_items[:] = [item for item in menu_items if item.name in _MENU]
    menu_items.append(MenuItem("Việc của tôi", reverse("wagtailadmin_home"), name="viec", icon_name="home", order=1))
    menu_items.append(MenuItem("Về bàn làm việc", "/can-bo/", name="ban-lam-viec", icon_name="arrow-left", order=900))


@hooks.register("construct_homepage_panels")
def keep_our_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Begin with what waits for me."""
    panels[:] = [WaitingPanel()]


@hooks.register("construct_search")
def no_search_of_pages(request: HttpRequest, items: list[Any]) -> None:
    """Offer no search across Wagtail: each list has its own."""
    items.clear()


@hooks.register("register_account_menu_item")
def nothing_more() -> MenuItem:
    """Lead to the account's own page for security."""
    return MenuItem("Bảo mật tài khoản", reverse_lazy("mfa_index"), icon_name="key")


@hooks.register("insert_global_admin_css")
def our_css() -> SafeString:
    """Add the few rules our forms need."""
    return format_html('<link rel="stylesheet" href="{}">', static("content/editor.css"))


def _address(piece: Any, name: str) -> str:
    return reverse(type(piece).snippet_viewset.get_url_name(name), args=[piece.pk])


class DecideItem(ActionMenuItem):
    """Leads the approver to the page where a submission is decided."""

    name = "action-review"
    label = "Xem và duyệt"
    icon_name = "check"
    template_name = "wagtailsnippets/snippets/action_menu/menu_item.html"

    def is_shown(self, context: dict[str, Any]) -> bool:
        """Show to who may decide, while something is submitted."""
        notice = context.get("instance")
        if context["view"] != "edit" or notice is None or not notice.workflow_in_progress:
            return False
        actor = selectors.actor_of(context["request"].user)
        step = notice.current_workflow_task_state
        part = step.task.specific.part if step is not None else flows.Part.BOTH
        return policies.can_approve(actor, notice, author_ids=selectors.authors_of(notice), part=part)

    def get_url(self, parent_context: dict[str, Any]) -> str:
        """Return the page's address."""
        return _address(parent_context["instance"], "review")


class WithdrawItem(ActionMenuItem):
    """Leads to taking a notice down."""

    name = "action-unpublish"
    label = "Gỡ xuống"
    icon_name = "download"

    def is_shown(self, context: dict[str, Any]) -> bool:
        """Show while the notice is read by citizens."""
        notice = context.get("instance")
        return (
            context["view"] == "edit"
            and notice is not None
            and notice.live
            and policies.can_withdraw(selectors.actor_of(context["request"].user), notice)
        )

    def get_url(self, parent_context: dict[str, Any]) -> str:
        """Return the page's address."""
        return _address(parent_context["instance"], "unpublish")


@hooks.register("register_snippet_action_menu_item", order=10)
def decide_item(model: type[Any]) -> ActionMenuItem | None:
    """Add "Xem và duyệt" to notices and pages."""
    return DecideItem(order=5) if issubclass(model, Notice | Article) else None


@hooks.register("register_snippet_action_menu_item", order=20)
def withdraw_item(model: type[Any]) -> ActionMenuItem | None:
    """Add "Gỡ xuống" to notices and pages."""
    return WithdrawItem(order=80) if issubclass(model, Notice | Article) else None


@hooks.register("register_rich_text_features", order=100)
def links_without_pages(features: Any) -> None:
    """Offer web, e-mail and telephone links; there are no Wagtail pages to choose from."""
    outside = reverse_lazy("wagtailadmin_choose_page_external_link")
    link = features.plugins_by_editor["draftail"]["link"]  # asking get_editor_plugin here would run this hook again
    link.data["chooserUrls"] = {
        "pageChooser": outside,
        "externalLinkChooser": outside,
        "emailLinkChooser": reverse_lazy("wagtailadmin_choose_page_email_link"),
        "phoneLinkChooser": reverse_lazy("wagtailadmin_choose_page_phone_link"),
        "anchorLinkChooser": outside,
    }
