"""PostgreSQL by an account that only reads: one table or view, read-only transaction, time limits, rows streamed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import psycopg
from psycopg import sql

from smarthd.connectors.adapters.documents import MOST_ROWS, table
from smarthd.connectors.adapters.web import Lookup, lookup, pinned_address
from smarthd.connectors.ports import SourceRefused, SourceUnavailable, Table

STATEMENT_MS = 60_000
CONNECT_S = 8
_NAME = re.compile(r"[^\W\d][\w$]{0,62}(?:\.[^\W\d][\w$]{0,62})?")


class PostgresTable:
    """Reads one table or view, each value as the server writes it."""

    def __init__(
        self,
        place: Mapping[str, object],
        *,
        secret: Mapping[str, str],
        inside: Collection[str],
        look_up: Lookup = lookup,
        statement_ms: int = STATEMENT_MS,
    ) -> None:
        self._place, self._secret, self._inside = place, secret, {host.lower() for host in inside}
        self._look_up, self._statement_ms = look_up, statement_ms

    def read(self) -> Table:
        """Return the rows, ordered by the first column so that two readings are alike."""
        name = str(self._place.get("table") or "")
        if not _NAME.fullmatch(name):
            msg = "tên bảng chưa đúng, ví dụ public.nha_thuoc"
            raise SourceRefused(msg)
        try:
            with self._connected() as connection, connection.cursor(name="smarthd_doc") as cursor:
                cursor.itersize = 5_000
                columns = self._columns(connection, name)
                cast = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(column)) for column in columns)
                cursor.execute(
                    sql.SQL("SELECT {} FROM {} ORDER BY 1 LIMIT {}").format(
                        cast, sql.Identifier(*name.split(".")), sql.Literal(MOST_ROWS + 1)
                    )
                )
                return table(columns, ([cell or "" for cell in row] for row in cursor))
        except psycopg.errors.QueryCanceled:
            msg = "cơ sở dữ liệu trả lời quá lâu"
            raise SourceUnavailable(msg) from None
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedTable):
            msg = f"không có bảng {name}, hoặc tài khoản không được đọc bảng này"
            raise SourceRefused(msg) from None
        except psycopg.OperationalError as error:
            raise self._unreachable(error) from None
        except psycopg.Error as error:
            msg = f"cơ sở dữ liệu báo lỗi {error.sqlstate or ''}".strip()
            raise SourceRefused(msg) from None

    def _connected(self) -> psycopg.Connection[tuple[str | None, ...]]:
        host, port = str(self._place.get("host") or ""), int(str(self._place.get("port") or 5432))
        address = pinned_address(host, port, inside=self._inside, look_up=self._look_up)
        return psycopg.connect(
            host=host,
            hostaddr=address,
            port=port,
            dbname=str(self._place.get("database") or ""),
            user=str(self._place.get("user") or ""),
            password=self._secret.get("password", ""),
            sslmode=str(self._place.get("tls") or "prefer"),
            connect_timeout=CONNECT_S,
            passfile="",
            application_name="smarthd",
            options=f"-c default_transaction_read_only=on -c statement_timeout={self._statement_ms} -c datestyle=ISO -c timezone=Asia/Ho_Chi_Minh",
        )

    def _columns(self, connection: psycopg.Connection[tuple[str | None, ...]], name: str) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(sql.Identifier(*name.split("."))))
            return [column.name for column in cursor.description or ()]

    def _unreachable(self, error: psycopg.OperationalError) -> Exception:
        """Say what is wrong without the server's own words: they hold user names and addresses."""
        if "password" in str(error) or "authentication" in str(error) or "role" in str(error):
            return SourceRefused("cơ sở dữ liệu không cho tài khoản này vào")
        return SourceUnavailable("không nối được tới cơ sở dữ liệu")
