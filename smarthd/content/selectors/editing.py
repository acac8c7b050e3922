"""Reads the editor needs: who acts, who wrote, what waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import TaskState

from smarthd.agencies import selectors as agencies
from smarthd.content import policies
from smarthd.content.models import Notice
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


def authors_of(notice: Notice) -> frozenset[int]:
    """Return the accounts that had a hand in what is not yet published: revisions since the live one, and who submitted."""
    revisions = notice.revisions.all()
    if notice.live_revision_id:
        revisions = revisions.filter(id__gt=notice.live_revision_id)
    hands = set(revisions.exclude(user=None).values_list("user_id", flat=True))
    state = notice.current_workflow_state
    if state is not None and state.requested_by_id:
        hands.add(state.requested_by_id)
    return frozenset(hands)


def submissions_waiting_for(user: Any) -> list[int]:
    """Return the ids of moderation steps that this user may decide now."""
    actor = actor_of(user)
    agencies = actor.agencies_as(*policies.APPROVERS)
    if not agencies or not actor.second_factor:
        return []
    kind = ContentType.objects.get_for_model(Notice)
    states = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS, workflow_state__base_content_type=kind
    ).values_list("pk", "workflow_state__object_id")
    by_notice = {int(object_id): pk for pk, object_id in states}
    notices = Notice.objects.filter(pk__in=by_notice, agency_id__in=agencies)
    return [
        by_notice[notice.pk] for notice in notices if policies.can_approve(actor, notice, author_ids=authors_of(notice))
    ]


def draft_as_shown(draft: Notice) -> NoticeShown:
    """Return a draft as the citizen would see it: the value behind "Người dân sẽ thấy"."""
    return shown(draft, now=clock.now(), preview=True)
