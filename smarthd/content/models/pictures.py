"""Pictures in notices: re-encoded when they come in, so that no metadata and no surprise is ever kept."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from wagtail.images.models import AbstractImage, AbstractRendition

from smarthd.kernel.ids import uuid7


class Picture(AbstractImage):
    """An uploaded picture; ``file`` is our own encoding of what was sent (see ``pictures.reencode``)."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    admin_form_fields = ("title", "file")
    personal_data: ClassVar[tuple[str, ...]] = ("uploaded_by_user",)

    class Meta(AbstractImage.Meta):
        verbose_name = "ảnh"
        verbose_name_plural = "ảnh"

    def get_upload_to(self, filename: str) -> str:
        """Return where the original is kept; the name a sender's machine gave is not."""
        return f"noi-dung/goc/{self.uid.hex}{_suffix(filename)}"


class PictureRendition(AbstractRendition):
    """One size of a picture, made on first use."""

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="content_rendition_once_a_size"
            )
        ]

    def get_upload_to(self, filename: str) -> str:
        """Return where this size is kept; the part before the dot is enough to find it again."""
        return f"noi-dung/anh/{filename.lower()}"


def _suffix(filename: str) -> str:
    return "." + filename.rsplit(".", 1)[-1].lower() if "." in filename else ""
