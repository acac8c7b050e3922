"""How an agency keeps one kind of page (its promise and its way of approval), tiles of the home page, people to ask."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from smarthd.content.rules import kinds, tiles
from smarthd.kernel.ids import uuid7


class Section(models.Model):
    """An agency's pages of one kind: how often it promises to look at them again, who answers, how many eyes."""

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=list(kinds.SECTION_WORDS.items()))
    promise_days = models.PositiveSmallIntegerField(null=True, blank=True)
    two_steps = models.BooleanField(default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reminded_on = models.DateField(null=True, blank=True)
    personal_data: ClassVar[tuple[str, ...]] = ("owner",)

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "kind"], name="section_once"),
            models.CheckConstraint(condition=Q(kind__in=list(kinds.SECTION_WORDS)), name="section_kind_known"),
            models.CheckConstraint(
                condition=Q(promise_days=None) | Q(promise_days__range=(1, 730)), name="section_promise_in_reason"
            ),
        ]


class Tile(models.Model):
    """One tile of the home page. Without a unit it is everybody's; ``target`` is a path of this site or an https address."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    agency = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, related_name="+", verbose_name="cơ quan quản lý ô này"
    )
    unit = models.ForeignKey(
        "places.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="của xã, phường"
    )
    topic = models.CharField(
        "nhóm",
        max_length=16,
        choices=[(str(key), word) for key, word in kinds.TOPIC_WORDS.items()],
        default=kinds.Topic.GENERAL,
    )
    title = models.CharField("tên ô", max_length=40)
    title_en = models.CharField("tên tiếng Anh", max_length=40, blank=True)
    icon = models.CharField("hình", max_length=16, choices=[(key, word) for key, word in tiles.ICONS.items()])
    target = models.CharField(
        "mở tới",
        max_length=300,
        help_text="Một trang của ứng dụng (ví dụ /thu-tuc/?chu-de=papers) hoặc địa chỉ https://…",
    )
    position = models.PositiveSmallIntegerField("thứ tự", default=10)
    active = models.BooleanField("đang dùng", default=True)
    personal_data: ClassVar[tuple[str, ...]] = ()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "ô trên trang chủ"
        verbose_name_plural = "ô trên trang chủ"
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="tile_has_title"),
            models.CheckConstraint(condition=Q(icon__in=list(tiles.ICONS)), name="tile_icon_known"),
            models.CheckConstraint(condition=Q(target__regex=r"^(/[^/]|/$|https://)"), name="tile_target_safe"),
        ]

    def __str__(self) -> str:
        return self.title


class Contact(models.Model):
    """Someone citizens may ask at an agency: name, work and office numbers only, entered by the agency itself."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+", verbose_name="cơ quan")
    full_name = models.CharField("họ và tên", max_length=120)
    position = models.CharField("chức vụ", max_length=120)
    work = models.CharField("phụ trách việc gì", max_length=300, blank=True)
    dial = models.CharField("điện thoại cơ quan", max_length=20, blank=True)
    shown = models.CharField(max_length=24, blank=True, editable=False)
    email = models.EmailField("thư điện tử công vụ", blank=True)
    reception = models.CharField("lịch tiếp công dân", max_length=200, blank=True)
    room = models.CharField("phòng", max_length=80, blank=True)
    rank = models.PositiveSmallIntegerField("thứ tự", default=10)
    verified_on = models.DateField("ngày kiểm tra")
    active = models.BooleanField("đang công khai", default=True)
    sample = models.BooleanField("dữ liệu minh họa", default=False, editable=False)
    personal_data: ClassVar[tuple[str, ...]] = ("full_name", "position", "dial", "email")
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "người phụ trách"
        verbose_name_plural = "danh bạ cán bộ"
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(full_name="") & ~Q(position=""), name="contact_has_name"),
            models.CheckConstraint(
                condition=~Q(dial="") | ~Q(email="") | ~Q(reception=""), name="contact_can_be_reached"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency"], condition=Q(active=True), name="contact_agency")]

    def __str__(self) -> str:
        return self.full_name
