"""What this context hears: what may be found changed."""

from __future__ import annotations

from smarthd.connectors import events as connectors
from smarthd.content import events as content
from smarthd.content.rules.kinds import NOTICE
from smarthd.content.selectors.searching import IDEA, SURVEY
from smarthd.finding.services import keeping, vocabulary
from smarthd.kernel.events import subscribe
from smarthd.places import events as places


@subscribe(content.NoticePublished)
def on_notice_published(event: content.NoticePublished) -> None:
    keeping.refresh_page(NOTICE, event.slug, now=event.at)


@subscribe(content.NoticeWithdrawn)
def on_notice_withdrawn(event: content.NoticeWithdrawn) -> None:
    keeping.refresh_page(NOTICE, event.slug, now=event.at)


@subscribe(content.ArticlePublished)
def on_article_published(event: content.ArticlePublished) -> None:
    keeping.refresh_page(event.kind, event.slug, now=event.at)


@subscribe(content.ArticleWithdrawn)
def on_article_withdrawn(event: content.ArticleWithdrawn) -> None:
    keeping.refresh_page(event.kind, event.slug, now=event.at)


@subscribe(content.IdeaPublished)
def on_idea_published(event: content.IdeaPublished) -> None:
    keeping.refresh_page(IDEA, event.code, now=event.at)


@subscribe(content.IdeaWithdrawn)
def on_idea_withdrawn(event: content.IdeaWithdrawn) -> None:
    keeping.refresh_page(IDEA, event.code, now=event.at)


@subscribe(content.SurveyOpened)
def on_survey_opened(event: content.SurveyOpened) -> None:
    keeping.refresh_page(SURVEY, event.slug, now=event.at)


@subscribe(content.SurveyClosed)
def on_survey_closed(event: content.SurveyClosed) -> None:
    keeping.refresh_page(SURVEY, event.slug, now=event.at)


@subscribe(connectors.DatasetPublished)
def on_dataset_published(event: connectors.DatasetPublished) -> None:
    keeping.refresh("datasets", now=event.at)


@subscribe(connectors.RowsFindable)
def on_rows_findable(event: connectors.RowsFindable) -> None:
    vocabulary.take_rows()


@subscribe(places.UnitEventApplied)
def on_units_changed(event: places.UnitEventApplied) -> None:
    keeping.ask("places")


@subscribe(places.UnitEventReverted)
def on_units_changed_back(event: places.UnitEventReverted) -> None:
    keeping.ask("places")
