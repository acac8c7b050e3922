"""Messages on their way to a person."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from smarthd.kernel.ids import uuid7
from smarthd.messaging.rules import ChunkState, DeliveryState, Lane, MailState, NoticeState, TextState


class CodeDelivery(models.Model):
    """One sign-in code on its way. Number and code are sealed, and gone as soon as the way has ended."""

    request_uid = models.UUIDField(unique=True)
    phone_sealed = models.BinaryField(null=True, editable=False)
    code_sealed = models.BinaryField(null=True, editable=False)
    state = models.CharField(max_length=12, choices=[(state, state) for state in DeliveryState])
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=100, blank=True)
    reference = models.CharField(max_length=100, blank=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    personal_data = ("phone_sealed", "code_sealed")

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(condition=Q(state__in=list(DeliveryState)), name="delivery_state_known"),
            CheckConstraint(
                condition=Q(state="waiting", closed_at=None)
                | Q(closed_at__isnull=False, phone_sealed=None, code_sealed=None),
                name="delivery_forgets_when_over",
            ),
        ]
        indexes: ClassVar = [Index(fields=["asked_at"], name="delivery_age")]


class InboxItem(models.Model):
    """One message in a person's inbox. ``key`` is the teller's own name for it: the same key reaches an account once."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    href = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    personal_data = ("account", "title", "body", "href")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["account", "key"], name="inbox_item_once"),
            CheckConstraint(condition=~Q(key="") & ~Q(title=""), name="inbox_item_said"),
            CheckConstraint(
                condition=Q(href="") | (Q(href__startswith="/") & ~Q(href__startswith="//")),
                name="inbox_item_href_ours",
            ),
        ]
        indexes: ClassVar = [
            Index(fields=["account", "-id"], name="inbox_of_account"),
            Index(fields=["account"], name="inbox_unread", condition=Q(read_at=None)),
            Index(fields=["created_at"], name="inbox_age"),
        ]


class MailDelivery(models.Model):
    """One e-mail on its way to an office. ``reference`` is the sender's own name for it: the same reference is one e-mail.

    ``next_try_at`` is also a lease: whoever tries moves it on first, so that two workers never try one e-mail at a time.
    """

    reference = models.CharField(max_length=120, unique=True)
    recipient = models.EmailField()
    subject = models.CharField(max_length=300)
    body = models.TextField()
    state = models.CharField(max_length=12, default=MailState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    fault = models.CharField(max_length=200, blank=True)
    receipt = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    personal_data = ("recipient", "subject", "body")

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(condition=Q(state__in=list(MailState)), name="mail_state_known"),
            CheckConstraint(
                condition=Q(state="waiting", closed_at=None) | (~Q(state="waiting") & Q(closed_at__isnull=False)),
                name="mail_closed_when_over",
            ),
        ]
        indexes: ClassVar = [
            Index(fields=["next_try_at"], name="mail_due", condition=Q(state="waiting")),
            Index(fields=["asked_at"], name="mail_age"),
        ]


class VapidKey(models.Model):
    """The key by which push services know us (RFC 8292), made at the first need. Sealed, and so in every copy of the database.

    ``key_id`` is the beginning of the public key's SHA-256; a subscription names the key it was made for.
    """

    key_id = models.CharField(max_length=16, unique=True)
    private_sealed = models.BinaryField(editable=False)
    public = models.BinaryField(max_length=65, editable=False)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    personal_data = ()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["retired_at"], condition=Q(retired_at=None), name="one_vapid_key_at_a_time",
                             nulls_distinct=False),
        ]  # fmt: skip


class PushSubscription(models.Model):
    """One phone that agreed to be told. No name and no trail of places: communes it chose, what it mutes, when it wants quiet.

    The keys of a row never change: a phone with new keys is a new row, so that keys made beforehand (adapters/webpush/pool.py)
    always fit. ``quiet_from``, ``quiet_to``: minutes of the local day.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    endpoint = models.TextField()
    endpoint_hash = models.BinaryField(max_length=32, unique=True)
    origin = models.CharField(max_length=255)
    p256dh = models.BinaryField(max_length=65)
    auth = models.BinaryField(max_length=16)
    vapid_key = models.CharField(max_length=16)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=8, default="vi")
    platform = models.CharField(max_length=12, blank=True)
    muted = models.PositiveIntegerField(default=0)
    quiet_from = models.PositiveSmallIntegerField(null=True)
    quiet_to = models.PositiveSmallIntegerField(null=True)
    wording_version = models.PositiveSmallIntegerField()
    agreed_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    personal_data = ("endpoint", "p256dh", "auth", "account")

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None) | Q(quiet_from__lt=1440, quiet_to__lt=1440),
                name="push_quiet_within_a_day",
            ),
            CheckConstraint(condition=Q(endpoint__startswith="https://"), name="push_endpoint_https"),
        ]
        indexes: ClassVar = [
            Index(fields=["account"], name="push_of_account", condition=Q(account__isnull=False)),
            Index(fields=["last_seen_at"], name="push_seen"),
        ]


class PushPlace(models.Model):
    """A commune a phone wants to be told of: its home, or one of five it follows. ``account`` and ``muted`` are copies of the phone's,

    so that an audience is counted from one index.
    """

    subscription = models.ForeignKey(PushSubscription, on_delete=models.CASCADE, related_name="places", db_index=False)
    commune = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    home = models.BooleanField()
    account_id = models.BigIntegerField(null=True)
    muted = models.PositiveIntegerField(default=0)

    personal_data = ("subscription", "commune", "account_id")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["subscription", "commune"], name="push_place_once"),
            UniqueConstraint(fields=["subscription"], condition=Q(home=True), name="push_one_home"),
        ]
        indexes: ClassVar = [
            Index(
                fields=["commune"],
                include=["subscription", "home", "account_id", "muted"],
                name="push_audience",
            )
        ]


class Fanout(models.Model):
    """One public message to many phones. Its audience is fixed when it starts; ``audience_hash`` proves which."""

    key = models.CharField(max_length=128, unique=True)
    lane = models.CharField(max_length=8)
    topic = models.CharField(max_length=12)
    payloads = models.JSONField()
    communes = models.JSONField(default=list)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    targeted = models.PositiveIntegerField()
    audience_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    personal_data = ()

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(condition=~Q(key=""), name="fanout_named"),
            CheckConstraint(condition=Q(lane__in=list(Lane)), name="fanout_lane_known"),
        ]


class FanoutChunk(models.Model):
    """Up to a thousand phones of one origin: the ledger of a fan-out.

    ``ids``: subscription ids, eight bytes each, little endian, ordered by commune and id; ``spans``: [[commune, how many], …] in that
    order. Bit n of ``accepted``, ``gone``, ``failed`` tells of the n-th id; no bit: not yet known. ``lease_until``, by the
    database's own clock, is moved on with every flush, and outlives a chunk dropped while it was being sent; ``not_before`` holds the
    next round, or quiet hours.
    """

    fanout = models.ForeignKey(Fanout, on_delete=models.CASCADE, related_name="chunks")
    rank = models.PositiveSmallIntegerField()
    origin = models.CharField(max_length=255)
    ids = models.BinaryField()
    spans = models.JSONField()
    size = models.PositiveSmallIntegerField()
    accepted = models.BinaryField(default=b"")
    gone = models.BinaryField(default=b"")
    failed = models.BinaryField(default=b"")
    accepted_count = models.PositiveSmallIntegerField(default=0)
    gone_count = models.PositiveSmallIntegerField(default=0)
    failed_count = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, default=ChunkState.WAITING)
    worker = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)

    personal_data = ("ids",)

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(condition=Q(state__in=list(ChunkState)), name="chunk_state_known"),
            CheckConstraint(
                condition=Q(state="leased", lease_until__isnull=False) | ~Q(state="leased"), name="chunk_lease_ends"
            ),
            CheckConstraint(
                condition=Q(size__gte=F("accepted_count") + F("gone_count") + F("failed_count")), name="chunk_adds_up"
            ),
        ]
        indexes: ClassVar = [
            Index(fields=["rank", "id"], name="chunk_next", condition=Q(state__in=["waiting", "leased"])),
        ]


class PushOrigin(models.Model):
    """What is known of a push service: until when it wants no more of us, and since when it refuses us (an alarm for operators)."""

    origin = models.CharField(max_length=255, unique=True)
    retry_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)

    personal_data = ()


class PushNotice(models.Model):
    """An inbox item that waits to be pushed to its owner's phones: at once, or when their quiet hours end, then as one digest."""

    item = models.OneToOneField(InboxItem, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    topic = models.CharField(max_length=12)
    state = models.CharField(max_length=8, default=NoticeState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    fault = models.CharField(max_length=100, blank=True)
    closed_at = models.DateTimeField(null=True)

    personal_data = ("item", "account")

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(condition=Q(state__in=list(NoticeState)), name="notice_state_known"),
            CheckConstraint(
                condition=Q(state="waiting", closed_at=None) | (~Q(state="waiting") & Q(closed_at__isnull=False)),
                name="notice_closed_when_over",
            ),
        ]
        indexes: ClassVar = [
            Index(fields=["next_try_at", "account"], name="notice_due", condition=Q(state="waiting")),
        ]


class TextRun(models.Model):
    """One public message by text to people no phone of whose was reached, by ``key``; ``over_limit``: how many the limit left out."""

    key = models.CharField(max_length=128, unique=True)
    title = models.CharField(max_length=200)
    text = models.CharField(max_length=480)
    url = models.CharField(max_length=300)
    over_limit = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    personal_data = ()


class TextNotice(models.Model):
    """The text to one account of one run. The number itself is asked of people at the moment of sending and kept nowhere here."""

    run = models.ForeignKey(TextRun, on_delete=models.CASCADE, related_name="notices")
    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    account_id = models.BigIntegerField()
    state = models.CharField(max_length=8, default=TextState.WAITING)
    via = models.CharField(max_length=8, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    fault = models.CharField(max_length=100, blank=True)
    closed_at = models.DateTimeField(null=True)

    personal_data = ("account_id",)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["run", "account_id"], name="text_notice_once"),
            CheckConstraint(condition=Q(state__in=list(TextState)), name="text_notice_state_known"),
        ]
        indexes: ClassVar = [
            Index(fields=["next_try_at"], condition=Q(state="waiting"), name="text_notice_due"),
            Index(fields=["account_id"], name="text_notice_account"),
        ]
