"""The directory of numbers to call."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from smarthd.content import rules
from smarthd.kernel.ids import uuid7


class Hotline(ClusterableModel):
    """One place to call. Without a unit it answers for the whole province."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    key = models.SlugField(max_length=80, unique=True, editable=False)
    name = models.CharField("tên", max_length=160)
    category = models.CharField(
        "nhóm", max_length=16, choices=[(str(key), word) for key, word in rules.CATEGORY_WORDS.items()]
    )
    unit = models.ForeignKey(
        "places.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="địa bàn"
    )
    agency = models.ForeignKey(
        "agencies.Agency",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="cơ quan quản lý số này",
    )
    hours = models.CharField("giờ trực", max_length=120, help_text="Ví dụ: 24/24 giờ; 7:30–17:00 các ngày làm việc.")
    note = models.CharField("gọi khi nào", max_length=300, blank=True)
    verified_on = models.DateField("ngày gọi thử, xác minh")
    active = models.BooleanField("đang dùng", default=True)
    sample = models.BooleanField("số minh họa", default=False, editable=False)
    personal_data: ClassVar[tuple[str, ...]] = ()
    wagtail_reference_index_ignore = True  # refers to nothing of Wagtail's

    class Meta:
        verbose_name = "đường dây nóng"
        verbose_name_plural = "danh bạ đường dây nóng"
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="hotline_has_name"),
            models.CheckConstraint(
                condition=Q(category__in=list(rules.HotlineCategory)), name="hotline_category_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["unit"], condition=Q(active=True), name="hotline_unit")]

    def __str__(self) -> str:
        return self.name


class HotlineNumber(models.Model):
    """One number of a hotline, as dialled and as printed; ``label`` tells several apart."""

    hotline = ParentalKey(Hotline, on_delete=models.CASCADE, related_name="numbers")
    position = models.PositiveSmallIntegerField(default=0)
    label = models.CharField("tên riêng của số", max_length=60, blank=True)
    dial = models.CharField("số điện thoại", max_length=20)
    shown = models.CharField(max_length=24, editable=False)
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hotline", "dial"], name="hotline_number_once"),
            models.CheckConstraint(condition=Q(dial__regex=r"^\+?[0-9]{3,15}$"), name="hotline_number_dialable"),
        ]
