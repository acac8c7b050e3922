"""Reads the editor needs: who acts, who wrote, what waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import TaskState

from smarthd.agencies import selectors as agencies
from smarthd.content import policies
from smarthd.content.models import Article, Notice
from smarthd.content.rules import flows
from smarthd.content.selectors.notices import NoticeShown, shown
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.people import selectors as people


def editor_actor(session: Mapping[str, Any], account_id: int, *, now: datetime) -> Actor:
    """Return who acts in a session, with roles as of ``now`` and whether this session passed a second factor."""
    second_factor = people.passed_second_factor(session, account_id)
    return agencies.actor_for(account_id, now, second_factor=second_factor)


def actor_of(user: Any) -> Actor:
    """Return who acts behind a user object of Wagtail's.

    The editor's gate (``editor.gate``) puts the actor of the request, with roles and second factor, on the user; a user
    who came another way has no role here.
    """
    actor: Actor = getattr(user, "content_actor", None) or Actor(account_id=user.pk)
    return actor


def authors_of(piece: Notice | Article) -> frozenset[int]:
    """Return the accounts that had a hand in what is not yet published.

    Revisions since the live one, who submitted, and who has taken an earlier step of this approval: each step is another person's.
    """
    revisions = piece.revisions.all()
    if piece.live_revision_id:
        revisions = revisions.filter(id__gt=piece.live_revision_id)
    hands = set(revisions.exclude(user=None).values_list("user_id", flat=True))
    state = piece.current_workflow_state
    if state is not None:
        hands.add(state.requested_by_id)
        done = state.task_states.filter(status=TaskState.STATUS_APPROVED, revision_id=piece.latest_revision_id)
        hands |= set(done.values_list("finished_by_id", flat=True))
    return frozenset(hands - {None})


def submissions_waiting_for(user: Any) -> list[int]:
    """Return the ids of moderation steps that this user may decide now."""
    return _waiting(actor_of(user))


def waiting_count(actor: Actor) -> int:
    """Return how many submissions this actor may decide now."""
    return len(_waiting(actor))


def _waiting(actor: Actor) -> list[int]:
    seen = actor.agencies_as(*policies.APPROVERS)
    if not seen or not actor.second_factor:
        return []
    found: list[int] = []
    kinds = {ContentType.objects.get_for_model(model).pk: model for model in (Notice, Article)}
    steps = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS, workflow_state__base_content_type__in=list(kinds)
    ).values_list(
        "workflow_state__base_content_type", "pk", "workflow_state__object_id", "task__anothereditorapproves__part"
    )
    asked = list(steps)
    for kind, model in kinds.items():
        by_piece = {int(piece): (pk, part or flows.Part.BOTH) for of_kind, pk, piece, part in asked if of_kind == kind}
        for piece in model._default_manager.filter(pk__in=by_piece, agency_id__in=seen):
            pk, part = by_piece[piece.pk]
            if policies.can_approve(actor, piece, author_ids=authors_of(piece), part=part):
                found.append(pk)
    return found


def draft_as_shown(draft: Notice) -> NoticeShown:
    """Return a draft as the citizen would see it: the value behind "Người dân sẽ thấy"."""
    return shown(draft, now=clock.now(), preview=True)
