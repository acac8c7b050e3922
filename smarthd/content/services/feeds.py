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
    """What one taking did; ``gone`` items were never shown, ``same`` ones the agency has already."""

    added: int = 0
    changed: int = 0
    withdrawn: int = 0
    gone: int = 0
    same: int = 0


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
    known = _Known.of(feed)
    new = [item for item in present if item.key not in held]
    fresh = [item for item in new if known.takes(item)]
    added = sum(_add(feed, item, actor, now) for item in fresh)
    changed = sum(_change(feed, held[item.key], item, actor, now) for item in present if item.key in held)
    missing = feeds.gone({key: one.at for key, one in held.items() if not one.gone}, present)
    withdrawn = sum(_withdraw(held[key], actor, now) for key in sorted(missing))
    feed.taken_at, feed.same = now, len(new) - len(fresh)
    feed.save(update_fields=["taken_at", "same"])
    return Taken(added, changed, withdrawn, len(missing) - withdrawn, feed.same)


@dataclass(slots=True)
class _Known:
    """What an agency has from its feeds: addresses and words."""

    addresses: set[str]
    words: set[str]

    @classmethod
    def of(cls, feed: Feed) -> _Known:
        """Return what the agency of a feed has and its sources still show."""
        rows = FeedItem.objects.filter(feed__agency_id=feed.agency_id, gone=False)
        told = list(rows.values_list("article__source_url", "words"))
        return cls({feeds.address_mark(link) for link, _ in told}, {words for _, words in told if words})

    def takes(self, item: feeds.Item) -> bool:
        """Say whether an item is new, and know it from now on."""
        address, words = feeds.address_mark(item.link), feeds.words_mark(item)
        if address in self.addresses or words in self.words:
            return False
        self.addresses.add(address)
        self.words.add(words)
        return True


def _digest(item: feeds.Item) -> str:
    return hashlib.sha256("\x1f".join([item.title, item.summary, item.link, *item.paragraphs]).encode()).hexdigest()


def _say(article: Article, feed: Feed, item: feeds.Item) -> None:
    words = text.nfc(" ".join(html.unescape(item.summary).split())) or text.nfc(item.title)
    article.title = text.nfc(html.unescape(item.title))[: rules.MAX_TITLE]
    article.summary = (
        words if len(words) <= rules.MAX_SUMMARY else f"{words[: rules.MAX_SUMMARY - 1].rsplit(' ', 1)[0]}…"
    )
    told = [text.nfc(html.unescape(one)) for one in item.paragraphs] or [words]
    article.body = markup.clean("".join(f"<p>{html.escape(one)}</p>" for one in told))
    article.source, article.source_url = feed.name, item.link[:500]


def _add(feed: Feed, item: feeds.Item, actor: Actor, now: datetime) -> bool:
    article: Article = PROXIES[kinds.Kind.NEWS].begun(agency_id=feed.agency_id, live=False)
    _say(article, feed, item)
    article.slug = rules.notice_slug(article.title, ids.spoken_code(5))
    article.save()
    FeedItem.objects.create(
        feed=feed,
        key=item.key,
        at=item.placed_at,
        digest=_digest(item),
        words=feeds.words_mark(item),
        article_id=article.pk,
    )
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
    held.digest, held.words, held.at = _digest(item), feeds.words_mark(item), item.placed_at
    held.gone, held.gone_at = False, None
    held.save(update_fields=["digest", "words", "at", "gone", "gone_at"])
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
    held.gone, held.gone_at = True, now
    held.save(update_fields=["gone", "gone_at"])
    article = Article.objects.select_for_update().get(pk=held.article_id)
    if not article.live:
        return False
    with acting(actor, now):
        UnpublishAction(article, user=None).execute(skip_permission_checks=True)
    return True
