"""Facts the content context announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class NoticePublished:
    """A notice, or a new version of it, can be read from now on."""

    notice_uid: UUID
    slug: str
    urgency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoticeWithdrawn:
    """A notice can no longer be read: taken down by a person, or past its hour (``expired``)."""

    notice_uid: UUID
    slug: str
    expired: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class ArticlePublished:
    """A page of a kind (rules.kinds), or a new version of it, can be read from now on."""

    article_uid: UUID
    kind: str
    slug: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ArticleWithdrawn:
    """A page can no longer be read: taken down by a person, or past its hour (``expired``)."""

    article_uid: UUID
    kind: str
    slug: str
    expired: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class SurveyOpened:
    """A survey asks from its hour on."""

    survey_uid: UUID
    slug: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SurveyClosed:
    """A survey was ended by a person; one that is over by its hour announces nothing."""

    survey_uid: UUID
    slug: str
    at: datetime


@dataclass(frozen=True, slots=True)
class IdeaPublished:
    """An idea, or a changed state of it, can be read from now on."""

    idea_uid: UUID
    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class IdeaWithdrawn:
    """An idea can no longer be read: hidden, withdrawn by its author, or joined to another (``into``, a code)."""

    idea_uid: UUID
    code: str
    into: str
    at: datetime
