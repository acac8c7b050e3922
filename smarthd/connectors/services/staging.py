"""Where lines wait while a reading goes on: sound ones streamed by COPY, faulty and doubtful ones in spools; memory stays as it is.

The sound lines of a dataset's first version, once they are many, go into a table of their own that later becomes its partition: they
are written once. All others go into a temporary table and leave their difference behind (``changes``).
"""

from __future__ import annotations

import itertools
import json
import marshal
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from types import TracebackType
from typing import IO, Any, NamedTuple

from django.db import connection

from smarthd.connectors.models import Source
from smarthd.connectors.rules import checking
from smarthd.connectors.rules.checking import Faulty, Problem, Row
from smarthd.connectors.rules.manifests import Fault
from smarthd.connectors.rules.records import FIELDS, HEADER
from smarthd.connectors.services import partitions
from smarthd.connectors.services.copying import Ahead

MANY = 20_000
"""Sound lines from which a first version gets a table of its own."""
MOST_NOTICED = 10_000
"""Lines of one version that are told though they are published; those beyond are only counted."""
_READ, _RESERVED, _GONE = "connectors_read", "connectors_read_reserved", "connectors_read_gone"
_AGAIN = "connectors_read_again"
_COLUMNS = ", ".join(f'"{name}"' for name in FIELDS)
_PIECE = 1_000
_JSON = json.JSONEncoder(ensure_ascii=False).encode
_SPOOLED = 4 << 20


def _escaped(written: str) -> str:
    """Return JSON as COPY's text format takes it; it holds no tabs and line ends as such."""
    return written.replace("\\", "\\\\")


class WholeNeeded(Exception):
    """The lines cannot be told from the last reading's one by one: all of them have to be read."""


class Doubtful(NamedTuple):
    """A sound line that may stand for a key that another line has; ``raw`` is its bytes, ``mark`` what it is known by again."""

    number: int
    key: str
    row: bytes
    mark: bytes
    record: bytes
    cells: list[str]


class Stage:
    """One reading of a source. Use it as a context: what it holds outside the database is gone after it."""

    def __init__(self, source: Source, *, number: int, whole: bool) -> None:
        self._source, self._number = source, number
        self._may_own = whole and not source.version
        self._table = ""
        self._pieces: list[bytes | memoryview] = []
        self._waiting = self._copied = 0
        self._open = ExitStack()
        self._copy: Any = None
        self._spools = ExitStack()
        text = tempfile.SpooledTemporaryFile(_SPOOLED, mode="w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - closed with the stage
        doubtful = tempfile.SpooledTemporaryFile(_SPOOLED)  # noqa: SIM115 - closed with the stage
        self._faulty: IO[str] = self._spools.enter_context(text)
        self._doubtful: IO[bytes] = self._spools.enter_context(doubtful)
        self._aside: list[tuple[Any, ...]] = []
        self.reserved, self.doubted_rows = bytearray(), bytearray()
        self.faulty_count = self.noticed_count = 0
        self._again: list[str] = []

    def __enter__(self) -> Stage:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._copy = None
        self._open.__exit__(kind, error, trace)
        self._spools.close()

    @property
    def sound_count(self) -> int:
        """How many sound lines there are so far."""
        return self._copied + self._waiting

    @property
    def owns_table(self) -> bool:
        """Say whether the lines lie in the table that becomes the dataset's partition."""
        return self._table == partitions.own_table(self._source.pk)

    def sound(self, record: bytes) -> None:
        """Take a sound line."""
        self.sounds([record], 1)

    def sounds(self, pieces: Sequence[bytes | memoryview], count: int) -> None:
        """Take so many sound lines, as records in pieces that need not end with one."""
        self._pieces += pieces
        self._waiting += count
        if self._waiting >= (_PIECE if self._table else MANY):
            self._flush()

    def faulty(self, found: Faulty) -> bytes:
        """Take a faulty line; its key is reserved. Return the key's mark, nothing where it has none."""
        mark = checking.mark_of(found.key) if found.key else b""
        self.reserved += mark
        self._tell(found.number, found.cells, found.problems, "f")
        self.faulty_count += 1
        return mark

    def faulty_again(self, number: int, was: Fault) -> None:
        """Take a line that was faulty in the version before, where all is told of it; its key is reserved."""
        if any(was.key):
            self.reserved += was.key
        self._again.append(f"{was.number}\t{number}\n")
        self.faulty_count += 1

    def noticed(self, row: Row, cells: Sequence[str]) -> None:
        """Take what is told of a line that is published all the same; of the first ones, all are counted."""
        self.noticed_count += 1
        if self.noticed_count <= MOST_NOTICED:
            self._tell(row.number, cells, row.notices, "t")

    def _tell(self, number: int, cells: Sequence[str], problems: Sequence[Problem], noticed: str) -> None:
        told = _escaped(_JSON([one.as_json() for one in problems]))
        self._faulty.write(f"{number}\t{_escaped(_JSON(list(cells)))}\t{told}\t{noticed}\n")

    def doubt(self, found: Doubtful) -> None:
        """Put a line aside that may have another's key."""
        self.doubted_rows += found.row
        self._aside.append(tuple(found))
        if len(self._aside) >= _PIECE:
            some = marshal.dumps(self._aside)
            self._doubtful.write(len(some).to_bytes(8, "big") + some)
            self._aside.clear()

    def doubted(self) -> Iterator[Doubtful]:
        """Yield the lines put aside, in their order; ``doubted_rows`` are the marks of their keys."""
        self._doubtful.seek(0)
        while size := self._doubtful.read(8):
            some = marshal.loads(self._doubtful.read(int.from_bytes(size, "big")))  # noqa: S302 - our own spool
            yield from itertools.starmap(Doubtful, some)
        yield from itertools.starmap(Doubtful, self._aside)

    def pause(self) -> None:
        """End the stream to the database, so that it can be asked something; the next line begins it anew."""
        self._copy = None
        self._open.close()

    def _flush(self) -> None:
        if not self._table:
            self._table = self._made_table()
        if self._copy is None:
            cursor = self._open.enter_context(connection.cursor())
            # a table nobody sees before it is whole need not be written again to say that its rows are old
            frozen = ", FREEZE" if self.owns_table else ""
            statement = f"COPY {self._table} ({_COLUMNS}) FROM STDIN (FORMAT binary{frozen})"
            self._copy = self._open.enter_context(cursor.copy(statement, writer=Ahead(cursor.cursor)))
            self._pieces.insert(0, HEADER)
        self._copy.write(b"".join(self._pieces))
        self._copied += self._waiting
        self._waiting = 0
        self._pieces.clear()

    def _made_table(self) -> str:
        if self._may_own and self._waiting >= MANY:
            return partitions.make_own_table(self._source, self._number)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{_READ}")
            cursor.execute(
                f"CREATE TEMPORARY TABLE {_READ} (id serial, key text, code text, digest bytea, sort text, values jsonb, "
                "unit_id bigint, lat float8, lon float8) ON COMMIT DROP"
            )
        return _READ

    def close(self) -> None:
        """End the stream; the lines can be asked from now on."""
        self._flush()
        self.pause()

    def write_changes(self, version_id: int, *, gone: Iterable[bytes] | None) -> tuple[int, int, int]:
        """Write what a version would add, change and remove; return how many of each. ``gone`` None: all rows go that were not read."""
        source_id = self._source.pk
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {_READ} (key)")
            cursor.execute(
                f"INSERT INTO connectors_change (version_id, act, {_COLUMNS}) "
                f"SELECT %s, CASE WHEN r.id IS NULL THEN 'a' ELSE 'c' END, {', '.join(f't.{name}' for name in FIELDS)} "
                f"FROM {_READ} t LEFT JOIN connectors_datarow r "
                "ON r.source_id = %s AND r.code = t.code AND r.key = t.key AND r.until IS NULL WHERE r.id IS NULL OR r.digest <> t.digest ORDER BY t.id",
                [version_id, source_id],
            )
            if gone is None:
                self._fill(
                    cursor, _RESERVED, (bytes(self.reserved[at : at + 8]) for at in range(0, len(self.reserved), 8))
                )
                which = (
                    f"NOT EXISTS (SELECT FROM {_READ} t WHERE t.key = r.key) "
                    f"AND NOT EXISTS (SELECT FROM {_RESERVED} s WHERE s.code = r.code)"
                )
            else:
                self._fill(cursor, _GONE, gone)
                which = f"r.code IN (SELECT code FROM {_GONE})"
            cursor.execute(
                "INSERT INTO connectors_change (version_id, act, key, code, digest, sort, values) "
                "SELECT %s, 'r', r.key, r.code, '', '', '{}' FROM connectors_datarow r "
                f"WHERE r.source_id = %s AND r.until IS NULL AND {which} ORDER BY r.key",
                [version_id, source_id],
            )
            cursor.execute(
                "SELECT act, count(*) FROM connectors_change WHERE version_id = %s GROUP BY act", [version_id]
            )
            counts = dict(cursor.fetchall())
        return counts.get("a", 0), counts.get("c", 0), counts.get("r", 0)

    def _fill(self, cursor: Any, name: str, codes: Iterable[bytes]) -> None:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
        cursor.execute(f"CREATE TEMPORARY TABLE {name} (code text) ON COMMIT DROP")
        with cursor.copy(f"COPY {name} FROM STDIN") as into:
            into.write("".join(f"{code.hex()}\n" for code in codes))
        cursor.execute(f"ANALYZE {name}")

    def write_faulty(self, version_id: int, *, before: int) -> None:
        """Write the faulty lines of a version; those that came again are ``before``'s. Raises WholeNeeded where that has them no longer."""
        if self._again:
            self._copy_faulty(version_id, before)
        self._faulty.seek(0)
        with (
            connection.cursor() as cursor,
            cursor.copy("COPY connectors_faultyline (version_id, number, cells, problems, noticed) FROM STDIN") as into,
        ):
            while some := list(islice(self._faulty, _PIECE)):  # each write waits for the server's socket
                into.write("".join(f"{version_id}\t{line}" for line in some))

    def _copy_faulty(self, version_id: int, before: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{_AGAIN}")
            cursor.execute(f"CREATE TEMPORARY TABLE {_AGAIN} (was int, number int) ON COMMIT DROP")
            with cursor.copy(f"COPY {_AGAIN} FROM STDIN") as into:
                into.write("".join(self._again))
            cursor.execute(f"ANALYZE {_AGAIN}")
            cursor.execute(
                "INSERT INTO connectors_faultyline (version_id, number, cells, problems, noticed) "
                f"SELECT %s, t.number, f.cells, f.problems, false FROM {_AGAIN} t JOIN connectors_faultyline f "
                "ON f.version_id = %s AND f.number = t.was AND NOT f.noticed",
                [version_id, before],
            )
            if cursor.rowcount != len(self._again):
                raise WholeNeeded
