"""Publishing notices where no person writes; taking notices and pages down; what is due by the hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import Revision

from smarthd.content import events as facts
from smarthd.content import markup, policies, rules
from smarthd.content.models import Article, Notice, NoticePlace
from smarthd.content.services import publishable
from smarthd.content.services.acting import acting
from smarthd.content.services.flows import Piece, noun
from smarthd.kernel import audit, events, ids, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require


# --- by persons ------------------------------------------------------------------------------------------------------
@transaction.atomic
def withdraw_notice(*, notice_id: int, actor: Actor, user: Any, now: datetime) -> None:
    """Take a notice down at once; its page then says that it was withdrawn."""
    _withdraw(Notice.objects.select_for_update().get(pk=notice_id), actor=actor, user=user, now=now)


@transaction.atomic
def withdraw_article(*, article_id: int, actor: Actor, user: Any, now: datetime) -> None:
    """Take a page down at once; its address then says that it was withdrawn."""
    _withdraw(Article.objects.select_for_update().get(pk=article_id), actor=actor, user=user, now=now)


def _withdraw(piece: Piece, *, actor: Actor, user: Any, now: datetime) -> None:
    require(policies.can_withdraw(actor, piece))
    if not piece.live:
        raise rules.NoticeMovedOn(slug=piece.slug)
    with acting(actor, now):
        UnpublishAction(piece, user=user).execute(skip_permission_checks=True)  # policies have answered


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
    publishable.require_publishable(notice, now=now)
    notice.save()
    with acting(actor, now):
        notice.save_revision(clean=False).publish(skip_permission_checks=True)
    Notice.objects.filter(pk=notice.pk).update(first_published_at=now, last_published_at=now)
    return slug


def publish_due(*, now: datetime) -> tuple[int, int]:
    """Take down what is past its hour and publish what was approved for this one; returns how many of each.

    Wagtail's own ``publish_scheduled`` command does the same by the machine's clock; this goes by ours.
    """
    expired = [
        (model, key)
        for model in (Notice, Article)
        for key in model._default_manager.filter(live=True, expire_at__lte=now).values_list("pk", flat=True)
    ]
    kinds_of_piece = ContentType.objects.get_for_models(Notice, Article).values()
    due = Revision.objects.filter(base_content_type__in=kinds_of_piece, approved_go_live_at__lte=now).order_by(
        "approved_go_live_at"
    )
    taken_down = sum(_expire(model, key, now) for model, key in expired)
    published = sum(_publish_approved(revision_id, now) for revision_id in list(due.values_list("pk", flat=True)))
    return taken_down, published


@transaction.atomic
def _expire(model: type[Notice | Article], piece_id: int, now: datetime) -> bool:
    piece: Piece = model._default_manager.select_for_update().get(pk=piece_id)
    if not piece.live or piece.expire_at is None or piece.expire_at > now:
        return False
    piece.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return True


@transaction.atomic
def _publish_approved(revision_id: int, now: datetime) -> bool:
    revision = Revision.objects.select_for_update(of=("self",)).get(pk=revision_id)
    if revision.approved_go_live_at is None or revision.approved_go_live_at > now:
        return False
    revision.publish(log_action="wagtail.publish.scheduled", skip_permission_checks=True)
    return True


# --- what Wagtail tells us -------------------------------------------------------------------------------------------
def record_publication(*, piece: Piece, actor: Actor, now: datetime) -> None:
    """Write down and announce that a piece can be read, or write down that it is scheduled."""
    if not piece.live:
        audit.record(actor, f"content.{noun(piece)}_scheduled", piece, at=now)
        return
    audit.record(actor, f"content.{noun(piece)}_published", piece, at=now, revision=piece.live_revision_id)
    if isinstance(piece, Article):
        words = f"{piece.number} {piece.title} {piece.summary} {piece.steps} {piece.papers} {markup.plain(markup.clean(piece.body))}"
        words += " ".join(f" {table.caption} {table.cells}" for table in piece.tables.all())
        Article.objects.filter(pk=piece.pk).update(folded=text.fold(words))
        events.announce(facts.ArticlePublished(article_uid=piece.uid, kind=piece.kind, slug=piece.slug, at=now))
    else:
        events.announce(facts.NoticePublished(notice_uid=piece.uid, slug=piece.slug, urgency=piece.urgency, at=now))


def record_withdrawal(*, piece: Piece, actor: Actor, now: datetime) -> None:
    """Write down and announce that a piece can no longer be read."""
    audit.record(actor, f"content.{noun(piece)}_withdrawn", piece, at=now, expired=piece.expired)
    if isinstance(piece, Article):
        gone = facts.ArticleWithdrawn(
            article_uid=piece.uid, kind=piece.kind, slug=piece.slug, expired=piece.expired, at=now
        )
        events.announce(gone)
    else:
        events.announce(facts.NoticeWithdrawn(notice_uid=piece.uid, slug=piece.slug, expired=piece.expired, at=now))
