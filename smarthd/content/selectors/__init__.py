"""Reads of notices and of the directory."""

from __future__ import annotations

from smarthd.content.selectors.directory import HotlineView, NumberView, hotlines_for, search_hotlines
from smarthd.content.selectors.editing import (
    actor_of,
    authors_of,
    draft_as_shown,
    editor_actor,
    submissions_waiting_for,
    waiting_count,
)
from smarthd.content.selectors.notices import (
    NoticeCard,
    NoticeShown,
    NoticeUnknown,
    notice,
    notices_for,
    notices_page,
)
from smarthd.content.selectors.pictures import PictureFile, PictureUnknown, picture_file
from smarthd.content.selectors.pieces import PictureView
from smarthd.content.selectors.searching import Document, search_documents
from smarthd.content.selectors.versions import forget_version, version

__all__ = [
    "Document",
    "HotlineView",
    "NoticeCard",
    "NoticeShown",
    "NoticeUnknown",
    "NumberView",
    "PictureFile",
    "PictureUnknown",
    "PictureView",
    "actor_of",
    "authors_of",
    "draft_as_shown",
    "editor_actor",
    "forget_version",
    "hotlines_for",
    "notice",
    "notices_for",
    "notices_page",
    "picture_file",
    "search_documents",
    "search_hotlines",
    "submissions_waiting_for",
    "version",
    "waiting_count",
]
