"""The duty desk: a call for help is given to somebody, and ended with what was done."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from smarthd.alerts.errors import AlertFaulty, HelpUnknown
from smarthd.alerts.models import Answer, HelpStep
from smarthd.alerts.rules import states
from smarthd.alerts.rules.states import Help
from smarthd.alerts.selectors import helps
from smarthd.kernel import audit
from smarthd.kernel.actor import Actor


def _lock(uid: UUID, actor: Actor, now: datetime) -> Answer:
    row = Answer.objects.select_for_update(of=("self",)).filter(uid=uid, answer="help").first()
    if row is None or row.commune_id not in helps.communes_for(actor, [row.commune_id], now):
        raise HelpUnknown
    return row


@transaction.atomic
def assign_help(uid: UUID, *, to: str, actor: Actor, now: datetime) -> Answer:
    """Give a call for help to a team or a person; giving it to another later is the same act."""
    row = _lock(uid, actor, now)
    who = " ".join(to.split())[:200]
    if not who:
        raise AlertFaulty(fields={"to": "Ghi giao cho ai, ví dụ “Đội xung kích thôn 3”."})
    row.state, row.assigned_to = states.ASSIGN.apply(Help(row.state)), who
    row.save(update_fields=["state", "assigned_to"])
    HelpStep.objects.create(answer=row, act="assigned", at=now, by=actor.account_id, words=who)
    audit.record(actor, "alerts.help_assigned", row, at=now)
    return row


@transaction.atomic
def close_help(uid: UUID, *, words: str, actor: Actor, now: datetime) -> Answer:
    """End a call for help with what was done."""
    row = _lock(uid, actor, now)
    said = " ".join(words.split())[:500]
    if not said:
        raise AlertFaulty(fields={"words": "Ghi đã làm gì, ví dụ “Đã đưa 3 người tới nhà văn hóa thôn”."})
    row.state = states.CLOSE.apply(Help(row.state))
    row.save(update_fields=["state"])
    HelpStep.objects.create(answer=row, act="closed", at=now, by=actor.account_id, words=said)
    audit.record(actor, "alerts.help_closed", row, at=now)
    return row
