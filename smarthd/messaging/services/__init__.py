"""Writes of messaging: codes to telephones, words to a person's inbox, letters to an agency's mailbox."""

from __future__ import annotations

from smarthd.messaging.services.codes import forget_deliveries, gateway, queue_code, send_code, try_delivery
from smarthd.messaging.services.fanouts import cancel_fanout, forget_fanouts, start_fanout
from smarthd.messaging.services.inbox import (
    forget_inbox_of,
    forget_old_items,
    mark_all_read,
    mark_read,
    tell,
)
from smarthd.messaging.services.mails import forget_mails, mailer, queue_mail, send_due_mails, try_mail
from smarthd.messaging.services.notices import forget_notices, push_due_notices, push_notices_of
from smarthd.messaging.services.official_account import zalo
from smarthd.messaging.services.origins import reopen_origin
from smarthd.messaging.services.pushing import pool_level
from smarthd.messaging.services.rehearsing import NotARehearsal, plant_phones
from smarthd.messaging.services.subscriptions import (
    Told,
    forget_phones_of,
    forget_silent_phones,
    mark_of,
    push_key,
    subscribe,
    unsubscribe,
)

__all__ = [
    "NotARehearsal",
    "Told",
    "cancel_fanout",
    "forget_deliveries",
    "forget_fanouts",
    "forget_inbox_of",
    "forget_mails",
    "forget_notices",
    "forget_old_items",
    "forget_phones_of",
    "forget_silent_phones",
    "gateway",
    "mailer",
    "mark_all_read",
    "mark_of",
    "mark_read",
    "plant_phones",
    "pool_level",
    "push_due_notices",
    "push_key",
    "push_notices_of",
    "queue_code",
    "queue_mail",
    "reopen_origin",
    "send_code",
    "send_due_mails",
    "start_fanout",
    "subscribe",
    "tell",
    "try_delivery",
    "try_mail",
    "unsubscribe",
    "zalo",
]
