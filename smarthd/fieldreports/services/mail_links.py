"""Agencies without accounts: a letter with a link that answers one report, once, and the answer that comes by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction

from smarthd.agencies import selectors as agencies
from smarthd.fieldreports.errors import LinkExpired, LinkForged, LinkOver, LinkUsed
from smarthd.fieldreports.models import Answer, MailLink, Report
from smarthd.fieldreports.rules import mailing, states
from smarthd.fieldreports.rules.attachments import Kind, Part
from smarthd.fieldreports.rules.states import Outcome, State
from smarthd.fieldreports.services import answering, handling, telling, uploads
from smarthd.fieldreports.values import Caller
from smarthd.kernel import audit, clock
from smarthd.kernel.actor import Actor, system
from smarthd.messaging import services as messaging
from smarthd.places import selectors as places

PAGE = "/can-bo/tra-loi/{}/"


@transaction.atomic
def write(report_uid: UUID, *, step: int, now: datetime) -> bool:
    """Write to the agency that holds a report, if nobody there has an account and it has a mailbox.

    Once a step, and only about the last one that asks something of the holder. Return whether a letter was written.
    """
    report = Report.objects.select_related("category").get(uid=report_uid)
    if State(report.state) not in mailing.ANSWERABLE or telling.holders(report.holder_id, now):
        return False
    if report.steps.filter(number__gt=step, act__in=mailing.WRITTEN_ON).exists():
        return False  # told late: the letter about the later step says all of it
    mailbox = agencies.mailboxes_of([report.holder_id]).get(report.holder_id)
    if mailbox is None:
        return False
    link, made = MailLink.objects.get_or_create(
        report=report,
        step=step,
        defaults={"agency_id": report.holder_id, "made_at": now, "expires_at": now + mailing.VALID},
    )
    if not made:
        return False
    commune = places.unit_view(report.commune_id, clock.day_of(now)).full_name
    facts = mailing.Facts(
        code=report.code,
        category=report.category.name,
        place=", ".join(part for part in (report.address, commune) if part),
        words=report.text,
        received_at=report.received_at,
        due_at=report.due_at,
        photos=report.photos,
        link=settings.ORIGIN + PAGE.format(token_of(link)),
        expires_at=link.expires_at,
    )
    subject, body = mailing.letter(facts)
    messaging.queue_mail(
        recipient=mailbox, subject=subject, body=body, reference=f"fieldreports.link.{link.uid}", now=now
    )
    audit.record(system("fieldreports"), "fieldreports.link_mailed", report, at=now, agency=report.holder_id, step=step)
    return True


def token_of(link: MailLink) -> str:
    """Return the signed text that stands in the letter."""
    return signing.dumps(link.uid.hex, salt=mailing.PURPOSE)


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that may be used now: whose report, for which agency, until when, and as whom its page reads."""

    code: str
    agency: str
    expires_at: datetime
    caller: Caller


def opened(token: str, *, now: datetime) -> Opened:
    """Return what a link opens, which uses nothing up; or raise LinkForged, LinkUsed, LinkExpired, LinkOver."""
    link = _usable(_uid(token), now, lock=False)
    views = agencies.agency_views([link.agency_id], clock.day_of(now))
    name = views[link.agency_id].name if link.agency_id in views else ""
    return Opened(link.report.code, name, link.expires_at, Caller(_agency(link.agency_id)))


@dataclass(frozen=True, slots=True)
class Proof:
    """A file that comes with an answer."""

    raw: bytes
    part: Part


@transaction.atomic
def answer(
    token: str,
    *,
    words: str,
    outcome: Outcome,
    now: datetime,
    proofs: Sequence[Proof] = (),
    promised_on: date | None = None,
) -> Answer:
    """Answer by a link, which is used up by it. What was not yet accepted is accepted first, for it was read.

    The rules are those of every answer; where one refuses, the link can still be used.
    """
    link = _usable(_uid(token), now, lock=True)
    caller = Caller(_agency(link.agency_id))
    code, state = link.report.code, State(link.report.state)
    if state is State.RECEIVED:
        state = State(handling.accept(code, caller=caller, now=now).state)
    if states.START.may_start(state):
        handling.start(code, caller=caller, now=now)
    made = answering.answer(
        code,
        words=words,
        outcome=outcome,
        caller=caller,
        now=now,
        attachment_uids=[_kept(one, caller, now) for one in proofs],
        promised_on=promised_on,
        road=mailing.BY_MAIL,
    )
    link.used_at = now
    link.save(update_fields=["used_at"])
    audit.record(caller.actor, "fieldreports.answered_by_link", link.report, at=now, agency=link.agency_id)
    return made


def _kept(proof: Proof, caller: Caller, now: datetime) -> UUID:
    kind = Kind.DOCUMENT if proof.part is Part.PROOF else Kind.PHOTO
    return uploads.take_whole(proof.raw, kind=kind, part=proof.part, caller=caller, now=now).uid


def _agency(agency_id: int) -> Actor:
    """Return who acts by a link: the system, for the agency the letter went to."""
    return system("fieldreports.mail").knowing(for_agency=str(agency_id))


def _uid(token: str) -> UUID:
    try:
        return UUID(hex=signing.loads(token, salt=mailing.PURPOSE))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        raise LinkForged from None


def _usable(uid: UUID, now: datetime, *, lock: bool) -> MailLink:
    rows = MailLink.objects.select_related("report")
    if lock:  # the report first, as every act does
        Report.objects.select_for_update().filter(mail_links__uid=uid).first()
        rows = rows.select_for_update(of=("self",))
    link = rows.filter(uid=uid).first()
    if link is None:
        raise LinkForged
    if link.used_at is not None:
        raise LinkUsed(code=link.report.code, at=link.used_at)
    if now >= link.expires_at:
        raise LinkExpired(code=link.report.code, at=link.expires_at)
    report = link.report
    if report.holder_id != link.agency_id or State(report.state) not in mailing.ANSWERABLE:
        raise LinkOver(code=report.code)
    return link
