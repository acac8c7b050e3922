"""Taking in others' CAP messages as drafts: verified against the certificate pinned for the sender, never sent on by itself.

What the national forecaster says becomes a draft of our duty officer's, with its words, level and the communes it names; people here
complete, approve and send it. A message comes in once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import IntegrityError, transaction

from smarthd.alerts.cap import reading, signing
from smarthd.alerts.errors import AlertFaulty, CapTooLarge, CapUnreadable, CapUnsigned, SourceFaulty, SourceUnknown
from smarthd.alerts.models import ImportedMessage, TrustedSource
from smarthd.alerts.rules import guessing
from smarthd.alerts.rules.hazards import FACTS, Hazard
from smarthd.alerts.rules.messages import NAMESPACE, Certainty, Channel, Response, Severity, Status, Urgency
from smarthd.alerts.services import composing
from smarthd.alerts.values import Draft, Taken
from smarthd.kernel import audit, clock
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.places import selectors as places

SEEN = "đã nhận trước đây"
ATOM = "http://www.w3.org/2005/Atom"


@transaction.atomic
def trust_source(
    key: str, *, name: str, sender: str, certificate_pem: bytes, url: str = "", actor: Actor, now: datetime
) -> TrustedSource:
    """Pin a sender's certificate: P-256, in its time. Only whoever runs the machine does this. A source of this key is replaced."""
    require(bool(actor.system), act="trust_source")
    wrong: dict[str, str] = {}
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem)
    except ValueError:
        raise SourceFaulty(fields={"certificate": "Tệp không phải chứng thư dạng PEM."}) from None
    public = certificate.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey) or public.curve.name != "secp256r1":
        wrong["certificate"] = "Chứng thư phải dùng khóa P-256."
    elif not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        wrong["certificate"] = "Chứng thư chưa đến hạn hoặc đã hết hạn."
    if not sender.strip() or set(" ,<&") & set(sender.strip()):
        wrong["sender"] = "Địa chỉ nơi gửi (sender) trống hoặc có ký tự không hợp lệ."
    if url and not url.startswith("https://"):
        wrong["url"] = "Địa chỉ nguồn tin phải bắt đầu bằng https://."
    if wrong:
        raise SourceFaulty(fields=wrong)
    mark = hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()
    values = {"name": name[:200], "sender": sender.strip(), "certificate": certificate_pem.decode("ascii", "replace")}
    source, _ = TrustedSource.objects.update_or_create(
        key=key, defaults={**values, "fingerprint": mark, "url": url, "added_at": now, "ended_at": None}
    )
    audit.record(actor, "alerts.source_trusted", source, at=now, sender=source.sender, fingerprint=mark)
    return source


@transaction.atomic
def end_source(key: str, *, actor: Actor, now: datetime) -> None:
    """Trust a source no longer; what came of it stays."""
    require(bool(actor.system), act="end_source")
    source = TrustedSource.objects.filter(key=key, ended_at=None).first()
    if source is None:
        raise SourceUnknown(key=key)
    source.ended_at = now
    source.save(update_fields=["ended_at"])
    audit.record(actor, "alerts.source_ended", source, at=now)


def messages_in(raw: bytes) -> Iterator[Any]:
    """Yield the CAP messages of a document: one message, or an Atom feed that carries them inside. Raises CapUnreadable, CapTooLarge."""
    if len(raw) > reading.LARGEST:
        raise CapTooLarge(limit_kb=reading.LARGEST // 1000)
    try:
        root = reading.parse(raw)
    except reading.Unreadable as problem:
        raise CapUnreadable(why=str(problem)) from problem
    found = [root] if root.tag == f"{{{NAMESPACE}}}alert" else list(root.iter(f"{{{NAMESPACE}}}alert"))
    if not found:
        raise CapUnreadable(why="no CAP 1.2 alert inside")
    yield from found


def links_in(raw: bytes) -> list[str]:
    """Return the addresses of CAP messages an Atom or RSS feed links to."""
    try:
        root = reading.parse(raw)
    except reading.Unreadable as problem:
        raise CapUnreadable(why=str(problem)) from problem
    links = [
        link.get("href", "")
        for link in root.iter(f"{{{ATOM}}}link")
        if link.get("type") == "application/cap+xml" and link.get("rel") in {"related", "alternate", "enclosure", None}
    ]
    return [*links, *((item.text or "").strip() for item in root.iterfind("./channel/item/link"))]


def take_message(alert: Any, *, agency_id: int, actor: Actor, now: datetime) -> Taken:
    """Take one message in as a draft of an agency. Raises CapUnreadable, CapUnsigned (no pinned source signed all of it)."""
    try:
        alone = reading.parse(_alone(alert))
        reading.check_shape(alone)
    except reading.Unreadable as problem:
        raise CapUnreadable(why=str(problem)) from problem
    claimed = reading.read(alone).sender
    source = TrustedSource.objects.filter(sender=claimed, ended_at=None).first()
    if source is None:
        raise CapUnsigned(sender=claimed[:100])
    try:
        pinned = x509.load_pem_x509_certificate(source.certificate.encode())
        told = reading.read(signing.verify(alone, certificate=pinned, now=now))
    except signing.NotSigned as problem:
        raise CapUnsigned(sender=claimed[:100], why=str(problem)) from problem
    if told.sender != source.sender:
        raise CapUnsigned(sender=told.sender[:100])
    return _keep(told, source, agency_id, actor, now)


def _alone(alert: Any) -> bytes:
    from lxml import etree

    written: bytes = etree.tostring(alert, encoding="UTF-8", with_tail=False)
    return written


@transaction.atomic
def _keep(told: reading.Read, source: TrustedSource, agency_id: int, actor: Actor, now: datetime) -> Taken:
    row = ImportedMessage(source=source, identifier=told.identifier[:200], sent=told.sent, received_at=now)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return Taken(told.identifier, told.sender, "", SEEN)
    code, note = "", _why_not(told, now)
    if not note:
        try:
            with transaction.atomic():
                made = composing.compose(
                    draft_from(told, now), agency_id=agency_id, actor=actor, now=now, from_source=_origin(told, source)
                )
            row.alert, code = made, made.code
        except AlertFaulty as refusal:
            fields = refusal.facts.get("fields")
            note = " ".join(map(str, fields.values())) if isinstance(fields, dict) else "nội dung chưa dùng được"
    row.note = note[:200]
    row.save(update_fields=["alert", "note"])
    return Taken(told.identifier, told.sender, code, note)


def _origin(told: reading.Read, source: TrustedSource) -> str:
    return f"{source.name} · {told.kind} · {told.identifier}"[:300]


def _why_not(told: reading.Read, now: datetime) -> str:
    if told.status not in {"Actual", "Exercise"}:
        return f"bản tin {told.status} không thành bản nháp"
    if told.kind not in {"Alert", "Update"}:
        ours = ", ".join(_came_of(told)) or "cảnh báo liên quan"
        return f"bản tin {told.kind}: xem và tự hủy {ours}"
    if not told.blocks:
        return "bản tin không có nội dung"
    ends = [block.expires for block in told.blocks if block.expires is not None]
    if ends and max(ends) <= now:
        return "bản tin đã hết hiệu lực"
    return ""


def _came_of(told: reading.Read) -> list[str]:
    """Return the codes of our warnings that came of the messages this one refers to (CAP's ``references``: sender,identifier,sent)."""
    named = [one.split(",")[1] for one in told.references.split() if one.count(",") == 2]
    rows = ImportedMessage.objects.filter(source__sender=told.sender, identifier__in=named[:50], alert__isnull=False)
    return list(rows.order_by("id").values_list("alert__code", flat=True))


def draft_from(told: reading.Read, now: datetime) -> Draft:
    """Return a draft of what a message says; what it does not say is left to the duty officer, in [brackets]."""
    vi = next((block for block in told.blocks if block.language.lower().startswith("vi")), told.blocks[0])
    en = next((block for block in told.blocks if block.language.lower().startswith("en")), None)
    hazard = Hazard(guessing.hazard_of(f"{vi.event} {vi.headline} {en.event if en else ''}"))
    known = {one.value: one for one in Response}
    start = vi.effective if vi.effective is not None and vi.effective > now else now
    end = vi.expires if vi.expires is not None and vi.expires > start else start + timedelta(hours=FACTS[hazard].hours)
    return Draft(
        hazard=hazard,
        status=Status.EXERCISE if told.status == "Exercise" else Status.ACTUAL,
        level=vi.level if FACTS[hazard].levels else None,
        urgency=Urgency(vi.urgency),
        severity=Severity(vi.severity),
        certainty=Certainty(vi.certainty),
        responses=tuple(known[one] for one in vi.responses if one in known) or FACTS[hazard].responses,
        headline_vi=guessing.bare(vi.headline)[:200],
        description_vi=guessing.bare(vi.description)[:4000],
        instruction_vi=guessing.bare(vi.instruction)[:4000],
        headline_en=guessing.bare(en.headline)[:200] if en else "[English headline]",
        description_en=guessing.bare(en.description)[:4000] if en else "[English description]",
        instruction_en=guessing.bare(en.instruction)[:4000] if en else "[English instruction]",
        contact=vi.contact[:120],
        effective_at=start,
        expires_at=end,
        communes=_communes(vi, now),
        ring=vi.polygons[0] if len(vi.polygons) == 1 else (),
        channels=tuple(Channel),
    )


def _communes(block: reading.Block, now: datetime) -> tuple[int, ...]:
    """Return the communes a message names: by their codes, or by a name that can mean one only."""
    day = clock.day_of(now)
    units = places.units_on(day, "commune")
    by_code = {unit.code: unit.id for unit in units if unit.code}
    found = {by_code[code] for _name, code in block.geocodes if code in by_code}
    for part in block.area.replace(";", ",").split(","):
        named = [view for view in places.resolve_name(part.strip(), day) if view.level == "commune" and view.standing] if part.strip() else []  # fmt: skip
        if len(named) == 1:
            found.add(named[0].id)
    return tuple(sorted(found))
