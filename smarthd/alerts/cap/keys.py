"""The key our messages are signed with: P-256, made at first use in the data folder, readable by the service alone.

Its self-signed certificate is published (``/canh-bao/chung-thu.pem``) so that others can pin it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from smarthd.kernel import clock

_VALID = timedelta(days=3650)
_known: dict[Path, Signer] = {}


@dataclass(frozen=True, slots=True)
class Signer:
    """Our key and its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def certificate_pem(self) -> bytes:
        """The certificate as others pin it."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def host() -> str:
    """Return the name of this site, for identifiers and the sender's address."""
    return urlsplit(settings.ORIGIN).hostname or "localhost"


def sender() -> str:
    """Return CAP's ``sender``: globally unique, without spaces, commas, < or &."""
    return f"canh-bao@{host()}"


def folder() -> Path:
    """Return where the key lies."""
    return Path(settings.DATA_DIR) / "canh-bao" / "khoa"


def signer() -> Signer:
    """Return our key, made at first use. Two processes that both make one keep the first."""
    place = folder() / "cap.pem"
    if place not in _known:
        if not place.exists():
            _make(place)
        raw = place.read_bytes()
        key = serialization.load_pem_private_key(raw, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            msg = "the signing key is no P-256 key"
            raise TypeError(msg)
        _known[place] = Signer(key, x509.load_pem_x509_certificate(raw))
    return _known[place]


def _make(place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = certificate_for(key, sender(), now=clock.now())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + certificate.public_bytes(serialization.Encoding.PEM)
    part = place.with_name(f".{place.name}.{os.getpid()}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, place)
    except FileExistsError:
        pass  # another process was first: its key is the one
    finally:
        part.unlink(missing_ok=True)


def certificate_for(key: ec.EllipticCurvePrivateKey, name: str, *, now: datetime) -> x509.Certificate:
    """Return a self-signed certificate of a key, valid ten years from the day before."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _VALID)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
                key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip
