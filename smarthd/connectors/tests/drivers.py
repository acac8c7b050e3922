"""Stand-ins for the drivers of databases that cannot be run here: DB-API over SQLite, in the dialect and with the errors of each.

What they prove is our side: the statements, the limits, how values and errors are told. That a server takes them is not proved here.
"""

from __future__ import annotations

import re
import sqlite3
from types import SimpleNamespace
from typing import Any

ROWS = [(2, "Hồng Phúc", "1234.5", "2026-11-24 08:00:00"), (1, "An", None, "2026-11-24 07:00:00")]
ALLOWED = {"user": "chi_doc", "password": "doc-thoi", "database": "so_y_te"}


class Cursor:
    """A cursor that understands one dialect."""

    def __init__(self, driver: Any, inner: sqlite3.Cursor, asked: list[str]) -> None:
        self._driver, self._inner, self._asked = driver, inner, asked

    def __enter__(self) -> Cursor:
        return self

    def __exit__(self, *_why: object) -> None:
        self.close()

    def execute(self, statement: str, values: tuple[object, ...] = ()) -> None:
        self._asked.append(statement)
        if statement.startswith("SET "):
            return
        if "cham" in statement.lower():
            raise self._driver.slow()
        if "bi_mat" in statement.lower() or "khong_co" in statement.lower():
            raise self._driver.hidden()
        try:
            self._inner.execute(self._driver.spoken(statement), [str(value) for value in values])
        except sqlite3.Error as why:
            raise AssertionError(statement) from why

    @property
    def description(self) -> Any:
        return self._inner.description

    def fetchall(self) -> list[Any]:
        return [self._driver.typed(row) for row in self._inner.fetchall()]

    def fetchmany(self, most: int) -> list[Any]:
        return [self._driver.typed(row) for row in self._inner.fetchmany(most)]

    def close(self) -> None:
        self._inner.close()


class Connection:
    """A connection to the department's table."""

    def __init__(self, driver: Any) -> None:
        self._driver, self.asked, self.closed = driver, [], False
        self._inner = sqlite3.connect(":memory:")
        self._inner.execute(f"ATTACH ':memory:' AS {driver.schema}")
        names = ", ".join(driver.columns)
        self._inner.execute(f"CREATE TABLE {driver.schema}.{driver.table} ({names})")
        self._inner.executemany(f"INSERT INTO {driver.schema}.{driver.table} VALUES (?, ?, ?, ?)", ROWS)  # noqa: S608 - names of this file
        driver.opened.append(self)

    def cursor(self) -> Cursor:
        assert not self.closed
        return Cursor(self._driver, self._inner.cursor(), self.asked)

    def close(self) -> None:
        self.closed = True
        self._inner.close()


def _typed(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Give back moments as a driver does."""
    from datetime import datetime

    moment = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
    return tuple(datetime.fromisoformat(one) if isinstance(one, str) and moment.fullmatch(one) else one for one in row)


class _Driver:
    """What both share: who is let in, and what is remembered."""

    columns: tuple[str, ...] = ("ma", "ten", "gia", "sua_luc")
    listed = "SELECT '{schema}', '{table}'"

    def __init__(self) -> None:
        self.opened: list[Connection] = []
        self.asked_with: list[dict[str, Any]] = []
        self.Error = type("Error", (Exception,), {})

    typed = staticmethod(_typed)

    def _let_in(self, told: dict[str, Any], database: str) -> Connection:
        self.asked_with.append(told)
        if str(told["port"]) == "1":
            raise self.unreachable()
        if (told["user"], told["password"], told[database]) != tuple(ALLOWED.values()):
            raise self.locked()
        return Connection(self)

    def spoken(self, statement: str) -> str:
        raise NotImplementedError


class PyMsSql(_Driver):
    """pymssql: ``TOP``, square brackets, ``%s``, errors as ``((number, text),)``."""

    schema, table = "dbo", "nha_thuoc"

    def connect(self, **told: Any) -> Connection:
        return self._let_in(told, "database")

    def spoken(self, statement: str) -> str:
        if "information_schema" in statement:
            return "SELECT 'dbo', 'nha_thuoc'"
        top = re.fullmatch(r"SELECT TOP (\d+) (.*)", statement)
        return (f"SELECT {top[2]} LIMIT {top[1]}" if top else statement).replace("%s", "?")

    def slow(self) -> Exception:
        return self.Error((20003, b"Adaptive Server connection timed out chi_doc"))

    def hidden(self) -> Exception:
        return self.Error(208, b"Invalid object name chi_doc")

    def locked(self) -> Exception:
        return self.Error((18456, b"Login failed for user chi_doc\nDB-Lib error message 20018"))

    def unreachable(self) -> Exception:
        return self.Error((20009, b"Unable to connect: 10.1.2.3"))


class OracleDb(_Driver):
    """python-oracledb: double quotes, ``FETCH FIRST``, ``:1``, errors with ``full_code``."""

    schema, table = "SO_Y_TE", "NHA_THUOC"
    columns = ("MA", "TEN", "GIA", "SUA_LUC")

    def __init__(self) -> None:
        super().__init__()
        self.defaults = SimpleNamespace(fetch_lobs=True, fetch_decimals=False)

    def connect(self, **told: Any) -> Connection:
        return self._let_in(told, "service_name")

    def spoken(self, statement: str) -> str:
        if "all_objects" in statement:
            return "SELECT 'SO_Y_TE', 'NHA_THUOC'"
        return re.sub(r"FETCH FIRST (\d+) ROWS ONLY", r"LIMIT \1", statement).replace(":1", "?")

    def _coded(self, code: str) -> Exception:
        return self.Error(SimpleNamespace(full_code=code, message=f"{code}: chi_doc@10.1.2.3"))

    def slow(self) -> Exception:
        return self._coded("DPY-4024")

    def hidden(self) -> Exception:
        return self._coded("ORA-00942")

    def locked(self) -> Exception:
        return self._coded("ORA-01017")

    def unreachable(self) -> Exception:
        return self._coded("DPY-6005")
