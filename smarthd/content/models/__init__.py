"""Tables of the content context."""

from __future__ import annotations

from smarthd.content.models.articles import Article, ArticleFile, ArticlePlace, ArticleTable
from smarthd.content.models.feeds import Feed, FeedItem
from smarthd.content.models.hotlines import Hotline, HotlineNumber
from smarthd.content.models.ideas import Idea, IdeaPicture, IdeaRound, IdeaStep, IdeaSupport
from smarthd.content.models.notices import Notice, NoticePlace
from smarthd.content.models.opinions import OpinionGroup
from smarthd.content.models.pictures import Picture, PictureRendition
from smarthd.content.models.sections import Contact, Section, Tile
from smarthd.content.models.surveys import Survey
from smarthd.content.models.version import ContentVersion
from smarthd.content.models.workflow import AnotherEditorApproves

__all__ = [
    "AnotherEditorApproves",
    "Article",
    "ArticleFile",
    "ArticlePlace",
    "ArticleTable",
    "Contact",
    "ContentVersion",
    "Feed",
    "FeedItem",
    "Hotline",
    "HotlineNumber",
    "Idea",
    "IdeaPicture",
    "IdeaRound",
    "IdeaStep",
    "IdeaSupport",
    "Notice",
    "NoticePlace",
    "OpinionGroup",
    "Picture",
    "PictureRendition",
    "Section",
    "Survey",
    "Tile",
]
