"""The push service: counts what it got, a subscription at a time, and behaves as real ones do on good days and bad.

How it behaves stands in the address, ``https://127.0.0.1:port/p/<behaviour>/<anything>``; ``misbehave`` makes every address behave so
for a while, as ``POST /control`` with ``{"behaviour": "wait429", "seconds": 60}`` does. ``GET /counts`` tells what was counted.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import os
import ssl
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from smarthd.messaging.adapters.sink.http2 import Connection

BEHAVIOURS = (
    "ok", "gone404", "gone410", "long413", "wait429", "broken500", "flaky", "denied403", "slow", "hang", "goaway",
)  # fmt: skip
IDENTITY = "identity.pem"
RETRY_AFTER_S = 1
SLOW_S = 0.5
_STATUS = {"gone404": 404, "gone410": 410, "long413": 413, "broken500": 500, "denied403": 403}
_LONGEST = 4096


@dataclass
class Box:
    """What the service was given. ``got``: messages accepted, by path; ``asked``: all requests, by behaviour."""

    got: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    letters: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    first_at: float = 0.0
    last_at: float = 0.0

    @property
    def accepted(self) -> int:
        """How many messages were accepted."""
        return self.got.total()

    @property
    def duplicates(self) -> int:
        """How many messages were accepted beyond the first of their subscription."""
        return self.got.total() - len(self.got)

    def facts(self) -> dict[str, Any]:
        """Return the counts."""
        seconds = self.last_at - self.first_at
        return {
            "accepted": self.accepted,
            "subscriptions": len(self.got),
            "duplicates": self.duplicates,
            "asked": dict(self.asked),
            "seconds": round(seconds, 3),
            "per_second": round(self.accepted / seconds) if seconds > 0 else 0,
        }


class Sink:
    """The service in a thread of its own. ``keep``: letters are kept whole, for tests that open them."""

    def __init__(self, folder: Path, *, port: int = 0, keep: bool = False) -> None:
        self.box = Box()
        self._folder, self._port, self._keep = folder, port, keep
        self._misbehaviour, self._until = "", 0.0
        self._seen: set[str] = set()
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connections: set[Connection] = set()

    @property
    def certificate(self) -> Path:
        """The certificate clients must trust."""
        return self._folder / IDENTITY

    @property
    def origin(self) -> str:
        """Where the service is."""
        return f"https://127.0.0.1:{self._port}"

    def misbehave(self, behaviour: str, seconds: float) -> None:
        """Let every address behave so for a while; ``ok`` with any time ends it."""
        self._misbehaviour, self._until = behaviour, monotonic() + seconds

    def __enter__(self) -> Sink:
        identify(self._folder)
        self._thread = threading.Thread(target=asyncio.run, args=(self.serve(),), daemon=True)
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def serve(self) -> None:
        """Serve until stopped."""
        identify(self._folder)
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trust.load_cert_chain(self.certificate)
        trust.set_alpn_protocols(["h2"])
        server = await self._loop.create_server(self._connection, "127.0.0.1", self._port, ssl=trust, backlog=512)
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for connection in self._connections:
            connection.abort()
        await asyncio.sleep(0.05)

    def _connection(self) -> Connection:
        connection = Connection(self._on_request)
        self._connections.add(connection)
        return connection

    def _on_request(self, connection: Connection, stream: int, fields: dict[str, str], body: bytes) -> None:
        path = fields[":path"]
        if not path.startswith("/p/"):
            self._tell(connection, stream, path, body)
            return
        behaviour = path.split("/", 3)[2]
        if self._misbehaviour and monotonic() < self._until:
            behaviour = self._misbehaviour
        if len(body) > _LONGEST:
            behaviour = "long413"
        self.box.asked[behaviour] += 1
        if behaviour in _STATUS:
            connection.answer(stream, _STATUS[behaviour])
        elif behaviour == "wait429":
            connection.answer(stream, 429, retry_after_s=RETRY_AFTER_S)
        elif behaviour == "flaky" and path not in self._seen:
            self._seen.add(path)
            connection.answer(stream, 503)
        elif behaviour == "goaway" and path not in self._seen:
            self._seen.add(path)
            connection.go_away()
        elif behaviour == "slow":
            accept = self._accepting(connection, stream, path, fields, body)
            asyncio.get_running_loop().call_later(SLOW_S, accept)
        elif behaviour != "hang":
            self._accepting(connection, stream, path, fields, body)()

    def _accepting(
        self, connection: Connection, stream: int, path: str, fields: dict[str, str], body: bytes
    ) -> Callable[[], None]:
        box = self.box  # the box it was asked of: a slow answer is not counted in the next one

        def accept() -> None:
            box.last_at = monotonic()
            box.first_at = box.first_at or box.last_at
            box.got[path] += 1
            if self._keep:
                box.letters.append((path, fields, body))
            connection.answer(stream, 201)

        return accept

    def _tell(self, connection: Connection, stream: int, path: str, body: bytes) -> None:
        if path == "/control":
            asked = json.loads(body)
            self.misbehave(asked["behaviour"], float(asked["seconds"]))
        elif path == "/forget":
            self.box = Box()
        elif path != "/counts":
            connection.answer(stream, 404)
            return
        connection.answer(stream, 200, body=json.dumps(self.box.facts()).encode())


def identify(folder: Path) -> Path:
    """Return the certificate (and its key) of the service on this machine, made at the first need by whoever comes first."""
    place = folder / IDENTITY
    if place.exists():
        return place
    folder.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "smarthd messaging sink")])
    begins = datetime(2020, 1, 1, tzinfo=UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=365 * 30))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    fresh = folder / f".{IDENTITY}-{os.getpid()}-{threading.get_ident()}"
    fresh.touch(0o600)
    fresh.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    with contextlib.suppress(FileExistsError):
        os.link(fresh, place)  # another process may have come first: then its own is the one
    fresh.unlink()
    return place
