"""Files that somebody's program puts down: in a folder of our own server, one for each source. A file still being written is left for later."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from smarthd.connectors.adapters import calendars, documents, fetched, web
from smarthd.connectors.adapters.landing import MOST_BYTES, PIECE, Landing
from smarthd.connectors.ports import FROM_THE_START, Offer, Reader, SourceRefused, SourceUnavailable, State, Table

_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".swp", "~")
_BY_ENDING = {
    ".geojson": documents.geojson_table,
    ".ics": calendars.ics_table,
    ".rss": documents.feed_table,
    ".atom": documents.feed_table,
    ".zip": documents.gtfs_table,
}


class FolderFile(Reader):
    """Reads the newest file of a source's own folder, or of those there that ``place["path"]`` names (``*.csv``)."""

    def __init__(self, place: Mapping[str, object], *, folder: Path | None, most: int = MOST_BYTES) -> None:
        self._place, self._folder, self._most = place, folder, most

    def read(self, state: State = FROM_THE_START) -> Table:
        """Return the newest file as a table."""
        pattern = str(self._place.get("path") or "*")
        found = [path for path in self._files() if fnmatch.fnmatchcase(path.name, pattern)]
        if not found:
            msg = f"trong thư mục chưa có tệp nào như {pattern[:80]}"
            raise SourceRefused(msg)
        path = max(found, key=lambda one: (one.stat().st_mtime_ns, one.name))
        before = path.stat()
        with Landing(self._most) as landing:
            landing.require_room(before.st_size)
            with path.open("rb") as file:
                while piece := file.read(PIECE):
                    landing.write(piece)
            after = path.stat()
            require_whole((before.st_size, before.st_mtime_ns), (after.st_size, after.st_mtime_ns), landing.size)
            moved_at = datetime.fromtimestamp(after.st_mtime, UTC)
            return file_as_table(landing, name=path.name, place=self._place, moved_at=moved_at)

    def offers(self) -> list[Offer]:
        """Return the files that lie there."""
        return [Offer("path", path.name) for path in sorted(self._files())[:1_000]]

    def _files(self) -> list[Path]:
        """Return the finished files of the folder itself: nothing that leads elsewhere."""
        if self._folder is None:
            msg = "người vận hành chưa mở thư mục nhận tệp (CONNECTOR_DROP_DIR)"
            raise SourceRefused(msg)
        try:
            listed = list(self._folder.iterdir())
        except FileNotFoundError:
            msg = f"chưa có thư mục {self._folder.name} trong thư mục nhận tệp"
            raise SourceRefused(msg) from None
        except OSError:
            msg = "không đọc được thư mục nhận tệp"
            raise SourceUnavailable(msg) from None
        return [path for path in listed if is_finished(path.name) and path.is_file() and not path.is_symlink()]


def is_pattern(path: str) -> bool:
    """Say whether a path names many: it ends in a slash, is empty, or has a star or question mark."""
    return not path or path.endswith("/") or "*" in path or "?" in path


def is_finished(name: str) -> bool:
    """Say whether a file's name is not one that programs give while they write."""
    return not name.startswith((".", "~")) and not name.lower().endswith(_UNFINISHED)


def require_whole(before: tuple[object, object], after: tuple[object, object], read: int) -> None:
    """Refuse for now what changed while it was read."""
    if before != after or (before[0] is not None and before[0] != read):
        msg = "tệp đang được ghi dở; lần sau đọc lại"
        raise SourceUnavailable(msg)


def file_as_table(landing: Landing, *, name: str, place: Mapping[str, object], moved_at: datetime | None) -> Table:
    """Return a file as a table, told by the ending of its name and its first bytes."""
    read = _BY_ENDING.get(Path(name).suffix.lower())
    table = read(landing.whole(web.MOST_BYTES)) if read else fetched.file_table(landing, name=name, place=place)
    return replace(table, digest=landing.sha256, moved_at=moved_at)
