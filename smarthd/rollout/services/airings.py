"""A campaign's airings: planned, aired, proven, missed, moved, cancelled; codes people may come with; what it cost."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from urllib.parse import urlsplit
from uuid import UUID

from django.db import IntegrityError, transaction

from smarthd.agencies import selectors as agencies
from smarthd.kernel import audit, clock, events, files, ids, pictures, sounds, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.rollout import policies
from smarthd.rollout.errors import (
    AiringFaulty,
    AiringUnknown,
    CampaignUnknown,
    EnoughProof,
    NotASound,
    NotYetTime,
    TimeOver,
)
from smarthd.rollout.events import AiringMarked, AiringPlanned
from smarthd.rollout.models import Airing, AiringProof, Campaign, ChannelCode
from smarthd.rollout.rules import airings as rules
from smarthd.rollout.rules.airings import Channel, Proof, State

MOST_AT_ONCE = 400
LONGEST_WORDS = 5000
_TRIES = 5


@dataclass(frozen=True, slots=True)
class NewAiring:
    """What is to be planned."""

    agency_id: int
    channel: Channel
    title: str
    planned_at: datetime
    words: str = ""
    cost: int | None = None


@transaction.atomic
def plan_airings(campaign_key: str, wanted: Sequence[NewAiring], *, actor: Actor, now: datetime) -> list[Airing]:
    """Put airings into the plan, all or none, each with a code of its own. The same airing asked for again stays one."""
    campaign = _campaign(campaign_key)
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise AiringFaulty(fields={"planned_at": f"Mỗi lần lên lịch từ 1 đến {MOST_AT_ONCE} lượt."})
    made = []
    for one in wanted:
        require(policies.can_plan_airing(actor, one.agency_id))
        agencies.agency_view(one.agency_id, clock.day_of(now))
        title = _title(one.title)
        airing, new = Airing.objects.get_or_create(
            campaign=campaign,
            agency_id=one.agency_id,
            channel=one.channel,
            planned_at=one.planned_at,
            title=title,
            defaults={
                "words": one.words.strip()[:LONGEST_WORDS],
                "cost": one.cost,
                "made_by": actor.account_id,
                "made_at": now,
            },
        )
        made.append(airing)
        if new:
            _give_code(campaign, one.agency_id, one.channel, airing=airing, now=now)
            audit.record(actor, "rollout.airing_planned", airing, at=now, channel=str(one.channel))
            events.announce(
                AiringPlanned(
                    airing_uid=airing.uid,
                    agency_id=one.agency_id,
                    channel=str(one.channel),
                    planned_at=one.planned_at,
                    at=now,
                )
            )
    return made


def _title(title: str) -> str:
    kept = text.nfc(title)
    if not kept or len(kept) > 200:
        raise AiringFaulty(fields={"title": "Ghi tên nội dung, nhiều nhất 200 chữ."})
    return kept


@transaction.atomic
def give_general_code(campaign_key: str, *, agency_id: int, channel: Channel, actor: Actor, now: datetime) -> str:
    """Return the code of a channel of an agency for what hangs or lies about (a board, a leaflet); made at the first asking."""
    require(policies.can_plan_airing(actor, agency_id))
    campaign = _campaign(campaign_key)
    found = ChannelCode.objects.filter(campaign=campaign, agency_id=agency_id, channel=channel, airing=None).first()
    if found is not None:
        return found.code
    row = _give_code(campaign, agency_id, channel, airing=None, now=now)
    audit.record(actor, "rollout.channel_code_given", row, at=now, code=row.code)
    return row.code


def _give_code(
    campaign: Campaign, agency_id: int, channel: Channel, *, airing: Airing | None, now: datetime
) -> ChannelCode:
    for _ in range(_TRIES - 1):
        code = rules.code_of(channel, ids.spoken_code(6))
        try:
            with transaction.atomic():
                return ChannelCode.objects.create(
                    code=code, campaign=campaign, agency_id=agency_id, channel=channel, airing=airing, made_at=now
                )
        except IntegrityError:
            if not ChannelCode.objects.filter(code=code).exists():
                raise
    return ChannelCode.objects.create(
        code=rules.code_of(channel, ids.spoken_code(10)),
        campaign=campaign,
        agency_id=agency_id,
        channel=channel,
        airing=airing,
        made_at=now,
    )


@transaction.atomic
def reschedule_airing(uid: UUID, *, planned_at: datetime, actor: Actor, now: datetime) -> Airing:
    """Move an airing to another time while neither time is past."""
    airing = _locked(uid, actor)
    require(policies.can_plan_airing(actor, airing.agency_id))
    if min(airing.planned_at, planned_at) <= now:
        raise TimeOver
    airing.state = rules.RESCHEDULE.apply(State(airing.state))
    airing.planned_at = planned_at
    airing.save(update_fields=["state", "planned_at"])
    audit.record(actor, "rollout.airing_rescheduled", airing, at=now, planned_at=planned_at.isoformat())
    return airing


@transaction.atomic
def mark_aired(
    uid: UUID, *, aired_at: datetime, actor: Actor, now: datetime, reach: int | None = None, cost: int | None = None
) -> Airing:
    """Say that it was aired, when, about how many it reached and what it cost. It counts once proof is there."""
    airing = _locked(uid, actor)
    require(policies.can_mark_airing(actor, airing))
    if aired_at > now:
        raise NotYetTime
    airing.state = rules.AIR.apply(State(airing.state))
    airing.aired_at, airing.reason = aired_at, ""
    airing.reach = reach if reach is not None else airing.reach
    airing.cost = cost if cost is not None else airing.cost
    return _marked(airing, "aired", actor=actor, now=now)


@transaction.atomic
def mark_missed(uid: UUID, *, reason: str, actor: Actor, now: datetime) -> Airing:
    """Say that it was not aired, and why; only after its time."""
    airing = _locked(uid, actor)
    require(policies.can_mark_airing(actor, airing))
    if airing.planned_at > now:
        raise NotYetTime
    airing.state = rules.MISS.apply(State(airing.state))
    airing.reason = _reason(reason)
    return _marked(airing, "missed", actor=actor, now=now)


@transaction.atomic
def cancel_airing(uid: UUID, *, reason: str, actor: Actor, now: datetime) -> Airing:
    """Take an airing out of the plan before its time, with the reason; afterwards it was aired or missed."""
    airing = _locked(uid, actor)
    require(policies.can_plan_airing(actor, airing.agency_id))
    if airing.planned_at <= now:
        raise TimeOver
    airing.state = rules.CANCEL.apply(State(airing.state))
    airing.reason = _reason(reason)
    return _marked(airing, "cancelled", actor=actor, now=now)


@transaction.atomic
def set_cost(uid: UUID, *, cost: int, note: str, actor: Actor, now: datetime) -> Airing:
    """Write down what an airing cost, in đồng, and on which paper."""
    airing = _locked(uid, actor)
    require(policies.can_mark_airing(actor, airing) or policies.can_plan_airing(actor, airing.agency_id))
    if not 0 <= cost <= 10**12:
        raise AiringFaulty(fields={"cost": "Số tiền chưa đúng."})
    airing.cost, airing.cost_note = cost, text.nfc(note)[:300]
    airing.save(update_fields=["cost", "cost_note"])
    audit.record(actor, "rollout.airing_cost_set", airing, at=now, cost=cost)
    return airing


@transaction.atomic
def attach_link(uid: UUID, *, url: str, note: str, actor: Actor, now: datetime) -> AiringProof:
    """Prove an airing by where it can be seen: a full https or http address."""
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or "." not in parts.netloc or len(url) > 500:
        raise AiringFaulty(fields={"url": "Dán cả đường dẫn, bắt đầu bằng https://"})
    return _prove(uid, AiringProof(kind=Proof.LINK, url=url.strip(), note=text.nfc(note)[:300]), actor=actor, now=now)


@transaction.atomic
def attach_photo(uid: UUID, *, photo: BinaryIO, note: str, actor: Actor, now: datetime) -> AiringProof:
    """Prove an airing by a photo. It is encoded anew: no place, no time, no telephone's name stays in it."""
    encoded, suffix = pictures.reencode(photo)
    kept = files.keep(io.BytesIO(encoded), limit_mb=rules.PHOTO_MB * 2)
    kind = "image/png" if suffix == ".png" else "image/jpeg"
    proof = AiringProof(
        kind=Proof.PHOTO, sha256=kept.sha256, size=kept.size, content_type=kind, note=text.nfc(note)[:300]
    )
    return _prove(uid, proof, actor=actor, now=now)


@transaction.atomic
def attach_audio(uid: UUID, *, audio: BinaryIO, note: str, actor: Actor, now: datetime) -> AiringProof:
    """Prove an airing by a recording, known by its first bytes."""
    found = sounds.sound_of(audio.read(64))
    if found is None:
        raise NotASound
    audio.seek(0)
    kept = files.keep(audio, limit_mb=rules.AUDIO_MB)
    proof = AiringProof(
        kind=Proof.AUDIO, sha256=kept.sha256, size=kept.size, content_type=found[0], note=text.nfc(note)[:300]
    )
    return _prove(uid, proof, actor=actor, now=now)


def _prove(uid: UUID, proof: AiringProof, *, actor: Actor, now: datetime) -> AiringProof:
    airing = _locked(uid, actor)
    require(policies.can_mark_airing(actor, airing))
    if proof.sha256:
        again = AiringProof.objects.filter(airing=airing, sha256=proof.sha256).first()
        if again is not None:
            return again  # the same file sent again
    if AiringProof.objects.filter(airing=airing).count() >= rules.PROOFS_EACH:
        raise EnoughProof
    airing.state = rules.PROVE.apply(State(airing.state))
    airing.save(update_fields=["state"])
    proof.airing, proof.added_by, proof.added_at = airing, actor.account_id, now
    proof.save()
    audit.record(actor, "rollout.airing_proven", airing, at=now, kind=str(proof.kind))
    events.announce(AiringMarked(airing_uid=airing.uid, agency_id=airing.agency_id, state=airing.state, at=now))
    return proof


def _reason(reason: str) -> str:
    kept = text.nfc(reason)
    if len(kept) < 5:
        raise AiringFaulty(fields={"reason": "Ghi lý do, ví dụ: hỏng cụm loa, mất điện."})
    return kept[:300]


def _marked(airing: Airing, what: str, *, actor: Actor, now: datetime) -> Airing:
    airing.marked_by, airing.marked_at = actor.account_id, now
    airing.save()
    audit.record(actor, f"rollout.airing_{what}", airing, at=now)
    events.announce(AiringMarked(airing_uid=airing.uid, agency_id=airing.agency_id, state=airing.state, at=now))
    return airing


def _campaign(key: str) -> Campaign:
    campaign = Campaign.objects.filter(key=key).first()
    if campaign is None:
        raise CampaignUnknown(key=key)
    return campaign


def _locked(uid: UUID, actor: Actor) -> Airing:
    airing = Airing.objects.select_for_update(of=("self",)).filter(uid=uid).first()
    if airing is None or not (actor.system or airing.agency_id in policies.sees_airings_of(actor)):
        raise AiringUnknown
    return airing
