"""Oracle 12.1 and later through python-oracledb in its thin mode (no client to install), an optional library: ``smarthd[databases]``."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, ClassVar

from smarthd.connectors.adapters.tables import CONNECT_S, Codes, DatabaseTable, library
from smarthd.connectors.ports import SourceRefused, SourceUnavailable

# ORA-… from the server, DPY-… from the driver
_CODES = Codes(
    not_let_in={"ORA-01017", "ORA-28000", "ORA-28001", "ORA-01045", "ORA-12514", "DPY-6001", "DPY-3015"},
    no_table={"ORA-00942", "ORA-01031", "ORA-04063"},
    too_long={"DPY-4024", "ORA-01013", "ORA-03156"},
    unreachable={"DPY-6005", "DPY-6000", "DPY-4011", "ORA-12541", "ORA-12170", "ORA-03113"},
)


class OracleTable(DatabaseTable):
    """Reads one table or view of Oracle. A name in small letters means the same in capitals, as it does in Oracle's own SQL."""

    PORT: ClassVar[int] = 1521
    MARK: ClassVar[str] = ":1"

    def connected(self, host: str, address: str, port: int) -> Any:
        """Return a connection in a read-only transaction, each of whose calls is cut off.

        With TLS the name is connected to and the certificate must bear it; without, the address that was looked at.
        """
        oracledb = library("oracledb")
        tls = str(self.place.get("tls") or "prefer") != "prefer"
        connection = oracledb.connect(
            host=host if tls else address,
            port=port,
            protocol="tcps" if tls else "tcp",
            ssl_server_dn_match=True,
            service_name=str(self.place.get("database") or ""),
            user=str(self.place.get("user") or ""),
            password=self.secret.get("password", ""),
            tcp_connect_timeout=CONNECT_S,
            program="smarthd",
            terminal="smarthd",
        )
        try:
            connection.call_timeout = self.statement_ms
            oracledb.defaults.fetch_lobs = False
            oracledb.defaults.fetch_decimals = True
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
        except BaseException:
            connection.close()
            raise
        return connection

    def cut(self, connection: Any) -> None:
        """Cancel the call under way."""
        with suppress(library("oracledb").Error):
            connection.cancel()

    def quoted(self, name: str) -> str:
        """Return a name between double quotes, in the letters Oracle keeps it in."""
        kept = name.upper() if name.islower() else name
        return f'"{kept.replace(chr(34), "")}"'

    def selected(self, name: str) -> str:
        """Return a column exactly as the server named it."""
        return f'"{name.replace(chr(34), "")}"'

    def limited(self, columns: str, rest: str, most: int) -> str:
        """Return a SELECT with FETCH FIRST."""
        return f"SELECT {columns} {rest} FETCH FIRST {most} ROWS ONLY"

    def listing(self) -> str:
        """Return the statement that lists what the account sees of others than Oracle itself."""
        return (
            "SELECT owner, object_name FROM all_objects WHERE object_type IN ('TABLE', 'VIEW', 'MATERIALIZED VIEW') "
            "AND oracle_maintained = 'N' ORDER BY owner, object_name"
        )

    def refusal(self, error: Exception) -> SourceRefused | SourceUnavailable | None:
        """Return oracledb's error in our words."""
        if not isinstance(error, library("oracledb").Error):
            return None
        code = str(getattr(error.args[0] if error.args else None, "full_code", "") or "")
        return _CODES.said({code})
