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
from smarthd.content import markup, pdfs, policies, rules, selectors, services
from smarthd.content.models import Article, Notice
from smarthd.content.rules import accessibility, flows, kinds, tables
from smarthd.content.selectors import articles
from smarthd.kernel import clock

NEEDS_REASON = "Chưa trả lại: xin ghi rõ cần sửa gì để người viết biết."
INCOMPLETE = "Chưa đăng: thông báo còn thiếu nội dung bắt buộc. Xin trả lại để người viết bổ sung."
TOO_WIDE = "Chưa đăng: nơi nhận nằm ngoài địa bàn của cơ quan đăng."
MOVED_ON = "Thông báo này vừa được người khác xử lý hoặc sửa. Xin xem lại."
OWN = "Người viết hoặc người trình không tự duyệt. Cần một người khác trong cơ quan."


class ReviewView(WagtailAdminTemplateMixin, TemplateView):
    """Show one submission and take one decision."""

    viewset: Any = None
    page_title = "Duyệt"
    header_icon = "check"
    template_name = "content/editor/review.html"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Show no path: the page's own title says what is decided about."""
        return []

    def setup(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> None:
        """Find the piece (the gate has already asked whether it may be seen)."""
        super().setup(request, *args, **kwargs)
        self.notice = get_object_or_404(self.viewset.model, pk=pk)

    def get_page_subtitle(self) -> str:
        """Return the title of what is decided about."""
        return str(self.notice.get_latest_revision_as_object())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the submission, who had a hand in it, and whether this person may decide."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        step = self.notice.current_workflow_task_state
        part = flows.Part(step.task.specific.part) if step is not None else flows.Part.BOTH
        draft = self.notice.get_latest_revision_as_object()
        author_ids = selectors.authors_of(self.notice)
        names = get_user_model().objects.filter(pk__in=author_ids)
        preview = reverse(
            self.viewset.get_url_name("revisions_view"), args=[self.notice.pk, self.notice.latest_revision_id]
        )
        return context | {
            "notice": draft,
            "facts": _facts(draft),
            "warnings": [problem.words for problem in accessibility.problems(told(draft))] + beside(draft),
            "part_words": flows.APPROVE_WORDS[part],
            "agency": agencies.agency_views([draft.agency_id], clock.today()).get(draft.agency_id),
            "authors": sorted(str(person) for person in names),
            "step": step,
            "own": self.request.user.pk in author_ids,
            "may_decide": step is not None
            and policies.can_approve(
                selectors.actor_of(self.request.user), self.notice, author_ids=author_ids, part=part
            ),
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
        if self.notice.current_workflow_task_state is not None:
            return "Đã soát. Nội dung chuyển tới người cho đăng."
        self.notice.refresh_from_db()
        return "Đã duyệt. Người dân đọc được ngay." if self.notice.live else "Đã duyệt. Sẽ tự đăng đúng giờ."

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
                "href": _review_address(step.revision),
            }
            for step in steps.select_related("revision")
        ]
        return {"rows": rows, "request": request}


def withdraw(request: HttpRequest, piece: Notice | Article) -> None:
    """Take a notice or page down as the person of the request."""
    actor, now = selectors.actor_of(request.user), clock.now()
    if isinstance(piece, Notice):
        services.withdraw_notice(notice_id=piece.pk, actor=actor, user=request.user, now=now)
    else:
        services.withdraw_article(article_id=piece.pk, actor=actor, user=request.user, now=now)


def _review_address(revision: Any) -> str:
    viewset = revision.content_type.model_class().snippet_viewset
    return reverse(viewset.get_url_name("review"), args=[revision.object_id])


def _facts(draft: Notice | Article) -> list[tuple[str, str]]:
    """Return what the approver must know of a submission beside its words."""
    shown = selectors.draft_as_shown(draft) if isinstance(draft, Notice) else articles.draft_as_shown(draft)
    names = [one if isinstance(one, str) else one.name for one in shown.place_names]
    facts = [("Gửi tới", ", ".join(names) or "Toàn địa bàn")]
    if isinstance(draft, Notice):
        facts.append(("Mức độ", rules.URGENCY_WORDS[rules.Urgency(draft.urgency)]))
    else:
        facts.append(("Loại bài", kinds.WORDS[kinds.Kind(draft.kind)]))
    if isinstance(draft, Article) and draft.original is not None:
        facts.append(("Dịch từ", draft.original.title))
    return facts


def told(draft: Notice | Article) -> accessibility.Told:
    """Return a draft's words as they are looked at for readers who see, read or hear badly."""
    return accessibility.Told(
        title=draft.title,
        summary=draft.summary,
        body=markup.clean(draft.body),
        picture_words=draft.image_alt if draft.image_id else None,
    )


def beside(draft: Notice | Article) -> list[str]:
    """Return what to mend in a page's tables and files."""
    if isinstance(draft, Notice):
        return []
    found = [
        f"Bảng “{one.caption}”: {fault.words}"
        for one in draft.tables.all()
        for fault in tables.faults(caption=one.caption, pasted=one.cells, row_heads=one.row_heads)
    ]
    for one in draft.files.all():
        if one.form == kinds.FileForm.PDF:
            found += [
                f"Tệp “{one.title}”: {words}" for words in pdfs.warnings(words=one.has_words, marked=one.is_marked)
            ]
    return found


def _number(given: str) -> int:
    return int(given) if given.isdigit() and len(given) < 12 else 0
