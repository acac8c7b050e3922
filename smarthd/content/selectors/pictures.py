"""Which picture files may be given to whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from smarthd.content import policies
from smarthd.content.models import Article, Notice, PictureRendition
from smarthd.kernel import errors
from smarthd.kernel.actor import Actor

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,200}")  # what Wagtail calls a size of a picture we named
_TYPES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


class PictureUnknown(errors.NotFound):
    """No such picture, or none this reader may see."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """An opened picture: ``file`` is closed by who sends it; ``public`` pictures may be kept by caches."""

    file: Any
    content_type: str
    size: int
    public: bool


def picture_file(name: str, actor: Actor, *, now: datetime) -> PictureFile:
    """Return one size of a picture: of a notice or page that is shown, to anyone; any other, to people of the editor only.

    Originals are never given out; raises PictureUnknown.
    """
    if not _NAME.fullmatch(name):
        raise PictureUnknown
    rendition = PictureRendition.objects.filter(file=f"noi-dung/anh/{name}").first()
    if rendition is None:
        raise PictureUnknown(name=name)
    readable = Q(expire_at=None) | Q(expire_at__gt=now)
    public = any(
        model._default_manager.filter(readable, image_id=rendition.image_id, live=True).exists()
        for model in (Notice, Article)
    )
    if not public and not policies.can_enter(actor):
        raise PictureUnknown(name=name)
    storage = rendition.file.storage
    if not storage.exists(rendition.file.name):
        raise PictureUnknown(name=name)
    content_type = _TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream")
    return PictureFile(
        file=storage.open(rendition.file.name), content_type=content_type, size=rendition.file.size, public=public
    )
