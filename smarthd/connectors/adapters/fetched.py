"""Sources that are one document behind a web address: files, GeoJSON, feeds, calendars, GTFS."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urlsplit

from smarthd.connectors.adapters import calendars, documents, uploads
from smarthd.connectors.adapters.landing import Landing
from smarthd.connectors.adapters.web import MOST_BYTES, Answer, Web
from smarthd.connectors.errors import NoTable
from smarthd.connectors.ports import FROM_THE_START, NotLetIn, NotThere, Reader, SourceRefused, State, Table
from smarthd.connectors.rules import sharing
from smarthd.connectors.rules.sources import SourceKind
from smarthd.kernel.errors import Invalid

_HEAD = 4_096
Read = Callable[[bytes], Table]
_READS: dict[SourceKind, Read] = {
    SourceKind.GEOJSON: documents.geojson_table,
    SourceKind.FEED: documents.feed_table,
    SourceKind.CALENDAR: calendars.ics_table,
    SourceKind.GTFS: documents.gtfs_table,
}


class Document(Reader):
    """Reads one document; ``headers`` bear what lets one in."""

    def __init__(self, kind: SourceKind, place: Mapping[str, object], *, headers: Mapping[str, str], web: Web) -> None:
        self._kind, self._place, self._headers, self._web = kind, place, headers, web

    def read(self, state: State = FROM_THE_START) -> Table:
        """Return what the document holds now."""
        url = str(self._place.get("url", ""))
        if read := _READS.get(self._kind):
            answer = self._web.get(url, headers=self._headers)
            digest = hashlib.sha256(answer.body).hexdigest()
            return replace(read(answer.body), digest=digest, moved_at=moved_at(answer.headers))
        with Landing() as landing:
            answer = self._answer(sharing.file_link(url), landing)
            if sharing.is_google(url) and _start(landing) == b"<":
                raise SourceRefused(sharing.NOT_SHARED)
            table = file_table(landing, name=unquote(urlsplit(answer.url).path.rpartition("/")[2]), place=self._place)
        return replace(table, digest=landing.sha256, moved_at=moved_at(answer.headers))

    def _answer(self, url: str, landing: Landing) -> Answer:
        try:
            return self._web.fetch(url, landing, headers=self._headers)
        except (NotLetIn, NotThere) as why:
            if not sharing.is_google(url):
                raise
            raise SourceRefused(sharing.GONE if isinstance(why, NotThere) else sharing.NOT_SHARED) from None


def _start(landing: Landing) -> bytes:
    """Return the first letter of a file."""
    landing.stream.seek(0)
    return landing.stream.read(_HEAD).removeprefix(codecs.BOM_UTF8).lstrip()[:1]


def file_table(landing: Landing, *, name: str, place: Mapping[str, object]) -> Table:
    """Return a CSV, Excel or JSON file as a table, told by its first bytes; text is read from disk line by line."""
    start = _start(landing)
    landing.stream.seek(0)
    is_zip = landing.stream.read(2) == b"PK"
    if start in {b"[", b"{"}:
        told = documents.parsed_json(landing.whole(MOST_BYTES))
        return documents.json_table(documents.records(told, str(place.get("rows", ""))))
    if start == b"<":
        msg = "địa chỉ trả về một trang web, không phải tệp dữ liệu"
        raise SourceRefused(msg)
    called = name or "tep.csv"
    try:
        table, _read_as = uploads.read_stream(
            landing.stream,
            file_name=called if is_zip or "." in called else f"{called}.csv",
            encoding=str(place.get("encoding", "")),
        )
    except NoTable:
        msg = "không thấy dòng tiêu đề nêu tên các cột"
        raise SourceRefused(msg) from None
    except Invalid as refusal:
        raise SourceRefused(uploads.words_of(refusal)) from None
    landing.leave_to(table)
    return table


def moved_at(headers: Mapping[str, str]) -> datetime | None:
    """Return when a document was last changed, where the server tells."""
    try:
        return parsedate_to_datetime(headers["last-modified"])
    except (KeyError, ValueError, TypeError):
        return None
