"""The second pair of eyes: what was submitted, exactly as citizens will see it, and two buttons."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import TaskState

from smarthd.agencies import selectors as agencies
from smarthd.content import policies, rules, selectors, services
from smarthd.content.models import Notice
from smarthd.kernel import clock

NEEDS_REASON = "Chưa trả lại: xin ghi rõ cần sửa gì để người viết biết."
INCOMPLETE = "Chưa đăng: thông báo còn thiếu nội dung bắt buộc. Xin trả lại để người viết bổ sung."
TOO_WIDE = "Chưa đăng: nơi nhận nằm ngoài địa bàn của cơ quan đăng."
MOVED_ON = "Thông báo này vừa được người khác xử lý hoặc sửa. Xin xem lại."
OWN = "Người viết hoặc người trình không tự duyệt. Cần một người khác trong cơ quan."


class ReviewView(WagtailAdminTemplateMixin, TemplateView):
    """Show one submission and take one decision."""

    viewset: Any = None
    page_title = "Duyệt thông báo"
    header_icon = "check"
    template_name = "content/editor/review.html"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Show no path: the page's own title says what is decided about."""
        return []

    def setup(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> None:
        """Find the notice (the gate has already asked whether it may be seen)."""
        super().setup(request, *args, **kwargs)
        self.notice = get_object_or_404(Notice, pk=pk)

    def get_page_subtitle(self) -> str:
        """Return the title of what is decided about."""
        return str(self.notice.get_latest_revision_as_object())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the submission, who had a hand in it, and whether this person may decide."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        step = self.notice.current_workflow_task_state
        draft = self.notice.get_latest_revision_as_object()
        author_ids = selectors.authors_of(self.notice)
        names = get_user_model().objects.filter(pk__in=author_ids)
        preview = reverse(
            self.viewset.get_url_name("revisions_view"), args=[self.notice.pk, self.notice.latest_revision_id]
        )
        return context | {
            "notice": draft,
            "shown": selectors.draft_as_shown(draft),
            "agency": agencies.agency_views([draft.agency_id], clock.today()).get(draft.agency_id),
            "authors": sorted(str(person) for person in names),
            "step": step,
            "own": self.request.user.pk in author_ids,
            "may_decide": step is not None
            and policies.can_approve(selectors.actor_of(self.request.user), self.notice, author_ids=author_ids),
            "preview_url": preview,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Approve or send back, and say in one sentence what happened."""
        action = "approve" if request.POST.get("decision") == "approve" else "reject"
        try:
            said = self._decide(request, action)
        except rules.OwnNoticeApproval:
            return self._refused(request, OWN)
        except rules.NoticeMovedOn:
            return self._refused(request, MOVED_ON)
        except rules.AudienceTooWide:
            return self._refused(request, TOO_WIDE)
        except rules.NoticeIncomplete:
            return self._refused(request, NEEDS_REASON if action == "reject" else INCOMPLETE)
        messages.success(request, said)
        return redirect("wagtailadmin_home")

    def _decide(self, request: HttpRequest, action: str) -> str:
        step = TaskState.objects.filter(pk=_number(request.POST.get("step", ""))).first()
        if step is None or str(step.workflow_state.object_id) != str(self.notice.pk):
            raise rules.NoticeMovedOn(slug=self.notice.slug)
        services.decide_on_notice(
            task_state=step,
            user=request.user,
            actor=selectors.actor_of(request.user),
            action=action,
            comment=request.POST.get("comment", ""),
            now=clock.now(),
        )
        if action == "reject":
            return "Đã trả lại để sửa."
        self.notice.refresh_from_db()
        return "Đã duyệt. Người dân đọc được ngay." if self.notice.live else "Đã duyệt. Thông báo sẽ tự đăng đúng giờ."

    def _refused(self, request: HttpRequest, words: str) -> HttpResponse:
        messages.error(request, words)
        return redirect(request.path)


class WaitingPanel(Component):
    """The editor's first page: what waits for my approval."""

    name = "content_waiting"
    template_name = "content/editor/waiting.html"
    order = 100

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the submissions this person may decide, oldest first."""
        request = parent_context["request"]
        steps = TaskState.objects.filter(pk__in=selectors.submissions_waiting_for(request.user)).order_by("started_at")
        rows = [
            {
                "title": str(step.revision.as_object()),
                "since": step.started_at,
                "href": reverse("wagtailsnippets_content_notice:review", args=[step.revision.object_id]),
            }
            for step in steps.select_related("revision")
        ]
        return {"rows": rows, "request": request}


def withdraw(request: HttpRequest, notice_id: int) -> None:
    """Take a notice down as the person of the request."""
    services.withdraw_notice(
        notice_id=notice_id, actor=selectors.actor_of(request.user), user=request.user, now=clock.now()
    )


def _number(given: str) -> int:
    return int(given) if given.isdigit() and len(given) < 12 else 0
