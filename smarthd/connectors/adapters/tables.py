"""Departments' databases by an account that only reads: one table or view, streamed, within time limits; only what changed where a column tells."""

from __future__ import annotations

import importlib
import re
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from smarthd.connectors.adapters import stopping
from smarthd.connectors.adapters.delimited import MOST_LINES
from smarthd.connectors.adapters.documents import table
from smarthd.connectors.adapters.spooled import spooled
from smarthd.connectors.adapters.web import Lookup, lookup, pinned_address
from smarthd.connectors.ports import FROM_THE_START, Offer, SourceRefused, SourceUnavailable, State, Table
from smarthd.connectors.rules import increments
from smarthd.connectors.rules.checking import Line
from smarthd.kernel import text

STATEMENT_MS = 60_000
CONNECT_S = 8
MOST_OFFERS = 1_000
GRACE_S = 15.0
"""How much longer than a statement may take we wait before the connection itself is broken off."""
_NAME = re.compile(r"[^\W\d][\w$#]{0,127}(?:\.[^\W\d][\w$#]{0,127})?")


@dataclass(frozen=True, slots=True)
class Codes:
    """Which of a make's error codes mean what."""

    not_let_in: Set[object]
    no_table: Set[object]
    too_long: Set[object]
    unreachable: Set[object]

    def said(self, found: Set[object]) -> SourceRefused | SourceUnavailable:
        """Return codes in our words."""
        if found & self.not_let_in:
            return SourceRefused("cơ sở dữ liệu không cho tài khoản này vào")
        if found & self.no_table:
            return SourceRefused("không có bảng này, hoặc tài khoản không được đọc bảng này")
        if found & self.too_long:
            return SourceUnavailable("cơ sở dữ liệu trả lời quá lâu")
        if found & self.unreachable:
            return SourceUnavailable("không nối được tới cơ sở dữ liệu")
        return SourceRefused(f"cơ sở dữ liệu báo lỗi {', '.join(map(str, sorted(found, key=str)))}".strip())


def library(name: str) -> Any:
    """Return an optional driver, or refuse in words that tell an operator what to install."""
    try:
        return importlib.import_module(name)
    except ImportError:
        msg = f"máy chủ này chưa cài thư viện {name}; xin người vận hành cài thêm smarthd[databases]"
        raise SourceRefused(msg) from None


class DatabaseTable(ABC):
    """Reads one table or view of a database; what differs from one make to the next is below.

    ``place``: host, port, database, user, table, and ``changed_column`` where rows tell when they changed.
    """

    PORT: ClassVar[int]
    MARK: ClassVar[str] = "%s"

    def __init__(
        self,
        place: Mapping[str, object],
        *,
        secret: Mapping[str, str],
        inside: Collection[str],
        look_up: Lookup = lookup,
        statement_ms: int = STATEMENT_MS,
    ) -> None:
        self.place, self.secret, self.inside = place, secret, {host.lower() for host in inside}
        self.look_up, self.statement_ms = look_up, statement_ms

    # --- what each make says in its own way ---
    @abstractmethod
    def connected(self, host: str, address: str, port: int) -> Any:
        """Return a DB-API connection to an address that was looked at, which can only read and gives up in time."""

    @abstractmethod
    def refusal(self, error: Exception) -> SourceRefused | SourceUnavailable | None:
        """Return a driver's error in our words, without its own: they hold user names and addresses. None: not the driver's."""

    @abstractmethod
    def quoted(self, name: str) -> str:
        """Return a name as this make quotes it."""

    def selected(self, name: str) -> str:
        """Return a column as it is asked for."""
        return self.quoted(name)

    @abstractmethod
    def limited(self, columns: str, rest: str, most: int) -> str:
        """Return a SELECT of at most so many rows."""

    @abstractmethod
    def listing(self) -> str:
        """Return the statement that lists schema and name of what the account may read."""

    def streaming(self, connection: Any) -> Any:
        """Return a cursor that does not hold the whole answer."""
        return connection.cursor()

    def cut(self, connection: Any) -> None:
        """Break off a connection, from another thread: one that was stopped, or outlasted every limit."""
        return

    # --- what all share ---
    def read(self, state: State = FROM_THE_START) -> Table:
        """Return the rows, ordered by the first column so that two readings are alike; they go to disk as the server sends them."""
        name, column = self._name(), str(self.place.get("changed_column") or "")
        with self._session() as connection:
            columns = self._columns(connection, name)
            if column and self.quoted(column) not in {self.selected(one) for one in columns} | {
                self.quoted(one) for one in columns
            }:
                msg = f"bảng không có cột {column[:60]}"
                raise SourceRefused(msg)
            highest = self._highest(connection, name, column) if column else None
            since = increments.start(state, column=column, highest=highest) if column else None
            rows = self._rows(connection, name, columns, most=MOST_LINES + 1, column=column, since=since)
            lines = (Line(number, [text.nfc(one) for one in row]) for number, row in enumerate(rows, start=1))
            kept = increments.state_of(column, highest) if column else {}
            return spooled(Table(tuple(columns), lines, whole=since is None, state=kept))

    def sample(self, most: int) -> Table:
        """Return the first rows, whichever the server finds first."""
        name = self._name()
        with self._session() as connection:
            columns = self._columns(connection, name)
            return table(columns, self._rows(connection, name, columns, most=most, ordered=False))

    def offers(self) -> list[Offer]:
        """Return the tables and views the account may read."""
        with self._session() as connection, _closing(connection.cursor()) as cursor:
            cursor.execute(self.listing())
            found = cursor.fetchmany(MOST_OFFERS)
        return [Offer("table", f"{schema}.{name}" if schema else str(name)) for schema, name in found]

    def _name(self) -> str:
        name = str(self.place.get("table") or "")
        if not _NAME.fullmatch(name):
            msg = "tên bảng chưa đúng, ví dụ so_y_te.nha_thuoc"
            raise SourceRefused(msg)
        return name

    @contextmanager
    def _session(self) -> Iterator[Any]:
        host, port = str(self.place.get("host") or ""), int(str(self.place.get("port") or self.PORT))
        address = pinned_address(host, port, inside=self.inside, look_up=self.look_up)
        try:
            connection = self.connected(host, address, port)
            watch = threading.Timer(self.statement_ms / 1000 + GRACE_S, self.cut, [connection])
            watch.daemon = True
            watch.start()
            try:
                with stopping.current().broken_by(partial(self.cut, connection)):
                    yield connection
            finally:
                watch.cancel()
                connection.close()
        except (SourceRefused, SourceUnavailable):
            raise
        except Exception as error:
            if (said := self.refusal(error)) is None:
                raise
            raise said from None

    def _columns(self, connection: Any, name: str) -> list[str]:
        with _closing(connection.cursor()) as cursor:
            cursor.execute(f"SELECT * FROM {self.path(name)} WHERE 1 = 0")  # noqa: S608 - quoted name
            columns = [str(column[0]) for column in cursor.description or ()]
            cursor.fetchall()
        return columns

    def _highest(self, connection: Any, name: str, column: str) -> object:
        with _closing(connection.cursor()) as cursor:
            cursor.execute(f"SELECT MAX({self.quoted(column)}) FROM {self.path(name)}")  # noqa: S608 - quoted names
            return (cursor.fetchall() or [[None]])[0][0]

    def _rows(
        self,
        connection: Any,
        name: str,
        columns: list[str],
        *,
        most: int,
        column: str = "",
        since: increments.Mark | None = None,
        ordered: bool = True,
    ) -> Iterator[list[str]]:
        rest = f"FROM {self.path(name)}"
        if since is not None:
            rest += f" WHERE {self.quoted(column)} >= {self.MARK}"
        if ordered:
            rest += " ORDER BY 1"
        statement = self.limited(", ".join(self.selected(one) for one in columns), rest, most)
        with _closing(self.streaming(connection)) as cursor:
            cursor.execute(statement, *([] if since is None else [(since,)]))
            while rows := cursor.fetchmany(2_000):
                for row in rows:
                    yield [cell(value) for value in row]

    def path(self, name: str) -> str:
        """Return a name with its schema, quoted."""
        return ".".join(self.quoted(part) for part in name.split("."))


@contextmanager
def _closing(cursor: Any) -> Iterator[Any]:
    try:
        yield cursor
    finally:
        cursor.close()


def cell(value: object) -> str:
    """Return a driver's value as text: days and moments by ISO 8601, numbers with a point, nothing as nothing."""
    for sort, written in _WRITTEN.items():
        if isinstance(value, sort):
            return written(value)
    return "" if value is None else str(value)


def _clock(value: timedelta) -> str:
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


def _bytes(value: bytes) -> str:
    """Return bytes as the number of a bit field, as text where they are that, as hexadecimal digits otherwise."""
    if len(value) == 1 and value < b"\x20":
        return str(value[0])
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()


_WRITTEN: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: lambda value: "Có" if value else "Không",
    datetime: lambda value: value.isoformat(sep=" ", timespec="seconds"),
    date: date.isoformat,
    time: time.isoformat,
    timedelta: _clock,
    Decimal: "{:f}".format,
    bytes: _bytes,
    bytearray: lambda value: _bytes(bytes(value)),
    memoryview: lambda value: _bytes(value.tobytes()),
}
