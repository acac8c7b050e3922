"""What the app on a phone tells by itself: that it was installed, and what it was used for. Small, repeatable, never an obstacle."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from smarthd.kernel import clock, limits
from smarthd.kernel.errors import Invalid, NotFound
from smarthd.people import rules as people_rules
from smarthd.people import services as people
from smarthd.places import selectors as places
from smarthd.publicapi import guards
from smarthd.rollout import rules, services

router = Router(tags=["app"])

WINDOW = timedelta(minutes=10)
PER_PHONE = 120
"""Requests of one phone in ten minutes; a phone flushing eight days offline needs five."""
INSTALLS_PER_ADDRESS = 3000
"""First opens from one address in ten minutes: a mobile network hides many phones behind one."""

WORDS = {
    rules.Reason.TOO_OLD: "Cũ hơn 8 ngày nên không tính.",
    rules.Reason.IN_FUTURE: "Đồng hồ điện thoại chạy trước giờ thật; xin chỉnh lại giờ.",
    rules.Reason.NO_CONSENT: "Chưa đồng ý ghi nhận việc sử dụng.",
    rules.Reason.UNKNOWN_INSTALL: "Máy chủ chưa biết ứng dụng này; xin gửi lần mở đầu trước.",
    rules.Reason.NOT_SIGNED_IN: "Chưa đăng nhập nên chỉ đếm lần mở ứng dụng.",
}


class UnknownAtom(Invalid):
    """A place named in a batch is no commune and no village."""


class Event(Schema):
    """One event: ``launch``, or the key of a value action, at the phone's own time. ``id`` only comes back in the answer."""

    id: Annotated[str, Field(max_length=64)] | None = None
    action: Literal["launch"] | Annotated[str, Field(max_length=40)]
    at: AwareDatetime
    atom_uid: UUID | None = None


class Batch(Schema):
    """What one phone tells at once."""

    install_uid: UUID | None = None
    events: Annotated[list[Event], Field(min_length=1, max_length=services.MOST_EVENTS)]


class NotCounted(Schema):
    """An event that does not count, and why."""

    id: str | None
    reason: str
    words: str


class Counted(Schema):
    """What became of a batch. All of it may be forgotten by the phone: none of it becomes countable by sending again.

    ``by_order``: only a level of use and its dates were kept, for an order that asks staff for them. A phone that tells by order and
    gets no such answer stops telling.
    """

    accepted: int
    clamped: int
    dropped: list[NotCounted]
    by_order: bool


class ConsentTold(Schema):
    """The wording a person agreed to on this phone."""

    purpose: Literal["usage"]
    wording_version: Annotated[int, Field(ge=1, le=10_000)]


class FirstOpenTold(Schema):
    """The first open of an install, told once and again when it becomes an installed app (``standalone``)."""

    install_uid: UUID
    platform: Annotated[str, Field(max_length=12)] = "other"
    standalone: bool
    atom_uid: UUID | None = None
    opened_at: AwareDatetime | None = None
    team_code: Annotated[str, Field(max_length=24)] = ""
    consent: ConsentTold | None = None


class Withdrawal(Schema):
    """A consent taken back on this phone."""

    install_uid: UUID
    purpose: Literal["usage"]


class Done(Schema):
    """It is done."""

    ok: bool = True


@router.post("/activity", response=Counted, summary="Ghi nhận việc sử dụng")
def activity(request: HttpRequest, batch: Batch) -> Counted:
    """Record a batch of events: repeated or reordered batches end in the same rows. Sent by fetch or by a beacon."""
    guards.require_own_page(request)
    now = clock.now()
    account_id = _account_id(request)
    limits.count_attempt(f"activity:{account_id or batch.install_uid}", limit=PER_PHONE, window=WINDOW, now=now)
    told = [
        rules.Activity(at=event.at, action=_action(event, at), atom_id=_atom(event.atom_uid, f"events.{at}.atom_uid"))
        for at, event in enumerate(batch.events)
    ]
    recorded = services.record_activity(told, now=now, account_id=account_id, install_uid=batch.install_uid)
    names = {id(one): event.id for one, event in zip(told, batch.events, strict=True)}
    dropped = [
        NotCounted(id=names[id(one.activity)], reason=one.reason, words=WORDS[one.reason]) for one in recorded.dropped
    ]
    return Counted(accepted=recorded.accepted, clamped=recorded.clamped, dropped=dropped, by_order=recorded.by_order)


@router.post("/installs", response=Done, summary="Lần mở đầu của ứng dụng")
def installs(request: HttpRequest, told: FirstOpenTold) -> Done:
    """Take in the first open of an install, with the consent given on it; a replay changes nothing."""
    guards.require_own_page(request)
    now = clock.now()
    address = request.META.get("REMOTE_ADDR", "")
    limits.count_attempt(f"installs:{address}", limit=INSTALLS_PER_ADDRESS, window=WINDOW, now=now)
    limits.count_attempt(f"install:{told.install_uid}", limit=PER_PHONE, window=WINDOW, now=now)
    account_id = _account_id(request)
    with transaction.atomic():
        people.record_first_open(
            told.install_uid,
            platform=told.platform,
            standalone=told.standalone,
            atom_id=_atom(told.atom_uid, "atom_uid"),
            opened_at=told.opened_at,
            team_code=told.team_code,
            now=now,
        )
        if account_id is not None:
            people.bind_install(account_id, install_uid=told.install_uid, now=now)
        if told.consent is not None:
            _agree(told.consent, account_id=account_id, install_uid=told.install_uid, now=now)
    return Done()


@router.post("/installs/withdraw", response=Done, summary="Rút lại sự đồng ý trên điện thoại này")
def withdraw(request: HttpRequest, told: Withdrawal) -> Done:
    """Take back a consent: of the signed-in person, or of this phone. Nothing to take back is as good as taken back."""
    guards.require_own_page(request)
    now = clock.now()
    account_id = _account_id(request)
    purpose = people_rules.Purpose(told.purpose)
    try:
        if account_id is not None:
            people.withdraw_consent(account_id, purpose=purpose, now=now)
        else:
            people.withdraw_install_consent(told.install_uid, purpose=purpose, now=now)
    except people_rules.NoConsentToWithdraw:
        return Done()  # said twice by a phone that lost the first answer
    return Done()


def _agree(told: ConsentTold, *, account_id: int | None, install_uid: UUID, now: datetime) -> None:
    purpose = people_rules.Purpose(told.purpose)
    if account_id is not None:
        people.give_consent(account_id, purpose=purpose, wording_version=told.wording_version, now=now)
    else:
        people.give_install_consent(install_uid, purpose=purpose, wording_version=told.wording_version, now=now)


def _account_id(request: HttpRequest) -> int | None:
    return request.user.pk if request.user.is_authenticated else None


def _action(event: Event, place: int) -> rules.ValueAction:
    if event.action == "launch":
        return rules.LAUNCH
    try:
        return rules.ValueAction.by_key(event.action)
    except KeyError:
        raise Invalid(fields={f"events.{place}.action": "Không có hành động này."}) from None


def _atom(uid: UUID | None, place: str) -> int | None:
    """Return the id of a commune or village; any other place is refused by name."""
    if uid is None:
        return None
    try:
        unit = places.unit_by_uid(uid)
    except NotFound:
        raise UnknownAtom(fields={place: "Không có xã, phường hay thôn, khu này."}) from None
    if unit.level not in {"commune", "village"}:
        raise UnknownAtom(fields={place: "Phải là xã, phường hoặc thôn, khu."})
    return unit.id
