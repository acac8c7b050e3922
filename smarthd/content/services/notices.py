"""Publishing notices: by two persons in the editor, or by the system where no person writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import Revision, TaskState, Workflow, WorkflowContentType, WorkflowTask

from smarthd.agencies import selectors as agencies
from smarthd.content import events as facts
from smarthd.content import markup, policies, rules, selectors
from smarthd.content.models import AnotherEditorApproves, Notice, NoticePlace
from smarthd.content.services.acting import acting
from smarthd.kernel import audit, clock, errors, events, ids, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.places import selectors as places


# --- by two persons --------------------------------------------------------------------------------------------------
@transaction.atomic
def moderation() -> Workflow:
    """Return the one workflow of notices, making it on first use: a single step, another person's approval."""
    kind = ContentType.objects.get_for_model(Notice)
    held = WorkflowContentType.objects.filter(content_type=kind).select_related("workflow").first()
    if held is not None:
        return held.workflow
    workflow = Workflow.objects.create(name="Duyệt thông báo")
    task = AnotherEditorApproves.objects.create(name="Người khác trong cơ quan duyệt")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowContentType.objects.create(content_type=kind, workflow=workflow)
    return workflow


@transaction.atomic
def decide_on_notice(
    *, task_state: TaskState, user: Any, actor: Actor, action: str, comment: str, now: datetime
) -> None:
    """Approve what was submitted, which publishes or schedules it, or send it back with a reason.

    Raises NotAllowed, OwnNoticeApproval, NoticeMovedOn (decided or changed meanwhile), NoticeIncomplete, AudienceTooWide.
    """
    state = TaskState.objects.select_for_update(of=("self",)).get(pk=task_state.pk).specific
    notice = state.workflow_state.content_object
    if state.status != TaskState.STATUS_IN_PROGRESS or state.revision_id != notice.latest_revision_id:
        raise rules.NoticeMovedOn(slug=notice.slug)
    author_ids = selectors.authors_of(notice)
    if actor.account_id in author_ids and notice.agency_id in actor.agencies_as(*policies.APPROVERS):
        raise rules.OwnNoticeApproval(slug=notice.slug)
    require(policies.can_approve(actor, notice, author_ids=author_ids))
    if action == "approve":
        _require_publishable(state.revision.as_object(), now=now)
    elif not comment.strip():
        raise rules.NoticeIncomplete(fields={"comment": "missing"})
    with acting(actor, now):
        state.task.specific.apply_decision(state, user, action, text.nfc(comment))
    audit.record(actor, f"content.notice_{_DECIDED[action]}", notice, at=now, revision=state.revision_id)


_DECIDED = {"approve": "approved", "reject": "sent_back"}


@transaction.atomic
def withdraw_notice(*, notice_id: int, actor: Actor, user: Any, now: datetime) -> None:
    """Take a notice down at once; its page then says that it was withdrawn."""
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    require(policies.can_withdraw(actor, notice))
    if not notice.live:
        raise rules.NoticeMovedOn(slug=notice.slug)
    with acting(actor, now):
        UnpublishAction(notice, user=user).execute(skip_permission_checks=True)  # policies have answered


# --- by the system ---------------------------------------------------------------------------------------------------
@transaction.atomic
def publish_notice(
    *,
    title: str,
    summary: str,
    body: str,
    agency_id: int,
    unit_ids: Sequence[int] = (),
    urgency: rules.Urgency = rules.Urgency.NORMAL,
    language: rules.Language = rules.Language.VI,
    source: str = "",
    expire_at: datetime | None = None,
    slug: str = "",
    sample: bool = False,
    actor: Actor,
    now: datetime,
) -> str:
    """Publish a notice that no person wrote in the editor and return its slug; without units it is for everyone.

    For the system alone (demonstration data, later connectors): persons go through moderation. The same ``slug`` twice
    publishes once. Raises NotAllowed, NoticeIncomplete, AudienceTooWide.
    """
    require(bool(actor.system))
    slug = slug or rules.notice_slug(title, ids.spoken_code(5))
    if Notice.objects.filter(slug=slug).exists():
        return slug
    notice = Notice(
        slug=slug,
        title=text.nfc(title),
        summary=text.nfc(summary),
        body=markup.clean(body),
        agency_id=agency_id,
        audience=rules.Audience.UNITS if unit_ids else rules.Audience.PROVINCE,
        urgency=urgency,
        language=language,
        source=text.nfc(source),
        expire_at=expire_at,
        sample=sample,
        live=False,
    )
    notice.places = [NoticePlace(unit_id=unit_id) for unit_id in dict.fromkeys(unit_ids)]
    _require_publishable(notice, now=now)
    notice.save()
    with acting(actor, now):
        notice.save_revision(clean=False).publish(skip_permission_checks=True)
    Notice.objects.filter(pk=notice.pk).update(first_published_at=now, last_published_at=now)
    return slug


def publish_due(*, now: datetime) -> tuple[int, int]:
    """Take down what is past its hour and publish what was approved for this one; returns how many of each.

    Wagtail's own ``publish_scheduled`` command does the same by the machine's clock; this goes by ours.
    """
    expired = Notice.objects.filter(live=True, expire_at__lte=now).values_list("pk", flat=True)
    due = Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Notice), approved_go_live_at__lte=now
    ).order_by("approved_go_live_at")
    taken_down = sum(_expire(notice_id, now) for notice_id in expired)
    published = sum(_publish_approved(revision_id, now) for revision_id in list(due.values_list("pk", flat=True)))
    return taken_down, published


@transaction.atomic
def _expire(notice_id: int, now: datetime) -> bool:
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    if not notice.live or notice.expire_at is None or notice.expire_at > now:
        return False
    notice.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return True


@transaction.atomic
def _publish_approved(revision_id: int, now: datetime) -> bool:
    revision = Revision.objects.select_for_update(of=("self",)).get(pk=revision_id)
    if revision.approved_go_live_at is None or revision.approved_go_live_at > now:
        return False
    revision.publish(log_action="wagtail.publish.scheduled", skip_permission_checks=True)
    return True


# --- what Wagtail tells us -------------------------------------------------------------------------------------------
def record_publication(*, notice: Notice, actor: Actor, now: datetime) -> None:
    """Write down and announce that a notice can be read, or write down that it is scheduled."""
    if not notice.live:
        audit.record(actor, "content.notice_scheduled", notice, at=now)
        return
    audit.record(actor, "content.notice_published", notice, at=now, revision=notice.live_revision_id)
    events.announce(facts.NoticePublished(notice_uid=notice.uid, slug=notice.slug, urgency=notice.urgency, at=now))


def record_withdrawal(*, notice: Notice, actor: Actor, now: datetime) -> None:
    """Write down and announce that a notice can no longer be read."""
    audit.record(actor, "content.notice_withdrawn", notice, at=now, expired=notice.expired)
    events.announce(facts.NoticeWithdrawn(notice_uid=notice.uid, slug=notice.slug, expired=notice.expired, at=now))


# --- checks ----------------------------------------------------------------------------------------------------------
def check_audience(*, agency_id: int, audience: str, unit_ids: Sequence[int], now: datetime) -> None:
    """Refuse an audience outside the agency's own unit (AudienceTooWide); a provincial agency speaks to anyone."""
    on = clock.day_of(now)
    home_id = agencies.agency_view(agency_id, on).place_id
    if home_id is None:
        return
    homes = places.views([home_id], on)
    home_is_province = home_id in homes and homes[home_id].level == "province"
    if audience == rules.Audience.PROVINCE and not home_is_province:
        raise rules.AudienceTooWide(places=[])
    paths = {unit_id: frozenset(view.id for view in places.path(unit_id, on)) for unit_id in unit_ids}
    outside = rules.within_reach(home_id=home_id, home_is_province=home_is_province, paths=paths)
    if outside:
        names = places.views(sorted(outside), on)
        raise rules.AudienceTooWide(places=[view.full_name for view in names.values()])


def _require_publishable(notice: Notice, *, now: datetime) -> None:
    unit_ids = tuple(place.unit_id for place in notice.places.all())
    found = rules.faults(
        rules.Draft(
            title=notice.title,
            summary=notice.summary,
            words=markup.plain(markup.clean(notice.body)),
            audience=notice.audience,
            place_ids=unit_ids,
            has_picture=notice.image_id is not None,
            picture_words=notice.image_alt,
            go_live_at=notice.go_live_at,
            expire_at=notice.expire_at,
        ),
        now=now,
    )
    if found:
        raise rules.NoticeIncomplete(fields=found)
    try:
        check_audience(agency_id=notice.agency_id, audience=notice.audience, unit_ids=unit_ids, now=now)
    except errors.NotFound:
        raise rules.NoticeIncomplete(fields={"agency": "gone"}) from None
