"""Sources that are one document behind a web address: files, GeoJSON, feeds, calendars, GTFS."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urlsplit

from smarthd.connectors.adapters import calendars, documents, uploads
from smarthd.connectors.adapters.web import Answer, Web
from smarthd.connectors.errors import NoTable
from smarthd.connectors.ports import FROM_THE_START, Reader, SourceRefused, State, Table
from smarthd.connectors.rules.sources import SourceKind
from smarthd.kernel.errors import Invalid

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
        answer = self._web.get(str(self._place.get("url", "")), headers=self._headers)
        read = _READS.get(self._kind)
        table = read(answer.body) if read else file_table(answer, self._place)
        return replace(table, digest=hashlib.sha256(answer.body).hexdigest(), moved_at=moved_at(answer.headers))


def file_table(answer: Answer, place: Mapping[str, object]) -> Table:
    """Return a CSV, Excel or JSON file as a table, told by its first bytes."""
    start = answer.body.lstrip()[:1]
    if start in {b"[", b"{"}:
        return documents.json_table(documents.records(documents.parsed_json(answer.body), str(place.get("rows", ""))))
    if start == b"<":
        msg = "địa chỉ trả về một trang web, không phải tệp dữ liệu"
        raise SourceRefused(msg)
    name = unquote(urlsplit(answer.url).path.rpartition("/")[2]) or "tep.csv"
    is_zip = answer.body[:2] == b"PK"
    try:
        return uploads.read_file(
            answer.body,
            file_name=name if is_zip or "." in name else f"{name}.csv",
            encoding=str(place.get("encoding", "")),
        )[0]
    except NoTable:
        msg = "không thấy dòng tiêu đề nêu tên các cột"
        raise SourceRefused(msg) from None
    except Invalid as refusal:
        raise SourceRefused(uploads.words_of(refusal)) from None


def moved_at(headers: Mapping[str, str]) -> datetime | None:
    """Return when a document was last changed, where the server tells."""
    try:
        return parsedate_to_datetime(headers["last-modified"])
    except (KeyError, ValueError, TypeError):
        return None
