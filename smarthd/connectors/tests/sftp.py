"""A real SFTP server (asyncssh) on loopback: one account, by password or key, that sees one folder."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh

USER, PASSWORD = "so_y_te", "doc-thoi"


@dataclass
class Sftp:
    """Where it listens, the print of its key, and a key it lets in."""

    port: int
    print: str
    key: str


@contextmanager
def sftp_server(folder: Path) -> Iterator[Sftp]:
    """Serve a folder."""
    host_key, user_key = asyncssh.generate_private_key("ssh-ed25519"), asyncssh.generate_private_key("ssh-ed25519")

    class Server(asyncssh.SSHServer):
        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == (USER, PASSWORD)

        def public_key_auth_supported(self) -> bool:
            return True

        def validate_public_key(self, username: str, key: Any) -> bool:
            return username == USER and key.public_data == user_key.public_data

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1", 0, server_factory=Server, server_host_keys=[host_key],
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(folder).encode()),
        )  # fmt: skip

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result(20)
    try:
        yield Sftp(server.get_port(), host_key.get_fingerprint("sha256"), user_key.export_private_key().decode())
    finally:

        async def close() -> None:
            server.close()
            await server.wait_closed()
            await asyncio.sleep(0.05)

        asyncio.run_coroutine_threadsafe(close(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()
