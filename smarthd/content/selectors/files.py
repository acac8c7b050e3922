"""Which files beside pages may be given to whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from smarthd.content import policies
from smarthd.content.models import ArticleFile
from smarthd.content.rules import kinds
from smarthd.content.selectors.articles import readable
from smarthd.kernel import errors, files
from smarthd.kernel.actor import Actor

_NAME = re.compile(r"([0-9a-f]{16})\.(mp4|pdf)")


class FileUnknown(errors.NotFound):
    """No such file, or none this reader may have."""


@dataclass(frozen=True, slots=True)
class FileFound:
    """Where a file lies; ``public`` ones may be kept by caches."""

    path: Path
    content_type: str
    title: str
    public: bool


def captions_of(article_uid: UUID, mark: str, actor: Actor, *, now: datetime) -> tuple[str, bool]:
    """Return a video's captions as WebVTT and whether caches may keep them; who may have the video may have them. Raises FileUnknown."""
    held, public = _held(article_uid, mark, actor, now=now)
    if not held.captions:
        raise FileUnknown(name=mark)
    return held.captions, public


def _held(article_uid: UUID, mark: str, actor: Actor, *, now: datetime) -> tuple[ArticleFile, bool]:
    found = (
        ArticleFile.objects.filter(article__uid=article_uid, sha256__startswith=mark).select_related("article").first()
    )
    if found is None:
        raise FileUnknown(name=mark)
    public = readable(now).filter(pk=found.article_id).exists()
    if not public and not policies.can_see(actor, found.article):
        raise FileUnknown(name=mark)
    return found, public


def file_of(article_uid: UUID, name: str, actor: Actor, *, now: datetime) -> FileFound:
    """Return a file of a page that is shown, to anyone; of any other, to people of its agency's editors. Raises FileUnknown."""
    asked = _NAME.fullmatch(name)
    if asked is None:
        raise FileUnknown(name=name[:40])
    found, public = _held(article_uid, asked[1], actor, now=now)
    path = files.kept_path(found.sha256)
    if not path.exists():
        raise FileUnknown(name=name)
    return FileFound(path, kinds.FILE_TYPES[kinds.FileForm(found.form)], found.title, public)
