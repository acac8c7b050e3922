"""A real NATS server with JetStream on loopback, that can be killed and brought back with what it kept."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path


class JetStream:
    """A server on a port of its own; its log lies in a temporary folder. ``users``: an ``authorization`` block."""

    def __init__(self, users: str = "") -> None:
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            self.port = int(held.getsockname()[1])
        self.folder = Path(tempfile.mkdtemp())
        conf = f'server_name: t\nlisten: "127.0.0.1:{self.port}"\njetstream {{ store_dir: "{self.folder}/js" }}\n'
        (self.folder / "n.conf").write_text(conf + users)
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def url_of(self, user: str, password: str) -> str:
        return f"nats://{user}:{password}@127.0.0.1:{self.port}"

    def start(self) -> None:
        program = Path(sys.executable).parent / "nats-server"
        self._running = subprocess.Popen(
            [program, "-c", self.folder / "n.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(400):
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError

    def kill(self) -> None:
        if self._running is not None:
            self._running.kill()
            self._running.wait(10)
            self._running = None

    def forget(self) -> None:
        """Lose all that was kept."""
        shutil.rmtree(self.folder / "js", ignore_errors=True)

    def __enter__(self) -> JetStream:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
