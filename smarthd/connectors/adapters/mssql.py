"""SQL Server 2012 and later through pymssql (FreeTDS), an optional library: ``smarthd[databases]``."""

from __future__ import annotations

from typing import Any, ClassVar

from smarthd.connectors.adapters.tables import CONNECT_S, Codes, DatabaseTable, library
from smarthd.connectors.ports import SourceRefused, SourceUnavailable

# Server error numbers (sys.messages) and those of FreeTDS from 20000 on
_UNREACHABLE = {20002, 20004, 20006, 20009, 20047}
_CODES = Codes(
    not_let_in={4060, 18452, 18456, 20014}, no_table={208, 229, 230}, too_long={1222, 20003}, unreachable=_UNREACHABLE
)
_ENCRYPTION = {"prefer": "request", "require": "require", "verify-full": "strict"}


class SqlServerTable(DatabaseTable):
    """Reads one table or view of SQL Server."""

    PORT: ClassVar[int] = 1433

    def connected(self, host: str, address: str, port: int) -> Any:
        """Return a connection that says it only reads, and whose statements are cut off.

        SQL Server knows no read-only transaction: the account must be one that can only read. ``tls`` verify-full is TDS 8.0 and
        checks the certificate against the name, so it connects by name.
        """
        tls = str(self.place.get("tls") or "prefer")
        return library("pymssql").connect(
            server=host if tls == "verify-full" else address,
            port=str(port),
            user=str(self.place.get("user") or ""),
            password=self.secret.get("password", ""),
            database=str(self.place.get("database") or ""),
            timeout=max(1, self.statement_ms // 1000),
            login_timeout=CONNECT_S,
            charset="UTF-8",
            appname="smarthd",
            encryption=_ENCRYPTION[tls],
            read_only=True,
            use_datetime2=True,
            arraysize=2_000,
        )

    def quoted(self, name: str) -> str:
        """Return a name between square brackets."""
        return f"[{name.replace(']', ']]')}]"

    def limited(self, columns: str, rest: str, most: int) -> str:
        """Return a SELECT with TOP."""
        return f"SELECT TOP {most} {columns} {rest}"

    def listing(self) -> str:
        """Return the statement that lists tables and views the account sees."""
        return "SELECT table_schema, table_name FROM information_schema.tables ORDER BY table_schema, table_name"

    def refusal(self, error: Exception) -> SourceRefused | SourceUnavailable | None:
        """Return pymssql's error in our words."""
        if not isinstance(error, library("pymssql").Error):
            return None
        codes = _codes(error.args)
        return _CODES.said(codes & _UNREACHABLE or codes)


def _codes(args: Any) -> set[int]:
    """Return the numbers in an error's arguments, which pymssql nests: ``((code, text),)`` or ``(code, text)``."""
    if isinstance(args, int):
        return {args}
    return {code for one in args for code in _codes(one)} if isinstance(args, tuple | list) else set()
