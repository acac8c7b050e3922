"""PostgreSQL through psycopg: read-only transaction, one snapshot, each value as the server writes it."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from typing import Any, ClassVar

import psycopg
from psycopg import sql

from smarthd.connectors.adapters.tables import CONNECT_S, DatabaseTable
from smarthd.connectors.ports import SourceRefused, SourceUnavailable


class PostgresTable(DatabaseTable):
    """Reads one table or view of PostgreSQL."""

    PORT: ClassVar[int] = 5432

    def connected(self, host: str, address: str, port: int) -> Any:
        """Return a connection whose transactions only read and whose statements are cut off."""
        connection = psycopg.connect(
            host=host,
            hostaddr=address,
            port=port,
            dbname=str(self.place.get("database") or ""),
            user=str(self.place.get("user") or ""),
            password=self.secret.get("password", ""),
            sslmode=str(self.place.get("tls") or "prefer"),
            connect_timeout=CONNECT_S,
            passfile="",
            application_name="smarthd",
            options=f"-c default_transaction_read_only=on -c statement_timeout={self.statement_ms} -c datestyle=ISO -c timezone=Asia/Ho_Chi_Minh",
        )
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        return connection

    def cut(self, connection: Any) -> None:
        """Shut the socket, so that the reading that waits for it ends: libpq itself waits without end."""
        with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)

    def streaming(self, connection: Any) -> Any:
        """Return a cursor at the server."""
        return connection.cursor(name="smarthd_doc")

    def quoted(self, name: str) -> str:
        """Return a name between double quotes."""
        return sql.Identifier(name).as_string()

    def selected(self, name: str) -> str:
        """Return a column as the server writes it."""
        return f"{self.quoted(name)}::text"

    def limited(self, columns: str, rest: str, most: int) -> str:
        """Return a SELECT with LIMIT."""
        return f"SELECT {columns} {rest} LIMIT {most}"

    def listing(self) -> str:
        """Return the statement that lists what the account may read, without the system's own."""
        return (
            "SELECT table_schema, table_name FROM information_schema.tables "
            "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
        )

    def refusal(self, error: Exception) -> SourceRefused | SourceUnavailable | None:
        """Return psycopg's error in our words."""
        match error:
            case psycopg.errors.QueryCanceled():
                return SourceUnavailable("cơ sở dữ liệu trả lời quá lâu")
            case psycopg.errors.InsufficientPrivilege() | psycopg.errors.UndefinedTable():
                return SourceRefused("không có bảng này, hoặc tài khoản không được đọc bảng này")
            case psycopg.OperationalError():
                if any(word in str(error) for word in ("password", "authentication", "role")):
                    return SourceRefused("cơ sở dữ liệu không cho tài khoản này vào")
                return SourceUnavailable("không nối được tới cơ sở dữ liệu")
            case psycopg.Error():
                return SourceRefused(f"cơ sở dữ liệu báo lỗi {error.sqlstate or ''}".strip())
            case _:
                return None
