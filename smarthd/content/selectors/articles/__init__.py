"""Pages of the kinds (rules.kinds) as citizens see them: lists with filters (lists), one page and its files (shown)."""

from smarthd.content.selectors.articles.lists import (
    ArticleCard,
    Wanted,
    agencies_with,
    counts,
    newest,
    of_unit,
    page,
    readable,
)
from smarthd.content.selectors.articles.shown import (
    ArticleShown,
    ArticleUnknown,
    FileView,
    Linked,
    PlaceNamed,
    TableView,
    article,
    draft_as_shown,
    shown,
)

__all__ = [
    "ArticleCard",
    "ArticleShown",
    "ArticleUnknown",
    "FileView",
    "Linked",
    "PlaceNamed",
    "TableView",
    "Wanted",
    "agencies_with",
    "article",
    "counts",
    "draft_as_shown",
    "newest",
    "of_unit",
    "page",
    "readable",
    "shown",
]
