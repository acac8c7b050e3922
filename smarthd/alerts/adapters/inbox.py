"""Without push: the warning is put into the inbox of everybody whose home is there, and no number of phones is made up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from smarthd.alerts.ports import Audience, Broadcast, Reach
from smarthd.alerts.selectors import ground
from smarthd.kernel import clock
from smarthd.messaging import services as messaging
from smarthd.people import selectors as people

CHUNK = 2000


class InboxBroadcaster:
    """Tells people in the app's own inbox."""

    def start(self, broadcast: Broadcast, *, now: datetime) -> None:
        """Put it into inboxes; whoever has it keeps the one they have."""
        ids = list(broadcast.test_accounts) or self._living_in(broadcast.communes, now)
        words = broadcast.payloads["vi"]
        for first in range(0, len(ids), CHUNK):
            messaging.tell(
                ids[first : first + CHUNK],
                kind="alerts.warning",
                title=words["title"],
                body=words["body"],
                href=words["href"],
                key=broadcast.key,
                now=now,
            )

    def cancel(self, key: str, *, now: datetime) -> None:
        """Nothing waits: inboxes are told at once, and the cancellation is a message of its own."""

    def reach(self, key: str) -> Reach:
        """Say that no push is wired."""
        return Reach(connected=False)

    def audience(self, communes: Sequence[int]) -> Audience:
        """Count the people; nobody knows of phones."""
        return Audience(people=people.count_living_in(ground.atoms_of(communes, clock.today())), phones=None)

    def _living_in(self, communes: Sequence[int], now: datetime) -> list[int]:
        return people.accounts_living_in(ground.atoms_of(communes, clock.day_of(now)))
