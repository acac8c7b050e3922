"""Writes of notices, of pages and of the directory."""

from __future__ import annotations

from smarthd.content.services.acting import Act, present_act
from smarthd.content.services.articles import (
    NewArticle,
    article_id,
    begin_translation,
    confirm_checked,
    publish_article,
)
from smarthd.content.services.beside import NewFile, NewTable
from smarthd.content.services.directory import confirm_entries, keep_contact, keep_tile, upsert_hotline
from smarthd.content.services.flows import decide_on_notice, moderation, workflow_of
from smarthd.content.services.notices import (
    publish_due,
    publish_notice,
    record_publication,
    record_withdrawal,
    withdraw_article,
    withdraw_notice,
)
from smarthd.content.services.publishable import check_audience

__all__ = [
    "Act",
    "NewArticle",
    "NewFile",
    "NewTable",
    "article_id",
    "begin_translation",
    "check_audience",
    "confirm_checked",
    "confirm_entries",
    "decide_on_notice",
    "keep_contact",
    "keep_tile",
    "moderation",
    "present_act",
    "publish_article",
    "publish_due",
    "publish_notice",
    "record_publication",
    "record_withdrawal",
    "upsert_hotline",
    "withdraw_article",
    "withdraw_notice",
    "workflow_of",
]
