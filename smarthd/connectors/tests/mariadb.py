"""A real MariaDB on loopback, with a department's table and an account that may only read it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pymysql
import pytest

MISSING = "chưa cài MariaDB (apt-get install mariadb-server): bỏ qua các kiểm thử với MariaDB thật"
SETUP = """
CREATE DATABASE so_y_te CHARACTER SET utf8mb4;
CREATE TABLE so_y_te.nha_thuoc (ma INT PRIMARY KEY, ten VARCHAR(80), gia DECIMAL(10,1), ngay DATE, mo BIT(1),
  gio TIME, sua_luc DATETIME NOT NULL);
INSERT INTO so_y_te.nha_thuoc VALUES (2, 'Hồng Phúc', 1234.5, '2026-11-24', b'1', '07:30:00', '2026-11-24 08:00:00'),
  (1, 'An', NULL, NULL, b'0', NULL, '2026-11-24 07:00:00');
CREATE TABLE so_y_te.bi_mat (x INT);
CREATE VIEW so_y_te.cham AS SELECT SLEEP(8) AS x;
CREATE USER chi_doc@'%' IDENTIFIED BY 'doc-thoi';
GRANT SELECT ON so_y_te.nha_thuoc TO chi_doc@'%';
GRANT SELECT ON so_y_te.cham TO chi_doc@'%'
"""


@contextmanager
def mariadb_server(folder: Path) -> Iterator[tuple[int, Any]]:
    """Run a server of its own in a folder; yield its port and a connection of its owner. Skips where none is installed."""
    server = shutil.which("mariadbd") or shutil.which("mysqld")
    if server is None or shutil.which("mariadb-install-db") is None:
        pytest.skip(MISSING)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    data = folder / "mariadb"
    as_root = ["--user=root"] if os.geteuid() == 0 else []
    subprocess.run(
        ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", *as_root],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    sock = folder / "m.sock"
    process = subprocess.Popen(
        [server, "--no-defaults", f"--datadir={data}", f"--port={port}", "--bind-address=127.0.0.1", f"--socket={sock}",
         f"--pid-file={folder / 'm.pid'}", "--innodb-flush-log-at-trx-commit=0", "--skip-name-resolve", *as_root],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        owner = _owner(sock, process)
        with owner.cursor() as cursor:
            for statement in SETUP.split(";\n"):
                cursor.execute(statement)
        yield port, owner
        owner.close()
    finally:
        process.terminate()
        process.wait(60)


def _owner(sock: Path, process: subprocess.Popen[bytes]) -> Any:
    """Return the owner's connection as soon as the server listens; PyMySQL leaves the socket of a failed attempt open, so none is made before."""
    for _attempt in range(600):
        assert process.poll() is None, "MariaDB did not start"
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(str(sock)) == 0:
                return pymysql.connect(unix_socket=str(sock), user="root", autocommit=True)
        time.sleep(0.1)
    pytest.fail("MariaDB did not answer within a minute")
