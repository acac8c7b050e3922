"""Phones that want to be told: the key to subscribe with, the browser's own subscription with the person's wishes, letting go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from smarthd.kernel import clock, limits
from smarthd.kernel.errors import NotFound
from smarthd.messaging import rules, services
from smarthd.messaging.rules import Topic
from smarthd.messaging.values import PushState
from smarthd.people import rules as people_rules
from smarthd.places import selectors as places
from smarthd.publicapi import guards
from smarthd.publicapi.routers.activity import UnknownAtom
from smarthd.ui import refusals

router = Router(tags=["push"])

WINDOW = timedelta(minutes=10)
PER_ADDRESS = 3000
"""A mobile network hides many phones behind one address."""

PER_PHONE = 60

refusals.say(
    "BadSubscription",
    "Chưa bật được thông báo",
    "Trình duyệt đưa địa chỉ nhận thông báo không dùng được. Chưa có gì được lưu.",
)
refusals.say(
    "NotAgreed",
    "Cần đồng ý trước",
    "Máy này chưa bật thông báo; xin bật trong trang “Nhận thông báo” của ứng dụng.",
    status=409,
)
refusals.say(
    "TooManyCommunes", "Theo dõi quá nhiều nơi", "Ngoài xã, phường nơi ở, theo dõi được nhiều nhất %(most)s nơi nữa."
)


class Keys(Schema):
    """The browser's keys, base64url."""

    p256dh: Annotated[str, Field(max_length=200)]
    auth: Annotated[str, Field(max_length=100)]


Minute = Annotated[int, Field(ge=0, lt=1440)]
WhatTopics = Annotated[list[Topic], Field(max_length=len(Topic))]


class Subscription(Schema):
    """What ``PushSubscription.toJSON()`` gives, and the person's wishes beside it; what is left out stays as it is.

    communes: uids, the home first, at most five more · topics: those wanted · quiet: minutes of the day from and to, or none for never ·
    wording_version: the words agreed to just now; a phone not yet known must bring it · replaces: the phone's earlier endpoint.
    """

    model_config = ConfigDict(extra="ignore")

    endpoint: Annotated[str, Field(max_length=rules.LONGEST_ENDPOINT)]
    keys: Keys
    communes: Annotated[list[UUID], Field(max_length=rules.MOST_FOLLOWED + 1)] | None = None
    topics: WhatTopics | None = None
    quiet: Annotated[list[Minute], Field(max_length=2)] | None = None
    language: Literal["vi", "en"] = "vi"
    platform: Annotated[str, Field(max_length=12)] = ""
    wording_version: Annotated[int, Field(ge=1, le=10_000)] | None = None
    replaces: Annotated[str, Field(max_length=rules.LONGEST_ENDPOINT)] = ""


class Wishes(Schema):
    """What is known of the phone's wishes now."""

    communes: list[UUID]
    topics: list[Topic]
    quiet: list[int]
    language: str


class Ended(Schema):
    """A phone to let go of, by its endpoint."""

    endpoint: Annotated[str, Field(max_length=rules.LONGEST_ENDPOINT)]


class Gone(Schema):
    """It is let go of; ``known`` says whether it was there."""

    known: bool


class Key(Schema):
    """The key a browser subscribes with (RFC 8292), base64url, and the words to agree to."""

    key: str
    wording_version: int


@router.get("/push/key", response=Key, summary="Khóa để đăng ký nhận thông báo")
def key(request: HttpRequest) -> Key:
    """Return the province's key."""
    now = clock.now()
    words = people_rules.wording_in_force(people_rules.Purpose.PUSH, clock.day_of(now))
    return Key(key=services.push_key(now=now), wording_version=words.version)


@router.post("/push/subscriptions", response=Wishes, summary="Đăng ký nhận thông báo, hoặc đổi lựa chọn")
def subscribe(request: HttpRequest, told: Subscription) -> Wishes:
    """Take in a phone or what changed about it; coming again changes nothing."""
    guards.require_own_page(request)
    now = clock.now()
    limits.count_attempts(
        [
            (f"push:{request.META.get('REMOTE_ADDR', '')}", PER_ADDRESS, WINDOW),
            (f"push:{services.mark_of(told.endpoint)}", PER_PHONE, WINDOW),
        ],
        now=now,
    )
    said = services.Told(
        endpoint=told.endpoint,
        p256dh=told.keys.p256dh,
        auth=told.keys.auth,
        communes=None if told.communes is None else _communes(told.communes),
        muted=None if told.topics is None else frozenset(Topic) - frozenset(told.topics),
        quiet=_quiet(told.quiet),
        language=told.language,
        platform=told.platform,
        wording_version=told.wording_version,
        replaces=told.replaces,
    )
    account_id = request.user.pk if request.user.is_authenticated else None
    return _wishes(services.subscribe(said, account_id=account_id, now=now))


@router.delete("/push/subscriptions", response=Gone, summary="Thôi nhận thông báo trên máy này")
def unsubscribe(request: HttpRequest, told: Ended) -> Gone:
    """Let go of a phone; only it knows its endpoint."""
    guards.require_own_page(request)
    return Gone(known=services.unsubscribe(told.endpoint))


def _quiet(minutes: Sequence[int] | None) -> tuple[int, int] | tuple[()] | None:
    if minutes is None:
        return None
    return (minutes[0], minutes[1]) if len(minutes) == 2 else ()


def _communes(uids: Sequence[UUID]) -> tuple[int, ...]:
    """Return the ids of communes that stand; what else is named is refused by its place."""
    found = []
    for place, uid in enumerate(uids):
        try:
            unit = places.unit_by_uid(uid, clock.today())
        except NotFound:
            raise UnknownAtom(fields={f"communes.{place}": "Không có xã, phường này."}) from None
        if unit.level != "commune" or not unit.standing:
            raise UnknownAtom(fields={f"communes.{place}": "Phải là xã, phường hiện nay."})
        found.append(unit.id)
    return tuple(found)


def _wishes(state: PushState) -> Wishes:
    views = places.views(state.communes, clock.today())
    return Wishes(
        communes=[views[unit].uid for unit in state.communes],
        topics=[topic for topic in Topic if topic not in state.muted],
        quiet=list(state.quiet or ()),
        language=state.language,
    )
