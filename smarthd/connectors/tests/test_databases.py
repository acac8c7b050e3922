"""One contract for every make of database: real PostgreSQL, real MariaDB (slow), and stand-ins for SQL Server's and Oracle's drivers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from django.db import connection

from smarthd.connectors.adapters import kinds, tables
from smarthd.connectors.adapters.mssql import SqlServerTable
from smarthd.connectors.adapters.mysql import MySqlTable
from smarthd.connectors.adapters.oracle import OracleTable
from smarthd.connectors.adapters.postgres import PostgresTable
from smarthd.connectors.ports import SourceRefused, SourceUnavailable
from smarthd.connectors.rules.places import problems
from smarthd.connectors.tests import drivers, mariadb, servers

SECRET = {"password": "doc-thoi"}
SETUP = """
CREATE SCHEMA so_y_te;
CREATE TABLE so_y_te.nha_thuoc (ma int PRIMARY KEY, ten text, gia numeric, ngay date, mo boolean, sua_luc timestamptz);
INSERT INTO so_y_te.nha_thuoc VALUES (2, 'Hồng Phúc', 1234.5, '2026-11-24', true, '2026-11-24 08:00:00+07'),
  (1, 'An', NULL, NULL, false, '2026-11-24 07:00:00+07');
CREATE TABLE so_y_te.bi_mat (x int);
CREATE VIEW so_y_te.cham AS SELECT pg_sleep(5)::text AS x;
CREATE ROLE chi_doc LOGIN PASSWORD 'doc-thoi';
GRANT USAGE ON SCHEMA so_y_te TO chi_doc;
GRANT SELECT ON so_y_te.nha_thuoc, so_y_te.cham TO chi_doc
"""


@dataclass
class Department:
    """A department's database; ``offered`` is how its table is listed, ``later`` adds a row changed after all others."""

    make: type[tables.DatabaseTable]
    place: dict[str, str]
    offered: str
    columns: tuple[str, ...]
    schema: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    def reader(self, **told: Any) -> tables.DatabaseTable:
        inside = told.pop("inside", [self.place["host"]])
        more = {key: told.pop(key) for key in ("statement_ms",) if key in told}
        return self.make(self.place | told, secret=told.pop("secret", SECRET), inside=inside, **more)

    def named(self, table: str) -> str:
        return f"{self.schema}.{table}" if self.schema else table


@pytest.fixture(scope="module")
def postgres(django_db_setup: None, django_db_blocker: Any) -> Iterator[Department]:
    """A department's table in a real server, and an account that may read it alone."""
    with django_db_blocker.unblock():
        told = connection.get_connection_params()
        names = {key: told[key] for key in ("host", "port", "user", "password") if told.get(key)}
        with psycopg.connect(dbname=told["dbname"], autocommit=True, **names) as owner:
            owner.execute(SETUP)
        host = str(names.get("host", ""))
        with contextlib.ExitStack() as stack:
            port = names.get("port") or 5432
            if host.startswith("/"):
                port, host = stack.enter_context(servers.tcp_to(f"{host}/.s.PGSQL.{port}")), "127.0.0.1"
            place = {"database": told["dbname"], "host": host, "port": str(port), "user": "chi_doc"}
            place["table"] = "so_y_te.nha_thuoc"
            yield Department(
                PostgresTable, place, "so_y_te.nha_thuoc", ("ma", "ten", "gia", "ngay", "mo", "sua_luc"), "so_y_te"
            )
        with psycopg.connect(dbname=told["dbname"], autocommit=True, **names) as owner:
            owner.execute("DROP SCHEMA so_y_te CASCADE; DROP OWNED BY chi_doc; DROP ROLE chi_doc")


@pytest.fixture(scope="module")
def maria(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Department]:
    with mariadb.mariadb_server(tmp_path_factory.mktemp("m")) as (port, owner):
        place = {"host": "127.0.0.1", "port": str(port), "database": "so_y_te", "user": "chi_doc", "table": "nha_thuoc"}
        columns = ("ma", "ten", "gia", "ngay", "mo", "gio", "sua_luc")
        yield Department(MySqlTable, place, "nha_thuoc", columns, more={"owner": owner})


def _stand_in(make: type[tables.DatabaseTable], driver: Any, table: str, monkeypatch: pytest.MonkeyPatch) -> Department:
    monkeypatch.setattr(tables, "library", lambda _name: driver)
    for module in ("mssql", "oracle"):
        monkeypatch.setattr(f"smarthd.connectors.adapters.{module}.library", lambda _name: driver)
    place = {"host": "127.0.0.1", "database": "so_y_te", "user": "chi_doc", "table": table}
    return Department(make, place, f"{driver.schema}.{driver.table}", driver.columns, driver.schema, {"driver": driver})


REAL = [pytest.param("postgres", id="PostgreSQL"), pytest.param("maria", id="MariaDB", marks=pytest.mark.slow)]
EVERY = [*REAL, pytest.param("mssql", id="SQL Server"), pytest.param("oracle", id="Oracle")]


@pytest.fixture
def department(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Department:
    match request.param:
        case "mssql":
            return _stand_in(SqlServerTable, drivers.PyMsSql(), "dbo.nha_thuoc", monkeypatch)
        case "oracle":
            return _stand_in(OracleTable, drivers.OracleDb(), "so_y_te.nha_thuoc", monkeypatch)
        case name:
            found: Department = request.getfixturevalue(name)
            return found


@pytest.mark.parametrize("department", EVERY, indirect=True)
def test_a_table_is_read_in_order_and_twice_the_same(department):
    first, again = department.reader().read(), department.reader().read()
    assert first.columns == department.columns
    rows = [dict(zip([name.lower() for name in first.columns], line.cells, strict=True)) for line in first.lines]
    assert [(row["ma"], row["ten"], row["gia"]) for row in rows] == [("1", "An", ""), ("2", "Hồng Phúc", "1234.5")]
    assert rows[1]["sua_luc"].startswith("2026-11-24 08:00:00")
    assert list(first.lines) == list(again.lines)
    assert first.digest == again.digest != ""
    assert first.whole
    assert first.state == {}, "without a column that tells, there is nothing to go on from"


@pytest.mark.parametrize("department", EVERY, indirect=True)
def test_only_what_changed_is_read_with_an_overlap_and_the_whole_from_a_state_ahead(department):
    reader = department.reader(changed_column="sua_luc")
    whole = reader.read()
    assert whole.whole
    assert len(list(whole.lines)) == 2
    assert whole.state["kind"] == "moment"
    since = department.reader(changed_column="sua_luc").read(whole.state)
    assert not since.whole
    assert [line.cells[1] for line in since.lines] == ["Hồng Phúc"], (
        "changed within the overlap; the other an hour before"
    )
    assert since.state == whole.state
    ahead = {**whole.state, "at": whole.state["at"].replace("2026", "2030")}
    for state in (ahead, {**whole.state, "column": "khac"}, {**whole.state, "kind": "number", "at": "5"}, {"at": "x"}):
        again = department.reader(changed_column="sua_luc").read(state)
        assert again.whole, state
        assert len(list(again.lines)) == 2
    with pytest.raises(SourceRefused, match="không có cột"):
        department.reader(changed_column="khong_co_cot").read()


@pytest.mark.parametrize("department", EVERY, indirect=True)
def test_a_sample_is_small_and_what_may_be_read_is_listed(department):
    sample = department.reader().sample(1)
    assert sample.columns == department.columns
    assert len(list(sample.lines)) == 1
    offers = department.reader().offers()
    assert department.offered in [one.name for one in offers]
    assert not any("bi_mat" in one.name.lower() for one in offers), "what the account may not read is not told"
    assert {one.key for one in offers} == {"table"}


@pytest.mark.parametrize("department", EVERY, indirect=True)
@pytest.mark.parametrize(
    ("told", "error", "words"),
    [
        ({"table": "@bi_mat"}, SourceRefused, "không được đọc"),
        ({"table": "@khong_co"}, SourceRefused, "không có bảng"),
        ({"table": "nha_thuoc; DROP TABLE nha_thuoc"}, SourceRefused, "tên bảng chưa đúng"),
        ({"table": 'a"b'}, SourceRefused, "tên bảng chưa đúng"),
        ({"table": "a`b"}, SourceRefused, "tên bảng chưa đúng"),
        ({"table": "@cham", "statement_ms": 200}, SourceUnavailable, "quá lâu"),
        ({"port": "1"}, SourceUnavailable, "không nối được"),
        ({"user": "ai_do"}, SourceRefused, "không cho tài khoản này vào"),
        ({"inside": []}, SourceRefused, "mạng nội bộ"),
    ],
)
def test_what_cannot_be_read_is_told_in_words_without_secrets(department, told, error, words):
    told = {key: department.named(value[1:]) if str(value)[:1] == "@" else value for key, value in told.items()}
    with pytest.raises(error, match=words) as refused:
        department.reader(**told).read()
    for secret in ("chi_doc", "doc-thoi", "10.1.2.3"):
        assert secret not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize("department", EVERY, indirect=True)
def test_what_is_typed_for_it_is_judged_before_it_is_tried(department):
    kind = next(kind for kind, make in kinds.DATABASES.items() if make is department.make)
    good = {key: value for key, value in department.place.items() if key != "port"}
    assert problems(kind, good, SECRET) == {}
    assert set(problems(kind, {}, {})) == {"host", "database", "user", "password", "table"}
    wrong = {**good, "table": "a;b", "port": "99999", "host": "a b", "tls": "khong", "changed_column": "x`y", "la": "1"}
    assert set(problems(kind, wrong, SECRET)) == {"table", "port", "host", "tls", "changed_column", "la"}


@pytest.mark.parametrize("department", [EVERY[2], EVERY[3]], indirect=True)
def test_a_driver_is_asked_at_the_address_that_was_looked_at_within_limits_of_time(department):
    department.reader().read()
    driver = department.more["driver"]
    [asked] = driver.asked_with
    assert "127.0.0.1" in {asked.get("server"), asked.get("host")}
    assert asked.get("login_timeout", asked.get("tcp_connect_timeout")) == tables.CONNECT_S
    assert driver.opened[0].closed
    limit = asked.get("timeout") or getattr(driver.opened[0], "call_timeout", 0) / 1000
    assert limit == tables.STATEMENT_MS / 1000


def test_a_driver_that_is_not_installed_is_told_to_the_operator(monkeypatch):
    place = {"host": "127.0.0.1", "database": "x", "user": "u", "table": "dbo.t"}
    monkeypatch.setitem(__import__("sys").modules, "pymssql", None)
    with pytest.raises(SourceRefused, match="smarthd\\[databases\\]"):
        SqlServerTable(place, secret=SECRET, inside=["127.0.0.1"]).read()


@pytest.mark.slow
def test_the_account_cannot_write_even_where_it_was_given_more_than_it_should(maria):
    with maria.more["owner"].cursor() as owner:
        owner.execute("GRANT INSERT, DELETE ON so_y_te.nha_thuoc TO chi_doc@'%'")
    reader = maria.reader()
    with reader._session() as connected, connected.cursor() as cursor, pytest.raises(Exception, match="READ ONLY"):
        cursor.execute("DELETE FROM nha_thuoc")


def test_values_are_written_as_people_and_programs_both_read_them():
    from datetime import date, datetime, time, timedelta
    from decimal import Decimal

    told = [None, True, datetime.fromisoformat("2026-11-24T08:00"), date(2026, 1, 2), time(7, 5), timedelta(hours=7, minutes=5), Decimal("1E+3"), b"\x01", "là".encode(), b"\xff\xfe", 1.5]  # fmt: skip
    assert [tables.cell(one) for one in told] == ["", "Có", "2026-11-24 08:00:00", "2026-01-02", "07:05:00", "07:05:00", "1000", "1", "là", "fffe", "1.5"]  # fmt: skip
