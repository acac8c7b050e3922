"""An authority of our own and HTTPS servers on loopback whose certificates it signed: good, expired, of another name."""

from __future__ import annotations

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    """Signs certificates; ``trusted`` is the context that trusts it alone."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Thu")])
        begun = datetime.now(UTC) - timedelta(days=99)
        authority = self._made(self._name, self._key, begun, begun + timedelta(days=999), ca=True, names=None)
        self._file(authority, "ca.pem")
        self.trusted = ssl.create_default_context(cafile=str(folder / "ca.pem"))

    def _made(self, name, key, begun, ends, *, ca, names):  # type: ignore[no-untyped-def]
        builder = (
            x509.CertificateBuilder().subject_name(name).issuer_name(self._name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(begun).not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )  # fmt: skip
        if ca:
            usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)  # noqa: FBT003
            builder = builder.add_extension(usage, critical=True)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self._key, hashes.SHA256())

    def _file(self, certificate: x509.Certificate, name: str) -> None:
        (self._folder / name).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def certificate(self, name: str, *, days: int, of: str) -> ssl.SSLContext:
        """Return the context of a server whose certificate ends in so many days and is of a name or address."""
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        named = x509.IPAddress(ipaddress.ip_address(of)) if of[0].isdigit() else x509.DNSName(of)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        ends = now + timedelta(days=days)
        self._file(self._made(subject, key, ends - timedelta(days=30), ends, ca=False, names=[named]), f"{name}.pem")
        told = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (self._folder / f"{name}.key").write_bytes(told)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        return context


@contextmanager
def https(context: ssl.SSLContext) -> Iterator[int]:
    """Run an HTTPS server that answers everybody; yield its port."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_args: object) -> None:
            return

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"duoc")

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_args: object) -> None:
            return

    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
