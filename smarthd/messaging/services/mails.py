"""E-mail to offices: put on its way inside the transaction it follows, tried a few times outside any, ended in a state someone sees.

A worker that dies before it tried leaves the e-mail waiting, and the next sweep takes it up. One that dies after the mail server took
it, and before that was written down, makes the e-mail go again under the same Message-ID, by which mail servers know it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from smarthd.kernel.moves import Move
from smarthd.messaging import rules
from smarthd.messaging.adapters.console import ConsoleMailer
from smarthd.messaging.adapters.smtp import SmtpMailer
from smarthd.messaging.models import MailDelivery
from smarthd.messaging.ports import GatewayRefused, GatewayUnavailable, Mail, Mailer
from smarthd.messaging.rules import MailState

BATCH = 100


def mailer() -> Mailer:
    """Return this installation's mailer: the mail server configured, else the server's terminal."""
    if settings.MAIL_URL:
        return SmtpMailer(settings.MAIL_URL, settings.MAIL_FROM)
    return ConsoleMailer()


@transaction.atomic
def queue_mail(*, recipient: str, subject: str, body: str, reference: str, now: datetime) -> bool:
    """Put an e-mail on its way; told twice under one reference, it goes once. Say whether it is new."""
    from smarthd.messaging.tasks import deliver_mail  # tasks import this module

    mail, made = MailDelivery.objects.get_or_create(
        reference=reference,
        defaults={
            "recipient": recipient,
            "subject": rules.subject_line(subject),
            "body": body,
            "next_try_at": now,
            "asked_at": now,
        },
    )
    if made:
        deliver_mail.defer(mail_id=mail.pk)
    return made


def try_mail(mail_id: int, *, now: datetime, via: Mailer | None = None) -> MailState:
    """Try once to send a waiting e-mail whose turn it is, and return where it stands; no transaction is open meanwhile."""
    taken = _take(mail_id, now=now)
    if taken is None:
        return MailState(MailDelivery.objects.values_list("state", flat=True).get(pk=mail_id))
    try:
        receipt = (via or mailer()).send(taken.mail)
    except GatewayRefused as refusal:
        return _close(mail_id, rules.FAIL_MAIL, now=now, fault=f"refused: {refusal}")
    except GatewayUnavailable as failure:
        if not taken.last:
            return _wait(mail_id, fault=f"unavailable: {failure}")
        return _close(mail_id, rules.FAIL_MAIL, now=now, fault=f"unavailable: {failure}")
    return _close(mail_id, rules.SEND_MAIL, now=now, receipt=receipt.reference)


def send_due_mails(*, now: datetime, via: Mailer | None = None) -> int:
    """Try every e-mail whose turn it is: repeated tries, and what a dead worker left behind. Return how many were tried."""
    due = list(
        MailDelivery.objects.filter(state=MailState.WAITING, next_try_at__lte=now)
        .order_by("next_try_at")
        .values_list("id", flat=True)[:BATCH]
    )
    for mail_id in due:
        try_mail(mail_id, now=now, via=via)
    return len(due)


def forget_mails(*, before: datetime) -> int:
    """Delete e-mails whose way ended before an instant; for retention. Return how many."""
    return MailDelivery.objects.filter(closed_at__lt=before).delete()[0]


@dataclass(frozen=True, slots=True)
class _Taken:
    mail: Mail
    last: bool


@transaction.atomic
def _take(mail_id: int, *, now: datetime) -> _Taken | None:
    """Count one try, lease the e-mail until the next, and return what to send; None when it is over, or another's turn."""
    row = MailDelivery.objects.select_for_update().get(pk=mail_id)
    if row.state != MailState.WAITING or row.next_try_at > now:
        return None
    wait = rules.mail_wait(row.tries + 1)
    row.tries += 1
    row.next_try_at = now + (wait or rules.MAIL_WAITS[-1])
    row.save(update_fields=["tries", "next_try_at"])
    mail = Mail(row.reference, row.recipient, row.subject, row.body, row.asked_at)
    return _Taken(mail, last=wait is None)


def _wait(mail_id: int, *, fault: str) -> MailState:
    MailDelivery.objects.filter(pk=mail_id, state=MailState.WAITING).update(fault=fault[:200])
    return MailState.WAITING


@transaction.atomic
def _close(mail_id: int, move: Move[MailState], *, now: datetime, fault: str = "", receipt: str = "") -> MailState:
    row = MailDelivery.objects.select_for_update().get(pk=mail_id)
    row.state = move.apply(MailState(row.state))
    row.fault, row.receipt, row.closed_at = fault[:200], receipt[:200], now
    row.save(update_fields=["state", "fault", "receipt", "closed_at"])
    return MailState(row.state)
