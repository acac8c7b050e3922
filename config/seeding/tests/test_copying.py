"""What COPY writes is what the database reads back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import numpy as np
import pytest
from django.db import connection

from config.seeding import copying

pytestmark = pytest.mark.django_db


@pytest.fixture
def table() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE copied (id bigserial, n integer, s smallint, x double precision, b boolean, d date,"
            " t timestamptz, u uuid, o bytea, w text, m bigint)"
        )
    return "copied"


def _read(columns: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM copied ORDER BY id")  # noqa: S608
        return cursor.fetchall()


def test_every_kind_of_column_comes_back_as_written(table: str) -> None:
    micros = np.array([1_711_386_000_123_456, 0])
    ids = copying.reserve_ids(table, 2)
    written = copying.copy_columns(
        table,
        {
            "id": copying.bigint(ids),
            "n": copying.integer(np.array([-5, 2_000_000_000])),
            "s": copying.smallint(np.array([1, -1])),
            "x": copying.double(np.array([0.25, -1e300])),
            "b": copying.boolean(np.array([True, False])),
            "d": copying.day(np.array([date(2024, 3, 26).toordinal(), date(1999, 12, 31).toordinal()])),
            "t": copying.instant(micros),
            "u": copying.uuids(np.random.default_rng(1), micros),
            "o": copying.octets([b"abc", b"\x00\xff\n"]),
            "w": copying.same("Nguyễn".encode(), 2),
        },
    )
    rows = _read("n, s, x, b, d, t, o, w, u")
    assert written == 2
    assert rows[0][:8] == (
        -5, 1, 0.25, True, date(2024, 3, 26), datetime(2024, 3, 25, 17, 0, 0, 123456, tzinfo=UTC), b"abc", "Nguyễn",
    )  # fmt: skip
    assert rows[1][:8] == (
        2_000_000_000, -1, -1e300, False, date(1999, 12, 31), datetime(1970, 1, 1, tzinfo=UTC), b"\x00\xff\n", "Nguyễn",
    )  # fmt: skip
    made: UUID = rows[0][8]  # type: ignore[assignment]
    assert (made.version, made.int >> 80) == (7, 1_711_386_000_123)


def test_null_stands_where_the_mask_says_and_nowhere_else(table: str) -> None:
    values = np.arange(1000)
    absent = values % 7 == 0
    copying.copy_columns(
        table,
        {
            "id": copying.bigint(copying.reserve_ids(table, 1000)),
            "m": copying.bigint(values, absent),
            "d": copying.day(values + 730_000, values % 3 == 0),
        },
    )
    rows = _read("m, d")
    assert [row[0] for row in rows] == [None if n % 7 == 0 else n for n in range(1000)]
    assert [row[1] for row in rows] == [None if n % 3 == 0 else date.fromordinal(730_000 + n) for n in range(1000)]


def test_ids_reserved_are_never_given_again(table: str) -> None:
    first, second = copying.reserve_ids(table, 3), copying.reserve_ids(table, 2)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO copied (n) VALUES (1) RETURNING id")
        (by_default,) = cursor.fetchone()  # type: ignore[misc]
    assert len({*first.tolist(), *second.tolist(), by_default}) == 6


def test_columns_of_unequal_length_are_refused(table: str) -> None:
    with pytest.raises(ValueError, match="different length"):
        copying.copy_columns(table, {"n": copying.integer(np.array([1])), "m": copying.bigint(np.array([1, 2]))})


def test_texts_of_any_width_stay_with_their_rows(table: str) -> None:
    names = ["a\tb\nc\\", None, "", "Nguyễn Thị Hằng", "x" * 5000]
    copying.copy_columns(
        table,
        {
            "id": copying.bigint(copying.reserve_ids(table, 5)),
            "w": copying.text(names),
            "o": copying.octets([b"1", b"22", None, b"", b"333"]),
            "n": copying.integer(np.arange(5)),
        },
    )
    assert _read("w, o, n") == [
        (names[0], b"1", 0), (None, b"22", 1), ("", None, 2), ("Nguyễn Thị Hằng", b"", 3), ("x" * 5000, b"333", 4),
    ]  # fmt: skip


def test_words_are_chosen_by_code(table: str) -> None:
    copying.copy_columns(
        table,
        {
            "id": copying.bigint(copying.reserve_ids(table, 4)),
            "w": copying.words(["android", "ios", ""], np.array([1, 0, 2, 1])),
            "b": copying.same(None, 4),
        },
    )
    assert _read("w, b") == [("ios", None), ("android", None), ("", None), ("ios", None)]
