"""Moderation: another person of the agency, with the right to approve, looks before citizens do."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import QuerySet
from wagtail.models import Task, TaskState

from smarthd.content.rules import flows


class AnotherEditorApproves(Task):
    """One step of Wagtail's workflow. Who may approve is asked of ``policies`` each time, never stored."""

    part = models.CharField(max_length=8, choices=[(part, part) for part in flows.Part], default=flows.Part.BOTH)

    class Meta:
        verbose_name = "người khác trong cơ quan duyệt"
        verbose_name_plural = "người khác trong cơ quan duyệt"
        default_permissions = ()

    @classmethod
    def get_description(cls) -> str:
        """Return the sentence shown beside the task."""
        return "Người duyệt thuộc cơ quan đăng, không phải người viết hay người trình"

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """Let approvers read the draft they are asked about."""
        return _may_approve(obj, user, self.part)

    def locked_for_user(self, _obj: Any, _user: Any) -> bool:
        """Lock the words for everyone while someone decides: what is published is what was submitted."""
        return True

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """Return what this user may do now: approve, or send back with a reason."""
        if not _may_approve(obj, user, self.part):
            return []
        return [("reject", "Trả lại để sửa", True), ("approve", flows.APPROVE_WORDS[flows.Part(self.part)], False)]

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Check again at the act itself, under the lock of the moderation row."""
        from smarthd.content import selectors, services  # both read the models
        from smarthd.kernel import clock

        services.decide_on_notice(
            task_state=task_state,
            user=user,
            actor=selectors.actor_of(user),
            action=action_name,
            comment=kwargs.get("comment", ""),
            now=clock.now(),
        )

    def apply_decision(self, task_state: Any, user: Any, action_name: str, comment: str) -> None:
        """Do what Wagtail does with a decision."""
        super().on_action(task_state, user, action_name, comment=comment)

    def get_task_states_user_can_moderate(self, user: Any, **_kwargs: Any) -> QuerySet[Any]:
        """Return the submissions that wait for this user."""
        from smarthd.content import selectors

        waiting: QuerySet[Any] = TaskState.objects.filter(
            task=self, status=TaskState.STATUS_IN_PROGRESS, pk__in=selectors.submissions_waiting_for(user)
        )
        return waiting


def _may_approve(obj: Any, user: Any, part: str) -> bool:
    from smarthd.content import policies, selectors

    return policies.can_approve(selectors.actor_of(user), obj, author_ids=selectors.authors_of(obj), part=part)
