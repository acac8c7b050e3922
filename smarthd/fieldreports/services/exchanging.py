"""Taking over the reports of another Open311 server: by periods, each report once, from hosts that were allowed by name."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from datetime import datetime
from urllib.parse import urlsplit

from smarthd.fieldreports.errors import FileUnreadable, SourceUnreachable
from smarthd.fieldreports.ports import Fetcher, FetchRefused, FetchUnavailable
from smarthd.fieldreports.rules import exchanging, importing
from smarthd.fieldreports.rules.importing import Line
from smarthd.fieldreports.services import importing as taking
from smarthd.fieldreports.services.importing import Imported
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require

_MOST_BYTES = 64 * 1024 * 1024


def import_from(
    root: str,
    *,
    since: datetime,
    until: datetime,
    hosts: Collection[str],
    actor: Actor,
    now: datetime,
    jurisdiction: str = "",
    source: str = "",
    suffix: str = "xml",
    most: int = exchanging.MOST,
    default_commune: int | None = None,
    using: Fetcher | None = None,
) -> Imported:
    """Take over what a server received in a period. Its ids are known by ``source`` (its host, unless named), so it may be asked again.

    ``most`` is how many requests the server gives at once: a period that brings as many is asked for again in halves. Where the
    server fails on the way (SourceUnreachable, FileUnreadable), what came before stays, and asking again goes on from there.
    """
    # The library is loaded where it fetches, not in every web process.
    from smarthd.fieldreports.adapters.web import WebFetcher

    require(bool(actor.system))
    reader = _Reader(root, using or WebFetcher(hosts, inside=True), jurisdiction, suffix, most)
    return taking.import_lines(
        reader.lines(since, until),
        source=source or urlsplit(root).netloc,
        mark=lambda: reader.mark,
        actor=actor,
        now=now,
        default_commune=default_commune,
        place="Mục",
    )


class _Reader:
    """Asks one server for period after period, and gives each of its requests once."""

    def __init__(self, root: str, fetcher: Fetcher, jurisdiction: str, suffix: str, most: int) -> None:
        self._root, self._fetcher, self._jurisdiction, self._suffix, self._most = (
            root,
            fetcher,
            jurisdiction,
            suffix,
            most,
        )
        self._seen: set[str] = set()
        self._digest = hashlib.sha256()

    @property
    def mark(self) -> str:
        """The mark of everything that was read so far."""
        return self._digest.hexdigest()

    def lines(self, since: datetime, until: datetime) -> Iterator[Line]:
        """Yield the requests of a period, the oldest periods first."""
        for start, end in exchanging.periods(since, until):
            yield from self._of(start, end)

    def _of(self, since: datetime, until: datetime) -> Iterator[Line]:
        found = self._read(since, until)
        parts = exchanging.halves(since, until) if len(found) >= self._most else []
        for start, end in parts:
            yield from self._of(start, end)
        for entry in [] if parts else found:
            key = entry.get("service_request_id", "")
            if key in self._seen and key:
                continue
            self._seen.add(key)
            yield exchanging.line_of(len(self._seen), entry)

    def _read(self, since: datetime, until: datetime) -> list[dict[str, str]]:
        address = exchanging.address_of(self._root, self._suffix, since, until, self._jurisdiction)
        period = f"{since:%d/%m/%Y %H:%M} đến {until:%d/%m/%Y %H:%M}"
        try:
            raw = self._fetcher.fetch(address, most=_MOST_BYTES)
            found = exchanging.entries(raw, self._suffix)
        except (FetchRefused, FetchUnavailable) as why:
            raise SourceUnreachable(words=f"Đoạn {period}: {why}.") from None
        except importing.Unreadable as why:
            raise FileUnreadable(words=f"Đoạn {period}: {why}") from None
        self._digest.update(raw)
        return found
