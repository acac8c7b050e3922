"""By which adapter a parcel goes: decided by the outlet's kind and address. Nothing here touches the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from smarthd.channels.adapters.console import ConsoleLoudspeaker, ConsolePage
from smarthd.channels.ports import Job, Loudspeaker, OutletRefused, OutletUnavailable, SocialPage, Taken
from smarthd.channels.rules import dispatches, links, saying
from smarthd.channels.rules.bulletins import Words
from smarthd.channels.rules.outlets import BY_MAIL, SOCIAL, Kind
from smarthd.messaging.services import posting


@dataclass(frozen=True, slots=True)
class Parcel:
    """Everything one try needs, read before and written down after: no database is touched on the way."""

    dispatch_id: int
    outlet_id: int
    key: str
    round: int
    kind: Kind
    address: str
    secret: str
    token: str
    words: Words
    audio_sha256: str
    replaces: str
    at: datetime


Carry = Callable[[Parcel], Taken]


def carry(parcel: Parcel) -> Taken:
    """Take a parcel to its outlet once. Raises OutletUnavailable or OutletRefused."""
    if parcel.kind in BY_MAIL:
        return _mailed(parcel)
    if parcel.kind is Kind.PORTAL:
        return Taken()  # the portal's frame asks us; that it did is its receipt
    if parcel.kind in SOCIAL:
        return page(parcel.kind, parcel.address, parcel.secret).publish(
            saying.post(parcel.words, parcel.kind), key=f"{parcel.key}-{parcel.round}"
        )
    return loudspeaker(parcel.address, parcel.secret).play(_job(parcel))


def page(kind: Kind, address: str, secret: str) -> SocialPage:
    """Return the adapter of an account on a social network."""
    if address.startswith("console:"):
        return ConsolePage(address)
    if kind is Kind.ZALO:
        from smarthd.channels.adapters.zalo import ZaloPage

        return ZaloPage(secret)
    from smarthd.channels.adapters.facebook import FacebookPage

    return FacebookPage(address, secret)


def loudspeaker(address: str, secret: str) -> Loudspeaker:
    """Return the adapter of a cluster of loudspeakers."""
    if address.startswith("console:"):
        return ConsoleLoudspeaker(address)
    if address.startswith("mqtt"):
        from smarthd.channels.adapters.mqtt import MqttLoudspeaker

        return MqttLoudspeaker(address, secret)
    from smarthd.channels.adapters.http import HttpLoudspeaker

    return HttpLoudspeaker(address, secret)


def _mailed(parcel: Parcel) -> Taken:
    letter = saying.letter(
        parcel.words, receiver_link=f"{settings.ORIGIN}{links.receiver(parcel.token)}", kind=parcel.kind
    )
    if parcel.address.startswith("console:"):
        return ConsolePage(parcel.address).publish(saying.Post(letter.subject, "", letter.body, ""), key=parcel.key)
    try:
        receipt = posting.post(
            recipient=parcel.address,
            subject=letter.subject,
            body=letter.body,
            reference=f"kenh-phat-{parcel.key}-{parcel.round}",
            at=parcel.at,
        )
    except posting.MailRefused as refusal:
        raise OutletRefused(str(refusal)) from None
    except posting.MailUnavailable as failure:
        raise OutletUnavailable(str(failure)) from None
    return Taken(receipt)


def _job(parcel: Parcel) -> Job:
    words = parcel.words
    begin, end = dispatches.play_window(
        words.priority,
        valid_from=words.valid_from,
        valid_until=words.valid_until,
        now=parcel.at.astimezone(words.valid_from.tzinfo),
    )
    if begin >= end:
        raise OutletRefused("hết hiệu lực trước giờ loa được phát")
    return Job(
        key=parcel.key,
        round=parcel.round,
        cluster=parcel.address.rstrip("/").rpartition("/")[2].rpartition(":")[2],
        priority=str(words.priority),
        title=saying.title(words),
        text=saying.loudspeaker(words),
        audio_url=f"{settings.ORIGIN}{links.recording(parcel.token)}" if parcel.audio_sha256 else "",
        audio_sha256=parcel.audio_sha256,
        repeats=dispatches.REPEATS[words.priority],
        not_before=begin,
        not_after=end,
        drill=words.drill,
        replaces=parcel.replaces,
    )
