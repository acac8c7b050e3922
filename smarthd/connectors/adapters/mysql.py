"""MySQL 5.7 and later, MariaDB 10 and later, through PyMySQL."""

from __future__ import annotations

import socket
import ssl
from typing import Any, ClassVar

from smarthd.connectors.adapters import stopping
from smarthd.connectors.adapters.tables import CONNECT_S, Codes, DatabaseTable
from smarthd.connectors.ports import SourceRefused, SourceUnavailable

# Server error numbers: https://mariadb.com/kb/en/mariadb-error-code-reference/ and MySQL's own list
_CODES = Codes(
    not_let_in={1044, 1045, 1130, 1251, 1698, 2049, 2059},
    no_table={1049, 1142, 1143, 1146},
    too_long={1205, 1317, 1969, 2013, 3024},
    unreachable={1040, 2002, 2003, 2006},
)
_TLS = 2026


class MySqlTable(DatabaseTable):
    """Reads one table or view of MySQL or MariaDB."""

    PORT: ClassVar[int] = 3306

    def connected(self, host: str, address: str, port: int) -> Any:
        """Return a connection: read-only transaction, one snapshot, a limit of time at the server and at the socket."""
        import pymysql

        connection = pymysql.connect(
            host=host,
            port=port,
            user=str(self.place.get("user") or ""),
            password=self.secret.get("password", ""),
            database=str(self.place.get("database") or "") or None,
            charset="utf8mb4",
            connect_timeout=CONNECT_S,
            read_timeout=self.statement_ms / 1000 + 5,
            write_timeout=CONNECT_S,
            local_infile=False,
            defer_connect=True,
            **self._tls(),
        )
        connection.connect(socket.create_connection((address, port), timeout=CONNECT_S))
        try:
            with connection.cursor() as cursor:
                cursor.execute(self._time_limit(connection.get_server_info()))
                cursor.execute("SET SESSION time_zone = '+07:00'")
                cursor.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
        except BaseException:
            connection.close()
            raise
        return connection

    def cut(self, connection: Any) -> None:
        """Shut the socket under the driver."""
        if (line := connection._sock) is not None:
            stopping.shut(line)

    def _time_limit(self, version: str) -> str:
        if "MariaDB" in version:
            return f"SET SESSION max_statement_time = {self.statement_ms / 1000:.3f}"
        return f"SET SESSION max_execution_time = {self.statement_ms}"

    def _tls(self) -> dict[str, Any]:
        match str(self.place.get("tls") or "prefer"):
            case "verify-full":
                return {"ssl": ssl.create_default_context()}
            case "require":
                return {"ssl": {"check_hostname": False, "verify_mode": False}}
            case _:
                return {}

    def streaming(self, connection: Any) -> Any:
        """Return a cursor that reads rows as the server sends them."""
        from pymysql.cursors import SSCursor

        return connection.cursor(SSCursor)

    def quoted(self, name: str) -> str:
        """Return a name between back ticks."""
        return f"`{name.replace('`', '``')}`"

    def limited(self, columns: str, rest: str, most: int) -> str:
        """Return a SELECT with LIMIT."""
        return f"SELECT {columns} {rest} LIMIT {most}"

    def listing(self) -> str:
        """Return the statement that lists tables and views of the database."""
        return (
            "SELECT '', table_name FROM information_schema.tables WHERE table_schema = DATABASE() "
            "AND table_type IN ('BASE TABLE', 'VIEW') ORDER BY table_name"
        )

    def refusal(self, error: Exception) -> SourceRefused | SourceUnavailable | None:
        """Return PyMySQL's error in our words."""
        import pymysql

        if isinstance(error, OSError):
            return SourceUnavailable("không nối được tới cơ sở dữ liệu")
        if not isinstance(error, pymysql.Error):
            return None
        code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
        if code == _TLS or isinstance(getattr(error, "original_exception", None), ssl.SSLError):
            return SourceRefused("không lập được đường truyền mã hóa như đã chọn với cơ sở dữ liệu")
        return _CODES.said({code})
