"""What web push is measured beside: the whole message in C, and pywebpush in its asynchronous form against an HTTP/1.1 service over TLS."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
AT_ONCE = 100


def whole_message_in_c(folder: Path, rounds: int = 20_000) -> float | None:
    """Return messages a second of one core, or None where there is no compiler or no libcrypto to build with."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    program = folder / "whole_message"
    source = HERE / "native/whole_message.c"
    built = subprocess.run(
        [compiler, "-O2", str(source), "-o", str(program), "-lcrypto"], capture_output=True, check=False
    )
    if built.returncode:
        print(built.stderr.decode()[-400:], file=sys.stderr)
        return None
    return max(
        float(subprocess.run([str(program), str(rounds)], capture_output=True, check=True).stdout) for _ in range(3)
    )


class Plain(asyncio.Protocol):
    """A push service that speaks HTTP/1.1, answers 201 and keeps the connection."""

    def connection_made(self, transport: Any) -> None:
        self.transport, self.buffer = transport, b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (at := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:at].lower()
            length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
            if len(self.buffer) < at + 4 + length:
                return
            self.buffer = self.buffer[at + 4 + length :]
            self.transport.write(b"HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n")


def serve_plain(folder: Path) -> int:
    """Serve in a process of its own; return its port."""
    command = [sys.executable, "-m", "bench._push_peers", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=HERE.parent)
    assert process.stdout is not None
    _serving.append(process)
    return int(process.stdout.readline())


_serving: list[subprocess.Popen[bytes]] = []


def end() -> None:
    """End the services begun here."""
    for process in _serving:
        process.kill()
        process.wait()


def pywebpush_rate(folder: Path, phones: list[dict[str, Any]], payload: bytes) -> float | None:
    """Return messages a second of wall time, or None where pywebpush is not installed (``uv sync --group bench``)."""
    try:
        import aiohttp
        import pywebpush
        from py_vapid import Vapid02
    except ImportError:
        return None
    port = serve_plain(folder)
    vapid = Vapid02()
    vapid.generate_keys()

    async def all_of_them() -> float:
        trust = ssl.create_default_context(cafile=str(folder / "identity.pem"))
        queue = list(phones)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust, limit=AT_ONCE)) as session:

            async def some() -> None:
                while queue:
                    phone = queue.pop()
                    told = {**phone, "endpoint": f"https://127.0.0.1:{port}/p/{len(queue)}"}
                    answer = await pywebpush.webpush_async(
                        subscription_info=told, data=payload, vapid_private_key=vapid,
                        vapid_claims={"sub": "mailto:a@haiduong.gov.vn"}, ttl=3600, aiohttp_session=session,
                    )  # fmt: skip
                    assert answer.status == 201, answer.status

            started = time.perf_counter()
            await asyncio.gather(*(some() for _ in range(AT_ONCE)))
            return len(phones) / (time.perf_counter() - started)

    try:
        return asyncio.run(all_of_them())
    finally:
        end()


async def _serve(folder: Path) -> None:
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.load_cert_chain(folder / "identity.pem")
    server = await asyncio.get_running_loop().create_server(Plain, "127.0.0.1", 0, ssl=trust)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
