"""To every phone by messaging's fan-out, and into the inbox of everybody who lives there: the inbox is the truth, push is what wakes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from smarthd.alerts.adapters.inbox import InboxBroadcaster
from smarthd.alerts.ports import Audience, Broadcast, CommuneReach, Reach
from smarthd.messaging import rules
from smarthd.messaging import selectors as messaging_selectors
from smarthd.messaging import services as messaging
from smarthd.messaging.errors import FanoutExpired, FanoutUnknown, NothingToReplace
from smarthd.messaging.values import PushPayload


class PushBroadcaster:
    """Begins a fan-out under the warning's key; the same key again changes nothing."""

    def __init__(self) -> None:
        self._inbox = InboxBroadcaster()

    def start(self, broadcast: Broadcast, *, now: datetime) -> None:
        """Begin the fan-out first, for phones wake people; then fill the inboxes."""
        try:
            self._begin(broadcast, broadcast.replaces or None, now)
        except NothingToReplace:  # what it replaces never went by push: there is nothing of it to drop
            self._begin(broadcast, None, now)
        except FanoutExpired:
            return
        self._inbox.start(broadcast, now=now)

    def _begin(self, broadcast: Broadcast, replaces: str | None, now: datetime) -> None:
        lane = rules.Lane(broadcast.lane)
        urgency = rules.Urgency.HIGH if lane is rules.Lane.LIFE else rules.Urgency.NORMAL
        messaging.start_fanout(
            key=broadcast.key,
            lane=lane,
            communes=broadcast.communes,
            topic=rules.Topic.ALERTS,
            payloads={
                language: PushPayload(
                    title=said["title"], body=said["body"], href=said["href"], tag=said["tag"], urgency=urgency
                )
                for language, said in broadcast.payloads.items()
            },
            expires_at=broadcast.expires_at,
            replaces=replaces,
            test_accounts=list(broadcast.test_accounts) or None,
            now=now,
        )

    def cancel(self, key: str, *, now: datetime) -> None:
        """Drop what was not sent; a message that never began has nothing to drop."""
        try:
            messaging.cancel_fanout(key, now)
        except FanoutUnknown:
            return

    def reach(self, key: str) -> Reach:
        """Return the ledger's own counts; before it has begun nobody was targeted."""
        try:
            told = messaging_selectors.fanout(key)
        except FanoutUnknown:
            return Reach()
        places = {
            commune: CommuneReach(one.targeted, one.accepted, one.gone, one.failed)
            for commune, one in told.by_commune.items()
        }
        return Reach(told.targeted, told.accepted, told.gone, told.failed, told.waiting, places)

    def audience(self, communes: Sequence[int]) -> Audience:
        """Count the people with an account there, and the phones that agreed to be told."""
        phones = messaging_selectors.audience(communes, rules.Topic.ALERTS).phones if communes else 0
        return Audience(people=self._inbox.audience(communes).people, phones=phones)
