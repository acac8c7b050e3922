"""Ways of approval: which of them an agency uses for a kind of page, and taking their steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from wagtail.models import TaskState, Workflow, WorkflowTask

from smarthd.content import policies, rules, selectors
from smarthd.content.models import AnotherEditorApproves, Article, Notice, Section
from smarthd.content.rules import flows, kinds
from smarthd.content.services import publishable
from smarthd.content.services.acting import acting
from smarthd.kernel import audit, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require

Piece = Notice | Article
_DECIDED = {"approve": "approved", "reject": "sent_back"}
_LOCK = 0x636F6E74  # one making of workflows at a time


def noun(piece: Piece) -> str:
    """Return what the audit trail calls a piece."""
    return "notice" if isinstance(piece, Notice) else "article"


def moderation() -> Workflow:
    """Return the way of one step, another person's approval."""
    return _flow(flows.ONE_STEP)


def workflow_of(piece: Piece) -> Workflow:
    """Return the way of approval the piece's agency has chosen for its kind; one step where it has chosen none."""
    kind = kinds.NOTICE if isinstance(piece, Notice) else piece.kind
    two = Section.objects.filter(agency_id=piece.agency_id, kind=kind, two_steps=True).exists()
    return _flow(flows.TWO_STEPS if two else flows.ONE_STEP)


@transaction.atomic
def _flow(parts: Sequence[flows.Part]) -> Workflow:
    name = flows.FLOW_NAMES[tuple(parts)]
    held = Workflow.objects.filter(name=name, active=True).order_by("pk").first()
    if held is not None:
        return held
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    held = Workflow.objects.filter(name=name, active=True).order_by("pk").first()
    if held is not None:
        return held
    workflow = Workflow.objects.create(name=name)
    for order, part in enumerate(parts):
        task = AnotherEditorApproves.objects.create(name=flows.STEP_NAMES[part], part=part)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    return workflow


@transaction.atomic
def decide_on_notice(
    *, task_state: TaskState, user: Any, actor: Actor, action: str, comment: str, now: datetime
) -> None:
    """Approve what was submitted, which hands it on, publishes or schedules it, or send it back with a reason.

    Raises NotAllowed, OwnNoticeApproval, NoticeMovedOn (decided or changed meanwhile), NoticeIncomplete, AudienceTooWide.
    """
    state = TaskState.objects.select_for_update(of=("self",)).get(pk=task_state.pk).specific
    piece = state.workflow_state.content_object
    if state.status != TaskState.STATUS_IN_PROGRESS or state.revision_id != piece.latest_revision_id:
        raise rules.NoticeMovedOn(slug=piece.slug)
    part = flows.Part(state.task.specific.part)
    author_ids = selectors.authors_of(piece)
    if actor.account_id in author_ids and piece.agency_id in actor.agencies_as(*policies.APPROVERS):
        raise rules.OwnNoticeApproval(slug=piece.slug)
    require(policies.can_approve(actor, piece, author_ids=author_ids, part=part))
    if action == "approve":
        publishable.require_publishable(state.revision.as_object(), now=now)
    elif not comment.strip():
        raise rules.NoticeIncomplete(fields={"comment": "missing"})
    with acting(actor, now):
        state.task.specific.apply_decision(state, user, action, text.nfc(comment))
    decided = "reviewed" if action == "approve" and part is flows.Part.REVIEW else _DECIDED[action]
    audit.record(actor, f"content.{noun(piece)}_{decided}", piece, at=now, revision=state.revision_id)
