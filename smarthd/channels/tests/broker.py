"""A real MQTT broker on loopback: NATS's listener, from its wheel."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def free_port() -> int:
    """Return a port nobody listens at."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@contextmanager
def broker() -> Iterator[str]:
    """Run a broker while the block lasts; yield its address."""
    program = Path(sys.executable).parent / "nats-server"
    folder, mqtt, nats = Path(tempfile.mkdtemp()), free_port(), free_port()
    (folder / "n.conf").write_text(
        f'server_name: t\nlisten: "127.0.0.1:{nats}"\njetstream {{ store_dir: "{folder}/js" }}\nmqtt {{ listen: "127.0.0.1:{mqtt}" }}\n'
    )
    running = subprocess.Popen([program, "-c", folder / "n.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", mqtt), 0.2).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"mqtt://127.0.0.1:{mqtt}"
    finally:
        running.terminate()
        running.wait(10)
        shutil.rmtree(folder, ignore_errors=True)
