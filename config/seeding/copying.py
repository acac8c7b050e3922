"""Rows into PostgreSQL by COPY, from numpy arrays, without a Python object a row.

A binary COPY row is (field count, then length and bytes of each field), all big-endian; rows whose fields all have one width are
therefore a numpy structured array and are written at memory speed. Columns of varying width (names) and rows with NULLs go the
text way, or are split by pattern of NULLs. Source of the layout: PostgreSQL manual, "COPY", section "Binary Format".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

Array = npt.NDArray[Any]
_SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER = b"\xff\xff"
_EPOCH_DAY = date(2000, 1, 1).toordinal()
_EPOCH_MICROS = 946_684_800_000_000  # 2000-01-01T00:00:00Z, PostgreSQL's zero of time
BATCH = 200_000


@dataclass(frozen=True)
class Column:
    """One column: big-endian values of one width, and where they are NULL."""

    values: Array
    nulls: npt.NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.values)


def bigint(values: Array, nulls: npt.NDArray[np.bool_] | None = None) -> Column:
    """Return a bigint column."""
    return Column(np.asarray(values).astype(">i8"), nulls)


def integer(values: Array) -> Column:
    """Return an integer column."""
    return Column(np.asarray(values).astype(">i4"))


def smallint(values: Array) -> Column:
    """Return a smallint column."""
    return Column(np.asarray(values).astype(">i2"))


def double(values: Array) -> Column:
    """Return a double precision column."""
    return Column(np.asarray(values).astype(">f8"))


def boolean(values: Array) -> Column:
    """Return a boolean column."""
    return Column(np.asarray(values).astype(np.uint8))


def day(ordinals: Array, nulls: npt.NDArray[np.bool_] | None = None) -> Column:
    """Return a date column from ordinals (``date.toordinal``)."""
    return Column((np.asarray(ordinals) - _EPOCH_DAY).astype(">i4"), nulls)


def instant(micros: Array, nulls: npt.NDArray[np.bool_] | None = None) -> Column:
    """Return a timestamptz column from microseconds since 1970 (UTC)."""
    return Column((np.asarray(micros) - _EPOCH_MICROS).astype(">i8"), nulls)


def octets(values: Sequence[bytes], width: int) -> Column:
    """Return a bytea (or uuid) column of values that all have ``width`` bytes."""
    raw = b"".join(values)
    if len(raw) != width * len(values):
        msg = f"bytes of another width than {width}"
        raise ValueError(msg)
    return Column(np.frombuffer(raw, dtype=f"V{width}"))


def uuids(rng: np.random.Generator, micros: Array) -> Column:
    """Return UUIDs version 7 made at the given instants (microseconds since 1970), random otherwise."""
    raw = rng.integers(0, 256, (len(micros), 16), dtype=np.uint8)
    millis = np.maximum(np.asarray(micros) // 1000, 0).astype(">u8")
    raw[:, :6] = millis.view(np.uint8).reshape(-1, 8)[:, 2:]
    raw[:, 6] = (raw[:, 6] & 0x0F) | 0x70
    raw[:, 8] = (raw[:, 8] & 0x3F) | 0x80
    return Column(np.ascontiguousarray(raw).view("V16").reshape(-1))


def same(value: Any, count: int) -> Column:
    """Return a column that says the same in every row: bool, int (bigint), float, str, bytes, date or aware datetime."""
    match value:
        case bool():
            return boolean(np.full(count, value))
        case int():
            return bigint(np.full(count, value))
        case float():
            return double(np.full(count, value))
        case datetime():
            return instant(np.full(count, round(value.timestamp() * 1_000_000)))
        case date():
            return day(np.full(count, value.toordinal()))
        case str() | bytes():
            raw = value.encode() if isinstance(value, str) else value
            return Column(np.full(count, np.void(raw) if raw else np.void(b"\0"), dtype=f"V{max(len(raw), 1)}"))
    msg = f"no column of {type(value).__name__}"
    raise TypeError(msg)


def copy_columns(table: str, columns: Mapping[str, Column]) -> int:
    """Append the rows to ``table`` and return how many; the caller opens the transaction."""
    count = len(next(iter(columns.values())))
    if any(len(column) != count for column in columns.values()):
        msg = "columns of different length"
        raise ValueError(msg)
    nullable = [name for name, column in columns.items() if column.nulls is not None]
    patterns = np.zeros(count, dtype=np.int64)
    for bit, name in enumerate(nullable):
        patterns |= np.asarray(columns[name].nulls).astype(np.int64) << bit
    with connection.cursor() as cursor, cursor.copy(_statement(table, columns, binary=True)) as copy:
        copy.write(_SIGNATURE)
        for pattern in np.unique(patterns):
            absent = frozenset(name for bit, name in enumerate(nullable) if pattern >> bit & 1)
            chosen = np.flatnonzero(patterns == pattern)
            for start in range(0, len(chosen), BATCH):
                copy.write(_pack(columns, absent, chosen[start : start + BATCH]))
        copy.write(_TRAILER)
    return count


def _pack(columns: Mapping[str, Column], absent: frozenset[str], rows: Array) -> bytes:
    """Return the rows' bytes; columns in ``absent`` are NULL in all of them."""
    fields: list[tuple[str, str]] = [("count", ">i2")]
    for name, column in columns.items():
        fields.append((f"{name} width", ">i4"))
        if name not in absent:
            fields.append((name, column.values.dtype.str))
    packed = np.zeros(len(rows), dtype=np.dtype(fields))
    packed["count"] = len(columns)
    for name, column in columns.items():
        packed[f"{name} width"] = -1 if name in absent else column.values.dtype.itemsize
        if name not in absent:
            packed[name] = column.values[rows]
    return packed.tobytes()


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Append rows of Python values (texts of any width, None) to ``table`` and return how many."""
    count = 0
    with connection.cursor() as cursor, cursor.copy(_statement(table, columns, binary=False)) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def _statement(table: str, columns: Iterable[str], *, binary: bool) -> str:
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    return f"COPY {connection.ops.quote_name(table)} ({names}) FROM STDIN{' WITH (FORMAT binary)' if binary else ''}"


def reserve_ids(table: str, count: int) -> Array:
    """Return ``count`` consecutive ids of ``table``, taken from its sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), nextval(pg_get_serial_sequence(%s, 'id')) + %s)",
            [table, table, count],
        )
        row = cursor.fetchone()
    last = int(row[0]) if row else 0
    return np.arange(last - count, last, dtype=np.int64)
