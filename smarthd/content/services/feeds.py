"""Taking over news an agency already publishes elsewhere: idempotent, named, withdrawn when the source withdraws it."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from wagtail.actions.unpublish import UnpublishAction

from smarthd.content import markup, policies, rules
from smarthd.content.models import Article, Feed, FeedItem
from smarthd.content.models.articles import PROXIES
from smarthd.content.rules import feeds, kinds
from smarthd.content.services.acting import acting
from smarthd.kernel import audit, ids, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require


@dataclass(frozen=True, slots=True)
class Taken:
    """What one taking did."""

    added: int = 0
    changed: int = 0
    withdrawn: int = 0


@transaction.atomic
def keep_feed(
    *,
    agency_id: int,
    dataset_key: str,
    name: str,
    policy: feeds.Policy,
    active: bool = True,
    actor: Actor,
    now: datetime,
) -> None:
    """Say that a dataset's items are an agency's news. Raises NotAllowed for who does not keep that agency's sections."""
    require(bool(actor.system) or agency_id in policies.sections_kept(actor))
    feed = Feed.objects.select_for_update().filter(dataset_key=dataset_key).first() or Feed(dataset_key=dataset_key)
    require(feed.agency_id in {None, agency_id})
    feed.agency_id, feed.name, feed.policy, feed.active = agency_id, text.nfc(name)[:160], policy, active
    feed.save()
    audit.record(actor, "content.feed_kept", feed, at=now, key=dataset_key, policy=str(policy), active=active)


@transaction.atomic
def take_feed(*, dataset_key: str, items: Iterable[feeds.Item], actor: Actor, now: datetime) -> Taken:
    """Bring an agency's news to what its feed shows now; the same items again change nothing. For the system alone."""
    require(bool(actor.system))
    feed = Feed.objects.select_for_update().filter(dataset_key=dataset_key, active=True).first()
    if feed is None:
        return Taken()
    present = feeds.readable(items)
    held = {item.key: item for item in feed.items.select_related("article")}
    added = sum(_add(feed, item, actor, now) for item in present if item.key not in held)
    changed = sum(_change(feed, held[item.key], item, actor, now) for item in present if item.key in held)
    missing = feeds.gone({key: one.at for key, one in held.items() if not one.gone}, present)
    withdrawn = sum(_withdraw(held[key], actor, now) for key in sorted(missing))
    feed.taken_at = now
    feed.save(update_fields=["taken_at"])
    return Taken(added, changed, withdrawn)


def _digest(item: feeds.Item) -> str:
    return hashlib.sha256("\x1f".join([item.title, item.summary, item.link]).encode()).hexdigest()


def _say(article: Article, feed: Feed, item: feeds.Item) -> None:
    words = text.nfc(" ".join(html.unescape(item.summary).split())) or text.nfc(item.title)
    article.title = text.nfc(html.unescape(item.title))[: rules.MAX_TITLE]
    article.summary = (
        words if len(words) <= rules.MAX_SUMMARY else f"{words[: rules.MAX_SUMMARY - 1].rsplit(' ', 1)[0]}…"
    )
    article.body = markup.clean(f"<p>{html.escape(words)}</p>")
    article.source, article.source_url = feed.name, item.link[:500]


def _add(feed: Feed, item: feeds.Item, actor: Actor, now: datetime) -> bool:
    article: Article = PROXIES[kinds.Kind.NEWS].begun(agency_id=feed.agency_id, live=False)
    _say(article, feed, item)
    article.slug = rules.notice_slug(article.title, ids.spoken_code(5))
    article.save()
    FeedItem.objects.create(feed=feed, key=item.key, at=item.at, digest=_digest(item), article_id=article.pk)
    revision = article.save_revision(clean=False)
    if feed.policy == feeds.Policy.AUTO:
        with acting(actor, now):
            revision.publish(skip_permission_checks=True)
        shown_from = min(item.at, now) if item.at else now
        Article.objects.filter(pk=article.pk).update(first_published_at=shown_from, last_published_at=now)
    audit.record(actor, "content.feed_item_taken", article, at=now, feed=feed.dataset_key)
    return True


def _change(feed: Feed, held: FeedItem, item: feeds.Item, actor: Actor, now: datetime) -> bool:
    """Follow what the feed changed or shows again; a page a person has since edited is left to that person."""
    if held.digest == _digest(item) and not held.gone:
        return False
    held.digest, held.gone, held.at = _digest(item), False, item.at
    held.save(update_fields=["digest", "gone", "at"])
    article = Article.objects.select_for_update().get(pk=held.article_id)
    if article.revisions.exclude(user=None).exists() or article.workflow_in_progress:
        return False
    draft = PROXIES[kinds.Kind.NEWS].objects.get(pk=article.pk)
    _say(draft, feed, item)
    revision = draft.save_revision(clean=False)
    if feed.policy == feeds.Policy.AUTO:
        with acting(actor, now):
            revision.publish(skip_permission_checks=True)
    return True


def _withdraw(held: FeedItem, actor: Actor, now: datetime) -> bool:
    held.gone = True
    held.save(update_fields=["gone"])
    article = Article.objects.select_for_update().get(pk=held.article_id)
    if not article.live:
        return False
    with acting(actor, now):
        UnpublishAction(article, user=None).execute(skip_permission_checks=True)
    return True
