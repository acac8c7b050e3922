"""Pages no person wrote in the editor (demonstration, taken from an agency's own feed), and translations begun from an original."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from smarthd.content import markup, policies, rules
from smarthd.content.models import Article, ArticlePlace
from smarthd.content.models.articles import PROXIES
from smarthd.content.rules import kinds
from smarthd.content.services import beside, publishable
from smarthd.content.services.acting import acting
from smarthd.kernel import audit, ids, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require


@dataclass(frozen=True, slots=True)
class NewArticle:
    """A page to publish; ``facts`` are columns of its kind (steps, number, starts_at …) by name."""

    kind: kinds.Kind
    title: str
    summary: str
    agency_id: int
    body: str = ""
    topic: kinds.Topic = kinds.Topic.GENERAL
    unit_ids: Sequence[int] = ()
    language: rules.Language = rules.Language.VI
    source: str = ""
    slug: str = ""
    sample: bool = False
    original_slug: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    files: Sequence[beside.NewFile] = ()
    tables: Sequence[beside.NewTable] = ()


@transaction.atomic
def publish_article(new: NewArticle, *, actor: Actor, now: datetime) -> str:
    """Publish a page by the system and return its slug; the same ``slug`` twice publishes once.

    Persons go through moderation. Raises NotAllowed, NoticeIncomplete, AudienceTooWide.
    """
    require(bool(actor.system))
    slug = new.slug or rules.notice_slug(new.title, ids.spoken_code(5))
    if Article.objects.filter(slug=slug).exists():
        return slug
    article = _row(new, slug=slug)
    publishable.require_publishable(article, now=now)
    article.save()
    with acting(actor, now):
        article.save_revision(clean=False).publish(skip_permission_checks=True)
    Article.objects.filter(pk=article.pk).update(first_published_at=now, last_published_at=now)
    return slug


def article_id(slug: str) -> int:
    """Return the id of the page of an address, for facts that name another page (``replaces_id``)."""
    return int(Article.objects.values_list("pk", flat=True).get(slug=slug))


def _row(new: NewArticle, *, slug: str) -> Article:
    original = Article.objects.get(slug=new.original_slug) if new.original_slug else None
    facts = {key: kinds.tidy(value) if isinstance(value, str) else value for key, value in new.facts.items()}
    article: Article = PROXIES[new.kind].begun(
        slug=slug,
        title=text.nfc(new.title),
        summary=text.nfc(new.summary),
        body=markup.clean(new.body),
        topic=new.topic,
        agency_id=new.agency_id,
        audience=rules.Audience.UNITS if new.unit_ids else rules.Audience.PROVINCE,
        language=new.language,
        source=text.nfc(new.source),
        sample=new.sample,
        original=original,
        original_revision=original.live_revision_id if original else None,
        live=False,
        **facts,
    )
    article.places = [ArticlePlace(unit_id=unit_id) for unit_id in dict.fromkeys(new.unit_ids)]
    article.files = [beside.file_row(one, position) for position, one in enumerate(new.files)]
    article.tables = [beside.table_row(one, position) for position, one in enumerate(new.tables)]
    return article


CARRIED = (
    "topic", "agency_id", "audience", "image_id", "service_level", "link", "number", "issued_on", "effective_on", "ended_on",
    "starts_at", "ends_at", "replaces_id", "expire_at",
)  # fmt: skip
"""What a translation takes over from its original: facts, not words."""


@transaction.atomic
def begin_translation(*, article_id: int, language: rules.Language, actor: Actor, user: Any, now: datetime) -> Article:
    """Return the draft of a translation, making it with the original's facts and no words; once a language.

    Raises NotAllowed, and NoticeMovedOn where the original was never published, is itself a translation, or is in that language.
    """
    original = Article.objects.select_for_update().get(pk=article_id)
    require(policies.can_write(actor, original))
    if original.original_id is not None or original.language == language or original.live_revision_id is None:
        raise rules.NoticeMovedOn(slug=original.slug)
    held = Article.objects.filter(original=original, language=language).first()
    if held is not None:
        return held
    draft: Article = PROXIES[kinds.Kind(original.kind)].begun(
        slug=rules.notice_slug(f"{original.title} {language}", ids.spoken_code(5)),
        language=language,
        original=original,
        original_revision=original.live_revision_id,
        live=False,
        **{name: getattr(original, name) for name in CARRIED},
    )
    draft.places = [ArticlePlace(unit_id=place.unit_id) for place in original.places.all()]
    draft.save()
    draft.save_revision(user=user, clean=False)
    audit.record(actor, "content.translation_begun", draft, at=now, language=str(language))
    return draft


@transaction.atomic
def confirm_checked(*, article_id: int, actor: Actor, now: datetime, day: Any) -> None:
    """Write down that the owner looked at a page today and found it right; its words do not change."""
    article = Article.objects.select_for_update().get(pk=article_id)
    require(policies.can_write(actor, article) or article.agency_id in policies.sections_kept(actor))
    article.checked_on = day
    article.save(update_fields=["checked_on"])
    audit.record(actor, "content.article_checked", article, at=now)
