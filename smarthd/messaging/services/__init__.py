"""Writes of messaging: codes to telephones, words to a person's inbox, letters to an agency's mailbox."""

from __future__ import annotations

from smarthd.messaging.services.codes import forget_deliveries, gateway, queue_code, send_code, try_delivery
from smarthd.messaging.services.inbox import (
    forget_inbox_of,
    forget_old_items,
    mark_all_read,
    mark_read,
    tell,
)
from smarthd.messaging.services.mails import forget_mails, mailer, queue_mail, send_due_mails, try_mail

__all__ = [
    "forget_deliveries",
    "forget_inbox_of",
    "forget_mails",
    "forget_old_items",
    "gateway",
    "mailer",
    "mark_all_read",
    "mark_read",
    "queue_code",
    "queue_mail",
    "send_code",
    "send_due_mails",
    "tell",
    "try_delivery",
    "try_mail",
]
