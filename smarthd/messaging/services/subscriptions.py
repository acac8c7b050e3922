"""Phones that want to be told: taken in, changed, let go of. A phone comes at every start of the app; coming again changes nothing."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from smarthd.kernel import clock
from smarthd.messaging import rules
from smarthd.messaging.adapters.resolver import SystemResolver
from smarthd.messaging.models import PushPlace, PushSubscription
from smarthd.messaging.ports import Resolver
from smarthd.messaging.services import vapid
from smarthd.messaging.values import PushState
from smarthd.people import rules as people_rules
from smarthd.people import services as people


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a phone says. None leaves what is known as it is. ``communes``: unit ids, the home first; ``quiet``: minutes, or () for never.

    ``wording_version``: the words of the consent the person agreed to just now; a phone not yet known must bring it.
    ``replaces``: the phone's earlier endpoint, whose wishes it keeps.
    """

    endpoint: str
    p256dh: str
    auth: str
    communes: tuple[int, ...] | None = None
    muted: frozenset[rules.Topic] | None = None
    quiet: tuple[int, int] | tuple[()] | None = None
    language: str = "vi"
    platform: str = ""
    wording_version: int | None = None
    replaces: str = ""


def subscribe(told: Told, *, account_id: int | None, now: datetime, resolver: Resolver | None = None) -> PushState:
    """Take in a phone, or what changed about it; the account is whoever is signed in on it now. Raises BadSubscription, NotAgreed.

    The endpoint's host is resolved before anything is written: an address inside our own network is never called.
    """
    endpoint = rules.endpoint(told.endpoint, loopback_allowed=settings.PUSH_LOOPBACK)
    keys = rules.public_key(told.p256dh), rules.auth_secret(told.auth)
    if not endpoint.loopback:
        rules.require_public((resolver or SystemResolver()).addresses(endpoint.host))
    with transaction.atomic():
        row = _row(endpoint, keys, told, account_id=account_id, now=now)
        if told.wording_version is not None and account_id is not None:
            people.give_consent(
                account_id,
                purpose=people_rules.Purpose.PUSH,
                wording_version=told.wording_version,
                now=now,
            )
        return _state(row)


def push_key(*, now: datetime) -> str:
    """Return the public key browsers subscribe with, base64url."""
    return urlsafe_b64encode(vapid.current(now=now).public).rstrip(b"=").decode()


def mark_of(endpoint: str) -> str:
    """Return a name for an endpoint that tells nothing of it: for counting attempts."""
    return _hash(endpoint).hex()[:32]


def unsubscribe(endpoint: str) -> bool:
    """Let go of a phone; whoever knows its endpoint may. Say whether it was known."""
    return PushSubscription.objects.filter(endpoint_hash=_hash(endpoint)).delete()[0] > 0


def forget_phones_of(account_id: int) -> int:
    """Let go of every phone of a person who is gone, or who takes back the agreement. Return how many."""
    _, by_kind = PushSubscription.objects.filter(account_id=account_id).delete()
    return by_kind.get("messaging.PushSubscription", 0)


def forget_silent_phones(*, before: datetime) -> int:
    """Let go of phones whose app was not opened since an instant; for retention. Return how many."""
    _, by_kind = PushSubscription.objects.filter(last_seen_at__lt=before).delete()
    return by_kind.get("messaging.PushSubscription", 0)


def _row(
    endpoint: rules.Endpoint, keys: tuple[bytes, bytes], told: Told, *, account_id: int | None, now: datetime
) -> PushSubscription:
    mark = _hash(endpoint.url)
    row = PushSubscription.objects.select_for_update().filter(endpoint_hash=mark).first()
    old = row
    if row is None and told.replaces:
        old = PushSubscription.objects.select_for_update().filter(endpoint_hash=_hash(told.replaces)).first()
    if row is not None and (bytes(row.p256dh), bytes(row.auth)) != keys:
        row = None  # keys of a row never change; its wishes go over to the new one
    if row is None:
        row = _new(endpoint, mark, keys, told, old=old, now=now)
    row.account_id, row.language = account_id, told.language
    row.platform = told.platform or row.platform
    row.vapid_key = vapid.current(now=now).key_id
    row.last_seen_at = now
    if told.muted is not None:
        row.muted = rules.mask_of(told.muted)
    if told.quiet is not None:
        row.quiet_from, row.quiet_to = told.quiet or (None, None)
    row.save()
    _place(row, told.communes)
    return row


def _new(
    endpoint: rules.Endpoint,
    mark: bytes,
    keys: tuple[bytes, bytes],
    told: Told,
    *,
    old: PushSubscription | None,
    now: datetime,
) -> PushSubscription:
    """Return a new row, with the wishes of the old one, which goes."""
    if old is None:
        if told.wording_version is None:
            raise rules.NotAgreed
        version = people_rules.require_wording(
            people_rules.Purpose.PUSH, told.wording_version, clock.day_of(now)
        ).version
        wishes = {
            "wording_version": version,
            "agreed_at": now,
            "quiet_from": rules.QUIET_FROM,
            "quiet_to": rules.QUIET_TO,
        }
        places: list[tuple[int, bool]] = []
    else:
        kept = ("wording_version", "agreed_at", "quiet_from", "quiet_to", "muted", "platform")
        wishes = {name: getattr(old, name) for name in kept}
        places = list(old.places.values_list("commune_id", "home"))
        old.delete()
    row = PushSubscription.objects.create(
        endpoint=endpoint.url,
        endpoint_hash=mark,
        origin=endpoint.origin,
        p256dh=keys[0],
        auth=keys[1],
        vapid_key=vapid.current(now=now).key_id,
        last_seen_at=now,
        **wishes,
    )
    PushPlace.objects.bulk_create(
        PushPlace(subscription=row, commune_id=commune, home=home) for commune, home in places
    )
    return row


def _place(row: PushSubscription, communes: tuple[int, ...] | None) -> None:
    """Write the communes, and the copies of account and mutes beside them."""
    if communes is not None:
        wanted = list(dict.fromkeys(communes))
        if len(wanted) > rules.MOST_FOLLOWED + 1:
            raise rules.TooManyCommunes(most=rules.MOST_FOLLOWED)
        if wanted != _communes(row):
            row.places.all().delete()
            PushPlace.objects.bulk_create(
                PushPlace(subscription=row, commune_id=commune, home=place == 0) for place, commune in enumerate(wanted)
            )
    PushPlace.objects.filter(subscription=row).update(account_id=row.account_id, muted=row.muted)


def _communes(row: PushSubscription) -> list[int]:
    return list(row.places.order_by("-home", "id").values_list("commune_id", flat=True))


def _state(row: PushSubscription) -> PushState:
    return PushState(
        communes=tuple(_communes(row)),
        muted=rules.topics_in(row.muted),
        quiet=None if row.quiet_from is None or row.quiet_to is None else (row.quiet_from, row.quiet_to),
        language=row.language,
    )


def _hash(endpoint: str) -> bytes:
    return hashlib.sha256(endpoint.encode()).digest()
