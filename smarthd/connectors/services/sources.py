"""Making a source and saying what it promises, where it lies, how it is shown."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from smarthd.connectors import policies
from smarthd.connectors.errors import DataSourceFaulty, DataSourceUnknown
from smarthd.connectors.models import Source
from smarthd.connectors.rules import places, shapes, sharing, templates
from smarthd.connectors.rules.checking import Limits
from smarthd.connectors.rules.mapping import mapping_of
from smarthd.connectors.rules.sources import LICENCES, PULLED, Publication, SourceKind
from smarthd.connectors.services import indexes
from smarthd.kernel import audit, sealing, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require

PURPOSE = "connectors.secret"
LEAST_MINUTES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSource:
    """What somebody says of a source. ``every_minutes`` None: only by hand; ``promise_hours`` None: no promise."""

    title: str
    agency_id: int
    kind: SourceKind
    summary: str = ""
    template: str = ""
    licence: str = "cc-by-4.0"
    attribution: str = ""
    every_minutes: int | None = None
    promise_hours: int | None = None
    place: Mapping[str, object] = field(default_factory=dict)
    secret: Mapping[str, str] = field(default_factory=dict)
    illustrative: bool = False
    limits: Mapping[str, float] = field(default_factory=dict)


@transaction.atomic
def make_source(new: NewSource, *, actor: Actor, now: datetime) -> Source:
    """Make a source. Raises NotAllowed, DataSourceFaulty."""
    require(policies.can_feed(actor, new.agency_id))
    pulled = new.kind in PULLED
    if pulled or new.kind is SourceKind.PUSH:
        require(policies.can_connect(actor, new.agency_id))
    problems = _problems(new)
    if pulled and new.place:
        problems |= places.problems(new.kind, new.place, new.secret)
    if problems:
        raise DataSourceFaulty(fields=problems)
    template = templates.TEMPLATES.get(new.template)
    source = Source.objects.create(
        key=_free_key(new.title),
        title=text.nfc(new.title),
        summary=text.nfc(new.summary),
        agency_id=new.agency_id,
        kind=new.kind.value,
        place=dict(new.place) if pulled else {},
        sealed_secret=_sealed(new.secret) if pulled and new.secret else None,
        template=new.template,
        mapping=template.mapping.as_json() if template else {},
        publication=(template.publication if template else Publication()).as_json(),
        licence=new.licence,
        attribution=text.nfc(new.attribution),
        every_minutes=new.every_minutes if pulled else None,
        promise_hours=new.promise_hours,
        illustrative=new.illustrative,
        limits=dict(new.limits),
        made_at=now,
        next_run_at=now if pulled and new.every_minutes and new.place else None,
    )
    audit.record(actor, "connectors.source_made", source, at=now, kind=new.kind.value, key=source.key)
    return source


def _problems(new: NewSource) -> dict[str, str]:
    problems = {}
    if not 3 <= len(text.nfc(new.title)) <= 120 or not text.slug(new.title):
        problems["title"] = "Đặt tên từ 3 đến 120 chữ, như “Nhà thuốc trực đêm”."
    if len(new.summary) > 300:
        problems["summary"] = "Nhiều nhất 300 chữ."
    if new.licence not in LICENCES:
        problems["licence"] = "Xin chọn một giấy phép."
    if new.every_minutes is not None and not LEAST_MINUTES <= new.every_minutes <= 60 * 24 * 31:
        problems["every_minutes"] = "Từ 5 phút đến 31 ngày một lần."
    if new.promise_hours is not None and not 1 <= new.promise_hours <= 24 * 400:
        problems["promise_hours"] = "Hẹn từ 1 giờ đến 400 ngày."
    if new.template and new.template not in templates.TEMPLATES:
        problems["template"] = "Không có mẫu này."
    return problems


def _free_key(title: str) -> str:
    base = text.slug(title)[:50].strip("-")
    taken = set(Source.objects.filter(key__startswith=base).values_list("key", flat=True))
    key, number = base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key


def locked(uid: UUID, actor: Actor) -> Source:
    """Return a source under lock; unseen is not found. Raises DataSourceUnknown."""
    source = Source.objects.select_for_update().filter(uid=uid, ended_at=None).first()
    if source is None or not policies.can_see(actor, source.agency_id):
        raise DataSourceUnknown(uid=str(uid))
    return source


def secret_of(source: Source) -> dict[str, str]:
    """Return the secret of a source, for its connector alone."""
    if source.sealed_secret is None:
        return {}
    told: dict[str, str] = json.loads(sealing.unseal(source.sealed_secret, purpose=PURPOSE))
    return told


def _sealed(secret: Mapping[str, str]) -> bytes:
    return sealing.seal(json.dumps(dict(secret)), purpose=PURPOSE)


@transaction.atomic
def set_promise(
    *,
    uid: UUID,
    title: str,
    summary: str,
    licence: str,
    attribution: str,
    every_minutes: int | None,
    promise_hours: int | None,
    actor: Actor,
    now: datetime,
) -> Source:
    """Say anew how a source is called, how often it is read, and how fresh it is promised to be."""
    source = locked(uid, actor)
    require(policies.can_feed(actor, source.agency_id))
    new = NewSource(
        title=title,
        agency_id=source.agency_id,
        kind=SourceKind(source.kind),
        summary=summary,
        licence=licence,
        every_minutes=every_minutes,
        promise_hours=promise_hours,
    )
    if problems := _problems(new):
        raise DataSourceFaulty(fields=problems)
    source.title, source.summary = text.nfc(title), text.nfc(summary)
    source.licence, source.attribution = licence, text.nfc(attribution)
    source.promise_hours = promise_hours
    if SourceKind(source.kind) in PULLED:
        source.every_minutes = every_minutes
        source.next_run_at = now + timedelta(minutes=every_minutes) if every_minutes else None
    source.save()
    audit.record(actor, "connectors.source_promised", source, at=now, every=every_minutes, promise=promise_hours)
    return source


@transaction.atomic
def set_place(
    *, uid: UUID, place: Mapping[str, object], secret: Mapping[str, str], actor: Actor, now: datetime
) -> Source:
    """Say where a source lies. Secrets left out stay as they are, unless the server changed: then they must be given anew.

    Raises DataSourceFaulty.
    """
    source = locked(uid, actor)
    require(policies.can_connect(actor, source.agency_id))
    moved = any(place.get(name) != source.place.get(name) for name in ("url", "host", "port", "host_key", "token_url"))
    merged = {**({} if moved else secret_of(source)), **{name: told for name, told in secret.items() if told}}
    told = {name: value for name, value in place.items() if value not in {"", None}}
    if source.kind == SourceKind.FILE and told.get("url"):
        told["url"] = sharing.file_link(str(told["url"]))
    if problems := places.problems(SourceKind(source.kind), told, merged):
        raise DataSourceFaulty(fields=problems)
    source.place, source.sealed_secret = told, _sealed(merged) if merged else None
    source.resume = {}
    source.next_run_at = now if source.every_minutes else None
    source.save(update_fields=["place", "sealed_secret", "resume", "next_run_at"])
    audit.record(actor, "connectors.source_placed", source, at=now, moved=moved)
    return source


@transaction.atomic
def set_publication(*, uid: UUID, publication: Publication, actor: Actor, now: datetime) -> Source:
    """Say how a dataset is shown. Raises DataSourceFaulty where a field it needs is not there."""
    source = locked(uid, actor)
    require(policies.can_feed(actor, source.agency_id))
    problems = shapes.problems(publication, mapping_of(source.mapping))
    if problems:
        raise DataSourceFaulty(fields=problems)
    source.publication = publication.as_json()
    source.save(update_fields=["publication"])
    indexes.keep_up(source)
    audit.record(actor, "connectors.source_shaped", source, at=now, shape=publication.shape.value)
    return source


@transaction.atomic
def pause(*, uid: UUID, paused: bool, actor: Actor, now: datetime) -> Source:
    """Stop reading a source by its schedule, or go on."""
    source = locked(uid, actor)
    require(policies.can_feed(actor, source.agency_id))
    source.paused = paused
    source.failures = 0
    source.next_run_at = now if source.every_minutes and not paused else source.next_run_at
    source.save(update_fields=["paused", "failures", "next_run_at"])
    audit.record(actor, "connectors.source_paused" if paused else "connectors.source_resumed", source, at=now)
    return source


def choose(*, uid: UUID, key: str, name: str, actor: Actor, now: datetime) -> Source:
    """Read another of the things that lie at a source's place: a table, a layer, a file. Raises DataSourceFaulty."""
    source = Source.objects.filter(uid=uid, ended_at=None).first()
    if source is None or not policies.can_see(actor, source.agency_id):
        raise DataSourceUnknown(uid=str(uid))
    if key not in places.OFFERED:
        raise DataSourceFaulty(fields={"key": "Không chọn được mục này."})
    return set_place(uid=uid, place={**source.place, key: name}, secret={}, actor=actor, now=now)


@transaction.atomic
def set_rules(
    *,
    uid: UUID,
    quiet_from: int | None,
    quiet_to: int | None,
    two_persons: bool,
    actor: Actor,
    now: datetime,
    limits: Mapping[str, float | int | None] | None = None,
) -> Source:
    """Say between which hours a source's server is left alone, whether two persons publish, and when a version is held back (``limits``, by the
    names of ``checking.Limits``; None leaves them). Raises DataSourceFaulty."""
    source = locked(uid, actor)
    require(policies.can_release(actor, source.agency_id))
    if (quiet_from is None) != (quiet_to is None):
        raise DataSourceFaulty(fields={"quiet_to": "Chọn cả giờ bắt đầu và giờ hết, hoặc để trống cả hai."})
    if quiet_from is not None and quiet_to is not None and not {quiet_from, quiet_to} <= set(range(24)):
        raise DataSourceFaulty(fields={"quiet_from": "Giờ từ 0 đến 23."})
    source.quiet_from, source.quiet_to, source.two_persons = quiet_from, quiet_to, two_persons
    told = {"quiet_from": quiet_from, "quiet_to": quiet_to, "two_persons": two_persons}
    if limits is not None:
        source.limits = _sound_limits(limits)
        told |= {f"limit_{name}": value for name, value in source.limits.items()}
    source.save(update_fields=["quiet_from", "quiet_to", "two_persons", "limits"])
    audit.record(actor, "connectors.source_ruled", source, at=now, **told)
    return source


def _sound_limits(limits: Mapping[str, float | int | None]) -> dict[str, float | int]:
    """Return limits as they are kept: what differs from the usual. Raises DataSourceFaulty."""
    problems = {
        name: "Từ 0 đến 100 phần trăm."
        for name in ("faulty", "left", "removed")
        if (told := limits.get(name)) is not None and not 0 <= told <= 100
    }
    fewest, most = limits.get("fewest"), limits.get("most")
    if (fewest or 0) < 0 or (most or 0) < 0 or (fewest is not None and most is not None and fewest > most):
        problems["most"] = "Nhiều nhất không được nhỏ hơn ít nhất."
    if problems:
        raise DataSourceFaulty(fields=problems)
    usual = asdict(Limits())
    return {name: told for name in usual if (told := limits.get(name)) is not None and told != usual[name]}


@transaction.atomic
def end_source(*, uid: UUID, actor: Actor, now: datetime) -> None:
    """Take a dataset away from the public for good; its rows and history stay for who must account for them."""
    source = locked(uid, actor)
    require(policies.can_release(actor, source.agency_id))
    source.ended_at = now
    source.sealed_secret = source.push_hash = None
    source.save(update_fields=["ended_at", "sealed_secret", "push_hash"])
    audit.record(actor, "connectors.source_ended", source, at=now)


@transaction.atomic
def renew_push_key(*, uid: UUID, actor: Actor, now: datetime) -> str:
    """Return a new key for a program that sends; the old one ends. It is shown once."""
    source = locked(uid, actor)
    require(policies.can_connect(actor, source.agency_id))
    if SourceKind(source.kind) is not SourceKind.PUSH:
        raise DataSourceFaulty(fields={"kind": "Chỉ nguồn “Phần mềm tự gửi đến” mới có khóa."})
    key = "shp_" + secrets.token_urlsafe(24)
    source.push_hash = hashlib.sha256(key.encode()).digest()
    source.sealed_secret = _sealed({"push": key})
    source.save(update_fields=["push_hash", "sealed_secret"])
    audit.record(actor, "connectors.push_key_renewed", source, at=now)
    return key
