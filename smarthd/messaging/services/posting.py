"""One e-mail handed to the mail server now, for a sender that keeps its own outbox; everybody else queues (``mails.queue_mail``)."""

from __future__ import annotations

from datetime import datetime

from smarthd.messaging.ports import GatewayRefused, GatewayUnavailable, Mail
from smarthd.messaging.services import mails


class MailUnavailable(Exception):
    """The mail server did not take it just now: another try may succeed."""


class MailRefused(Exception):
    """The mail server will not take it, however often it is asked."""


def post(*, recipient: str, subject: str, body: str, reference: str, at: datetime) -> str:
    """Hand over one e-mail and return the server's receipt. The same reference twice carries the same Message-ID; needs no database."""
    mail = Mail(reference, recipient, " ".join(subject.split())[:300], body, at)
    try:
        return mails.mailer().send(mail).reference
    except GatewayRefused as refusal:
        raise MailRefused(str(refusal)) from None
    except GatewayUnavailable as failure:
        raise MailUnavailable(str(failure)) from None
